//! What a configuration comes to for scripts of one engine.

use base::EngineKind;
use review::{Group, Payload, RULES, RuleConfig, RuleType};

/// The rules that are run, and those that are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effective {
    /// Each with a payload of its kind.
    pub rules: Vec<RuleConfig>,
    /// Configured for the engine, but not evaluated by this version.
    pub missing: Vec<RuleType>,
}

/// A rule without a payload gets the default one. Built-in rules are in force also where nobody configured them.
pub fn effective(configured: &[RuleConfig], engine: EngineKind) -> Effective {
    let mut found = Effective::default();
    for config in configured.iter().filter(|c| c.engine == engine) {
        let Some(rule) = review::rule(config.rule).filter(|r| r.engines.contains(&engine)) else {
            found.missing.push(config.rule);
            continue;
        };
        let mut config = config.clone();
        if config.payload == Payload::None {
            config.payload = review::default_payload(rule);
        }
        found.rules.push(config);
    }
    let builtin = RULES.iter().filter(|r| r.group == Group::Builtin && r.engines.contains(&engine));
    for rule in builtin {
        if found.rules.iter().any(|c| c.rule == rule.rule) {
            continue;
        }
        if let Some(level) = review::production_level(rule.rule) {
            let payload = review::default_payload(rule);
            found.rules.push(RuleConfig::new(rule.rule, level, engine, payload));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use review::Level;

    use super::*;

    fn config(rule: RuleType, engine: EngineKind, payload: Payload) -> RuleConfig {
        RuleConfig::new(rule, Level::Warning, engine, payload)
    }

    #[test]
    fn a_rule_without_a_payload_gets_the_default_and_one_with_keeps_its_own() {
        let pg = EngineKind::Postgres;
        let own = Payload::Number { number: 7 };
        let configured = [
            config(RuleType::NamingTable, pg, Payload::None),
            config(RuleType::StatementInsertRowLimit, pg, own.clone()),
            config(RuleType::TableRequirePk, EngineKind::Mysql, Payload::None),
        ];
        let found = effective(&configured, pg);
        let of = |rule| found.rules.iter().find(|c| c.rule == rule).map(|c| c.payload.clone());
        assert!(matches!(of(RuleType::NamingTable), Some(Payload::Naming { .. })));
        assert_eq!(of(RuleType::StatementInsertRowLimit), Some(own));
        assert_eq!(of(RuleType::TableRequirePk), None);
        assert_eq!(found.missing, []);
    }

    #[test]
    fn what_this_version_lacks_is_told() {
        let mysql = EngineKind::Mysql;
        let configured = [config(RuleType::EngineMysqlUseInnodb, mysql, Payload::None)];
        let found = effective(&configured, mysql);
        assert_eq!((found.rules.len(), found.missing), (0, vec![RuleType::EngineMysqlUseInnodb]));
    }

    #[test]
    fn built_in_rules_are_in_force_once() {
        let walk = RuleType::BuiltinWalkThroughCheck;
        let without = effective(&[], EngineKind::Postgres);
        assert!(without.rules.iter().any(|c| c.rule == walk && c.level == Level::Error));
        let own = [config(walk, EngineKind::Postgres, Payload::None)];
        let with = effective(&own, EngineKind::Postgres);
        let levels: Vec<_> =
            with.rules.iter().filter(|c| c.rule == walk).map(|c| c.level).collect();
        assert_eq!(levels, [Level::Warning]);
        assert_eq!(with.rules.len(), without.rules.len());
    }
}
