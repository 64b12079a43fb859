//! The rules as one would set them for production: what is on, how grave it is, and what each is told.
//!
//! On is what endangers data, a running application or the rollout itself, and what nearly every house agrees on. Off is
//! what depends on the house (required columns, comments, names with a schema), what contradicts another rule (an index
//! made CONCURRENTLY cannot run in a transaction), and what is harmless on supported servers. A rule that is
//! off has a payload, too, so that naming it is enough to turn it on.
//!
//! [`TEMPLATES`] are sets to begin a configuration with: production as above, and development, which stops only what would
//! fail or lose rows.

use base::EngineKind;

use crate::advice::Level;
use crate::config::RuleConfig;
use crate::payload::{Payload, PayloadKind};
use crate::rule::Rule;
use crate::rule_type::RuleType;
use crate::rules::RULES;

/// A set of rules to begin a configuration with.
pub struct Template {
    pub id: &'static str,
    pub title: &'static str,
    /// For whom it is.
    pub what: &'static str,
    level: fn(RuleType) -> Option<Level>,
}

pub const TEMPLATES: &[Template] = &[
    Template {
        id: "prod",
        title: "Production",
        what: "Stops what endangers data, a running application or the rollout itself, and warns of what most houses avoid.",
        level: production_level,
    },
    Template {
        id: "dev",
        title: "Development",
        what: "Stops what would fail or lose rows unmeant; the rest of production warns, so that it is known before it counts.",
        level: development_level,
    },
];

impl Template {
    /// The rules for scripts of an engine that are on, in the order of [`RULES`].
    pub fn rules(&self, engine: EngineKind) -> Vec<RuleConfig> {
        let of_engine = RULES.iter().filter(|r| r.engines.contains(&engine));
        let config = |rule: &Rule| {
            let level = (self.level)(rule.rule)?;
            Some(RuleConfig::new(rule.rule, level, engine, default_payload(rule)))
        };
        of_engine.filter_map(config).collect()
    }
}

/// The rules of the command line when nobody configured any: production, and lengths of text in types, of which a
/// template says nothing. A limit in a type is harmless where it is meant, but only a reader of the script can tell.
pub fn production(engine: EngineKind) -> Vec<RuleConfig> {
    let mut rules: Vec<RuleConfig> =
        TEMPLATES.iter().take(1).flat_map(|t| t.rules(engine)).collect();
    for rule in rules.iter_mut().filter(|r| r.rule == RuleType::ColumnTypeDisallowList) {
        rule.payload = list(&["char", "varchar", "money", "timetz"]);
    }
    rules
}

/// How grave a finding of a rule is in development; None for a rule that is off.
const fn development_level(rule: RuleType) -> Option<Level> {
    use RuleType as R;
    match rule {
        R::StatementWhereRequireUpdateDelete
        | R::StatementDmlDryRun
        | R::StatementObjectOwnerCheck
        | R::IndexNoDuplicateColumn
        | R::BuiltinWalkThroughCheck
        | R::BuiltinPriorBackupCheck
        | R::BuiltinStatementMaximumSqlSize
        | R::SecurityPasswordInScript
        | R::SecurityCopyProgram => Some(Level::Error),
        // Data of a development database comes and goes, and nobody waits for its locks.
        R::StatementDisallowTruncate
        | R::StatementAffectedRowLimit
        | R::StatementInsertRowLimit
        | R::StatementDisallowRmTblCascade
        | R::TableComment
        | R::ColumnComment
        | R::SchemaBackwardCompatibility => None,
        _ if production_level(rule).is_some() => Some(Level::Warning),
        _ => None,
    }
}

/// How grave a finding of a rule is in production; None for a rule that is off.
pub const fn production_level(rule: RuleType) -> Option<Level> {
    use RuleType as R;
    Some(match rule {
        // It would fail, lose rows, lock everybody out, or open a door.
        R::StatementWhereRequireUpdateDelete
        | R::StatementDisallowRmTblCascade
        | R::StatementDisallowTruncate
        | R::StatementDisallowCommit
        | R::StatementDmlDryRun
        | R::StatementObjectOwnerCheck
        | R::StatementInsertMustSpecifyColumn
        | R::StatementAddCheckNotValid
        | R::StatementAddForeignKeyNotValid
        | R::TableRequirePk
        | R::ColumnAddNotNullRequireDefault
        | R::IndexCreateConcurrently
        | R::IndexNoDuplicateColumn
        | R::BuiltinWalkThroughCheck
        | R::BuiltinPriorBackupCheck
        | R::BuiltinStatementMaximumSqlSize
        | R::SecurityPasswordInScript
        | R::SecurityCopyProgram => Level::Error,
        // To be looked at: most often there is a better way, sometimes it is meant.
        R::NamingTable
        | R::NamingColumn
        | R::NamingIndexPk
        | R::NamingIndexUk
        | R::NamingIndexFk
        | R::NamingIndexIdx
        | R::StatementSelectNoSelectAll
        | R::StatementWhereNoLeadingWildcardLike
        | R::StatementWhereDisallowFunctionsAndCalculations
        | R::StatementDisallowOnDelCascade
        | R::StatementInsertRowLimit
        | R::StatementAffectedRowLimit
        | R::StatementInsertDisallowOrderByRand
        | R::StatementDisallowAddNotNull
        | R::TableComment
        | R::ColumnComment
        | R::ColumnDisallowChangeType
        | R::ColumnTypeDisallowList
        | R::ColumnMaximumCharacterLength
        | R::ColumnDefaultDisallowVolatile
        | R::SchemaBackwardCompatibility
        | R::IndexKeyNumberLimit
        | R::IndexTotalNumberLimit
        | R::IndexPrimaryKeyTypeAllowlist
        | R::SystemCharsetAllowlist
        | R::SecurityGrantToPublic
        | R::SecurityDefinerSearchPath
        | R::SecurityRowSecurityDisabled => Level::Warning,
        _ => return None,
    })
}

/// What a rule is told when nobody says more.
pub fn default_payload(rule: &Rule) -> Payload {
    use RuleType as R;
    match rule.rule {
        R::NamingTable | R::NamingColumn => naming("^[a-z][a-z0-9]*(_[a-z0-9]+)*$"),
        // The empty name is one that the server chooses.
        R::NamingIndexPk => naming("^$|^pk_{{table}}_{{column_list}}$|^{{table}}_pkey$"),
        R::NamingIndexUk => naming("^$|^uk_{{table}}_{{column_list}}$"),
        R::NamingIndexIdx => naming("^$|^idx_{{table}}_{{column_list}}$"),
        R::NamingIndexFk => naming("^$|^fk_{{referencing_table}}_"),
        R::TableDropNamingConvention => naming("_del$"),
        R::StatementInsertRowLimit | R::StatementAffectedRowLimit => number(1_000),
        R::ColumnMaximumCharacterLength => number(20),
        R::SystemCommentLength => number(64),
        R::IndexKeyNumberLimit | R::IndexTotalNumberLimit => number(5),
        R::BuiltinStatementMaximumSqlSize => number(2 << 20),
        R::ColumnRequired => list(&["id"]),
        R::ColumnTypeDisallowList => list(&["char", "money", "timetz"]),
        R::IndexPrimaryKeyTypeAllowlist => {
            list(&["smallint", "int", "bigint", "serial", "bigserial", "uuid", "text"])
        }
        R::SystemCharsetAllowlist => list(&["UTF8"]),
        _ => empty(rule.payload),
    }
}

fn naming(format: &str) -> Payload {
    Payload::Naming { format: format.to_owned(), max_length: 63 }
}

const fn number(number: i64) -> Payload {
    Payload::Number { number }
}

fn list(items: &[&str]) -> Payload {
    Payload::StringArray { list: items.iter().map(ToString::to_string).collect() }
}

/// A payload of a kind that asks for as little as that kind can.
const fn empty(kind: PayloadKind) -> Payload {
    match kind {
        PayloadKind::None => Payload::None,
        PayloadKind::Naming => Payload::Naming { format: String::new(), max_length: 0 },
        PayloadKind::Number => Payload::Number { number: 0 },
        PayloadKind::StringArray => Payload::StringArray { list: Vec::new() },
        PayloadKind::CommentConvention => {
            Payload::CommentConvention { required: false, max_length: 0 }
        }
        PayloadKind::String => Payload::String { value: String::new() },
        PayloadKind::NamingCase => Payload::NamingCase { upper: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_payload_of_its_kind() {
        for rule in RULES {
            assert_eq!(default_payload(rule).kind(), rule.payload, "{}", rule.rule.as_str());
        }
    }

    #[test]
    fn production_has_the_rules_of_the_engine_only() {
        let rules = production(EngineKind::Postgres);
        assert!(rules.len() > 40, "{}", rules.len());
        assert!(
            rules.iter().any(|r| r.rule == RuleType::TableRequirePk && r.level == Level::Error)
        );
        assert!(rules.iter().all(|r| r.rule != RuleType::StatementNonTransactional));
        assert_eq!(production(EngineKind::Redis), []);
    }

    #[test]
    fn development_has_no_rule_and_no_error_that_production_lacks() {
        let [prod, dev] = [0, 1].map(|n| TEMPLATES[n].rules(EngineKind::Postgres));
        for rule in &dev {
            let same = prod.iter().find(|r| r.rule == rule.rule).expect("a rule of production");
            assert!(same.level == Level::Error || rule.level == Level::Warning, "{rule:?}");
        }
        assert!(dev.len() < prod.len());
    }

    #[test]
    fn no_template_minds_a_limited_text() {
        for template in TEMPLATES {
            let rules = template.rules(EngineKind::Postgres);
            let types = rules.iter().find(|r| r.rule == RuleType::ColumnTypeDisallowList);
            let Payload::StringArray { list } = &types.expect("the rule").payload else { panic!() };
            assert!(!list.iter().any(|t| t == "varchar"), "{}", template.id);
        }
    }
}
