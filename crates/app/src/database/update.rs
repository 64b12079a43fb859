//! Changes what people decide about a database: project, environment, labels.

use std::collections::BTreeMap;

use base::name::{DatabaseName, EnvironmentName, ProjectName};
use base::{Error, Result};
use store::rows::Database;
use store::{Tx, databases};

use super::view::{DatabaseView, check_parent, load_active, tell, views};
use crate::cx::Cx;
use crate::filter::Mask;
use crate::project;

/// Fields that can be changed, as on the wire.
const MASK: &[&str] = &["project", "environment", "labels"];
const PERMISSION: &str = "bb.databases.update";
const MOST: usize = 1_000;

/// What to change.
#[derive(Debug, Default)]
pub struct DatabaseChange {
    pub name: String,
    /// `projects/{project}`
    pub project: String,
    /// Environment id; None goes back to the instance's.
    pub environment: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub mask: Vec<String>,
}

pub async fn update(cx: &Cx, change: DatabaseChange) -> Result<DatabaseView> {
    let mut seen = update_many(cx, "", vec![change]).await?;
    seen.pop().ok_or_else(|| Error::internal("a changed database is missing from the answer"))
}

/// All of them, or none. The gate has asked for the right on the databases; for a new project it is asked here. `parent` is
/// their instance, or `instances/-`.
pub async fn update_many(
    cx: &Cx,
    parent: &str,
    changes: Vec<DatabaseChange>,
) -> Result<Vec<DatabaseView>> {
    if changes.is_empty() || changes.len() > MOST {
        return Err(Error::field("requests", format!("change 1 to {MOST} databases at once")));
    }
    allow_moves(cx, &changes).await?;
    let mut tx = cx.app.store.begin().await?;
    let mut keys = Vec::with_capacity(changes.len());
    for change in changes {
        let name = DatabaseName::parse("database.name", &change.name)?;
        check_parent("requests.database.name", parent, &name)?;
        let row = apply(cx, &mut tx, &name, change).await?;
        keys.push((row.instance, row.name));
    }
    // Read again: the environment in force may have changed with the environment.
    let mut found = Vec::with_capacity(keys.len());
    for (instance, name) in keys {
        found.extend(databases::get(&mut tx, &instance, &name).await?);
    }
    let seen = views(&mut tx, found).await?;
    tx.commit().await?;
    Ok(seen)
}

/// Asks before the transaction, because the question reads the store by a connection of its own.
async fn allow_moves(cx: &Cx, changes: &[DatabaseChange]) -> Result<()> {
    let mut asked: Vec<&str> = Vec::new();
    for change in changes.iter().filter(|c| c.mask.iter().any(|p| p == "project")) {
        ProjectName::parse("database.project", &change.project)?;
        if !asked.contains(&change.project.as_str()) {
            cx.require(PERMISSION, &change.project).await?;
            asked.push(&change.project);
        }
    }
    Ok(())
}

async fn apply(
    cx: &Cx,
    tx: &mut Tx,
    name: &DatabaseName,
    change: DatabaseChange,
) -> Result<Database> {
    let mut row = load_active(tx, name).await?;
    let mask = Mask::new(&change.mask, MASK)?;
    if mask.has("project") {
        let target = ProjectName::parse("database.project", &change.project)?;
        row.project = project::live(tx, &target.project).await?.id;
    }
    if mask.has("environment") {
        if let Some(id) = &change.environment {
            let known = crate::setting::environments(tx).await?;
            if !known.environments.iter().any(|e| e.id == *id) {
                let what = format!("{} does not exist", EnvironmentName::new(id));
                return Err(Error::field("database.environment", what));
            }
        }
        row.environment = change.environment;
    }
    if mask.has("labels") {
        let wrong = project::labels::violations("database.labels", &change.labels);
        if !wrong.is_empty() {
            return Err(Error::fields(wrong));
        }
        row.labels = change.labels;
    }
    databases::update(tx, &mut row, cx.app.now()).await?;
    tell(&cx.app, tx, &row).await?;
    Ok(row)
}
