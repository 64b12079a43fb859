//! Asks a server which databases it has, also before the instance is stored.

use base::name::{InstanceName, WORKSPACE};
use base::{EngineKind, Error, Result};
use store::instances;
use store::rows::DataSourceKind;

use super::sources::{self, SourceInput};
use super::update::with_stored_secrets;
use super::view::load_active;
use crate::cx::Cx;
use crate::{sync, target};

/// How to reach an instance that is not stored, or is about to be changed.
#[derive(Debug)]
pub struct Draft {
    pub engine: EngineKind,
    pub sources: Vec<SourceInput>,
}

/// Names, sorted. With a draft the server is reached as that says, which takes the right to create or update instances;
/// empty secrets are the stored ones of the instance.
pub async fn databases(cx: &Cx, name: &str, draft: Option<Draft>) -> Result<Vec<String>> {
    let name = InstanceName::parse("name", name)?;
    let mut found = match draft {
        None => {
            let mut conn = cx.app.store.read().await?;
            let instance = load_active(&mut conn, &name).await?;
            drop(conn);
            sync::instance::read(&cx.app, &instance).await?.databases
        }
        Some(draft) => by_draft(cx, &name, draft).await?,
    };
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found.into_iter().map(|d| d.name).collect())
}

async fn by_draft(cx: &Cx, name: &InstanceName, draft: Draft) -> Result<Vec<engine::DatabaseInfo>> {
    let mut conn = cx.app.store.read().await?;
    let stored = instances::get(&mut conn, &name.instance).await?;
    let (permission, at) = match &stored {
        Some(_) => ("bb.instances.update", name.to_string()),
        None => ("bb.instances.create", WORKSPACE.to_owned()),
    };
    cx.require(permission, &at).await?;
    let inputs = match &stored {
        Some(row) => with_stored_secrets(&mut conn, row, draft.sources).await?,
        None => draft.sources,
    };
    drop(conn);
    let wrong = sources::violations(draft.engine, "instance.data_sources", &inputs);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let admin = inputs.iter().find(|i| i.source.kind == DataSourceKind::Admin);
    let admin =
        admin.ok_or_else(|| Error::internal("the rules let an instance without admin pass"))?;
    let mut target = target::build(draft.engine, &admin.source, &admin.secrets, None)?;
    "basalt test".clone_into(&mut target.application_name);
    let mut session = cx.app.engines.get(draft.engine)?.connect(&target).await?;
    let found = session.sync_instance().await;
    session.close().await;
    Ok(found?.databases)
}
