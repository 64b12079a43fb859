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

/// Asks for the checks anew: of one spec, where what was found in the others still counts, else of all.
pub async fn request(cx: &Cx, project: &str, plan: i64, spec: Option<&str>) -> Result<()> {
    let mut tx = cx.app.store.begin().await?;
    let found = store::plans::get(&mut tx, project, plan).await?;
    let found =
        found.ok_or_else(|| Error::not_found(format!("projects/{project}/plans/{plan}")))?;
    let now = cx.now();
    let version = found.input_version;
    match spec {
        None => store::plan_checks::request(&mut tx, project, plan, version, now).await?,
        Some(id) if found.payload.specs.iter().any(|s| s.id == id) => {
            store::plan_checks::request_spec(&mut tx, project, plan, version, id, now).await?;
        }
        Some(id) => {
            let what = format!("the plan has no spec with the id {id:?}; read the plan again");
            return Err(Error::field("spec_id", what));
        }
    }
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
