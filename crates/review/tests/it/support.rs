//! What the tests of rules share: catalogs from SQL, one review, findings as lines.

use base::EngineKind;
use review::{Input, Level, Live, Payload, Report, RuleConfig, RuleType};
use schema::Catalog;

/// The catalog that a script makes in an empty database. The script must be right.
pub fn catalog(sql: &str) -> Catalog {
    let dialect = review::dialect(EngineKind::Postgres).expect("PostgreSQL has rules");
    let mut catalog = Catalog { name: "test".into(), ..Catalog::default() };
    for statement in &dialect.parse(sql).statements {
        assert_eq!(statement.error, None);
        dialect.apply(&mut catalog, statement).expect("a right statement");
    }
    catalog
}

pub fn config(rule: RuleType, payload: Payload) -> RuleConfig {
    RuleConfig { rule, level: Level::Warning, engine: EngineKind::Postgres, payload }
}

/// Reviews a script by these rules.
pub fn run(
    script: &str,
    catalog: Option<&Catalog>,
    rules: &[RuleConfig],
    live: Option<&dyn Live>,
) -> Report {
    review::review(&Input {
        engine: EngineKind::Postgres,
        dialect: review::dialect(EngineKind::Postgres).expect("PostgreSQL has rules"),
        script,
        catalog,
        version: Some((15, 0)),
        rules,
        live,
        prior_backup: true,
        today: None,
    })
}

/// A payload with which the examples of a rule make sense.
pub fn payload(rule: RuleType) -> Payload {
    let naming = |format: &str| Payload::Naming { format: format.into(), max_length: 64 };
    match rule {
        RuleType::NamingTable | RuleType::NamingColumn => naming("^[a-z]+(_[a-z]+)*$"),
        RuleType::NamingIndexPk => naming("^$|^pk_{{table}}_{{column_list}}$"),
        RuleType::NamingIndexUk => naming("^$|^uk_{{table}}_{{column_list}}$"),
        RuleType::NamingIndexIdx => naming("^$|^idx_{{table}}_{{column_list}}$"),
        RuleType::NamingIndexFk => naming(
            "^$|^fk_{{referencing_table}}_{{referencing_column}}_{{referenced_table}}_{{referenced_column}}$",
        ),
        RuleType::TableDropNamingConvention => naming("_delete$"),
        RuleType::ColumnRequired => {
            list(&["id", "created_ts", "updated_ts", "creator_id", "updater_id"])
        }
        RuleType::ColumnTypeDisallowList => list(&["JSON"]),
        RuleType::IndexPrimaryKeyTypeAllowlist => list(&["serial", "bigserial", "int", "bigint"]),
        RuleType::SystemCharsetAllowlist => list(&["UTF8"]),
        RuleType::SystemCollationAllowlist => list(&["en_US"]),
        RuleType::TableComment | RuleType::ColumnComment => {
            Payload::CommentConvention { required: true, max_length: 10 }
        }
        RuleType::StatementInsertRowLimit
        | RuleType::StatementAffectedRowLimit
        | RuleType::IndexKeyNumberLimit
        | RuleType::IndexTotalNumberLimit => Payload::Number { number: 5 },
        RuleType::ColumnMaximumCharacterLength | RuleType::SystemCommentLength => {
            Payload::Number { number: 20 }
        }
        RuleType::BuiltinStatementMaximumSqlSize => Payload::Number { number: 1_000 },
        _ => Payload::None,
    }
}

fn list(items: &[&str]) -> Payload {
    Payload::StringArray { list: items.iter().map(ToString::to_string).collect() }
}
