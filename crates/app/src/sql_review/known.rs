//! The rules that this server evaluates, and sets of them to begin with.

use base::EngineKind;
use review::{Level, Payload, RULES, Rule, RuleConfig, TEMPLATES, Template};

/// A rule for scripts of one engine.
pub struct Known {
    pub rule: &'static Rule,
    pub engine: EngineKind,
    /// In the production template; None: off there.
    pub level: Option<Level>,
    /// Holds when a configuration gives none.
    pub payload: Payload,
    /// A few words.
    pub title: String,
}

/// By engine, in the order of the rules' list. None: every engine.
pub fn known(engine: Option<EngineKind>) -> Vec<Known> {
    let of = |engine: EngineKind| {
        RULES.iter().filter(move |r| r.engines.contains(&engine)).map(move |rule| Known {
            rule,
            engine,
            level: review::production_level(rule.rule),
            payload: review::default_payload(rule),
            title: title(rule.rule.as_str()),
        })
    };
    engines(engine).flat_map(of).collect()
}

/// Each template with its rules.
pub fn templates(engine: Option<EngineKind>) -> Vec<(&'static Template, Vec<RuleConfig>)> {
    let rules = |t: &Template| engines(engine).flat_map(|e| t.rules(e)).collect();
    TEMPLATES.iter().map(|t| (t, rules(t))).collect()
}

fn engines(engine: Option<EngineKind>) -> impl Iterator<Item = EngineKind> {
    let all = EngineKind::ALL.iter().copied();
    all.filter(move |e| engine.is_none_or(|one| one == *e))
}

/// Words that are written in capitals.
const CAPITALS: &[&str] = &["SQL", "DML", "DDL", "NULL", "WHERE", "SELECT", "INSERT", "LIKE"];

/// `TABLE_REQUIRE_PK` → `Table require primary key`.
fn title(name: &str) -> String {
    let mut words = Vec::new();
    for (n, word) in name.split('_').enumerate() {
        words.push(match word {
            // What follows INDEX here is the plain one.
            "IDX" => continue,
            "PK" => "primary key".to_owned(),
            "UK" => "unique key".to_owned(),
            "FK" => "foreign key".to_owned(),
            _ if CAPITALS.contains(&word) => word.to_owned(),
            _ if n == 0 => word[..1].to_owned() + &word[1..].to_lowercase(),
            _ => word.to_lowercase(),
        });
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_words() {
        assert_eq!(title("TABLE_REQUIRE_PK"), "Table require primary key");
        assert_eq!(title("STATEMENT_DISALLOW_TRUNCATE"), "Statement disallow truncate");
        assert_eq!(title("NAMING_INDEX_IDX"), "Naming index");
    }

    #[test]
    fn every_template_has_rules_of_the_engine_only() {
        for (template, rules) in templates(Some(EngineKind::Postgres)) {
            assert!(rules.len() > 30, "{}: {}", template.id, rules.len());
            assert!(rules.iter().all(|r| r.engine == EngineKind::Postgres));
        }
        assert!(known(Some(EngineKind::Redis)).is_empty());
        assert!(known(None).len() >= RULES.len());
    }
}
