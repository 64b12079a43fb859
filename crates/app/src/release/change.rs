//! Changes of a release: its link, and whether it is there. Files, category and stream never change, so what was reviewed is what runs.

use base::name::ReleaseName;
use base::{Error, Result};
use store::releases;
use store::rows::{Release, State, VcsSource};

use super::rules;
use crate::cx::Cx;
use crate::filter::Mask;

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &["vcs_source"];

/// What to change.
#[derive(Debug)]
pub struct Update {
    pub name: String,
    pub vcs_source: Option<VcsSource>,
    pub mask: Vec<String>,
}

pub async fn update(cx: &Cx, update: Update) -> Result<Release> {
    Mask::new(&update.mask, MASK)?;
    let wrong = rules::link(update.vcs_source.as_ref());
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let name = ReleaseName::parse("release.name", &update.name)?;
    let mut tx = cx.app.store.begin().await?;
    let mut release = super::get::load(&mut tx, &name).await?;
    if release.state == State::Deleted {
        return Err(Error::deleted(&name));
    }
    // The stream stays: what was applied stays applied.
    release.payload.stream = super::stream_of(&release);
    release.payload.vcs_source = update.vcs_source;
    releases::update(&mut tx, &mut release).await?;
    super::tell(&mut tx, &release, cx.now()).await?;
    tx.commit().await?;
    Ok(release)
}

/// Softly: no new plan takes it, and rollouts that have it go on.
pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let name = ReleaseName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let mut release = super::get::load(&mut tx, &name).await?;
    if release.state == State::Deleted {
        return Err(Error::deleted(&name));
    }
    set(cx, &mut tx, &mut release, State::Deleted).await?;
    Ok(tx.commit().await?)
}

pub async fn undelete(cx: &Cx, name: &str) -> Result<Release> {
    let name = ReleaseName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let mut release = super::get::load(&mut tx, &name).await?;
    if release.state == State::Deleted {
        set(cx, &mut tx, &mut release, State::Active).await?;
        tx.commit().await?;
    }
    Ok(release)
}

async fn set(cx: &Cx, tx: &mut store::Conn, release: &mut Release, state: State) -> Result<()> {
    release.state = state;
    releases::update(tx, release).await?;
    super::tell(tx, release, cx.now()).await
}
