//! Plan checks: what can be told about a plan before anything runs.

pub mod advice;
pub mod analyse;
pub(crate) mod enforce;
pub(crate) mod place;
pub(crate) mod release;
pub mod run;

use base::{Error, Result};
use store::rows::PlanCheck;

use crate::cx::Cx;

/// The checks of a plan, with the plan's present version: a check of another version is stale.
pub async fn get(cx: &Cx, project: &str, plan: i64) -> Result<PlanCheck> {
    let mut conn = cx.app.store.read().await?;
    let found = store::plan_checks::get(&mut conn, project, plan).await?;
    found.ok_or_else(|| Error::not_found(format!("projects/{project}/plans/{plan}/planCheckRun")))
}

/// Asks for the checks anew.
pub async fn request(cx: &Cx, project: &str, plan: i64) -> Result<()> {
    let mut tx = cx.app.store.begin().await?;
    let found = store::plans::get(&mut tx, project, plan).await?;
    let found =
        found.ok_or_else(|| Error::not_found(format!("projects/{project}/plans/{plan}")))?;
    let now = cx.now();
    store::plan_checks::request(&mut tx, project, plan, found.input_version, now).await?;
    announce(&mut tx, project, plan, now).await?;
    Ok(tx.commit().await?)
}

/// Cancels checks that wait or run; it is no error when there are none.
pub async fn cancel(cx: &Cx, project: &str, plan: i64) -> Result<()> {
    let mut tx = cx.app.store.begin().await?;
    let now = cx.now();
    if store::plan_checks::cancel(&mut tx, project, plan, now).await? {
        announce(&mut tx, project, plan, now).await?;
    }
    Ok(tx.commit().await?)
}

pub(crate) async fn announce(
    conn: &mut store::Conn,
    project: &str,
    plan: i64,
    now: base::Time,
) -> Result<()> {
    let name = format!("projects/{project}/plans/{plan}/planCheckRun");
    Ok(store::events::append(conn, &name, "plan_check", "", now).await?)
}
