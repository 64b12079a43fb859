//! Who calls, and what they may do: the answers behind the gate, and the same questions for use cases that decide
//! themselves.
//!
//! Nothing is cached: roles, policies and accounts are read from the store for every call, so a change counts at once and
//! on every replica. Invariant: something absent and something hidden are refused in the same words.

mod authenticate;
mod authorize;
mod duty;
mod explain;
mod gatekeeper;
mod grantors;
mod lists;
mod scope;

pub use authorize::{Grants, Held, Reach};
pub(crate) use authorize::{custom_roles, people, policy_of};
pub use duty::{Duty, of as duty};
pub use explain::{Explanation, explain};
pub use gatekeeper::Keeper;
pub use lists::project_filter;

use base::Result;
use store::Conn;

use crate::cx::Cx;

impl Cx {
    /// Passes when the caller has `permission` on the resource of that name; for rpcs that decide by themselves.
    ///
    /// Errors: `PERMISSION_MISSING` with this call's method.
    pub async fn require(&self, permission: &str, resource: &str) -> Result<()> {
        let mut conn = self.app.store.read().await?;
        self.require_on(&mut conn, permission, resource).await
    }

    /// The same on a connection that the caller holds.
    pub(crate) async fn require_on(
        &self,
        conn: &mut Conn,
        permission: &str,
        resource: &str,
    ) -> Result<()> {
        let resources = [resource.to_owned()];
        authorize::require(conn, &self.app, &self.caller, self.method, &[permission], &resources)
            .await
    }

    /// The refusal of a use case that asked by itself, with who can grant what is missing.
    pub(crate) async fn refuse(
        &self,
        conn: &mut Conn,
        grants: &Grants,
        permissions: Vec<String>,
        resources: Vec<String>,
    ) -> Result<base::Error> {
        authorize::denied(conn, grants, self.method, permissions, resources).await
    }

    /// Whether the caller has `permission` on the resource of that name.
    pub async fn may(&self, permission: &str, resource: &str) -> Result<bool> {
        let mut conn = self.app.store.read().await?;
        let grants = Grants::load(&mut conn, &self.caller, self.app.now()).await?;
        grants.has(&mut conn, permission, resource).await
    }

    /// Where the caller has `permission`: for lists that show each caller what is theirs.
    pub async fn reach(&self, permission: &str) -> Result<Reach> {
        let mut conn = self.app.store.read().await?;
        let grants = Grants::load(&mut conn, &self.caller, self.app.now()).await?;
        grants.reach(&mut conn, permission).await
    }
}
