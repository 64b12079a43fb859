//! Makes, changes and removes groups.

use base::name::{GroupName, WORKSPACE};
use base::{Error, Result};
use store::groups;
use store::rows::{Group, GroupRole};

use super::{GroupInput, for_caller, of_name, rules, tell};
use crate::cx::Cx;
use crate::filter::Mask;
use crate::iam_policy::refuse_bound;
use crate::user::email;

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &["title", "description", "members"];

/// What to change.
#[derive(Debug)]
pub struct Update {
    pub name: String,
    /// The new values of the fields in the mask.
    pub group: GroupInput,
    pub mask: Vec<String>,
    /// Makes the group when there is none; asks for the permission to.
    pub allow_missing: bool,
}

pub async fn create(cx: &Cx, address: &str, input: GroupInput) -> Result<Group> {
    let email = email::checked("group_email", address)?;
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let mut group = Group {
        members: rules::members(&mut tx, &input.members, &[]).await?,
        email,
        title: input.title,
        description: input.description,
        version: 0,
        created_at: now,
        updated_at: now,
    };
    rules::texts(&group)?;
    groups::insert(&mut tx, &mut group).await?;
    tell(&mut tx, &group.email, group.version, now).await?;
    tx.commit().await?;
    Ok(group)
}

pub async fn update(cx: &Cx, update: Update) -> Result<Group> {
    let email = of_name("group.name", &update.name)?;
    let mut tx = cx.app.store.begin().await?;
    let found = for_caller(cx, &mut tx, &email, "bb.groups.update", GroupRole::Owner).await;
    let mut group = match found {
        Err(e) if e.code() == base::Code::NotFound && update.allow_missing => {
            cx.require_on(&mut tx, "bb.groups.create", WORKSPACE).await?;
            drop(tx);
            return create(cx, &email, update.group).await;
        }
        found => found?,
    };
    let mask = Mask::new(&update.mask, MASK)?;
    if mask.has("title") {
        group.title = update.group.title;
    }
    if mask.has("description") {
        group.description = update.group.description;
    }
    if mask.has("members") {
        group.members = rules::members(&mut tx, &update.group.members, &group.members).await?;
    }
    rules::texts(&group)?;
    let now = cx.app.now();
    groups::update(&mut tx, &mut group, now).await?;
    tell(&mut tx, &group.email, group.version, now).await?;
    tx.commit().await?;
    Ok(group)
}

/// Refused while a policy binds it, with all of them listed.
pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let email = of_name("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    for_caller(cx, &mut tx, &email, "bb.groups.delete", GroupRole::Owner).await?;
    let name = GroupName::new(&email);
    let member = format!("group:{email}");
    refuse_bound(&mut tx, &name.to_string(), "GROUP_BOUND", |binding| {
        binding.members.contains(&member)
    })
    .await?;
    if !groups::delete(&mut tx, &email).await? {
        return Err(Error::not_found(name));
    }
    tell(&mut tx, &email, 0, cx.app.now()).await?;
    Ok(tx.commit().await?)
}
