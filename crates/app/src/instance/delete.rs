//! Deleting instances: softly, back again, and for good.

use base::name::{DEFAULT_PROJECT, DatabaseName, InstanceName};
use base::{Blocker, Error, Result};
use store::rows::{Instance, State};
use store::{Conn, Filter, List, databases, events, instances};

use super::view::{InstanceView, load, load_active, tell, view};
use crate::cx::Cx;

/// Blockers that one answer lists.
const SHOWN: usize = 20;

/// Softly: it can be undeleted, its databases are not shown, and nothing reaches it meanwhile. Databases that are in a
/// project stand in the way unless `force`. With `purge` for good, with databases and changelogs; only what was softly
/// deleted before can be purged.
pub async fn delete(cx: &Cx, name: &str, force: bool, purge: bool) -> Result<()> {
    let name = InstanceName::parse("name", name)?;
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    if purge {
        if load(&mut tx, &name).await?.state != State::Deleted {
            let message = "delete the instance before you purge it".to_owned();
            let blocker =
                Blocker { reason: "NOT_DELETED".into(), subject: name.to_string(), message };
            return Err(Error::blocked(
                format!("{name} is not deleted yet; {}", blocker.message),
                vec![blocker],
            ));
        }
        instances::purge(&mut tx, &name.instance).await?;
        events::append(&mut tx, &name.to_string(), "instance", "", now).await?;
    } else {
        let mut row = load_active(&mut tx, &name).await?;
        if !force {
            refuse_used(&mut tx, &row).await?;
        }
        instances::delete(&mut tx, &mut row, now).await?;
        tell(&mut tx, &row, now).await?;
    }
    Ok(tx.commit().await?)
}

pub async fn undelete(cx: &Cx, name: &str) -> Result<InstanceView> {
    let name = InstanceName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let mut row = load(&mut tx, &name).await?;
    if row.state == State::Deleted {
        instances::undelete(&mut tx, &mut row, cx.app.now()).await?;
        // Much may have changed since.
        instances::request_sync(&mut tx, &row.id).await?;
        crate::sync::request_all_in(&mut tx, &row.id).await?;
        tell(&mut tx, &row, row.updated_at).await?;
    }
    let seen = view(&mut tx, row).await?;
    tx.commit().await?;
    Ok(seen)
}

async fn refuse_used(tx: &mut Conn, row: &Instance) -> Result<()> {
    let in_project = Filter::eq(databases::INSTANCE, row.id.as_str())
        .and(Filter::eq(databases::STATE, "ACTIVE"))
        .and(Filter::Not(Box::new(Filter::eq(databases::PROJECT, DEFAULT_PROJECT))));
    let count = databases::count(tx, &in_project).await?;
    if count == 0 {
        return Ok(());
    }
    let list = List { size: SHOWN, ..List::of(in_project) };
    let found = databases::list(tx, &list).await?;
    let blockers = found.items.into_iter().map(|d| Blocker {
        reason: "DATABASE_IN_PROJECT".to_owned(),
        subject: DatabaseName::new(&d.instance, &d.name).to_string(),
        message: format!(
            "It belongs to projects/{}; move it to projects/default first.",
            d.project
        ),
    });
    Err(Error::blocked(
        format!(
            "{count} databases of this instance are in projects; move them, or delete with force"
        ),
        blockers.collect(),
    ))
}
