//! The gate's questions, answered from the store.

use std::sync::Arc;

use async_trait::async_trait;
use base::Result;

use super::{authenticate, authorize};
use crate::app::App;
use crate::audit;
use crate::cx::Caller;
use crate::gate::{AuditRecord, Credentials, Gatekeeper};

/// The gatekeeper of a running application.
pub struct Keeper(pub Arc<App>);

#[async_trait]
impl Gatekeeper for Keeper {
    async fn authenticate(
        &self,
        credentials: &Credentials,
        method: Option<&str>,
    ) -> Result<Caller> {
        authenticate::authenticate(&self.0, credentials, method).await
    }

    async fn authorize(
        &self,
        caller: &Caller,
        method: &str,
        permissions: &[&str],
        resources: &[String],
    ) -> Result<()> {
        let mut conn = self.0.store.read().await?;
        authorize::require(&mut conn, &self.0, caller, method, permissions, resources).await
    }

    async fn audit(&self, record: AuditRecord) -> Result<()> {
        audit::append(&self.0, record).await
    }
}
