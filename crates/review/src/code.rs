//! Codes of advices, as on the wire, and which rule gives which.

use crate::rule_type::RuleType;

pub const INTERNAL: i32 = 1;
pub const COMPATIBILITY_DROP_DATABASE: i32 = 101;
pub const COMPATIBILITY_RENAME_TABLE: i32 = 102;
pub const COMPATIBILITY_DROP_TABLE: i32 = 103;
pub const COMPATIBILITY_RENAME_COLUMN: i32 = 104;
pub const COMPATIBILITY_DROP_COLUMN: i32 = 105;
pub const COMPATIBILITY_ADD_PRIMARY_KEY: i32 = 106;
pub const COMPATIBILITY_ADD_UNIQUE_KEY: i32 = 107;
pub const COMPATIBILITY_ADD_FOREIGN_KEY: i32 = 108;
pub const COMPATIBILITY_ADD_CHECK: i32 = 109;
pub const COMPATIBILITY_ALTER_COLUMN: i32 = 111;
pub const SYNTAX_ERROR: i32 = 201;
pub const NO_WHERE: i32 = 202;
pub const SELECT_ALL: i32 = 203;
pub const LEADING_WILDCARD_LIKE: i32 = 204;
pub const DISALLOW_COMMIT: i32 = 206;
pub const REDUNDANT_ALTER_TABLE: i32 = 207;
pub const DML_DRY_RUN_FAILED: i32 = 208;
pub const AFFECTED_ROWS: i32 = 209;
pub const ADD_COLUMN_WITH_DEFAULT: i32 = 210;
pub const ADD_CHECK_WITH_VALIDATION: i32 = 211;
pub const ADD_NOT_NULL: i32 = 212;
pub const DISALLOW_CASCADE: i32 = 213;
pub const CREATE_WITHOUT_SCHEMA: i32 = 216;
pub const CHECK_SET_ROLE: i32 = 217;
pub const ADD_FOREIGN_KEY_WITH_VALIDATION: i32 = 229;
pub const NON_TRANSACTIONAL: i32 = 230;
pub const FUNCTIONS_AND_CALCULATIONS: i32 = 234;
pub const OBJECT_OWNER: i32 = 238;
pub const DISALLOW_TRUNCATE: i32 = 257;
pub const MAXIMUM_SQL_SIZE: i32 = 258;
pub const SIMULATION_FAILED: i32 = 260;
pub const NAMING_TABLE: i32 = 301;
pub const NAMING_COLUMN: i32 = 302;
pub const NAMING_INDEX: i32 = 303;
pub const NAMING_UNIQUE_KEY: i32 = 304;
pub const NAMING_FOREIGN_KEY: i32 = 305;
pub const NAMING_PRIMARY_KEY: i32 = 306;
pub const NOT_FULLY_QUALIFIED: i32 = 310;
pub const NO_REQUIRED_COLUMN: i32 = 401;
pub const COLUMN_NULL: i32 = 402;
pub const CHANGE_COLUMN_TYPE: i32 = 403;
pub const NOT_NULL_WITHOUT_DEFAULT: i32 = 404;
pub const COLUMN_NOT_EXISTS: i32 = 405;
pub const DISABLED_COLUMN_TYPE: i32 = 411;
pub const COLUMN_EXISTS: i32 = 412;
pub const CHARACTER_LENGTH: i32 = 415;
pub const NO_DEFAULT: i32 = 420;
pub const TABLE_NO_PRIMARY_KEY: i32 = 601;
pub const TABLE_FOREIGN_KEY: i32 = 602;
pub const TABLE_DROP_NAMING: i32 = 603;
pub const TABLE_NOT_EXISTS: i32 = 604;
pub const TABLE_EXISTS: i32 = 607;
pub const TABLE_PARTITION: i32 = 608;
pub const INDEX_KEY_NUMBER: i32 = 802;
pub const INDEX_PRIMARY_KEY_TYPE: i32 = 803;
pub const INDEX_EXISTS: i32 = 805;
pub const PRIMARY_KEY_EXISTS: i32 = 806;
pub const INDEX_NOT_EXISTS: i32 = 809;
pub const DUPLICATE_COLUMN_IN_INDEX: i32 = 812;
pub const INDEX_COUNT: i32 = 813;
pub const CREATE_INDEX_UNCONCURRENTLY: i32 = 814;
pub const DROP_INDEX_UNCONCURRENTLY: i32 = 818;
pub const DISABLED_CHARSET: i32 = 1001;
pub const COMMENT_EMPTY: i32 = 1032;
pub const INSERT_TOO_MANY_ROWS: i32 = 1101;
pub const INSERT_NO_COLUMNS: i32 = 1107;
pub const INSERT_ORDER_BY_RAND: i32 = 1108;
pub const DISABLED_COLLATION: i32 = 1201;
pub const COMMENT_TOO_LONG: i32 = 1301;
pub const SCHEMA_NOT_EXISTS: i32 = 1901;
pub const PRIOR_BACKUP: i32 = 2001;

// Ours: not on the wire of others.
pub const GRANT_TO_PUBLIC: i32 = 10_001;
pub const SECURITY_DEFINER_PATH: i32 = 10_002;
pub const PASSWORD_IN_SCRIPT: i32 = 10_003;
pub const COPY_PROGRAM: i32 = 10_004;
pub const ROW_SECURITY_DISABLED: i32 = 10_005;

/// The codes that the advices of a rule may have, besides [`INTERNAL`].
pub const fn of(rule: RuleType) -> &'static [i32] {
    use RuleType as R;
    match rule {
        R::NamingTable => &[NAMING_TABLE],
        R::NamingColumn => &[NAMING_COLUMN],
        R::NamingIndexPk => &[NAMING_PRIMARY_KEY],
        R::NamingIndexUk => &[NAMING_UNIQUE_KEY],
        R::NamingIndexFk => &[NAMING_FOREIGN_KEY],
        R::NamingIndexIdx => &[NAMING_INDEX],
        R::NamingFullyQualified => &[NOT_FULLY_QUALIFIED],
        R::StatementSelectNoSelectAll => &[SELECT_ALL],
        R::StatementWhereRequireSelect | R::StatementWhereRequireUpdateDelete => &[NO_WHERE],
        R::StatementWhereNoLeadingWildcardLike => &[LEADING_WILDCARD_LIKE],
        R::StatementDisallowOnDelCascade | R::StatementDisallowRmTblCascade => &[DISALLOW_CASCADE],
        R::StatementDisallowCommit => &[DISALLOW_COMMIT],
        R::StatementMergeAlterTable => &[REDUNDANT_ALTER_TABLE],
        R::StatementInsertRowLimit => &[INSERT_TOO_MANY_ROWS],
        R::StatementAffectedRowLimit => &[AFFECTED_ROWS],
        R::StatementDmlDryRun => &[DML_DRY_RUN_FAILED],
        R::StatementInsertMustSpecifyColumn => &[INSERT_NO_COLUMNS],
        R::StatementInsertDisallowOrderByRand => &[INSERT_ORDER_BY_RAND],
        R::StatementDisallowAddColumnWithDefault => &[ADD_COLUMN_WITH_DEFAULT],
        R::StatementAddCheckNotValid => &[ADD_CHECK_WITH_VALIDATION],
        R::StatementAddForeignKeyNotValid => &[ADD_FOREIGN_KEY_WITH_VALIDATION],
        R::StatementDisallowAddNotNull => &[ADD_NOT_NULL],
        R::StatementCreateSpecifySchema => &[CREATE_WITHOUT_SCHEMA],
        R::StatementCheckSetRoleVariable => &[CHECK_SET_ROLE],
        R::StatementNonTransactional => &[NON_TRANSACTIONAL],
        R::StatementDisallowTruncate => &[DISALLOW_TRUNCATE],
        R::StatementObjectOwnerCheck => &[OBJECT_OWNER],
        R::StatementWhereDisallowFunctionsAndCalculations => &[FUNCTIONS_AND_CALCULATIONS],
        R::TableRequirePk => &[TABLE_NO_PRIMARY_KEY],
        R::TableNoForeignKey => &[TABLE_FOREIGN_KEY],
        R::TableDropNamingConvention => &[TABLE_DROP_NAMING],
        R::TableComment | R::ColumnComment => &[COMMENT_EMPTY, COMMENT_TOO_LONG],
        R::TableDisallowPartition => &[TABLE_PARTITION],
        R::ColumnDisallowChangeType => &[CHANGE_COLUMN_TYPE],
        R::ColumnRequired => &[NO_REQUIRED_COLUMN],
        R::ColumnNoNull => &[COLUMN_NULL],
        R::ColumnTypeDisallowList => &[DISABLED_COLUMN_TYPE],
        R::ColumnMaximumCharacterLength => &[CHARACTER_LENGTH],
        R::ColumnRequireDefault | R::ColumnDefaultDisallowVolatile => &[NO_DEFAULT],
        R::ColumnAddNotNullRequireDefault => &[NOT_NULL_WITHOUT_DEFAULT],
        R::SchemaBackwardCompatibility => &[
            COMPATIBILITY_DROP_DATABASE,
            COMPATIBILITY_RENAME_TABLE,
            COMPATIBILITY_DROP_TABLE,
            COMPATIBILITY_RENAME_COLUMN,
            COMPATIBILITY_DROP_COLUMN,
            COMPATIBILITY_ADD_PRIMARY_KEY,
            COMPATIBILITY_ADD_UNIQUE_KEY,
            COMPATIBILITY_ADD_FOREIGN_KEY,
            COMPATIBILITY_ADD_CHECK,
            COMPATIBILITY_ALTER_COLUMN,
        ],
        R::IndexNoDuplicateColumn => &[DUPLICATE_COLUMN_IN_INDEX],
        R::IndexKeyNumberLimit => &[INDEX_KEY_NUMBER],
        R::IndexTotalNumberLimit => &[INDEX_COUNT],
        R::IndexPrimaryKeyTypeAllowlist => &[INDEX_PRIMARY_KEY_TYPE],
        R::IndexCreateConcurrently => &[CREATE_INDEX_UNCONCURRENTLY, DROP_INDEX_UNCONCURRENTLY],
        R::SystemCharsetAllowlist => &[DISABLED_CHARSET],
        R::SystemCollationAllowlist => &[DISABLED_COLLATION],
        R::SystemCommentLength => &[COMMENT_TOO_LONG],
        R::BuiltinPriorBackupCheck => &[SCHEMA_NOT_EXISTS, PRIOR_BACKUP],
        R::BuiltinWalkThroughCheck => &[
            SIMULATION_FAILED,
            COLUMN_NOT_EXISTS,
            COLUMN_EXISTS,
            TABLE_NOT_EXISTS,
            TABLE_EXISTS,
            INDEX_EXISTS,
            PRIMARY_KEY_EXISTS,
            INDEX_NOT_EXISTS,
            SCHEMA_NOT_EXISTS,
        ],
        R::BuiltinStatementMaximumSqlSize => &[MAXIMUM_SQL_SIZE],
        R::SecurityGrantToPublic => &[GRANT_TO_PUBLIC],
        R::SecurityDefinerSearchPath => &[SECURITY_DEFINER_PATH],
        R::SecurityPasswordInScript => &[PASSWORD_IN_SCRIPT],
        R::SecurityCopyProgram => &[COPY_PROGRAM],
        R::SecurityRowSecurityDisabled => &[ROW_SECURITY_DISABLED],
        _ => &[],
    }
}
