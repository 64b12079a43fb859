//! Makes, changes and removes the workspace's own roles.

use std::collections::BTreeSet;

use base::id::check_resource_id;
use base::name::{RoleName, WORKSPACE};
use base::{Error, FieldViolation, Reason, Result, Time};
use policy::role::is_permission;
use store::{Conn, events, roles};

use super::Role;
use super::get::predefined;
use super::uses;
use crate::access::Grants;
use crate::cx::Cx;
use crate::filter::{Mask, etag};
use crate::iam_policy::{bound, refuse_used};

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &["title", "description", "permissions"];

/// What to change.
#[derive(Debug)]
pub struct Update {
    /// The name, and the new values of the fields in the mask.
    pub role: Role,
    pub mask: Vec<String>,
    /// Makes the role when it is not there; the gate has asked for the permission to.
    pub allow_missing: bool,
}

/// `role` gives title, description and permissions.
pub async fn create(cx: &Cx, id: &str, role: Role) -> Result<Role> {
    let name = RoleName::new(id);
    if predefined(&name).is_some() {
        return Err(Error::exists(&name));
    }
    check_resource_id("role_id", id)?;
    let now = cx.app.now();
    let mut row = store::rows::Role {
        id: id.to_owned(),
        title: role.title,
        description: role.description,
        permissions: sorted(role.permissions),
        version: 0,
        created_at: now,
        updated_at: now,
    };
    check(&row)?;
    let mut tx = cx.app.store.begin().await?;
    may_grant(cx, &mut tx, &[], &row.permissions).await?;
    roles::insert(&mut tx, &mut row).await?;
    tell(&mut tx, &name, row.version, now).await?;
    tx.commit().await?;
    Ok(row.into())
}

/// Refused where something names the role for what its holders could not do any more.
pub async fn update(cx: &Cx, update: Update) -> Result<Role> {
    let name = RoleName::parse("role.name", &update.role.name)?;
    refuse_predefined(&name)?;
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let Some(mut row) = roles::get(&mut tx, &name.role).await? else {
        drop(tx);
        return match update.allow_missing {
            true => create(cx, &name.role, update.role).await,
            false => Err(Error::not_found(&name)),
        };
    };
    let mask = Mask::new(&update.mask, MASK)?;
    let before = row.permissions.clone();
    if mask.has("title") {
        row.title = update.role.title;
    }
    if mask.has("description") {
        row.description = update.role.description;
    }
    if mask.has("permissions") {
        row.permissions = sorted(update.role.permissions);
    }
    check(&row)?;
    may_grant(cx, &mut tx, &before, &row.permissions).await?;
    let removed: Vec<_> = before.iter().filter(|p| !row.permissions.contains(p)).cloned().collect();
    let name_of = name.to_string();
    refuse_used(&name_of, uses::broken_without(&mut tx, &name_of, &removed).await?)?;
    roles::update(&mut tx, &mut row, now).await?;
    tell(&mut tx, &name, row.version, now).await?;
    tx.commit().await?;
    Ok(row.into())
}

/// Refused while a policy binds it, or something asks for it by name, with all of them listed.
pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let name = RoleName::parse("name", name)?;
    refuse_predefined(&name)?;
    let mut tx = cx.app.store.begin().await?;
    let text = name.to_string();
    let mut used = bound(&mut tx, &text, "ROLE_BOUND", |binding| binding.role == text).await?;
    used.extend(uses::all(&mut tx, &text).await?);
    refuse_used(&text, used)?;
    if !roles::delete(&mut tx, &name.role).await? {
        return Err(Error::not_found(&name));
    }
    tell(&mut tx, &name, 0, cx.app.now()).await?;
    Ok(tx.commit().await?)
}

fn refuse_predefined(name: &RoleName) -> Result<()> {
    match predefined(name) {
        None => Ok(()),
        Some(_) => Err(Error::new(
            Reason::NotAllowed,
            format!("{name} is predefined and cannot be changed; make a role of your own"),
        )),
    }
}

fn sorted(permissions: Vec<String>) -> Vec<String> {
    permissions.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

fn check(row: &store::rows::Role) -> Result<()> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, description: String| {
        wrong.push(FieldViolation { field: format!("role.{field}"), description });
    };
    if row.title.trim().is_empty() || row.title.chars().count() > 200 {
        say("title", "use 1 to 200 characters".to_owned());
    }
    if row.description.chars().count() > 1_000 {
        say("description", "use at most 1000 characters".to_owned());
    }
    if row.permissions.is_empty() {
        say("permissions", "choose at least one permission".to_owned());
    }
    for permission in row.permissions.iter().filter(|p| !is_permission(p)).take(20) {
        let shown: String = permission.chars().take(100).collect();
        say("permissions", format!("there is no permission {shown:?}"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}

/// Nobody gives a role what they do not have: else whoever edits roles could raise themselves by a role they hold. People
/// who set the workspace's policy can give everything anyway.
async fn may_grant(cx: &Cx, conn: &mut Conn, before: &[String], after: &[String]) -> Result<()> {
    let grants = Grants::load(conn, &cx.caller, cx.app.now()).await?;
    if grants.has(conn, "bb.workspaces.setIamPolicy", WORKSPACE).await? {
        return Ok(());
    }
    let mut wrong = Vec::new();
    for permission in after.iter().filter(|p| !before.contains(p)) {
        if !grants.has(conn, permission, WORKSPACE).await? {
            wrong.push(FieldViolation {
                field: "role.permissions".to_owned(),
                description: format!(
                    "you do not have {permission} yourself, so you cannot give it"
                ),
            });
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}

async fn tell(conn: &mut Conn, name: &RoleName, version: i64, now: Time) -> Result<()> {
    Ok(events::append(conn, &name.to_string(), "role", &etag(version), now).await?)
}
