//! What a configuration must be like.

use std::collections::{BTreeSet, HashMap};

use base::name::{EnvironmentName, ProjectName, ReviewConfigName};
use base::{EngineKind, Error, FieldViolation, Result};
use review::{Level, Payload, RuleConfig, RuleType, mistakes};
use store::rows::State;
use store::{Conn, projects, review_configs};

use super::Draft;
use super::exceptions::{self, ConfigException, ExceptionDraft};

/// More than every rule for every engine.
const MOST_RULES: usize = 4_000;
const MOST_RESOURCES: usize = 1_000;
const MOST_SHOWN: usize = 50;

/// A rule as it came in: numbers as on the wire, which may be of no rule and no engine.
#[derive(Debug, Clone)]
pub struct RuleDraft {
    pub rule: i32,
    pub level: Option<Level>,
    pub engine: i32,
    pub payload: Payload,
}

/// The rules of a configuration, or everything that is wrong with its own fields.
pub(super) fn check(draft: &Draft) -> Result<(Vec<RuleConfig>, Vec<ConfigException>)> {
    let mut wrong = Vec::new();
    let title = draft.title.trim();
    if title.is_empty() || title.chars().count() > 200 || title.chars().any(char::is_control) {
        wrong.push(violation("review_config.title", "use 1 to 200 characters in one line"));
    }
    let rules = read("review_config.", &draft.rules, &mut wrong);
    let exceptions = exceptions::read("review_config.", &draft.exceptions, &mut wrong);
    fields(wrong)?;
    Ok((rules, exceptions))
}

/// Rules of a request, or everything that is wrong with them. `prefix` stands before `rules[0]` in the names of fields.
pub fn checked(prefix: &str, rules: &[RuleDraft]) -> Result<Vec<RuleConfig>> {
    let mut wrong = Vec::new();
    let rules = read(prefix, rules, &mut wrong);
    fields(wrong)?;
    Ok(rules)
}

/// Exceptions of a request likewise.
pub fn checked_exceptions(
    prefix: &str,
    exceptions: &[ExceptionDraft],
) -> Result<Vec<ConfigException>> {
    let mut wrong = Vec::new();
    let exceptions = exceptions::read(prefix, exceptions, &mut wrong);
    fields(wrong)?;
    Ok(exceptions)
}

/// A rule that this version does not evaluate is kept as it is: clients send what they know. A payload that is left out is
/// the default one.
fn read(prefix: &str, drafts: &[RuleDraft], wrong: &mut Vec<FieldViolation>) -> Vec<RuleConfig> {
    let mut say = |field: String, description: String| {
        wrong.push(FieldViolation { field: format!("{prefix}{field}"), description });
    };
    if drafts.len() > MOST_RULES {
        say("rules".to_owned(), format!("use at most {MOST_RULES} rules"));
    }
    let mut rules = Vec::new();
    let mut places = HashMap::new();
    for (n, rule) in drafts.iter().take(MOST_RULES).enumerate() {
        let at = |field: &str| format!("rules[{n}].{field}");
        let kind = RuleType::from_number(rule.rule);
        let engine = EngineKind::from_number(rule.engine);
        if kind.is_none() {
            let what = format!("{} is no rule; use a name of SQLReviewRule.Type", rule.rule);
            say(at("type"), what);
        }
        if engine.is_none() {
            say(at("engine"), "say for which engine, e.g. POSTGRES".to_owned());
        }
        if rule.level.is_none() {
            say(at("level"), "say how grave it is: ERROR or WARNING".to_owned());
        }
        let (Some(kind), Some(engine)) = (kind, engine) else { continue };
        let evaluated = review::rule(kind).is_some_and(|r| r.engines.contains(&engine));
        if evaluated && rule.payload != Payload::None {
            for mistake in mistakes(kind, engine, &rule.payload) {
                say(at(mistake.field), mistake.what);
            }
        }
        if let Some(first) = places.insert((kind, engine), n) {
            let what = format!(
                "rules[{first}] is {} for {} already; leave one out",
                kind.as_str(),
                engine.wire_name()
            );
            say(at("type"), what);
        }
        if let Some(level) = rule.level {
            let payload = rule.payload.clone();
            rules.push(RuleConfig::new(kind, level, engine, payload));
        }
    }
    rules
}

/// What a configuration is attached to must be there, and belong to no other.
pub(super) async fn check_resources(
    conn: &mut Conn,
    own: &ReviewConfigName,
    resources: &[String],
) -> Result<()> {
    let environments = crate::setting::environments(conn).await?;
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    if resources.len() > MOST_RESOURCES {
        wrong.push(violation("review_config.resources", "use at most 1000 resources"));
    }
    for (n, resource) in resources.iter().take(MOST_RESOURCES).enumerate() {
        let field = format!("review_config.resources[{n}]");
        let there = if let Ok(name) = EnvironmentName::parse(&field, resource) {
            environments.get(&name.environment).is_some()
        } else if let Ok(name) = ProjectName::parse(&field, resource) {
            let found = projects::get(conn, &name.project).await?;
            found.is_some_and(|p| p.state == State::Active)
        } else {
            let what = "name an environment (environments/prod) or a project (projects/shop)";
            wrong.push(violation(&field, what));
            continue;
        };
        if !there {
            wrong.push(violation(&field, &format!("{resource} does not exist")));
            continue;
        }
        if !seen.insert(resource) {
            wrong.push(violation(&field, "it is in the list already"));
        }
        let other = review_configs::of_resource(conn, resource).await?;
        if let Some(other) = other.filter(|c| c.id != own.review_config) {
            let other = ReviewConfigName::new(other.id);
            let what =
                format!("{resource} is reviewed by {other}; take it out of that one's resources");
            wrong.push(violation(&field, &what));
        }
    }
    fields(wrong)
}

fn violation(field: &str, what: &str) -> FieldViolation {
    FieldViolation { field: field.to_owned(), description: what.to_owned() }
}

fn fields(mut wrong: Vec<FieldViolation>) -> Result<()> {
    wrong.truncate(MOST_SHOWN);
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(rule: RuleType) -> RuleDraft {
        RuleDraft {
            rule: rule.number(),
            level: Some(Level::Error),
            engine: EngineKind::Postgres.number(),
            payload: Payload::None,
        }
    }

    fn wrong(title: &str, rules: Vec<RuleDraft>) -> Vec<String> {
        let draft = Draft {
            name: String::new(),
            title: title.to_owned(),
            enabled: true,
            rules,
            resources: Vec::new(),
            exceptions: Vec::new(),
            refuse_suppression: false,
            etag: String::new(),
        };
        let error = check(&draft).err();
        let found = error.iter().flat_map(|e| e.field_violations().to_vec());
        found.map(|v| v.field.replace("review_config.", "")).collect()
    }

    #[test]
    fn each_mistake_names_its_field() {
        let pk = || rule(RuleType::TableRequirePk);
        assert_eq!(wrong("Prod", vec![pk(), rule(RuleType::SecurityCopyProgram)]), [""; 0]);
        assert_eq!(wrong(" ", vec![]), ["title"]);
        let unknown = RuleDraft { rule: 32, engine: 0, level: None, ..pk() };
        assert_eq!(
            wrong("Prod", vec![pk(), unknown]),
            ["rules[1].type", "rules[1].engine", "rules[1].level"]
        );
        assert_eq!(wrong("Prod", vec![pk(), pk()]), ["rules[1].type"]);
        let naming = |payload| RuleDraft { payload, ..rule(RuleType::NamingTable) };
        assert_eq!(wrong("Prod", vec![naming(Payload::None)]), [""; 0]);
        let bad = Payload::Number { number: 1 };
        assert_eq!(wrong("Prod", vec![naming(bad.clone())]), ["rules[0].number_payload"]);
        let snowflake = EngineKind::Snowflake.number();
        let unknown = RuleDraft { engine: snowflake, payload: bad, ..pk() };
        assert_eq!(wrong("Prod", vec![unknown]), [""; 0]);
    }
}
