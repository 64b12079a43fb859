//! Every rule, one line each. A rule that is not in the list does not exist.

mod naming {
    pub mod naming_column;
    pub mod naming_fully_qualified;
    pub mod naming_index_fk;
    pub mod naming_index_idx;
    pub mod naming_index_pk;
    pub mod naming_index_uk;
    pub mod naming_table;
}
mod statement {
    pub mod statement_add_check_not_valid;
    pub mod statement_add_foreign_key_not_valid;
    pub mod statement_affected_row_limit;
    pub mod statement_check_set_role_variable;
    pub mod statement_create_specify_schema;
    pub mod statement_disallow_add_column_with_default;
    pub mod statement_disallow_add_not_null;
    pub mod statement_disallow_commit;
    pub mod statement_disallow_on_del_cascade;
    pub mod statement_disallow_rm_tbl_cascade;
    pub mod statement_disallow_truncate;
    pub mod statement_dml_dry_run;
    pub mod statement_insert_disallow_order_by_rand;
    pub mod statement_insert_must_specify_column;
    pub mod statement_insert_row_limit;
    pub mod statement_merge_alter_table;
    pub mod statement_non_transactional;
    pub mod statement_object_owner_check;
    pub mod statement_select_no_select_all;
    pub mod statement_where_disallow_functions_and_calculations;
    pub mod statement_where_no_leading_wildcard_like;
    pub mod statement_where_require_select;
    pub mod statement_where_require_update_delete;
}
mod table {
    pub mod table_comment;
    pub mod table_disallow_partition;
    pub mod table_drop_naming_convention;
    pub mod table_no_foreign_key;
    pub mod table_require_pk;
}
mod column {
    pub mod column_add_not_null_require_default;
    pub mod column_comment;
    pub mod column_default_disallow_volatile;
    pub mod column_disallow_change_type;
    pub mod column_maximum_character_length;
    pub mod column_no_null;
    pub mod column_require_default;
    pub mod column_required;
    pub mod column_type_disallow_list;
}
mod schema {
    pub mod schema_backward_compatibility;
}
mod index {
    pub mod index_create_concurrently;
    pub mod index_key_number_limit;
    pub mod index_no_duplicate_column;
    pub mod index_primary_key_type_allowlist;
    pub mod index_total_number_limit;
}
mod system {
    pub mod system_charset_allowlist;
    pub mod system_collation_allowlist;
    pub mod system_comment_length;
}
mod builtin {
    pub mod builtin_prior_backup_check;
    pub mod builtin_statement_maximum_sql_size;
    pub mod builtin_walk_through_check;
}
mod security {
    pub mod security_copy_program;
    pub mod security_definer_search_path;
    pub mod security_grant_to_public;
    pub mod security_password_in_script;
    pub mod security_row_security_disabled;
}

use crate::rule::Rule;
use crate::rule_type::RuleType;

pub const RULES: &[Rule] = &[
    naming::naming_table::RULE,
    naming::naming_column::RULE,
    naming::naming_index_pk::RULE,
    naming::naming_index_uk::RULE,
    naming::naming_index_fk::RULE,
    naming::naming_index_idx::RULE,
    naming::naming_fully_qualified::RULE,
    statement::statement_select_no_select_all::RULE,
    statement::statement_where_require_select::RULE,
    statement::statement_where_require_update_delete::RULE,
    statement::statement_where_no_leading_wildcard_like::RULE,
    statement::statement_disallow_on_del_cascade::RULE,
    statement::statement_disallow_rm_tbl_cascade::RULE,
    statement::statement_disallow_commit::RULE,
    statement::statement_merge_alter_table::RULE,
    statement::statement_insert_row_limit::RULE,
    statement::statement_affected_row_limit::RULE,
    statement::statement_dml_dry_run::RULE,
    statement::statement_insert_must_specify_column::RULE,
    statement::statement_insert_disallow_order_by_rand::RULE,
    statement::statement_disallow_add_column_with_default::RULE,
    statement::statement_add_check_not_valid::RULE,
    statement::statement_add_foreign_key_not_valid::RULE,
    statement::statement_disallow_add_not_null::RULE,
    statement::statement_create_specify_schema::RULE,
    statement::statement_check_set_role_variable::RULE,
    statement::statement_non_transactional::RULE,
    statement::statement_disallow_truncate::RULE,
    statement::statement_object_owner_check::RULE,
    statement::statement_where_disallow_functions_and_calculations::RULE,
    table::table_require_pk::RULE,
    table::table_no_foreign_key::RULE,
    table::table_drop_naming_convention::RULE,
    table::table_comment::RULE,
    table::table_disallow_partition::RULE,
    column::column_disallow_change_type::RULE,
    column::column_required::RULE,
    column::column_no_null::RULE,
    column::column_comment::RULE,
    column::column_type_disallow_list::RULE,
    column::column_maximum_character_length::RULE,
    column::column_require_default::RULE,
    column::column_default_disallow_volatile::RULE,
    column::column_add_not_null_require_default::RULE,
    schema::schema_backward_compatibility::RULE,
    index::index_no_duplicate_column::RULE,
    index::index_key_number_limit::RULE,
    index::index_total_number_limit::RULE,
    index::index_primary_key_type_allowlist::RULE,
    index::index_create_concurrently::RULE,
    system::system_charset_allowlist::RULE,
    system::system_collation_allowlist::RULE,
    system::system_comment_length::RULE,
    builtin::builtin_prior_backup_check::RULE,
    builtin::builtin_walk_through_check::RULE,
    builtin::builtin_statement_maximum_sql_size::RULE,
    security::security_grant_to_public::RULE,
    security::security_definer_search_path::RULE,
    security::security_password_in_script::RULE,
    security::security_copy_program::RULE,
    security::security_row_security_disabled::RULE,
];

/// The rule of a type; None for types of engines that have no rules yet.
pub fn rule(ty: RuleType) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.rule == ty)
}
