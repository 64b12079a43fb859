//! Makes, changes and removes policies.

use base::name::{EnvironmentName, ProjectName, RoleName};
use base::{Error, Result, Time};
use policy::iam::RoleBook as _;
use store::rows::{OrgPolicy, OrgPolicyBody, OrgPolicyPayload};
use store::{Conn, events, org_policies};

use super::get::{find, named, stored};
use super::name::Level;
use super::{Body, Policy, PolicyName, tag};
use crate::cx::Cx;
use crate::filter::Mask;

/// Fields that can be changed: as on the wire, and `payload` for whichever of the policies it is.
const MASK: &[&str] = &[
    "inherit_from_parent",
    "enforce",
    "payload",
    "policy",
    "rollout_policy",
    "tag_policy",
    "query_data_policy",
];

/// What to change.
#[derive(Debug)]
pub struct Change {
    pub policy: Policy,
    /// None: everything.
    pub mask: Option<Vec<String>>,
    /// Makes it when it is not there.
    pub allow_missing: bool,
}

pub async fn create(cx: &Cx, policy: Policy) -> Result<Policy> {
    cx.require("bb.policies.create", &policy.name.resource).await?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    if find(&mut tx, &policy.name).await?.is_some() {
        return Err(Error::exists(&policy.name));
    }
    let made = put(&mut tx, policy, now).await?;
    tx.commit().await?;
    Ok(made)
}

pub async fn update(cx: &Cx, change: Change) -> Result<Policy> {
    let Change { mut policy, mask, allow_missing } = change;
    cx.require("bb.policies.update", &policy.name.resource).await?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    match find(&mut tx, &policy.name).await? {
        None if allow_missing => {
            drop(tx);
            return create(cx, policy).await;
        }
        None => return Err(Error::not_found(&policy.name)),
        Some(before) => {
            if let Some(mask) = mask {
                let mask = Mask::new(&mask, MASK)?;
                if !mask.has("inherit_from_parent") {
                    policy.inherit_from_parent = before.inherit_from_parent;
                }
                if !mask.has("enforce") {
                    policy.enforce = before.enforce;
                }
                let own = match policy.body {
                    Body::Rollout(_) => "rollout_policy",
                    Body::Tag(_) => "tag_policy",
                    Body::QueryData(_) => "query_data_policy",
                };
                if !["payload", "policy", own].iter().any(|path| mask.has(path)) {
                    policy.body = before.body;
                }
            }
        }
    }
    let changed = put(&mut tx, policy, now).await?;
    tx.commit().await?;
    Ok(changed)
}

pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let name = named(cx, "bb.policies.delete", "name", name).await?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    if find(&mut tx, &name).await?.is_none() {
        return Err(Error::not_found(&name));
    }
    match stored(name.kind) {
        Some(kind) => {
            org_policies::delete(&mut tx, &name.resource, kind).await?;
        }
        None => tag::put(&mut tx, &name.resource, &std::collections::BTreeMap::new(), now).await?,
    }
    tell(&mut tx, &name, now).await?;
    Ok(tx.commit().await?)
}

/// Writes it, whether it is there or not. Everything wrong with it is told before.
async fn put(conn: &mut Conn, policy: Policy, now: Time) -> Result<Policy> {
    check(conn, &policy).await?;
    let Policy { name, inherit_from_parent, enforce, body } = policy;
    let body = match body {
        Body::Tag(tags) => {
            tag::put(conn, &name.resource, &tags, now).await?;
            tell(conn, &name, now).await?;
            return Ok(Policy {
                name,
                inherit_from_parent: false,
                enforce: true,
                body: Body::Tag(tags),
            });
        }
        Body::Rollout(policy) => OrgPolicyBody::Rollout(policy),
        Body::QueryData(policy) => OrgPolicyBody::QueryData(policy),
    };
    let payload = OrgPolicyPayload { inherit_from_parent, enforce, body };
    let row = match org_policies::get(conn, &name.resource, payload.body.kind()).await? {
        Some(mut row) => {
            row.payload = payload;
            org_policies::update(conn, &mut row, now).await?;
            row
        }
        None => {
            let resource = name.resource.clone();
            let mut row = OrgPolicy { resource, payload, version: 0, updated_at: now };
            org_policies::insert(conn, &mut row).await?;
            row
        }
    };
    tell(conn, &name, now).await?;
    Ok(super::get::of_row(name, row))
}

async fn check(conn: &mut Conn, policy: &Policy) -> Result<()> {
    let resource = &policy.name.resource;
    match Level::of("policy.name", resource)? {
        Level::Workspace => {}
        Level::Environment => {
            let name = EnvironmentName::parse("policy.name", resource)?;
            let environments = crate::setting::environments(conn).await?;
            if environments.get(&name.environment).is_none() {
                return Err(Error::not_found(name));
            }
        }
        Level::Project => {
            let name = ProjectName::parse("policy.name", resource)?;
            crate::project::live(conn, &name.project).await?;
        }
    }
    match &policy.body {
        Body::Rollout(rollout) => {
            let known = crate::access::custom_roles(conn).await?;
            for (n, role) in rollout.roles.iter().enumerate() {
                let field = format!("policy.rollout_policy.roles[{n}]");
                let name = RoleName::parse(&field, role)?;
                if known.permissions(&name.to_string()).is_none() {
                    return Err(Error::field(field, format!("{name} does not exist")));
                }
            }
            let field = "policy.rollout_policy.emergency_contacts";
            let wrong = crate::emergency::violations(field, &rollout.emergency_contacts);
            if !wrong.is_empty() {
                return Err(Error::fields(wrong));
            }
        }
        Body::QueryData(limits) if limits.maximum_result_rows < -1 => {
            let field = "policy.query_data_policy.maximum_result_rows";
            return Err(Error::field(field, "use a number of rows, or 0 for no limit"));
        }
        Body::QueryData(_) | Body::Tag(_) => {}
    }
    Ok(())
}

async fn tell(conn: &mut Conn, name: &PolicyName, now: Time) -> Result<()> {
    Ok(events::append(conn, &name.to_string(), "policy", "", now).await?)
}
