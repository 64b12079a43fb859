//! Checks all targets of a plan. One target that can't be reached is a finding; it does not fail the others. A later spec is
//! reviewed on the schema that earlier ones make of its target.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use base::name::SheetName;
use base::{Error, Result};
use store::rows::{ChangeDatabase, CheckResult, PlanCheck, Spec, SpecConfig};

use super::analyse::analyse;
use super::place::{self, Place, problem};
use super::release;
use crate::app::App;
use crate::sql_review::State;

/// Larger scripts are not checked, which is said: 32 MiB.
const MAX_SCRIPT: usize = 32 << 20;

/// Runs the checks that were asked for on the plan in its present version. Gives what is known of all its specs, in their order.
pub async fn run(app: &Arc<App>, check: &PlanCheck) -> Result<Vec<CheckResult>> {
    let mut conn = app.store.read().await?;
    let plan = store::plans::get(&mut conn, &check.project, check.plan).await?;
    drop(conn);
    let plan = plan.ok_or_else(|| Error::internal("the plan of a check is gone"))?;
    let is_wanted = |spec: &Spec| check.specs.is_empty() || check.specs.contains(&spec.id);
    let mut results = Vec::new();
    let mut states = HashMap::new();
    for (n, spec) in plan.payload.specs.iter().enumerate() {
        let SpecConfig::ChangeDatabase(change) = &spec.config else { continue };
        let later = plan.payload.specs[n + 1..].iter().filter(|s| is_wanted(s));
        let later: HashSet<&String> = later.flat_map(targets).collect();
        if is_wanted(spec) {
            let found = found(app, &plan.project, change, &mut states, &later).await?;
            results.extend(found.into_iter().map(|r| CheckResult { spec: spec.id.clone(), ..r }));
        } else {
            results.extend(check.results.iter().filter(|r| r.spec == spec.id).cloned());
            follow(app, change, &mut states, &later).await?;
        }
    }
    Ok(results)
}

fn targets(spec: &Spec) -> &[String] {
    match &spec.config {
        SpecConfig::ChangeDatabase(change) => &change.targets,
        SpecConfig::CreateDatabase(_) => &[],
    }
}

/// `states` are those of targets after earlier specs; `later` are targets that later ones change, too.
async fn found(
    app: &Arc<App>,
    project: &str,
    change: &ChangeDatabase,
    states: &mut HashMap<String, State>,
    later: &HashSet<&String>,
) -> Result<Vec<CheckResult>> {
    if !change.release.is_empty() {
        return release::check(app, project, change).await;
    }
    if change.sheet.is_empty() {
        return Ok(Vec::new());
    }
    let sheet = SheetName::parse("sheet", &change.sheet)?;
    let script = script(app, &sheet).await?;
    let mut results = Vec::new();
    for target in &change.targets {
        let goes_on = later.contains(target);
        match one(app, change, target, &script, states, goes_on).await {
            Ok(found) => results.extend(found),
            Err(e) => results.push(problem(target, &change.sheet, &e.to_string())),
        }
    }
    Ok(results)
}

/// What a spec that is not checked makes of the targets that later ones change, too.
async fn follow(
    app: &Arc<App>,
    change: &ChangeDatabase,
    states: &mut HashMap<String, State>,
    later: &HashSet<&String>,
) -> Result<()> {
    let shared: Vec<_> = change.targets.iter().filter(|t| later.contains(t)).collect();
    if shared.is_empty() || change.sheet.is_empty() {
        return Ok(());
    }
    let script = script(app, &SheetName::parse("sheet", &change.sheet)?).await?;
    if too_large(&script).is_some() {
        return Ok(());
    }
    for target in shared {
        // What keeps this target from being checked is said by the spec that is.
        let Ok(Some(mut place)) = Place::find(app, change, target).await else { continue };
        if let Some(state) = states.remove(target) {
            place.review.state = state;
        }
        place.review.advance(&script).await;
        states.insert(target.clone(), place.review.state);
    }
    Ok(())
}

/// `goes_on` says that a later spec changes this target, too.
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
