//! Puts a database that a task has just made into its project and environment.

use base::Result;
use base::name::DatabaseName;
use store::databases;

use super::view::{load_active, tell};
use crate::app::App;

/// The instance was synced, so the database is known.
pub async fn adopt(
    app: &App,
    instance: &str,
    database: &str,
    project: &str,
    environment: Option<&str>,
) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let mut row = load_active(&mut tx, &DatabaseName::new(instance, database)).await?;
    project.clone_into(&mut row.project);
    if row.effective_environment.as_deref() != environment {
        row.environment = environment.map(str::to_owned);
    }
    databases::update(&mut tx, &mut row, app.now()).await?;
    tell(app, &mut tx, &row).await?;
    Ok(tx.commit().await?)
}
