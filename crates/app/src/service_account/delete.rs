//! Deleting accounts, softly. Tokens of a deleted account stop at once, and work again when it comes back before they end.

use base::name::ServiceAccountName;
use base::{Error, Result};
use store::rows::{ServiceAccount, State};
use store::service_accounts;

use crate::cx::Cx;

pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let mut tx = cx.app.store.begin().await?;
    let mut account = super::of(&mut tx, "name", name).await?;
    if account.state == State::Deleted {
        return Err(Error::deleted(ServiceAccountName::new(&account.email)));
    }
    service_accounts::delete(&mut tx, &mut account, cx.app.now()).await?;
    super::tell(&mut tx, &account).await?;
    Ok(tx.commit().await?)
}

pub async fn undelete(cx: &Cx, name: &str) -> Result<ServiceAccount> {
    let mut tx = cx.app.store.begin().await?;
    let mut account = super::of(&mut tx, "name", name).await?;
    if account.state == State::Deleted {
        service_accounts::undelete(&mut tx, &mut account, cx.app.now()).await?;
        super::tell(&mut tx, &account).await?;
        tx.commit().await?;
    }
    Ok(account)
}
