//! Tests a connection before anything is stored.

use base::{EngineKind, Error, Result};
use store::rows::DataSourceKind;

use super::sources::SourceInput;
use crate::app::App;
use crate::target;

/// Connects with each data source, one after the other, and stops at the first that fails.
pub(super) async fn all(app: &App, kind: EngineKind, inputs: &[SourceInput]) -> Result<()> {
    for input in inputs {
        one(app, kind, input).await?;
    }
    Ok(())
}

/// Connects, asks the server for its version, and leaves. The reason of the error is `CONNECTION_…` or
/// `ADDRESS_REFUSED`; its metadata names the data source.
pub(super) async fn one(app: &App, kind: EngineKind, input: &SourceInput) -> Result<()> {
    let about = |error: Error| error.with_metadata("data_source", &input.source.id);
    let mut target = target::build(kind, &input.source, &input.secrets, None)?;
    "basalt test".clone_into(&mut target.application_name);
    target.read_only = input.source.kind == DataSourceKind::ReadOnly;
    let engine = app.engines.get(kind)?;
    let mut session = engine.connect(&target).await.map_err(|f| about(f.into()))?;
    let answer = session.ping().await;
    session.close().await;
    answer.map(|_| ()).map_err(|f| about(f.into()))
}
