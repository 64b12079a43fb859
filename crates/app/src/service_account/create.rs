//! A new account. The answer holds its key, this once.

use base::Result;
use base::id::check_resource_id;
use store::rows::{ServiceAccount, State};
use store::service_accounts;

use super::{DOMAIN, WithKey, check_title, key};
use crate::cx::Cx;
use crate::program::parent_of;
use crate::project;

pub async fn create(cx: &Cx, parent: &str, id: &str, title: &str) -> Result<WithKey> {
    let project = parent_of(parent)?;
    check_resource_id("service_account_id", id)?;
    let title = if title.trim().is_empty() { id } else { title.trim() };
    check_title(title)?;
    let now = cx.app.now();
    let (key, key_hash) = key::new(cx.app.rng.as_ref());
    let mut tx = cx.app.store.begin().await?;
    if let Some(project) = &project {
        project::live(&mut tx, project).await?;
    }
    let mut account = ServiceAccount {
        email: DOMAIN.address(id, project.as_deref()),
        title: title.to_owned(),
        project,
        key_hash,
        state: State::Active,
        version: 0,
        created_at: now,
        updated_at: now,
    };
    service_accounts::insert(&mut tx, &mut account).await?;
    super::tell(&mut tx, &account).await?;
    tx.commit().await?;
    Ok(WithKey { account, key: Some(key) })
}
