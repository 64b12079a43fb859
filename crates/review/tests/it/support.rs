//! What the tests of rules share: catalogs from SQL, one review, findings as lines.

use std::collections::BTreeMap;

use base::EngineKind;
use review::{Input, Level, Live, LiveError, Payload, Report, RuleConfig, RuleType};
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
    RuleConfig::new(rule, Level::Warning, EngineKind::Postgres, payload)
}

static NO_LABELS: BTreeMap<String, String> = BTreeMap::new();

/// A script for PostgreSQL 15 with these rules.
pub fn input<'a>(
    script: &'a str,
    catalog: Option<&'a Catalog>,
    rules: &'a [RuleConfig],
    live: Option<&'a dyn Live>,
) -> Input<'a> {
    Input {
        engine: EngineKind::Postgres,
        dialect: review::dialect(EngineKind::Postgres).expect("PostgreSQL has rules"),
        script,
        catalog,
        version: Some((15, 0)),
        rules,
        live,
        prior_backup: true,
        today: None,
        labels: &NO_LABELS,
        refuse_suppression: false,
    }
}

/// Reviews a script by these rules.
pub fn run(
    script: &str,
    catalog: Option<&Catalog>,
    rules: &[RuleConfig],
    live: Option<&dyn Live>,
) -> Report {
    review::review(&input(script, catalog, rules, live))
}

/// A target that knows the tables `huge` and `small`, but not `missing`, cannot be asked about `asleep`, and does not say
/// how many rows `vague` has.
pub struct Target;

impl Live for Target {
    fn estimated_rows(&self, statement: &str) -> Result<Option<i64>, LiveError> {
        match statement {
            s if s.contains("huge") => Ok(Some(1_000_000)),
            s if s.contains("vague") => Ok(None),
            s if s.contains("missing") => Err(LiveError::Refused("no such table".into())),
            s if s.contains("asleep") => Err(LiveError::Unavailable("connection refused".into())),
            _ => Ok(Some(1)),
        }
    }

    fn dry_run(&self, statement: &str) -> Result<(), LiveError> {
        self.estimated_rows(statement).map(|_| ())
    }

    fn roles(&self) -> Result<Vec<String>, LiveError> {
        Ok(vec!["deploy".into()])
    }
}

/// Gives what stands in schemas to the role that runs scripts, but for `theirs` and `shelf`.
pub fn owned(catalog: &mut Catalog) {
    for schema in &mut catalog.schemas {
        "other".clone_into(&mut schema.owner);
        for table in &mut schema.tables {
            let is_others = matches!(table.name.as_str(), "theirs" | "shelf");
            let owner = if is_others { "other" } else { "deploy" };
            owner.clone_into(&mut table.owner);
        }
    }
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
