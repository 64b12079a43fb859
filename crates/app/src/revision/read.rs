//! One revision, those of a database, and their removal.

use base::name::{DatabaseName, RevisionName};
use base::page::Page;
use base::{Error, Result};
use store::revisions::TakenBack;
use store::rows::{Database, Revision};
use store::{Conn, Filter, databases, revisions};

use crate::cx::Cx;
use crate::filter::{Ask, Is, Var, conditions};

/// Characters.
const LONGEST_REASON: usize = 1_000;
const VARIABLES: &[Var] = &[
    Var { name: "version", is: Is::Text },
    Var { name: "file", is: Is::Text },
    Var { name: "stream", is: Is::Text },
    Var { name: "release", is: Is::Text },
    Var { name: "type", is: Is::Word(&["VERSIONED", "DECLARATIVE"]) },
    Var { name: "create_time", is: Is::Time },
];

/// A revision to show.
#[derive(Debug, Clone)]
pub struct RevisionView {
    pub name: RevisionName,
    pub revision: Revision,
}

pub async fn get(cx: &Cx, name: &str) -> Result<RevisionView> {
    let name = RevisionName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let revision = load(&mut conn, &name).await?;
    Ok(RevisionView { name, revision })
}

/// Highest version first; removed ones only with `show_deleted`.
pub async fn list(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<RevisionView>> {
    let name = DatabaseName::parse("parent", parent)?;
    let mut conn = cx.app.store.read().await?;
    let database = databases::get(&mut conn, &name.instance, &name.database).await?;
    let database = database.ok_or_else(|| Error::not_found(&name))?;
    let mut filter = Filter::eq(revisions::DATABASE, database.id.as_str()).and(conditions(
        &ask.filter,
        VARIABLES,
        revisions::FIELDS,
    )?);
    if !ask.show_deleted {
        filter = filter.and(Filter::eq(revisions::DELETED, false));
    }
    let page = revisions::list(&mut conn, &ask.page(filter, &[])?).await?;
    Ok(page.map(|revision| view(&database, revision)))
}

/// Lets the version be applied once more. The row stays, marked, with the reason if one was given.
pub async fn delete(cx: &Cx, name: &str, reason: &str) -> Result<()> {
    let name = RevisionName::parse("name", name)?;
    let reason = reason.trim();
    if reason.chars().count() > LONGEST_REASON {
        return Err(Error::field("reason", "say it in at most 1000 characters"));
    }
    let mut tx = cx.app.store.begin().await?;
    let revision = load(&mut tx, &name).await?;
    if revision.deleted_at.is_some() {
        return Err(Error::not_found(name));
    }
    let deleter = cx.caller.name().unwrap_or_default();
    let how = TakenBack { by: &deleter, at: cx.app.now(), reason };
    revisions::delete(&mut tx, &revision.id, how).await?;
    super::tell(&cx.app, &mut tx, &name.instance, &name.database).await?;
    Ok(tx.commit().await?)
}

pub(super) fn view(database: &Database, revision: Revision) -> RevisionView {
    let name = RevisionName::new(&database.instance, &database.name, &revision.id);
    RevisionView { name, revision }
}

/// Only below its own database: who may read one must not read another's.
async fn load(conn: &mut Conn, name: &RevisionName) -> Result<Revision> {
    let found = revisions::get(conn, &name.revision).await?;
    let database = databases::get(conn, &name.instance, &name.database).await?;
    match (found, database) {
        (Some(found), Some(database)) if found.database_id == database.id => Ok(found),
        _ => Err(Error::not_found(name)),
    }
}
