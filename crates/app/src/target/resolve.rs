//! A stored data source with its secrets, decrypted, as a target.

use base::name::InstanceName;
use base::{Error, Reason, Result};
use engine::Target;
use store::rows::{DataSource, DataSourceKind, Instance, State};

use super::build;
use crate::app::App;

/// How to reach `database` of the instance (None: no database in particular) as `kind`.
///
/// Without a read-only data source the admin's is taken for reading too, with `read_only` set, so that the server itself
/// refuses writes. Say who connects by setting `application_name`.
pub async fn resolve(
    app: &App,
    instance: &Instance,
    kind: DataSourceKind,
    database: Option<&str>,
) -> Result<Target> {
    let name = InstanceName::new(&instance.id);
    if instance.state == State::Deleted {
        return Err(Error::deleted(name));
    }
    let of = |kind| instance.payload.data_sources.iter().find(|s: &&DataSource| s.kind == kind);
    let source = of(kind).or_else(|| of(DataSourceKind::Admin)).ok_or_else(|| {
        Error::new(Reason::Blocked, format!("{name} has no admin data source; add one"))
    })?;
    let mut target = whole(app, instance, source, database).await?;
    target.read_only = kind == DataSourceKind::ReadOnly;
    Ok(target)
}

/// How to reach `database` by the data source with that id.
pub async fn resolve_source(
    app: &App,
    instance: &Instance,
    source: &str,
    database: &str,
) -> Result<Target> {
    let name = InstanceName::new(&instance.id);
    let found = instance.payload.data_sources.iter().find(|s| s.id == source);
    let source = found.ok_or_else(|| {
        Error::new(Reason::ResourceNotFound, format!("{name} has no data source {source:?}"))
    })?;
    whole(app, instance, source, Some(database)).await
}

/// With its secrets.
async fn whole(
    app: &App,
    instance: &Instance,
    source: &DataSource,
    database: Option<&str>,
) -> Result<Target> {
    let mut conn = app.store.read().await?;
    let mut secrets = store::instances::secrets(&mut conn, &instance.id).await?;
    let secrets = secrets.remove(&source.id).unwrap_or_default();
    build(instance.engine, source, &secrets, database)
}
