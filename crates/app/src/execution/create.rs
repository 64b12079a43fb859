//! Makes a new database and puts it into the project.

use std::sync::Arc;

use base::{Error, Result};
use policy::rollout::TaskRunStatus;
use sql::CreateDatabase;
use tokio_util::sync::CancellationToken;

use super::fresh::Fresh;
use super::journal::Journal;
use super::outcome::{Ending, Outcome};
use super::script::Work;
use crate::app::App;

pub async fn create(
    app: &Arc<App>,
    fresh: &Fresh,
    journal: &mut Journal,
    cancel: &CancellationToken,
) -> Result<Ending> {
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
    let work = Work { app, fresh, database: None, settings: &[], cancel };
    let mut session = work.first(journal).await.map_err(super::open::NotOpen::into_error)?;
    let outcome = work.run(journal, &mut session, &statement).await?;
    session.close().await;
    // The sync below has a connection of its own.
    journal.hold(None);
    if outcome.status != TaskRunStatus::Done {
        return Ok(outcome.into());
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
    Ok(Ending::End(Outcome { status: TaskRunStatus::Done, detail, position: None }))
}
