//! Tries the rules on a change that nobody filed: what a person says about it, or what can be told of a statement from its text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::name::WORKSPACE;
use base::{Error, FieldViolation, Result};
use policy::approval::{Fact, Gate, NO_ENVIRONMENT, Rule, Source, Subject, decide, violations};
use policy::cel::{Declared, Value, Vars};
use policy::risk::{self, Risk};
use sql::StatementClass;
use store::Conn;
use store::rows::{ApprovalSetting, CheckResult, CheckType, Database, Instance};

use super::facts::{self, Common};
use crate::cx::Cx;

const MAX_TARGETS: usize = 100;
const MAX_FACTS: usize = 1_000;

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub source: Source,
    /// `instances/{i}/databases/{d}`
    pub targets: Vec<String>,
    pub statement: String,
    pub labels: Vec<String>,
    /// In place of targets and a statement: an environment id or nothing, and values by variable.
    pub facts: Vec<(String, BTreeMap<String, String>)>,
    /// In place of the rules in force, unless empty.
    pub rules: Vec<Rule>,
}

#[derive(Debug)]
pub struct Simulated {
    pub gates: Vec<Gate>,
    pub risk: Risk,
    pub facts: Vec<Fact>,
}

pub async fn simulate(cx: &Cx, ask: Ask) -> Result<Simulated> {
    cx.require("bb.settings.get", WORKSPACE).await?;
    if ask.targets.len() > MAX_TARGETS {
        return Err(Error::field("targets", format!("name at most {MAX_TARGETS} databases")));
    }
    if ask.facts.len() > MAX_FACTS {
        return Err(Error::field("facts", format!("give at most {MAX_FACTS}")));
    }
    if ask.facts.is_empty() == ask.targets.is_empty() {
        return Err(Error::field("targets", "name databases and a statement, or give facts"));
    }
    let mut conn = cx.app.store.read().await?;
    let rules = if ask.rules.is_empty() {
        store::settings::get::<ApprovalSetting>(&mut conn).await?.value.rules
    } else {
        let known = crate::setting::approval_roles(&mut conn).await?;
        let wrong = violations("rules", &ask.rules, |r| known.contains(r));
        if !wrong.is_empty() {
            return Err(Error::fields(wrong));
        }
        ask.rules.clone()
    };
    let (facts, risk) = match ask.facts.is_empty() {
        true => of_statement(cx, &mut conn, &ask).await?,
        false => given(&ask)?,
    };
    let stages = facts::stages(&mut conn, &facts).await?;
    drop(conn);
    let source = ask.source;
    super::apart(move || {
        let gates = decide(&rules, &Subject { source, stages: &stages, facts: &facts });
        Simulated { gates, risk, facts }
    })
    .await
}

/// What a check would find out from the text alone: rows are not known of what changes rows.
async fn of_statement(cx: &Cx, conn: &mut Conn, ask: &Ask) -> Result<(Vec<Fact>, Risk)> {
    if ask.source != Source::ChangeDatabase {
        return Err(Error::field(
            "source",
            "a statement is a change of databases: CHANGE_DATABASE",
        ));
    }
    let mut read = Vec::new();
    for (i, target) in ask.targets.iter().enumerate() {
        let field = format!("targets[{i}]");
        cx.require_on(conn, "bb.databases.get", target).await?;
        let (database, instance) = place(conn, &field, target).await?;
        let summary = summary(cx, &instance, target, &ask.statement)?;
        read.push((target, database, instance, summary));
    }
    let kinds = read.iter().flat_map(|r| r.3.statement_types.iter().map(String::as_str));
    let risk = risk::of(kinds);
    let text: Arc<str> = ask.statement.as_str().into();
    let mut found = Vec::new();
    for (target, database, instance, summary) in &read {
        let common = Common { project: &database.project, labels: &ask.labels, risk };
        let rows = facts::table_rows(conn, database, std::slice::from_ref(summary), target).await?;
        let at = common.at(database, instance, target);
        found.extend(facts::changes(&at, &[summary], &rows, Some(&text)));
    }
    Ok((found, risk))
}

async fn place(conn: &mut Conn, field: &str, target: &str) -> Result<(Database, Instance)> {
    let name = base::name::DatabaseName::parse(field, target)?;
    let database = store::databases::get(conn, &name.instance, &name.database).await?;
    let instance = store::instances::get(conn, &name.instance).await?;
    database.zip(instance).ok_or_else(|| Error::not_found(target))
}

fn summary(cx: &Cx, instance: &Instance, target: &str, script: &str) -> Result<CheckResult> {
    let dialect = cx.app.engines.get(instance.engine)?.dialect();
    let statements = dialect.split(script);
    if statements.is_empty() {
        return Err(Error::field("statement", "write a statement"));
    }
    let facts: Vec<_> = statements.iter().map(|s| dialect.classify(s.text(script))).collect();
    let types: BTreeSet<_> = facts.iter().map(|f| f.kind.as_str().to_owned()).collect();
    let objects: BTreeSet<_> = facts
        .iter()
        .flat_map(|f| f.objects.iter().map(crate::plan::check::analyse::object_text))
        .collect();
    let dml = facts.iter().filter(|f| f.kind.class() == StatementClass::Dml).count();
    Ok(CheckResult {
        kind: CheckType::StatementSummaryReport,
        target: target.to_owned(),
        statement_types: types.into_iter().collect(),
        changed_objects: objects.into_iter().collect(),
        unestimated: u32::try_from(dml).unwrap_or(u32::MAX),
        ..CheckResult::default()
    })
}

/// Values as a person writes them.
fn given(ask: &Ask) -> Result<(Vec<Fact>, Risk)> {
    let known = ask.source.variables();
    let (mut facts, mut wrong) = (Vec::new(), Vec::new());
    let mut risk = Risk::Low;
    for (i, (environment, values)) in ask.facts.iter().enumerate() {
        let mut vars = Vars::new();
        if !environment.is_empty()
            && let Some(v) = known.variable(policy::approval::ENVIRONMENT)
        {
            vars.insert(v.name, environment.as_str().into());
        }
        let mut text = None;
        for (name, value) in values {
            let mut say = |description: String| {
                wrong.push(FieldViolation {
                    field: format!("facts[{i}].values[{name:?}]"),
                    description,
                });
            };
            let Some(variable) = known.variable(name) else {
                let names: Vec<_> = known.variables.iter().map(|v| v.name).collect();
                say(format!(
                    "there is no such variable; {} knows {}",
                    known.title,
                    names.join(", ")
                ));
                continue;
            };
            if name == "statement.sql_type" {
                risk = risk.max(risk::of([value.as_str()]));
            }
            match (variable.is, read(variable.is, value)) {
                (Declared::Script, _) => text = Some(Arc::from(value.as_str())),
                (_, Ok(value)) => _ = vars.insert(variable.name, value),
                (_, Err(what)) => say(what.to_owned()),
            }
        }
        let stage = if environment.is_empty() { NO_ENVIRONMENT } else { environment };
        facts.push(Fact { stage: stage.to_owned(), target: String::new(), vars, text });
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    Ok((facts, risk))
}

fn read(is: Declared, value: &str) -> Result<Value, &'static str> {
    match is {
        Declared::Bool => match value {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err("write true or false"),
        },
        Declared::Int => value.parse().map(Value::Int).map_err(|_| "write a whole number"),
        Declared::Text | Declared::Script => Ok(Value::Text(value.to_owned())),
        Declared::Texts => {
            Ok(Value::Texts(value.lines().map(str::to_owned).filter(|l| !l.is_empty()).collect()))
        }
        Declared::Time | Declared::TextMap => Err("this cannot be given here"),
    }
}
