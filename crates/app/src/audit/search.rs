//! Entries of the audit log, of a project or of the whole workspace.

use std::time::Duration;

use base::name::{ProjectName, WORKSPACE};
use base::page::Page;
use base::{Error, Result, Time};
use serde::Deserialize;
use store::audit::{self, Chained};
use store::{Conn, Filter};

use crate::cx::Cx;
use crate::filter::{Ask, Is, Op, Test, Var, by_field, filter, where_};

/// How much an entry asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Done.
    Info,
    /// Begun, and no end is on record.
    Notice,
    /// Refused: it did not run.
    Warning,
    /// Ran, and failed.
    Error,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `{parent}/auditLogs/{number in the log}`
    pub name: String,
    pub time: Time,
    /// `users/{email}`, `serviceAccounts/{email}`, `anonymous` or `system`.
    pub actor: String,
    /// `/bytebase.v1.PlanService/CreatePlan`
    pub method: String,
    pub severity: Severity,
    /// The first thing the request names.
    pub resource: String,
    /// JSON without secrets; empty when none was kept.
    pub request: String,
    /// JSON of what its use case had to say about the answer; empty when nothing.
    pub answer: String,
    /// Why it failed or was refused: the code and its reason.
    pub fault: Option<(String, String)>,
    pub latency: Duration,
    pub client_ip: String,
    pub user_agent: String,
}

const SEVERITIES: &[&str] = &["INFO", "NOTICE", "WARNING", "ERROR"];
const VARIABLES: &[Var] = &[
    Var { name: "resource", is: Is::Id },
    Var { name: "method", is: Is::Id },
    Var { name: "user", is: Is::Id },
    Var { name: "severity", is: Is::Word(SEVERITIES) },
    Var { name: "create_time", is: Is::Time },
];

/// `parent` is a project, the workspace, or empty for the workspace. Of a project are entries about it, what is in it, and
/// databases that are in it now. Newest first, or by `create_time`.
pub async fn search(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<Entry>> {
    let mut conn = cx.app.store.read().await?;
    page(&mut conn, parent, ask).await
}

pub(super) async fn page(conn: &mut Conn, parent: &str, ask: &Ask) -> Result<Page<Entry>> {
    let project = project(parent)?;
    let asked = match filter(&ask.filter, VARIABLES)? {
        Some(expr) => where_(&expr, &mut condition)?,
        None => Filter::All,
    };
    let shown = asked.and(audit::one_a_call());
    let shown = match &project {
        Some(project) => shown.and(audit::of_project(&project.project)),
        None => shown,
    };
    let args = ask.page(shown, &[audit::BY_TIME])?;
    let parent = project.map_or_else(|| WORKSPACE.to_owned(), |p| p.to_string());
    let page = audit::list(conn, &args).await?;
    let items = page.items.into_iter().map(|found| entry(&parent, found)).collect::<Result<_>>()?;
    Ok(Page { items, next: page.next })
}

fn project(parent: &str) -> Result<Option<ProjectName>> {
    if matches!(parent, "" | "workspaces/-" | WORKSPACE) {
        return Ok(None);
    }
    ProjectName::parse("parent", parent).map(Some)
}

fn condition(test: &Test) -> Result<Filter> {
    if test.variable() != "severity" {
        let field = store::filter::field(audit::FIELDS, test.variable());
        let field = field.ok_or_else(|| Error::internal("a variable of the list has no column"))?;
        return by_field(field, test);
    }
    let verdicts = test.texts().into_iter().map(|word| verdict(&word));
    let found = Filter::is_in(audit::VERDICT, verdicts);
    Ok(if test.op == Op::NotEqual { Filter::Not(Box::new(found)) } else { found })
}

/// The verdict of the gate that a severity stands for.
fn verdict(severity: &str) -> &'static str {
    match severity {
        "ERROR" => "FAILED",
        "WARNING" => "DENIED",
        "NOTICE" => "STARTED",
        _ => "SUCCEEDED",
    }
}

/// What [`super::append()`] writes besides the columns.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    request: serde_json::Value,
    #[serde(default)]
    facts: serde_json::Map<String, serde_json::Value>,
    reason: Option<String>,
    latency_ms: u64,
    user_agent: String,
}

fn entry(parent: &str, found: Chained) -> Result<Entry> {
    let Chained { seq, record, .. } = found;
    let detail: Detail = serde_json::from_str(&record.detail).map_err(|e| {
        Error::internal(format!("record {seq} of the audit log cannot be read")).with_source(e)
    })?;
    let request = if detail.request.is_null() { String::new() } else { detail.request.to_string() };
    let answer = match detail.facts.is_empty() {
        true => String::new(),
        false => serde_json::Value::Object(detail.facts).to_string(),
    };
    let fault = !record.code.is_empty();
    Ok(Entry {
        name: format!("{parent}/auditLogs/{seq}"),
        time: record.created_at,
        actor: record.actor,
        method: record.method,
        severity: match record.verdict.as_str() {
            "FAILED" => Severity::Error,
            "DENIED" => Severity::Warning,
            "STARTED" => Severity::Notice,
            _ => Severity::Info,
        },
        resource: record.resource,
        request,
        answer,
        fault: fault.then(|| (record.code, detail.reason.unwrap_or_default())),
        latency: Duration::from_millis(detail.latency_ms),
        client_ip: record.client_ip,
        user_agent: detail.user_agent,
    })
}
