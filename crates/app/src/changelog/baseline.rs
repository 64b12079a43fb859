//! The baseline: the first changelog of a database, its schema before Basalt changed it.

use base::name::{ChangelogName, DatabaseName, ProjectName};
use base::{Blocker, Error, Result, Time};
use store::marks::Left;
use store::rows::{Changelog, ChangelogKind, ChangelogStatus, Database};
use store::{Conn, changelogs, databases, marks};

use crate::app::App;
use crate::cx::Cx;
use crate::database::load_active;
use crate::execution::kept_mark;
use crate::sync;

/// The first changelog of a database.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub name: ChangelogName,
    /// This call recorded it.
    pub is_new: bool,
}

/// Of a baseline.
pub(crate) struct Terms<'a> {
    pub creator: &'a str,
    /// Id of the database's project.
    pub project: &'a str,
    pub schema_sha256: &'a str,
    pub at: Time,
}

/// Reads the schema now and records it, unless the database has changelogs. `project` is the one that it has to belong to; empty: any.
///
/// What was read counts as left by a change: what others do from here on is drift.
pub async fn create_baseline(cx: &Cx, parent: &str, project: &str) -> Result<Recorded> {
    let name = DatabaseName::parse("parent", parent)?;
    let wanted = match project {
        "" => None,
        named => Some(ProjectName::parse("project", named)?.project),
    };
    let mut conn = cx.app.store.read().await?;
    let database = load_active(&mut conn, &name).await?;
    let project = wanted.unwrap_or_else(|| database.project.clone());
    belongs(&name, &database, &project)?;
    let there = changelogs::first(&mut conn, &database.id).await?;
    drop(conn);
    if let Some(there) = there {
        return Ok(recorded(&name, &there, false));
    }
    let (found, mark) = sync::database::run_marked(&cx.app, &database).await?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    // Reading took a while.
    let database = load_active(&mut tx, &name).await?;
    belongs(&name, &database, &project)?;
    let schema_sha256 = found.schema_sha256;
    let creator = cx.caller.name().unwrap_or_default();
    let terms =
        Terms { creator: &creator, project: &project, schema_sha256: &schema_sha256, at: now };
    let (first, is_new) = begin(&cx.app, &mut tx, &database, terms).await?;
    let recorded = recorded(&name, &first, is_new);
    if is_new {
        let left = Left { mark: kept_mark(mark), schema_sha256 };
        marks::put(&mut tx, &name.instance, &name.database, &left, now).await?;
        super::tell(&mut tx, &recorded.name, now).await?;
    }
    tx.commit().await?;
    Ok(recorded)
}

/// The first changelog of the database, which becomes a baseline of this schema when there is none; and whether it did. Who changes the database
/// does this before the first statement, so that no baseline shows what a change made.
pub(crate) async fn begin(
    app: &App,
    tx: &mut Conn,
    database: &Database,
    terms: Terms<'_>,
) -> Result<(Changelog, bool)> {
    if let Some(first) = changelogs::first(tx, &database.id).await? {
        return Ok((first, false));
    }
    // Somebody else may be as far.
    databases::lock(tx, &database.id).await?;
    if let Some(first) = changelogs::first(tx, &database.id).await? {
        return Ok((first, false));
    }
    let baseline = Changelog {
        id: app.new_id(),
        database_id: database.id.clone(),
        kind: ChangelogKind::Baseline,
        status: ChangelogStatus::Done,
        creator: terms.creator.to_owned(),
        project: terms.project.to_owned(),
        plan: None,
        task_run: String::new(),
        plan_title: String::new(),
        statement_sha256: None,
        before_sha256: None,
        after_sha256: Some(terms.schema_sha256.to_owned()),
        created_at: terms.at,
        updated_at: terms.at,
    };
    changelogs::insert(tx, &baseline).await?;
    Ok((baseline, true))
}

fn belongs(name: &DatabaseName, database: &Database, project: &str) -> Result<()> {
    if database.project == project {
        return Ok(());
    }
    let message = format!(
        "{name} belongs to projects/{}, not to projects/{project}: take it over there, or move it.",
        database.project
    );
    let blocker = Blocker {
        reason: "DATABASE_MOVED".to_owned(),
        subject: name.to_string(),
        message: message.clone(),
    };
    Err(Error::blocked(message, vec![blocker]))
}

fn recorded(name: &DatabaseName, changelog: &Changelog, is_new: bool) -> Recorded {
    let name = ChangelogName::new(&name.instance, &name.database, &changelog.id);
    Recorded { name, is_new }
}
