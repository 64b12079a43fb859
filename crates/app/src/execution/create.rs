//! Makes a new database and puts it into the project.

use std::sync::Arc;

use base::{Error, Result};
use policy::rollout::TaskRunStatus;
use sql::{CreateDatabase, Facts, StatementKind};
use store::rows::{DataSourceKind, LogKind};

use super::fresh::Fresh;
use super::journal::Journal;
use super::outcome::Outcome;
use super::redact;
use crate::app::App;

pub async fn create(app: &Arc<App>, fresh: &Fresh, journal: &mut Journal) -> Result<Outcome> {
    let wish = fresh
        .task
        .payload
        .create
        .as_ref()
        .ok_or_else(|| Error::internal("the task lost its database spec"))?;
    let spec = CreateDatabase {
        name: wish.database.clone(),
        character_set: wish.character_set.clone(),
        collation: wish.collation.clone(),
        owner: wish.owner.clone(),
    };
    let statement = fresh.engine.dialect().create_database(&spec)?;
    let target = crate::target::resolve(app, &fresh.instance, DataSourceKind::Admin, None).await?;
    let mut session = fresh.engine.connect(&target).await?;
    let shown = redact::shown(&statement, &Facts::of(StatementKind::CreateDatabase));
    let span = base::Span::new(0, statement.len());
    journal.write(LogKind::StatementStart { index: 0, count: 1, span, statement: shown }).await?;
    let started = std::time::Instant::now();
    let result = session.statement(&statement).await;
    session.close().await;
    let error = result.as_ref().err().map(ToString::to_string).unwrap_or_default();
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let notices = result.as_ref().map(|r| r.notices.clone()).unwrap_or_default();
    let end = LogKind::StatementEnd {
        index: 0,
        affected_rows: None,
        error: error.clone(),
        position: None,
        elapsed_us,
        notices,
    };
    journal.write(end).await?;
    if !error.is_empty() {
        return Ok(Outcome::failed(format!("The database was not created: {error}.")));
    }
    crate::sync::instance::run(app, &fresh.instance).await?;
    crate::database::adopt(
        app,
        &fresh.instance.id,
        &wish.database,
        &fresh.project.id,
        fresh.task.environment.as_deref(),
    )
    .await?;
    let detail = format!("Database {} was created.", wish.database);
    Ok(Outcome { status: TaskRunStatus::Done, detail, position: None })
}
