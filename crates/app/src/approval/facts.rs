//! What conditions see of a plan: one set of values a target, kind of statement and changed table, from the checks of the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::Result;
use base::name::{DatabaseName, InstanceName, SheetName};
use policy::approval::{Fact, NO_ENVIRONMENT, Source};
use policy::cel::{Value, Vars};
use policy::risk::{self, Risk};
use store::Conn;
use store::rows::{
    ChangeDatabase, CheckResult, CheckType, CreateDatabaseSpec, Database, Instance, Plan,
    SpecConfig,
};

use crate::rollout::expand::{Named, expand};
use crate::rollout::load;

/// Longest script that conditions are shown, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// Everything that rules are asked with.
#[derive(Debug, Default)]
pub struct Facts {
    pub source: Source,
    /// In the order of stages.
    pub stages: Vec<String>,
    pub facts: Vec<Fact>,
    /// Fingerprints of the tasks that the plan makes.
    pub covered: BTreeSet<String>,
    pub risk: Risk,
}

/// Of a plan whose checks are done.
pub async fn of_plan(
    conn: &mut Conn,
    plan: &Plan,
    results: &[CheckResult],
    labels: &[String],
) -> Result<Facts> {
    let named = load::named(conn, &plan.payload.specs).await?;
    let mut found = Facts { source: source_of(plan), ..Facts::default() };
    // A target that is gone stands in the way of the rollout by itself.
    if let Ok(wanted) = expand(plan, &named) {
        found.covered = wanted.iter().map(super::of_wanted).collect();
    }
    found.risk = risk_of(plan, results);
    let common = Common { project: &plan.project, labels, risk: found.risk };
    for spec in &plan.payload.specs {
        match &spec.config {
            SpecConfig::ChangeDatabase(change) => {
                let text = script(conn, change).await?;
                for target in &change.targets {
                    let Some((database, instance)) = place(&named, target) else { continue };
                    let tables = table_rows(conn, database, results, target).await?;
                    let summaries: Vec<_> =
                        results.iter().filter(|r| is_about(r, target, change)).collect();
                    let at = common.at(database, instance, target);
                    found.facts.extend(changes(&at, &summaries, &tables, text.as_ref()));
                }
            }
            SpecConfig::CreateDatabase(create) => {
                found.facts.extend(creation(&common, &named, create));
            }
        }
    }
    found.stages = stages(conn, &found.facts).await?;
    Ok(found)
}

fn source_of(plan: &Plan) -> Source {
    let creates = |c: &SpecConfig| matches!(c, SpecConfig::CreateDatabase(_));
    if plan.payload.specs.iter().any(|s| creates(&s.config)) {
        Source::CreateDatabase
    } else {
        Source::ChangeDatabase
    }
}

/// What nobody could read counts as the worst.
fn risk_of(plan: &Plan, results: &[CheckResult]) -> Risk {
    let mut risk = Risk::Low;
    for spec in &plan.payload.specs {
        let SpecConfig::ChangeDatabase(change) = &spec.config else { continue };
        for target in &change.targets {
            let mut summaries = results.iter().filter(|r| is_about(r, target, change)).peekable();
            if summaries.peek().is_none() && change.release.is_empty() {
                return Risk::High;
            }
            let kinds = summaries.flat_map(|r| r.statement_types.iter().map(String::as_str));
            risk = risk.max(risk::of(kinds));
        }
    }
    risk
}

fn is_about(result: &CheckResult, target: &str, change: &ChangeDatabase) -> bool {
    result.kind == CheckType::StatementSummaryReport
        && result.target == target
        && (!change.release.is_empty() || result.sheet == change.sheet)
}

pub(super) fn place<'n>(named: &'n Named, target: &str) -> Option<(&'n Database, &'n Instance)> {
    let database = named.databases.get(target)?;
    Some((database, named.instances.get(&database.instance)?))
}

async fn script(conn: &mut Conn, change: &ChangeDatabase) -> Result<Option<Arc<str>>> {
    let Ok(sheet) = SheetName::parse("sheet", &change.sheet) else { return Ok(None) };
    let size = store::blobs::size(conn, &sheet.sheet).await?;
    if size.is_none_or(|s| usize::try_from(s).map_or(true, |s| s > MAX_TEXT)) {
        return Ok(None);
    }
    Ok(store::blobs::text(conn, &sheet.sheet).await?.map(Arc::from))
}

/// What is the same for a whole plan.
#[derive(Clone, Copy)]
pub(super) struct Common<'a> {
    pub project: &'a str,
    pub labels: &'a [String],
    pub risk: Risk,
}

/// A target, with what is known of it alone.
pub(super) struct At {
    stage: String,
    target: String,
    vars: Vars,
}

impl Common<'_> {
    pub fn at(&self, database: &Database, instance: &Instance, target: &str) -> At {
        let stage = database.effective_environment.clone();
        let mut vars = self.vars(stage.as_deref(), instance);
        vars.insert("resource.database_name", database.name.as_str().into());
        vars.insert("issue.labels", Value::Texts(self.labels.to_vec()));
        let stage = stage.unwrap_or_else(|| NO_ENVIRONMENT.to_owned());
        At { stage, target: target.to_owned(), vars }
    }

    fn vars(&self, stage: Option<&str>, instance: &Instance) -> Vars {
        let mut vars = Vars::from([
            ("resource.project_id", self.project.into()),
            ("resource.instance_id", instance.id.as_str().into()),
            ("resource.db_engine", instance.engine.wire_name().into()),
            ("risk.level", self.risk.as_str().into()),
        ]);
        if let Some(stage) = stage {
            vars.insert("resource.environment_id", stage.into());
        }
        vars
    }
}

/// One fact a kind of statement and changed table.
pub(super) fn changes(
    at: &At,
    summaries: &[&CheckResult],
    rows: &BTreeMap<(String, String), i64>,
    text: Option<&Arc<str>>,
) -> Vec<Fact> {
    let fact = |vars: Vars| Fact {
        stage: at.stage.clone(),
        target: at.target.clone(),
        vars,
        text: text.cloned(),
    };
    let mut facts = Vec::new();
    for summary in summaries {
        let mut base = at.vars.clone();
        // A part of the rows is no number to decide by.
        if summary.unestimated == 0 {
            base.insert("statement.affected_rows", summary.affected_rows.into());
        }
        let tables: Vec<_> = summary.changed_objects.iter().filter_map(|o| table_of(o)).collect();
        for kind in &summary.statement_types {
            let mut of_kind = base.clone();
            of_kind.insert("statement.sql_type", kind.as_str().into());
            if tables.is_empty() {
                facts.push(fact(of_kind));
                continue;
            }
            for (schema, table) in &tables {
                let mut vars = of_kind.clone();
                vars.insert("resource.schema_name", (*schema).into());
                vars.insert("resource.table_name", (*table).into());
                let key = ((*schema).to_owned(), (*table).to_owned());
                if let Some(n) = rows.get(&key) {
                    vars.insert("statement.table_rows", (*n).into());
                }
                facts.push(fact(vars));
            }
        }
    }
    if facts.is_empty() {
        facts.push(fact(at.vars.clone()));
    }
    facts
}

/// `table public.customer` → (`public`, `customer`).
fn table_of(object: &str) -> Option<(&str, &str)> {
    let name = object.strip_prefix("table ")?;
    Some(name.split_once('.').unwrap_or(("", name)))
}

/// Rows of the tables that the script changes, as of the last sync. A table of the default schema is found without it, too.
pub(super) async fn table_rows(
    conn: &mut Conn,
    database: &Database,
    results: &[CheckResult],
    target: &str,
) -> Result<BTreeMap<(String, String), i64>> {
    let names = results
        .iter()
        .filter(|r| r.target == target && r.kind == CheckType::StatementSummaryReport)
        .flat_map(|r| r.changed_objects.iter().filter_map(|o| table_of(o)));
    let names: BTreeSet<_> = names.map(|(s, t)| (s.to_owned(), t.to_owned())).collect();
    let mut found = BTreeMap::new();
    if names.is_empty() {
        return Ok(found);
    }
    for (schema, name, rows) in store::catalogs::table_rows(conn, &database.id).await? {
        for key in [(schema.clone(), name.clone()), (String::new(), name)] {
            if names.contains(&key) {
                // Of several schemas the greatest counts.
                let most = found.entry(key).or_insert(rows);
                *most = rows.max(*most);
            }
        }
    }
    Ok(found)
}

fn creation(common: &Common<'_>, named: &Named, create: &CreateDatabaseSpec) -> Option<Fact> {
    let name = InstanceName::parse("target", &create.target).ok()?;
    let instance = named.instances.get(&name.instance)?;
    let own = create.environment.strip_prefix("environments/").unwrap_or(&create.environment);
    let stage = if own.is_empty() { instance.environment.as_deref() } else { Some(own) };
    let mut vars = common.vars(stage, instance);
    vars.insert("resource.database_name", create.database.as_str().into());
    Some(Fact {
        stage: stage.unwrap_or(NO_ENVIRONMENT).to_owned(),
        target: DatabaseName::new(&instance.id, &create.database).to_string(),
        vars,
        text: None,
    })
}

/// The stages of facts, in the order of environments.
pub(super) async fn stages(conn: &mut Conn, facts: &[Fact]) -> Result<Vec<String>> {
    let environments = crate::setting::environments(conn).await?;
    let listed: Vec<String> = environments.environments.into_iter().map(|e| e.id).collect();
    let stages: BTreeSet<_> = facts.iter().map(|f| f.stage.clone()).collect();
    Ok(policy::rollout::order_stages(stages.into_iter().collect(), &listed))
}
