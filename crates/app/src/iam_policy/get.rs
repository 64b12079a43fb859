//! Reads a policy.

use base::Result;
use store::rows::IamPolicy;

use super::Holder;
use crate::cx::Cx;

/// The policy of `workspaces/default` or `projects/{project}`.
pub async fn get(cx: &Cx, resource: &str) -> Result<IamPolicy> {
    let holder = Holder::parse(resource)?;
    let mut conn = cx.app.store.read().await?;
    holder.load(&mut conn).await
}
