//! Reads policies.

use base::{Error, Result};
use store::rows::OrgPolicy;
use store::{Conn, org_policies};

use super::name::Level;
use super::{Kind, Policy, PolicyName, tag};
use crate::cx::Cx;

pub async fn get(cx: &Cx, name: &str) -> Result<Policy> {
    let name = named(cx, "bb.policies.get", "name", name).await?;
    let mut conn = cx.app.store.read().await?;
    find(&mut conn, &name).await?.ok_or_else(|| Error::not_found(&name))
}

/// Reads a name that stood in request field `field`. Who lacks the permission on its resource learns nothing about names.
pub async fn named(cx: &Cx, permission: &str, field: &str, name: &str) -> Result<PolicyName> {
    cx.require(permission, PolicyName::resource_of(field, name)?).await?;
    PolicyName::parse(field, name)
}

/// Those of one resource; of one kind, if the caller says.
pub async fn list(cx: &Cx, parent: &str, kind: Option<Kind>) -> Result<Vec<Policy>> {
    Level::of("parent", parent)?;
    let mut conn = cx.app.store.read().await?;
    let mut found = Vec::new();
    for kind in Kind::ALL.iter().copied().filter(|k| kind.is_none_or(|one| one == *k)) {
        // A kind that resources of this sort have not is no error here.
        if let Ok(name) = PolicyName::new("parent", parent, kind) {
            found.extend(find(&mut conn, &name).await?);
        }
    }
    Ok(found)
}

pub(super) async fn find(conn: &mut Conn, name: &PolicyName) -> Result<Option<Policy>> {
    let Some(stored) = stored(name.kind) else { return tag::get(conn, name.clone()).await };
    let found = org_policies::get(conn, &name.resource, stored).await?;
    Ok(found.map(|row| of_row(name.clone(), row)))
}

/// What the store calls a kind; None for tags, which are kept elsewhere.
pub(super) const fn stored(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Rollout => Some("rollout"),
        Kind::QueryData => Some("query_data"),
        Kind::Tag => None,
    }
}

pub(super) fn of_row(name: PolicyName, row: OrgPolicy) -> Policy {
    Policy {
        name,
        inherit_from_parent: row.payload.inherit_from_parent,
        enforce: row.payload.enforce,
        body: row.payload.body.into(),
    }
}
