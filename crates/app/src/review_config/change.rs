//! Makes, changes, attaches and removes configurations.

use base::id::check_resource_id;
use base::name::ReviewConfigName;
use base::{Error, Result, Time};
use review::RuleConfig;
use store::rows::ReviewConfigPayload;
use store::{Conn, events, review_configs};

use super::{Draft, ReviewConfig, rules};
use crate::cx::Cx;
use crate::filter::{Mask, etag};

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &["title", "enabled", "rules", "resources"];

/// What to change.
#[derive(Debug)]
pub struct Update {
    /// The name, and the new values of the fields in the mask.
    pub draft: Draft,
    pub mask: Vec<String>,
    /// Makes it when it is not there; the gate has asked for the permission to.
    pub allow_missing: bool,
}

pub async fn create(cx: &Cx, draft: Draft) -> Result<ReviewConfig> {
    let name = match draft.name.as_str() {
        "" => ReviewConfigName::new(format!("review-{}", cx.app.new_id())),
        given => ReviewConfigName::parse("review_config.name", given)?,
    };
    check_resource_id("review_config.name", &name.review_config)?;
    let rules = rules::check(&draft)?;
    let now = cx.now();
    let mut row = store::rows::ReviewConfig {
        id: name.review_config.clone(),
        title: draft.title,
        payload: ReviewConfigPayload { enabled: draft.enabled, rules: stored(&rules)? },
        resources: draft.resources,
        version: 0,
        created_at: now,
        updated_at: now,
    };
    let mut tx = cx.app.store.begin().await?;
    rules::check_resources(&mut tx, &name, &row.resources).await?;
    review_configs::insert(&mut tx, &mut row).await?;
    tell(&mut tx, &name, row.version, now).await?;
    tx.commit().await?;
    row.try_into()
}

pub async fn update(cx: &Cx, update: Update) -> Result<ReviewConfig> {
    let Update { mut draft, mask, allow_missing } = update;
    let name = ReviewConfigName::parse("review_config.name", &draft.name)?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let Some(mut row) = review_configs::get(&mut tx, &name.review_config).await? else {
        drop(tx);
        return if allow_missing { create(cx, draft).await } else { Err(Error::not_found(&name)) };
    };
    let mask = Mask::new(&mask, MASK)?;
    if !mask.has("title") {
        draft.title.clone_from(&row.title);
    }
    if !mask.has("rules") {
        draft.rules.clear();
    }
    let rules = rules::check(&draft)?;
    row.title = draft.title;
    if mask.has("enabled") {
        row.payload.enabled = draft.enabled;
    }
    if mask.has("rules") {
        row.payload.rules = stored(&rules)?;
    }
    if mask.has("resources") {
        rules::check_resources(&mut tx, &name, &draft.resources).await?;
        row.resources = draft.resources;
    }
    review_configs::update(&mut tx, &mut row, now).await?;
    tell(&mut tx, &name, row.version, now).await?;
    tx.commit().await?;
    row.try_into()
}

/// For good: what it was attached to is reviewed by nothing then.
pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let name = ReviewConfigName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    if !review_configs::delete(&mut tx, &name.review_config).await? {
        return Err(Error::not_found(&name));
    }
    tell(&mut tx, &name, 0, cx.now()).await?;
    Ok(tx.commit().await?)
}

fn stored(rules: &[RuleConfig]) -> Result<Vec<serde_json::Value>> {
    let written = rules.iter().map(serde_json::to_value).collect::<std::result::Result<_, _>>();
    written.map_err(|e| Error::internal(format!("a rule cannot be written: {e}")))
}

async fn tell(conn: &mut Conn, name: &ReviewConfigName, version: i64, now: Time) -> Result<()> {
    Ok(events::append(conn, &name.to_string(), "review_config", &etag(version), now).await?)
}
