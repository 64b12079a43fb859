//! Reads configurations, and finds the one in force.

use base::name::{EnvironmentName, ProjectName, ReviewConfigName};
use base::{Error, Result};
use store::rows::Database;
use store::{Conn, review_configs};

use super::ReviewConfig;
use crate::cx::Cx;

pub async fn get(cx: &Cx, name: &str) -> Result<ReviewConfig> {
    let name = ReviewConfigName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let row = review_configs::get(&mut conn, &name.review_config).await?;
    row.ok_or_else(|| Error::not_found(&name))?.try_into()
}

/// All of them, by name.
pub async fn list(cx: &Cx) -> Result<Vec<ReviewConfig>> {
    let mut conn = cx.app.store.read().await?;
    let rows = review_configs::all(&mut conn).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// By which a database is reviewed; None when nothing is in force.
pub async fn of_database(conn: &mut Conn, database: &Database) -> Result<Option<ReviewConfig>> {
    let environment = database.effective_environment.as_ref();
    let environment = environment.map(|id| EnvironmentName::new(id).to_string());
    let project = ProjectName::new(&database.project).to_string();
    for resource in environment.into_iter().chain([project]) {
        let found = review_configs::of_resource(conn, &resource).await?;
        if let Some(row) = found.filter(|row| row.payload.enabled) {
            return row.try_into().map(Some);
        }
    }
    Ok(None)
}
