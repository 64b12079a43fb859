//! Checks all targets of a plan. One target that can't be reached is a finding; it does not fail the others.

use std::sync::Arc;

use base::name::{DatabaseName, SheetName};
use base::{Error, Result};
use engine::Session;
use store::rows::{
    ChangeDatabase, CheckLevel, CheckResult, DataSourceKind, Database, Instance, PlanCheck,
    SpecConfig, State,
};

use super::analyse::{CODE_INTERNAL, Subject, analyse};
use crate::app::App;
use crate::execution::settings;

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
        if change.sheet.is_empty() {
            continue;
        }
        let sheet = SheetName::parse("sheet", &change.sheet)?;
        let mut conn = app.store.read().await?;
        let script = store::blobs::text(&mut conn, &sheet.sheet).await?;
        drop(conn);
        let script = script
            .ok_or_else(|| Error::internal(format!("{} is not in the store", change.sheet)))?;
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
    let name = DatabaseName::parse("target", target)?;
    let mut conn = app.store.read().await?;
    let instance = store::instances::get(&mut conn, &name.instance)
        .await?
        .filter(|i| i.state == State::Active);
    let database = store::databases::get(&mut conn, &name.instance, &name.database)
        .await?
        .filter(|d| d.state == State::Active);
    let environments = crate::setting::environments(&mut conn).await?;
    drop(conn);
    let (Some(instance), Some(database)) = (instance, database) else {
        return Ok(vec![problem(
            target,
            &change.sheet,
            "The database does not exist any more; remove it from the plan.",
        )]);
    };
    if script.len() > MAX_SCRIPT {
        let text = format!(
            "The script has {} MiB; scripts above 32 MiB are run but not checked.",
            script.len() >> 20
        );
        return Ok(vec![problem(target, &change.sheet, &text)]);
    }
    let engine = Arc::clone(app.engines.get(instance.engine)?);
    let environment = database.effective_environment.as_deref();
    let settings =
        settings::effective(engine.as_ref(), &environments, environment, &change.session_settings)?;
    let subject = Subject {
        target,
        sheet: &change.sheet,
        script,
        dialect: engine.dialect(),
        settings: &settings,
        synced_at: database.synced_at,
        now: app.now(),
    };
    match connect(app, engine.as_ref(), &instance, &database).await {
        Ok(session) => Ok(analyse(&subject, Some(session), None).await),
        Err(e) => Ok(analyse(&subject, None, Some(format!("Could not connect: {e}"))).await),
    }
}

/// A session in which the server itself refuses writes.
async fn connect(
    app: &Arc<App>,
    engine: &dyn engine::Engine,
    instance: &Instance,
    database: &Database,
) -> Result<Box<dyn Session>> {
    let mut target =
        crate::target::resolve(app, instance, DataSourceKind::Admin, Some(&database.name)).await?;
    target.application_name = "basalt plan check".to_owned();
    target.read_only = true;
    Ok(engine.connect(&target).await?)
}

fn problem(target: &str, sheet: &str, content: &str) -> CheckResult {
    CheckResult {
        level: CheckLevel::Error,
        title: "Check failed".to_owned(),
        content: content.to_owned(),
        code: CODE_INTERNAL,
        target: target.to_owned(),
        sheet: sheet.to_owned(),
        ..CheckResult::default()
    }
}
