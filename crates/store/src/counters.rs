//! Numbers of plans, issues, tasks, runs and releases: counted per project, never given twice.

use std::borrow::Cow;

use crate::db::Conn;
use crate::error::Result;
use crate::sql::sql;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    Plan,
    Issue,
    Task,
    TaskRun,
    /// Releases of one train.
    Release(&'a str),
}

/// Takes `count` numbers and gives the first; the others follow it. They are free again if the transaction rolls back.
pub(crate) async fn take(
    conn: &mut Conn,
    project: &str,
    kind: Kind<'_>,
    count: usize,
) -> Result<i64> {
    let kind = match kind {
        Kind::Plan => Cow::Borrowed("plan"),
        Kind::Issue => Cow::Borrowed("issue"),
        Kind::Task => Cow::Borrowed("task"),
        Kind::TaskRun => Cow::Borrowed("task_run"),
        Kind::Release(train) => Cow::Owned(format!("release {train}")),
    };
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let text = "INSERT INTO counter (project, kind, last) VALUES ($1, $2, $3)
        ON CONFLICT (project, kind) DO UPDATE SET last = counter.last + excluded.last RETURNING last";
    let row = conn
        .one(sql(text).bind(project).bind(&*kind).bind(count))
        .await
        .map_err(|e| e.about(format!("projects/{project}")))?;
    Ok(row.int("last")? - count + 1)
}
