//! An instance as callers see it: with the knowledge which secrets are stored, without the secrets.

use base::name::InstanceName;
use base::{Error, Result, Time};
use store::Conn;
use store::rows::{Instance, State};

use crate::cx::Cx;

/// An instance to show.
#[derive(Debug, Clone)]
pub struct InstanceView {
    pub instance: Instance,
    /// Stored secrets that callers are told of, as paths: `data_source/admin/ssl_ca`. Read only where TLS is used.
    pub secrets: Vec<String>,
}

pub async fn get(cx: &Cx, name: &str) -> Result<InstanceView> {
    let name = InstanceName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let instance = load(&mut conn, &name).await?;
    view(&mut conn, instance).await
}

/// The row, deleted or not.
pub(super) async fn load(conn: &mut Conn, name: &InstanceName) -> Result<Instance> {
    store::instances::get(conn, &name.instance).await?.ok_or_else(|| Error::not_found(name))
}

/// The row of an instance that is to be changed or used.
pub(super) async fn load_active(conn: &mut Conn, name: &InstanceName) -> Result<Instance> {
    let instance = load(conn, name).await?;
    match instance.state {
        State::Active => Ok(instance),
        State::Deleted => Err(Error::deleted(name)),
    }
}

pub(super) async fn view(conn: &mut Conn, instance: Instance) -> Result<InstanceView> {
    let mut all = views(conn, vec![instance]).await?;
    all.pop().ok_or_else(|| Error::internal("an instance without a view"))
}

/// In the same order, by a fixed number of queries.
pub(super) async fn views(conn: &mut Conn, instances: Vec<Instance>) -> Result<Vec<InstanceView>> {
    let name = |i: &Instance| InstanceName::new(&i.id).to_string();
    // Only for TLS do callers learn which secrets are there: most lists need no look at them.
    let uses_tls = |i: &&Instance| i.payload.data_sources.iter().any(|s| s.use_ssl);
    let owners: Vec<String> = instances.iter().filter(uses_tls).map(name).collect();
    let mut secrets = store::secrets::fields_of(conn, &owners).await?;
    let with_secrets = instances.into_iter().map(|instance| {
        let secrets = secrets.remove(&name(&instance)).unwrap_or_default();
        InstanceView { instance, secrets }
    });
    Ok(with_secrets.collect())
}

/// Tells open pages that the instance changed.
pub(super) async fn tell(conn: &mut Conn, instance: &Instance, now: Time) -> Result<()> {
    let name = InstanceName::new(&instance.id).to_string();
    let etag = crate::filter::etag(instance.version);
    Ok(store::events::append(conn, &name, "instance", &etag, now).await?)
}
