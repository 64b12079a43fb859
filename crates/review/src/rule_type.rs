//! The names of rules: those of `SQLReviewRule.Type` on the wire, and ours from 10001 on.

use serde::{Deserialize, Serialize};

macro_rules! rule_types {
    ($($rule:ident $number:literal $wire:literal;)*) => {
        /// A kind of rule, of any engine. The discriminant is the number on the wire.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum RuleType { $(#[serde(rename = $wire)] $rule = $number,)* }

        impl RuleType {
            pub const ALL: &[Self] = &[$(Self::$rule,)*];

            /// The enum value's name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$rule => $wire,)* }
            }
        }
    };
}

rule_types! {
    EngineMysqlUseInnodb 1 "ENGINE_MYSQL_USE_INNODB";
    NamingFullyQualified 2 "NAMING_FULLY_QUALIFIED";
    NamingTable 3 "NAMING_TABLE";
    NamingColumn 4 "NAMING_COLUMN";
    NamingIndexPk 5 "NAMING_INDEX_PK";
    NamingIndexUk 6 "NAMING_INDEX_UK";
    NamingIndexFk 7 "NAMING_INDEX_FK";
    NamingIndexIdx 8 "NAMING_INDEX_IDX";
    NamingColumnAutoIncrement 9 "NAMING_COLUMN_AUTO_INCREMENT";
    NamingTableNoKeyword 10 "NAMING_TABLE_NO_KEYWORD";
    NamingIdentifierNoKeyword 11 "NAMING_IDENTIFIER_NO_KEYWORD";
    NamingIdentifierCase 12 "NAMING_IDENTIFIER_CASE";
    StatementSelectNoSelectAll 13 "STATEMENT_SELECT_NO_SELECT_ALL";
    StatementWhereRequireSelect 14 "STATEMENT_WHERE_REQUIRE_SELECT";
    StatementWhereRequireUpdateDelete 15 "STATEMENT_WHERE_REQUIRE_UPDATE_DELETE";
    StatementWhereNoLeadingWildcardLike 16 "STATEMENT_WHERE_NO_LEADING_WILDCARD_LIKE";
    StatementDisallowOnDelCascade 17 "STATEMENT_DISALLOW_ON_DEL_CASCADE";
    StatementDisallowRmTblCascade 18 "STATEMENT_DISALLOW_RM_TBL_CASCADE";
    StatementDisallowCommit 19 "STATEMENT_DISALLOW_COMMIT";
    StatementDisallowLimit 20 "STATEMENT_DISALLOW_LIMIT";
    StatementDisallowOrderBy 21 "STATEMENT_DISALLOW_ORDER_BY";
    StatementMergeAlterTable 22 "STATEMENT_MERGE_ALTER_TABLE";
    StatementInsertRowLimit 23 "STATEMENT_INSERT_ROW_LIMIT";
    StatementInsertMustSpecifyColumn 24 "STATEMENT_INSERT_MUST_SPECIFY_COLUMN";
    StatementInsertDisallowOrderByRand 25 "STATEMENT_INSERT_DISALLOW_ORDER_BY_RAND";
    StatementAffectedRowLimit 26 "STATEMENT_AFFECTED_ROW_LIMIT";
    StatementDmlDryRun 27 "STATEMENT_DML_DRY_RUN";
    StatementDisallowAddColumnWithDefault 28 "STATEMENT_DISALLOW_ADD_COLUMN_WITH_DEFAULT";
    StatementAddCheckNotValid 29 "STATEMENT_ADD_CHECK_NOT_VALID";
    StatementAddForeignKeyNotValid 30 "STATEMENT_ADD_FOREIGN_KEY_NOT_VALID";
    StatementDisallowAddNotNull 31 "STATEMENT_DISALLOW_ADD_NOT_NULL";
    StatementCreateSpecifySchema 33 "STATEMENT_CREATE_SPECIFY_SCHEMA";
    StatementCheckSetRoleVariable 34 "STATEMENT_CHECK_SET_ROLE_VARIABLE";
    StatementWhereNoEqualNull 37 "STATEMENT_WHERE_NO_EQUAL_NULL";
    StatementWhereDisallowFunctionsAndCalculations 38 "STATEMENT_WHERE_DISALLOW_FUNCTIONS_AND_CALCULATIONS";
    StatementWhereMaximumLogicalOperatorCount 40 "STATEMENT_WHERE_MAXIMUM_LOGICAL_OPERATOR_COUNT";
    StatementMaximumStatementsInTransaction 43 "STATEMENT_MAXIMUM_STATEMENTS_IN_TRANSACTION";
    StatementNonTransactional 45 "STATEMENT_NON_TRANSACTIONAL";
    StatementAddColumnWithoutPosition 46 "STATEMENT_ADD_COLUMN_WITHOUT_POSITION";
    StatementDisallowOfflineDdl 47 "STATEMENT_DISALLOW_OFFLINE_DDL";
    StatementDisallowCrossDbQueries 48 "STATEMENT_DISALLOW_CROSS_DB_QUERIES";
    StatementMaxExecutionTime 49 "STATEMENT_MAX_EXECUTION_TIME";
    StatementRequireAlgorithmOption 50 "STATEMENT_REQUIRE_ALGORITHM_OPTION";
    StatementRequireLockOption 51 "STATEMENT_REQUIRE_LOCK_OPTION";
    StatementObjectOwnerCheck 52 "STATEMENT_OBJECT_OWNER_CHECK";
    TableRequirePk 53 "TABLE_REQUIRE_PK";
    TableNoForeignKey 54 "TABLE_NO_FOREIGN_KEY";
    TableDropNamingConvention 55 "TABLE_DROP_NAMING_CONVENTION";
    TableComment 56 "TABLE_COMMENT";
    TableDisallowPartition 57 "TABLE_DISALLOW_PARTITION";
    TableDisallowTrigger 58 "TABLE_DISALLOW_TRIGGER";
    TableNoDuplicateIndex 59 "TABLE_NO_DUPLICATE_INDEX";
    TableTextFieldsTotalLength 60 "TABLE_TEXT_FIELDS_TOTAL_LENGTH";
    TableDisallowSetCharset 61 "TABLE_DISALLOW_SET_CHARSET";
    TableDisallowDdl 62 "TABLE_DISALLOW_DDL";
    TableDisallowDml 63 "TABLE_DISALLOW_DML";
    TableLimitSize 64 "TABLE_LIMIT_SIZE";
    TableRequireCharset 65 "TABLE_REQUIRE_CHARSET";
    TableRequireCollation 66 "TABLE_REQUIRE_COLLATION";
    ColumnRequired 67 "COLUMN_REQUIRED";
    ColumnNoNull 68 "COLUMN_NO_NULL";
    ColumnDisallowChangeType 69 "COLUMN_DISALLOW_CHANGE_TYPE";
    ColumnSetDefaultForNotNull 70 "COLUMN_SET_DEFAULT_FOR_NOT_NULL";
    ColumnDisallowChange 71 "COLUMN_DISALLOW_CHANGE";
    ColumnDisallowChangingOrder 72 "COLUMN_DISALLOW_CHANGING_ORDER";
    ColumnDisallowDrop 73 "COLUMN_DISALLOW_DROP";
    ColumnDisallowDropInIndex 74 "COLUMN_DISALLOW_DROP_IN_INDEX";
    ColumnComment 75 "COLUMN_COMMENT";
    ColumnAutoIncrementMustInteger 76 "COLUMN_AUTO_INCREMENT_MUST_INTEGER";
    ColumnTypeDisallowList 77 "COLUMN_TYPE_DISALLOW_LIST";
    ColumnDisallowSetCharset 78 "COLUMN_DISALLOW_SET_CHARSET";
    ColumnMaximumCharacterLength 79 "COLUMN_MAXIMUM_CHARACTER_LENGTH";
    ColumnMaximumVarcharLength 80 "COLUMN_MAXIMUM_VARCHAR_LENGTH";
    ColumnAutoIncrementInitialValue 81 "COLUMN_AUTO_INCREMENT_INITIAL_VALUE";
    ColumnAutoIncrementMustUnsigned 82 "COLUMN_AUTO_INCREMENT_MUST_UNSIGNED";
    ColumnCurrentTimeCountLimit 83 "COLUMN_CURRENT_TIME_COUNT_LIMIT";
    ColumnRequireDefault 84 "COLUMN_REQUIRE_DEFAULT";
    ColumnDefaultDisallowVolatile 85 "COLUMN_DEFAULT_DISALLOW_VOLATILE";
    ColumnAddNotNullRequireDefault 86 "COLUMN_ADD_NOT_NULL_REQUIRE_DEFAULT";
    ColumnRequireCharset 87 "COLUMN_REQUIRE_CHARSET";
    ColumnRequireCollation 88 "COLUMN_REQUIRE_COLLATION";
    SchemaBackwardCompatibility 89 "SCHEMA_BACKWARD_COMPATIBILITY";
    DatabaseDropEmptyDatabase 90 "DATABASE_DROP_EMPTY_DATABASE";
    IndexNoDuplicateColumn 91 "INDEX_NO_DUPLICATE_COLUMN";
    IndexKeyNumberLimit 92 "INDEX_KEY_NUMBER_LIMIT";
    IndexPkTypeLimit 93 "INDEX_PK_TYPE_LIMIT";
    IndexTypeNoBlob 94 "INDEX_TYPE_NO_BLOB";
    IndexTotalNumberLimit 95 "INDEX_TOTAL_NUMBER_LIMIT";
    IndexPrimaryKeyTypeAllowlist 96 "INDEX_PRIMARY_KEY_TYPE_ALLOWLIST";
    IndexCreateConcurrently 97 "INDEX_CREATE_CONCURRENTLY";
    IndexTypeAllowList 98 "INDEX_TYPE_ALLOW_LIST";
    IndexNotRedundant 99 "INDEX_NOT_REDUNDANT";
    SystemCharsetAllowlist 100 "SYSTEM_CHARSET_ALLOWLIST";
    SystemCollationAllowlist 101 "SYSTEM_COLLATION_ALLOWLIST";
    SystemCommentLength 102 "SYSTEM_COMMENT_LENGTH";
    SystemProcedureDisallowCreate 103 "SYSTEM_PROCEDURE_DISALLOW_CREATE";
    SystemEventDisallowCreate 104 "SYSTEM_EVENT_DISALLOW_CREATE";
    SystemViewDisallowCreate 105 "SYSTEM_VIEW_DISALLOW_CREATE";
    SystemFunctionDisallowCreate 106 "SYSTEM_FUNCTION_DISALLOW_CREATE";
    SystemFunctionDisallowedList 107 "SYSTEM_FUNCTION_DISALLOWED_LIST";
    AdviceOnlineMigration 108 "ADVICE_ONLINE_MIGRATION";
    BuiltinPriorBackupCheck 109 "BUILTIN_PRIOR_BACKUP_CHECK";
    BuiltinWalkThroughCheck 110 "BUILTIN_WALK_THROUGH_CHECK";
    StatementDisallowTruncate 111 "STATEMENT_DISALLOW_TRUNCATE";
    BuiltinStatementMaximumSqlSize 112 "BUILTIN_STATEMENT_MAXIMUM_SQL_SIZE";
    SecurityGrantToPublic 10001 "SECURITY_GRANT_TO_PUBLIC";
    SecurityDefinerSearchPath 10002 "SECURITY_DEFINER_SEARCH_PATH";
    SecurityPasswordInScript 10003 "SECURITY_PASSWORD_IN_SCRIPT";
    SecurityCopyProgram 10004 "SECURITY_COPY_PROGRAM";
    SecurityRowSecurityDisabled 10005 "SECURITY_ROW_SECURITY_DISABLED";
}

impl RuleType {
    pub const fn number(self) -> i32 {
        self as i32
    }

    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.number() == number)
    }

    /// In any case, with `-`, `.` or `_` between the words: people write names into scripts.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_uppercase().replace(['-', '.'], "_");
        Self::ALL.iter().copied().find(|r| r.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_go_both_ways() {
        for rule in RuleType::ALL {
            assert_eq!(RuleType::from_number(rule.number()), Some(*rule));
            assert_eq!(RuleType::from_name(rule.as_str()), Some(*rule));
        }
        assert_eq!(RuleType::from_name("naming.table"), Some(RuleType::NamingTable));
        assert_eq!(RuleType::from_number(0), None);
    }
}
