//! What was run: kept for its caller, and for who may look at a project's queries.

use std::time::Duration;

use base::name::{DatabaseName, ProjectName, QueryHistoryName};
use base::page::Page;
use base::{Error, Result};
use store::rows::{Database, QueryHistory, QueryKind, QueryStatus};
use store::{Filter, query_histories};

use super::Ask;
use crate::access::project_filter;
use crate::cx::Cx;
use crate::filter::{self, Is, Var, conditions};

const PERMISSION: &str = "bb.queryHistories.list";
/// Each entry carries its whole statement.
const LARGEST_PAGE: usize = 200;

const VARIABLES: &[Var] = &[
    Var { name: "project", is: Is::Name("projects/") },
    Var { name: "instance", is: Is::Name("instances/") },
    Var { name: "database", is: Is::Id },
    Var { name: "creator", is: Is::Id },
    Var { name: "type", is: Is::Word(&["QUERY", "EXPORT"]) },
    Var { name: "status", is: Is::Word(&["SUCCEEDED", "FAILED", "REFUSED", "CANCELED"]) },
    Var { name: "statement", is: Is::Text },
    Var { name: "create_time", is: Is::Time },
];

/// An entry to show.
#[derive(Debug, Clone)]
pub struct HistoryView {
    pub name: QueryHistoryName,
    pub history: QueryHistory,
}

/// How a request ended.
pub(super) struct Ended {
    pub status: QueryStatus,
    pub error: String,
    pub rows: usize,
    pub duration: Duration,
    pub source: String,
    /// Without secrets.
    pub statement: String,
}

/// Keeps an entry; gives its id.
pub(super) async fn keep(
    cx: &Cx,
    database: &Database,
    name: &DatabaseName,
    ask: &Ask,
    ended: Ended,
) -> Result<String> {
    let now = cx.now();
    let row = QueryHistory {
        id: cx.app.new_id(),
        project: database.project.clone(),
        instance: name.instance.clone(),
        database: name.to_string(),
        creator: cx.caller.name().unwrap_or_default(),
        kind: QueryKind::Query,
        status: ended.status,
        // PostgreSQL keeps no NUL.
        statement: ended.statement.replace('\0', "\u{fffd}"),
        error: ended.error.replace('\0', "\u{fffd}"),
        duration_ms: i64::try_from(ended.duration.as_millis()).unwrap_or(i64::MAX),
        rows: i64::try_from(ended.rows).unwrap_or(i64::MAX),
        data_source: ended.source,
        schema: ask.schema.clone().unwrap_or_default(),
        created_at: now.minus(ended.duration),
    };
    let mut tx = cx.app.store.begin().await?;
    query_histories::insert(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(row.id)
}

/// An entry of the caller's own, or of a project where they may see everybody's.
pub async fn get_history(cx: &Cx, name: &str) -> Result<HistoryView> {
    let name = QueryHistoryName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let found = query_histories::get(&mut conn, &name.project, &name.history).await?;
    drop(conn);
    let hidden = || Error::not_found(&name);
    let history = found.ok_or_else(hidden)?;
    let own = cx.caller.name().as_deref() == Some(history.creator.as_str());
    if !own && !cx.may(PERMISSION, &ProjectName::new(&name.project).to_string()).await? {
        return Err(hidden());
    }
    Ok(HistoryView { name, history })
}

/// The caller's own, in one project or with `projects/-` in all; newest first.
pub async fn search_histories(
    cx: &Cx,
    parent: &str,
    ask: &filter::Ask,
) -> Result<Page<HistoryView>> {
    let project = ProjectName::parse("parent", parent)?.project;
    let mut own =
        Filter::eq(query_histories::CREATOR, cx.caller.name().unwrap_or_default().as_str());
    if project != "-" {
        cx.require("bb.projects.get", parent).await?;
        own = own.and(Filter::eq(query_histories::PROJECT, project.as_str()));
    }
    page(cx, own, ask).await
}

/// Everybody's in one project, or with `projects/-` in all where the caller may see them; newest first.
pub async fn list_histories(cx: &Cx, parent: &str, ask: &filter::Ask) -> Result<Page<HistoryView>> {
    let project = ProjectName::parse("parent", parent)?.project;
    page(cx, project_filter(cx, PERMISSION, &project, query_histories::PROJECT).await?, ask).await
}

async fn page(cx: &Cx, within: Filter, ask: &filter::Ask) -> Result<Page<HistoryView>> {
    let asked = conditions(&ask.filter, VARIABLES, query_histories::FIELDS)?;
    let mut list = ask.page(within.and(asked), &[])?;
    list.size = list.size.min(LARGEST_PAGE);
    let mut conn = cx.app.store.read().await?;
    let page = query_histories::list(&mut conn, &list).await?;
    let items = page.items.into_iter().map(|history| {
        let name = QueryHistoryName::new(&history.project, &history.id);
        HistoryView { name, history }
    });
    Ok(Page { items: items.collect(), next: page.next })
}
