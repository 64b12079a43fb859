//! Makes, changes, attaches and removes configurations.

use std::collections::BTreeSet;

use base::id::check_resource_id;
use base::name::{ProjectName, ReviewConfigName};
use base::{Error, Result, Time};
use store::rows::ReviewConfigPayload;
use store::{Conn, events, plan_checks, review_configs};

use super::{Draft, ReviewConfig, rules};
use crate::cx::Cx;
use crate::filter::{Mask, check_etag, etag};

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] =
    &["title", "enabled", "rules", "resources", "refuse_suppression", "exceptions"];
/// Open plans whose checks are run again for a change; the newest.
const MOST_PLANS: i64 = 1_000;

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
    let (rules, exceptions) = rules::check(&draft)?;
    let now = cx.now();
    let mut row = store::rows::ReviewConfig {
        id: name.review_config.clone(),
        title: draft.title,
        payload: ReviewConfigPayload {
            enabled: draft.enabled,
            rules: stored(&rules)?,
            exceptions: stored(&exceptions)?,
            refuse_suppression: draft.refuse_suppression,
        },
        resources: draft.resources,
        version: 0,
        created_at: now,
        updated_at: now,
    };
    let mut tx = cx.app.store.begin().await?;
    rules::check_resources(&mut tx, &name, &row.resources).await?;
    review_configs::insert(&mut tx, &mut row).await?;
    check_again(&mut tx, row.resources.iter(), now).await?;
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
    check_etag(&name, &draft.etag, row.version)?;
    if !mask.has("title") {
        draft.title.clone_from(&row.title);
    }
    if !mask.has("rules") {
        draft.rules.clear();
    }
    if !mask.has("exceptions") {
        draft.exceptions.clear();
    }
    let before = row.resources.clone();
    let (rules, exceptions) = rules::check(&draft)?;
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
    if mask.has("exceptions") {
        row.payload.exceptions = stored(&exceptions)?;
    }
    if mask.has("refuse_suppression") {
        row.payload.refuse_suppression = draft.refuse_suppression;
    }
    review_configs::update(&mut tx, &mut row, now).await?;
    if !mask.only("title") {
        check_again(&mut tx, before.iter().chain(&row.resources), now).await?;
    }
    tell(&mut tx, &name, row.version, now).await?;
    tx.commit().await?;
    row.try_into()
}

/// For good: what it was attached to is reviewed by nothing then.
pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let name = ReviewConfigName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let found = review_configs::get(&mut tx, &name.review_config).await?;
    let row = found.ok_or_else(|| Error::not_found(&name))?;
    review_configs::delete(&mut tx, &name.review_config).await?;
    check_again(&mut tx, row.resources.iter(), cx.now()).await?;
    tell(&mut tx, &name, 0, cx.now()).await?;
    Ok(tx.commit().await?)
}

fn stored<T: serde::Serialize>(parts: &[T]) -> Result<Vec<serde_json::Value>> {
    let written = parts.iter().map(serde_json::to_value).collect::<std::result::Result<_, _>>();
    written.map_err(|e| Error::internal(format!("a configuration cannot be written: {e}")))
}

/// What changes for what is attached is in force at once: open plans are checked again.
async fn check_again<'r>(
    conn: &mut Conn,
    resources: impl Iterator<Item = &'r String>,
    now: Time,
) -> Result<()> {
    let mut projects = Some(BTreeSet::new());
    for resource in resources {
        match ProjectName::parse("resources", resource) {
            Ok(name) => projects.iter_mut().for_each(|p| {
                p.insert(name.project.clone());
            }),
            // Databases of an environment are in any project.
            Err(_) => projects = None,
        }
    }
    if projects.as_ref().is_some_and(BTreeSet::is_empty) {
        return Ok(());
    }
    let open = plan_checks::of_open_plans(conn, projects.as_ref(), MOST_PLANS).await?;
    for check in open {
        let (project, plan) = (&check.project, check.plan);
        plan_checks::request(conn, project, plan, check.input_version, now).await?;
        crate::plan::check::announce(conn, project, plan, now).await?;
    }
    Ok(())
}

async fn tell(conn: &mut Conn, name: &ReviewConfigName, version: i64, now: Time) -> Result<()> {
    Ok(events::append(conn, &name.to_string(), "review_config", &etag(version), now).await?)
}
