//! A database with what it shows of its instance.

use std::collections::{BTreeSet, HashMap};

use base::name::{DatabaseName, InstanceName};
use base::{Error, Reason, Result};
use store::rows::{Database, Instance, State};
use store::{Conn, databases, events, instances};

use crate::app::App;

/// A database to show.
#[derive(Debug, Clone)]
pub struct DatabaseView {
    pub database: Database,
    pub instance: Instance,
}

/// The row, deleted or not.
pub(crate) async fn load(conn: &mut Conn, name: &DatabaseName) -> Result<Database> {
    let found = databases::get(conn, &name.instance, &name.database).await?;
    found.ok_or_else(|| Error::not_found(name))
}

/// The row of a database that is there, on an instance that is not deleted.
pub(crate) async fn load_active(conn: &mut Conn, name: &DatabaseName) -> Result<Database> {
    let found = load(conn, name).await?;
    let of = InstanceName::new(&name.instance);
    let instance =
        instances::get(conn, &name.instance).await?.ok_or_else(|| Error::not_found(&of))?;
    if instance.state == State::Deleted {
        return Err(Error::deleted(of));
    }
    if found.state == State::Deleted {
        return Err(Error::new(
            Reason::ResourceDeleted,
            format!("{name} was not on its server at the last sync; when it is back, sync {of}"),
        ));
    }
    Ok(found)
}

pub(super) async fn view(conn: &mut Conn, database: Database) -> Result<DatabaseView> {
    let mut all = views(conn, vec![database]).await?;
    all.pop().ok_or_else(|| Error::internal("a database without an instance"))
}

/// In the same order.
pub(super) async fn views(conn: &mut Conn, found: Vec<Database>) -> Result<Vec<DatabaseView>> {
    let ids: BTreeSet<String> = found.iter().map(|d| d.instance.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let all = instances::get_many(conn, &ids).await?;
    let by_id: HashMap<&str, &Instance> = all.iter().map(|i| (i.id.as_str(), i)).collect();
    let with_instance = found.into_iter().filter_map(|database| {
        let instance = (*by_id.get(database.instance.as_str())?).clone();
        Some(DatabaseView { database, instance })
    });
    Ok(with_instance.collect())
}

/// Refuses a name that is not below the batch's parent: an instance, `instances/-`, or nothing said.
pub(super) fn check_parent(field: &str, parent: &str, name: &DatabaseName) -> Result<()> {
    if parent.is_empty() {
        return Ok(());
    }
    let instance = InstanceName::parse("parent", parent)?.instance;
    if instance == "-" || instance == name.instance {
        return Ok(());
    }
    Err(Error::field(field, format!("{name} is not below {parent}")))
}

/// Tells open pages that the database changed.
pub(crate) async fn tell(app: &App, conn: &mut Conn, database: &Database) -> Result<()> {
    let name = DatabaseName::new(&database.instance, &database.name).to_string();
    let etag = crate::filter::etag(database.version);
    Ok(events::append(conn, &name, "database", &etag, app.now()).await?)
}
