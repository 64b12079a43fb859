//! Checks all targets of a plan. One target that can't be reached is a finding; it does not fail the others.

use std::sync::Arc;

use base::name::SheetName;
use base::{Error, Result};
use store::rows::{ChangeDatabase, CheckResult, PlanCheck, SpecConfig};

use super::analyse::analyse;
use super::place::{self, Place, problem};
use super::release;
use crate::app::App;

/// Larger scripts are not checked, which is said: 32 MiB.
const MAX_SCRIPT: usize = 32 << 20;

/// Runs the checks of the plan in its present version.
pub async fn run(app: &Arc<App>, check: &PlanCheck) -> Result<Vec<CheckResult>> {
    let mut conn = app.store.read().await?;
    let plan = store::plans::get(&mut conn, &check.project, check.plan).await?;
    drop(conn);
    let plan = plan.ok_or_else(|| Error::internal("the plan of a check is gone"))?;
    let mut results = Vec::new();
    for spec in &plan.payload.specs {
        let SpecConfig::ChangeDatabase(change) = &spec.config else { continue };
        if !change.release.is_empty() {
            results.extend(release::check(app, &plan.project, change).await?);
            continue;
        }
        if change.sheet.is_empty() {
            continue;
        }
        let sheet = SheetName::parse("sheet", &change.sheet)?;
        let script = script(app, &sheet).await?;
        for target in &change.targets {
            match one(app, change, target, &script).await {
                Ok(found) => results.extend(found),
                Err(e) => results.push(problem(target, &change.sheet, &e.to_string())),
            }
        }
    }
    Ok(results)
}

async fn one(
    app: &Arc<App>,
    change: &ChangeDatabase,
    target: &str,
    script: &str,
) -> Result<Vec<CheckResult>> {
    let Some(place) = Place::find(app, change, target).await? else {
        return Ok(vec![place::gone(target, &change.sheet)]);
    };
    if let Some(why) = too_large(script) {
        return Ok(vec![problem(target, &change.sheet, &why)]);
    }
    let _slot = place.slot(app).await;
    let (mut session, unreachable) = place.connect(app).await;
    let subject = place.subject(app, &change.sheet, script);
    let found = analyse(&subject, &mut session, unreachable.as_deref()).await;
    if let Some(session) = session {
        session.close().await;
    }
    Ok(found)
}

/// The text of a sheet.
pub(super) async fn script(app: &App, sheet: &SheetName) -> Result<String> {
    let mut conn = app.store.read().await?;
    let found = store::blobs::text(&mut conn, &sheet.sheet).await?;
    found.ok_or_else(|| Error::internal(format!("{sheet} is not in the store")))
}

/// Why a script is not checked; None when it is.
pub(super) fn too_large(script: &str) -> Option<String> {
    (script.len() > MAX_SCRIPT).then(|| {
        let size = script.len() >> 20;
        format!("The script has {size} MiB; scripts above 32 MiB are run but not checked.")
    })
}
