//! Reads accounts.

use base::Result;
use base::page::Page;
use store::rows::ServiceAccount;
use store::service_accounts::{self, EMAIL, PROJECT, STATE, TITLE};

use crate::cx::Cx;
use crate::filter::Ask;
use crate::program::{Fields, listed};

const FIELDS: Fields = Fields { project: PROJECT, email: EMAIL, title: TITLE, state: STATE };

pub async fn get(cx: &Cx, name: &str) -> Result<ServiceAccount> {
    let mut conn = cx.app.store.read().await?;
    super::of(&mut conn, "name", name).await
}

/// The accounts of the workspace, or of one project.
pub async fn list(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<ServiceAccount>> {
    let list = listed(parent, ask, &FIELDS)?;
    let mut conn = cx.app.store.read().await?;
    Ok(service_accounts::list(&mut conn, &list).await?)
}
