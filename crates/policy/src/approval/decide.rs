//! Which rule decides about which stage.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::gate::Gate;
use super::rule::{Attempt, Rule, RuleRef, Source, Why};
use super::{ENVIRONMENT, TEXT};
use crate::cel::{self, Miss, Program, Value, Vars};

/// Longest value that is shown, in characters.
const SHOWN: usize = 120;

/// One change as conditions see it: a statement kind on a table of a database.
#[derive(Debug, Clone, Default)]
pub struct Fact {
    /// Environment id, or `-`.
    pub stage: String,
    /// `instances/{i}/databases/{d}`; may be empty.
    pub target: String,
    /// What is not known is absent.
    pub vars: Vars,
    /// The script, shared by its facts.
    pub text: Option<Arc<str>>,
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub source: Source,
    /// Environment ids, or `-`, in the order of stages. Empty: it has no stages, and is approved as a whole.
    pub stages: &'a [String],
    pub facts: &'a [Fact],
}

/// What a rule says about some facts.
enum Said<'a> {
    Matches(Option<&'a Fact>),
    Not { reason: String, fact: Option<&'a Fact> },
}

/// A rule that may decide.
struct Candidate<'a> {
    rule: &'a Rule,
    told: RuleRef,
    /// None: an empty condition.
    program: Option<Result<Program, String>>,
}

/// The gates of a subject with nobody having voted: that of the issue as a whole first, then those of stages in their order.
pub fn decide(rules: &[Rule], subject: &Subject<'_>) -> Vec<Gate> {
    let candidates = candidates(rules, subject.source);
    // What a rule that gates the whole says is the same for every stage.
    let mut of_whole: HashMap<usize, Said<'_>> = HashMap::new();
    let mut gates: Vec<Gate> = Vec::new();
    let none = [String::new()];
    let stages = if subject.stages.is_empty() { &none[..] } else { subject.stages };
    for stage in stages {
        let mut tried = Vec::new();
        let mut decided = None;
        for (at, candidate) in candidates.iter().enumerate() {
            let of_stage = candidate.speaks_of_stages() && !stage.is_empty();
            let own;
            let said = if of_stage {
                own = candidate.ask(subject.facts.iter().filter(|f| f.stage == *stage));
                &own
            } else {
                of_whole.entry(at).or_insert_with(|| candidate.ask(subject.facts.iter()))
            };
            match said {
                Said::Matches(fact) => {
                    decided = Some((candidate, *fact, of_stage));
                    break;
                }
                Said::Not { reason, fact } => tried.push(Attempt {
                    rule: candidate.told.clone(),
                    reason: reason.clone(),
                    values: fact.map(|f| candidate.values(f)).unwrap_or_default(),
                }),
            }
        }
        let of_stage = decided.as_ref().is_some_and(|(_, _, of_stage)| *of_stage);
        if !of_stage && let Some(whole) = gates.iter_mut().find(|g| g.environment.is_none()) {
            // The same rules decided: what was tried differs at most in rules of stages.
            whole.stages.push(stage.clone());
            continue;
        }
        let why = match &decided {
            Some((candidate, fact, _)) => Why {
                rule: Some(candidate.told.clone()),
                target: fact.map(|f| f.target.clone()).unwrap_or_default(),
                values: fact.map(|f| candidate.values(f)).unwrap_or_default(),
                tried,
            },
            None => Why { tried, ..Why::default() },
        };
        gates.push(Gate {
            environment: of_stage.then(|| stage.clone()),
            stages: if stage.is_empty() { Vec::new() } else { vec![stage.clone()] },
            template: decided.map(|(candidate, _, _)| candidate.rule.template.clone()),
            why,
            steps: Vec::new(),
        });
    }
    gates.sort_by_key(|g| g.environment.is_some());
    gates
}

/// Those of the source, then the fallbacks, each in the order of the setting.
fn candidates(rules: &[Rule], source: Source) -> Vec<Candidate<'_>> {
    let of = |wanted: Source| {
        rules.iter().enumerate().filter(move |(_, r)| r.source == wanted).map(|(i, rule)| {
            Candidate {
                rule,
                told: rule.at(i + 1),
                program: (!rule.condition.trim().is_empty()).then(|| {
                    cel::compile(&rule.condition, rule.source.variables())
                        .map_err(|e| e.to_string())
                }),
            }
        })
    };
    match source {
        Source::Fallback => of(source).collect(),
        source => of(source).chain(of(Source::Fallback)).collect(),
    }
}

impl Candidate<'_> {
    fn speaks_of_stages(&self) -> bool {
        self.good().is_some_and(|p| p.uses(ENVIRONMENT))
    }

    fn good(&self) -> Option<&Program> {
        self.program.as_ref().and_then(|p| p.as_ref().ok())
    }

    /// Matches when any fact satisfies the condition.
    fn ask<'f>(&self, facts: impl Iterator<Item = &'f Fact>) -> Said<'f> {
        let not = |reason: String| Said::Not { reason, fact: None };
        let program = match &self.program {
            None => return not("its condition is empty".to_owned()),
            Some(Err(error)) => return not(format!("its condition cannot be read: {error}")),
            Some(Ok(program)) => program,
        };
        if program.variables().is_empty() {
            return match program.eval(&Vars::new()) {
                Ok(true) => Said::Matches(None),
                Ok(false) => not("it is never true".to_owned()),
                Err(miss) => not(miss.to_string()),
            };
        }
        let (mut first, mut missed, mut count) = (None, None, 0_usize);
        for fact in facts {
            count += 1;
            match fact.eval(program) {
                Ok(true) => return Said::Matches(Some(fact)),
                Ok(false) => _ = first.get_or_insert(fact),
                Err(miss) => _ = missed.get_or_insert((fact, miss)),
            }
        }
        match (first, missed) {
            (Some(fact), _) => {
                let values = self.values(fact);
                let shown: Vec<_> = values.iter().map(|(k, v)| format!("{k} is {v}")).collect();
                let of =
                    if count > 1 { format!(", as for all {count} changes") } else { String::new() };
                Said::Not { reason: format!("{}{of}", shown.join(", ")), fact: Some(fact) }
            }
            (None, Some((fact, miss))) => Said::Not { reason: miss.to_string(), fact: Some(fact) },
            (None, None) => not("nothing is known that it asks for".to_owned()),
        }
    }

    /// The variables that it asks for, with their values in the fact.
    fn values(&self, fact: &Fact) -> BTreeMap<String, String> {
        let used = self.good().map(Program::variables).unwrap_or_default();
        let value = |name: &&'static str| {
            let shown = match fact.vars.get(*name) {
                Some(value) => shown(value),
                None if *name == TEXT => short(fact.text.as_deref()?),
                None => return None,
            };
            Some(((*name).to_owned(), shown))
        };
        used.iter().filter_map(value).collect()
    }
}

impl Fact {
    fn eval(&self, program: &Program) -> Result<bool, Miss> {
        match &self.text {
            Some(text) if program.uses(TEXT) => {
                let mut vars = self.vars.clone();
                vars.insert(TEXT, Value::Text(text.to_string()));
                program.eval(&vars)
            }
            _ => program.eval(&self.vars),
        }
    }
}

/// A value for people.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => short(text),
        Value::Time(time) => time.to_string(),
        Value::Texts(texts) => short(&format!("[{}]", texts.join(", "))),
        Value::TextMap(map) => {
            let all: Vec<_> = map.iter().map(|(k, v)| format!("{k}: {v}")).collect();
            short(&format!("{{{}}}", all.join(", ")))
        }
    }
}

fn short(text: &str) -> String {
    if text.is_empty() {
        return "empty".to_owned();
    }
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Template;
    use super::*;

    fn rule(source: Source, condition: &str, title: &str, roles: &[&str]) -> Rule {
        let roles = roles.iter().map(|r| (*r).to_owned()).collect();
        Rule {
            source,
            condition: condition.to_owned(),
            template: Template { title: title.to_owned(), roles, ..Template::default() },
            ..Rule::default()
        }
    }

    fn fact(stage: &str, kind: &'static str, rows: i64) -> Fact {
        Fact {
            stage: stage.to_owned(),
            target: format!("instances/{stage}/databases/shop"),
            vars: Vars::from([
                ("resource.environment_id", stage.into()),
                ("statement.sql_type", kind.into()),
                ("statement.affected_rows", rows.into()),
            ]),
            text: None,
        }
    }

    fn ask(rules: &[Rule], facts: &[Fact]) -> Vec<Gate> {
        let mut stages: Vec<String> = Vec::new();
        for fact in facts {
            if !stages.contains(&fact.stage) {
                stages.push(fact.stage.clone());
            }
        }
        decide(rules, &Subject { source: Source::ChangeDatabase, stages: &stages, facts })
    }

    fn shape(gates: &[Gate]) -> Vec<(Option<&str>, Vec<&str>, Option<&str>)> {
        gates
            .iter()
            .map(|g| {
                (
                    g.environment.as_deref(),
                    g.stages.iter().map(String::as_str).collect(),
                    g.template.as_ref().map(|t| t.title.as_str()),
                )
            })
            .collect()
    }

    use Source::{ChangeDatabase, Fallback};

    #[test]
    fn a_rule_of_an_environment_gates_its_stage_only() {
        let rules = [
            rule(ChangeDatabase, "resource.environment_id == \"test\"", "Free", &[]),
            rule(
                ChangeDatabase,
                "resource.environment_id == \"prod\"",
                "Two",
                &["roles/a", "roles/b"],
            ),
            rule(Fallback, "true", "Owner", &["roles/projectOwner"]),
        ];
        let facts =
            [fact("test", "INSERT", 1), fact("staging", "INSERT", 1), fact("prod", "INSERT", 1)];
        assert_eq!(
            shape(&ask(&rules, &facts)),
            [
                (None, vec!["staging"], Some("Owner")),
                (Some("test"), vec!["test"], Some("Free")),
                (Some("prod"), vec!["prod"], Some("Two")),
            ]
        );
    }

    #[test]
    fn a_rule_of_no_environment_gates_the_whole_by_any_change() {
        let rules = [
            rule(ChangeDatabase, "statement.affected_rows > 100", "Many", &["roles/dba"]),
            rule(Fallback, "true", "Owner", &["roles/projectOwner"]),
        ];
        let few = [fact("test", "UPDATE", 1), fact("prod", "UPDATE", 2)];
        assert_eq!(shape(&ask(&rules, &few)), [(None, vec!["test", "prod"], Some("Owner"))]);
        let many = [fact("test", "UPDATE", 1), fact("prod", "UPDATE", 1_000)];
        let gates = ask(&rules, &many);
        assert_eq!(shape(&gates), [(None, vec!["test", "prod"], Some("Many"))]);
        assert_eq!(gates[0].why.target, "instances/prod/databases/shop");
        assert_eq!(gates[0].why.values["statement.affected_rows"], "1000");
    }

    #[test]
    fn the_first_in_order_wins_and_fallbacks_come_last() {
        let rules = [
            rule(Fallback, "true", "Owner", &["roles/projectOwner"]),
            rule(ChangeDatabase, "statement.sql_type == \"UPDATE\"", "A", &["roles/a"]),
            rule(ChangeDatabase, "true", "B", &["roles/b"]),
        ];
        assert_eq!(shape(&ask(&rules, &[fact("test", "UPDATE", 1)]))[0].2, Some("A"));
        let gates = ask(&rules, &[fact("test", "INSERT", 1)]);
        assert_eq!(shape(&gates)[0].2, Some("B"));
        assert_eq!(gates[0].why.rule.as_ref().map(|r| r.number), Some(3));
        assert_eq!(gates[0].why.tried[0].reason, "statement.sql_type is INSERT");
    }

    #[test]
    fn what_is_not_known_or_not_written_does_not_match_and_says_so() {
        let rules = [
            rule(ChangeDatabase, "", "Empty", &["roles/a"]),
            rule(ChangeDatabase, "statement.table_rows > 5", "Rows", &["roles/a"]),
            rule(ChangeDatabase, "nosuch == 1", "Bad", &["roles/a"]),
        ];
        let gates = ask(&rules, &[fact("test", "INSERT", 1)]);
        assert_eq!(shape(&gates), [(None, vec!["test"], None)]);
        let reasons: Vec<_> = gates[0].why.tried.iter().map(|t| t.reason.as_str()).collect();
        assert_eq!(reasons[0], "its condition is empty");
        assert_eq!(reasons[1], "statement.table_rows is not set");
        assert!(reasons[2].starts_with("its condition cannot be read"), "{}", reasons[2]);
    }

    #[test]
    fn a_request_without_stages_is_gated_as_a_whole() {
        let rules = [rule(
            Source::RequestRole,
            "request.role == \"roles/projectOwner\"",
            "R",
            &["roles/a"],
        )];
        let vars = Vars::from([("request.role", "roles/projectOwner".into())]);
        let facts = [Fact { vars, ..Fact::default() }];
        let subject = Subject { source: Source::RequestRole, stages: &[], facts: &facts };
        assert_eq!(shape(&decide(&rules, &subject)), [(None, vec![], Some("R"))]);
    }

    #[test]
    fn the_text_of_a_script_is_asked_too() {
        let rules =
            [rule(ChangeDatabase, "statement.text.contains(\"payroll\")", "Pay", &["roles/a"])];
        let mut one = fact("test", "INSERT", 1);
        one.text = Some("INSERT INTO payroll VALUES (1)".into());
        assert_eq!(shape(&ask(&rules, &[one]))[0].2, Some("Pay"));
    }
}
