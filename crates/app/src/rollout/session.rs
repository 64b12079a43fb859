//! The session of a running task at its server, with who blocks it and whom it blocks.

use std::sync::Arc;

use base::{Error, Reason, Result};
use engine::SessionActivity;
use policy::rollout::TaskRunStatus;
use store::rows::DataSourceKind;

use crate::cx::Cx;
use crate::execution::redact;

/// Empty when the run is not running, or its session can't be seen.
pub async fn session(cx: &Cx, name: &str) -> Result<SessionActivity> {
    let (task, run) = super::log::run(cx, name).await?;
    if run.status != TaskRunStatus::Running || run.payload.backend.is_empty() {
        return Ok(SessionActivity::default());
    }
    let mut conn = cx.app.store.read().await?;
    let instance = store::instances::get(&mut conn, &task.instance).await?;
    drop(conn);
    let instance =
        instance.ok_or_else(|| Error::not_found(format!("instances/{}", task.instance)))?;
    let engine = Arc::clone(cx.app.engines.get(instance.engine)?);
    let mut target =
        crate::target::resolve(&cx.app, &instance, DataSourceKind::Admin, Some(&task.database))
            .await?;
    target.application_name = "basalt activity".to_owned();
    let mut session = engine.connect(&target).await?;
    let activity = session.activity(&run.payload.backend).await;
    session.close().await;
    if !instance.engine.capabilities().blocking_sessions {
        let why = format!("{} does not show its sessions", instance.engine.title());
        return Err(Error::new(Reason::EngineUnsupported, why));
    }
    // None: the session has just ended.
    let mut activity = activity?.unwrap_or_default();
    let SessionActivity { session, blocking, blocked, .. } = &mut activity;
    for row in session.iter_mut().chain(blocking).chain(blocked) {
        row.query = redact::script(engine.dialect(), &row.query);
    }
    Ok(activity)
}
