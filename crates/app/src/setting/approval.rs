//! The setting WORKSPACE_APPROVAL: rules, tried in their order.

use std::collections::BTreeSet;

use base::{Error, Result};
use policy::approval::violations;
use policy::role::PREDEFINED;
use store::rows::ApprovalSetting;
use store::{Conn, settings};

use crate::cx::Cx;

const FIELD: &str = "setting.value.workspace_approval.rules";

pub(super) async fn set(
    cx: &Cx,
    conn: &mut Conn,
    new: ApprovalSetting,
) -> Result<(ApprovalSetting, i64)> {
    let known = roles(conn).await?;
    let wrong = violations(FIELD, &new.rules, |role| known.contains(role));
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let mut row = settings::get::<ApprovalSetting>(conn).await?;
    row.value = new;
    settings::put(conn, &mut row, cx.app.now()).await?;
    Ok((row.value, row.version))
}

/// Every role that a step may name.
pub async fn roles(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let custom = crate::access::custom_roles(conn).await?.custom;
    let predefined = PREDEFINED.iter().map(|r| r.name.to_owned());
    Ok(predefined.chain(custom.into_keys()).collect())
}
