//! Checks all targets of a plan. One target that can't be reached is a finding; it does not fail the others. A later spec is
//! reviewed on the schema that earlier ones make of its target.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use base::name::SheetName;
use base::{Error, Result};
use store::rows::{ChangeDatabase, CheckResult, PlanCheck, SpecConfig};

use super::analyse::analyse;
use super::place::{self, Place, problem};
use super::release;
use crate::app::App;
use crate::sql_review::State;

/// Larger scripts are not checked, which is said: 32 MiB.
const MAX_SCRIPT: usize = 32 << 20;

/// Runs the checks of the plan in its present version.
pub async fn run(app: &Arc<App>, check: &PlanCheck) -> Result<Vec<CheckResult>> {
    let mut conn = app.store.read().await?;
    let plan = store::plans::get(&mut conn, &check.project, check.plan).await?;
    drop(conn);
    let plan = plan.ok_or_else(|| Error::internal("the plan of a check is gone"))?;
    let mut results = Vec::new();
    let mut states = HashMap::new();
    for (n, spec) in plan.payload.specs.iter().enumerate() {
        let SpecConfig::ChangeDatabase(change) = &spec.config else { continue };
        let later = plan.payload.specs[n + 1..].iter().filter_map(|s| match &s.config {
            SpecConfig::ChangeDatabase(change) => Some(change),
            SpecConfig::CreateDatabase(_) => None,
        });
        let later: HashSet<&String> = later.flat_map(|c| &c.targets).collect();
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
            let goes_on = later.contains(target);
            match one(app, change, target, &script, &mut states, goes_on).await {
                Ok(found) => results.extend(found),
                Err(e) => results.push(problem(target, &change.sheet, &e.to_string())),
            }
        }
    }
    Ok(results)
}

/// `states` are those of targets after earlier specs; `goes_on` says that a later one changes this target, too.
async fn one(
    app: &Arc<App>,
    change: &ChangeDatabase,
    target: &str,
    script: &str,
    states: &mut HashMap<String, State>,
    goes_on: bool,
) -> Result<Vec<CheckResult>> {
    let Some(mut place) = Place::find(app, change, target).await? else {
        return Ok(vec![place::gone(target, &change.sheet)]);
    };
    if let Some(state) = states.remove(target) {
        place.review.state = state;
    }
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
    if goes_on {
        place.review.advance(script).await;
        states.insert(target.to_owned(), place.review.state);
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
