//! Makes, changes, deletes and brings back identities. A change of whose tokens are taken ends what was signed in before.

use base::id::check_resource_id;
use base::name::WorkloadIdentityName;
use base::{Error, Result};
use store::rows::{State, WorkloadIdentity, WorkloadPayload};
use store::workload_identities;

use super::{DOMAIN, rules};
use crate::cx::Cx;
use crate::filter::Mask;
use crate::{program, project};

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &["title", "workload_identity_config"];

/// A new one.
#[derive(Debug)]
pub struct Create {
    pub parent: String,
    pub id: String,
    pub title: String,
    pub payload: WorkloadPayload,
}

/// What to change.
#[derive(Debug)]
pub struct Update {
    pub name: String,
    pub title: String,
    pub payload: WorkloadPayload,
    pub mask: Vec<String>,
}

pub async fn create(cx: &Cx, new: Create) -> Result<WorkloadIdentity> {
    let project = program::parent_of(&new.parent)?;
    check_resource_id("workload_identity_id", &new.id)?;
    let title = new.title.trim();
    let now = cx.app.now();
    let mut row = WorkloadIdentity {
        email: DOMAIN.address(&new.id, project.as_deref()),
        title: if title.is_empty() { new.id.clone() } else { title.to_owned() },
        project,
        payload: new.payload,
        state: State::Active,
        version: 0,
        created_at: now,
        updated_at: now,
    };
    check(&mut row)?;
    let mut tx = cx.app.store.begin().await?;
    if let Some(project) = &row.project {
        project::live(&mut tx, project).await?;
    }
    workload_identities::insert(&mut tx, &mut row).await?;
    super::tell(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(row)
}

pub async fn update(cx: &Cx, update: Update) -> Result<WorkloadIdentity> {
    let mask = Mask::new(&update.mask, MASK)?;
    let mut tx = cx.app.store.begin().await?;
    let mut row = super::of(&mut tx, "workload_identity.name", &update.name).await?;
    if row.state == State::Deleted {
        return Err(Error::deleted(WorkloadIdentityName::new(&row.email)));
    }
    if mask.has("title") {
        row.title = update.title.trim().to_owned();
    }
    if mask.has("workload_identity_config") {
        row.payload = update.payload;
    }
    check(&mut row)?;
    workload_identities::update(&mut tx, &mut row, cx.app.now()).await?;
    super::tell(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Softly. What was signed in by it stops at once.
pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let mut tx = cx.app.store.begin().await?;
    let mut row = super::of(&mut tx, "name", name).await?;
    if row.state == State::Deleted {
        return Err(Error::deleted(WorkloadIdentityName::new(&row.email)));
    }
    row.state = State::Deleted;
    workload_identities::update(&mut tx, &mut row, cx.app.now()).await?;
    super::tell(&mut tx, &row).await?;
    Ok(tx.commit().await?)
}

pub async fn undelete(cx: &Cx, name: &str) -> Result<WorkloadIdentity> {
    let mut tx = cx.app.store.begin().await?;
    let mut row = super::of(&mut tx, "name", name).await?;
    if row.state == State::Deleted {
        row.state = State::Active;
        workload_identities::update(&mut tx, &mut row, cx.app.now()).await?;
        super::tell(&mut tx, &row).await?;
        tx.commit().await?;
    }
    Ok(row)
}

fn check(row: &mut WorkloadIdentity) -> Result<()> {
    rules::fill(row);
    let wrong = rules::violations(row);
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}
