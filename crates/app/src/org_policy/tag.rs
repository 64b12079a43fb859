//! The tag policy: which configuration reviews a resource, kept with the configurations.

use std::collections::BTreeMap;

use base::name::ReviewConfigName;
use base::{Error, Result, Time};
use store::{Conn, review_configs};

use super::{Body, Policy, PolicyName, REVIEW_TAG};

/// None when nothing is attached.
pub(super) async fn get(conn: &mut Conn, name: PolicyName) -> Result<Option<Policy>> {
    let found = review_configs::of_resource(conn, &name.resource).await?;
    Ok(found.map(|config| {
        let value = ReviewConfigName::new(&config.id).to_string();
        let body = Body::Tag(BTreeMap::from([(REVIEW_TAG.to_owned(), value)]));
        Policy { name, inherit_from_parent: false, enforce: true, body }
    }))
}

/// Attaches the configuration that the tags name, and no other; no tag detaches.
pub(super) async fn put(
    conn: &mut Conn,
    resource: &str,
    tags: &BTreeMap<String, String>,
    now: Time,
) -> Result<()> {
    let field = "policy.tag_policy.tags";
    if let Some(other) = tags.keys().find(|k| *k != REVIEW_TAG) {
        let what = format!("{other:?} has no meaning; the only tag is {REVIEW_TAG}");
        return Err(Error::field(field, what));
    }
    let wanted = tags.get(REVIEW_TAG).filter(|value| !value.is_empty());
    let wanted = wanted.map(|value| ReviewConfigName::parse(field, value)).transpose()?;
    let current = review_configs::of_resource(conn, resource).await?;
    if let Some(mut current) = current {
        if wanted.as_ref().is_some_and(|w| w.review_config == current.id) {
            return Ok(());
        }
        current.resources.retain(|r| r != resource);
        write(conn, current, now).await?;
    }
    let Some(wanted) = wanted else { return Ok(()) };
    let config = review_configs::get(conn, &wanted.review_config).await?;
    let mut config =
        config.ok_or_else(|| Error::field(field, format!("{wanted} does not exist")))?;
    config.resources.push(resource.to_owned());
    write(conn, config, now).await
}

async fn write(conn: &mut Conn, mut config: store::rows::ReviewConfig, now: Time) -> Result<()> {
    review_configs::update(conn, &mut config, now).await?;
    let name = ReviewConfigName::new(&config.id).to_string();
    let etag = crate::filter::etag(config.version);
    Ok(store::events::append(conn, &name, "review_config", &etag, now).await?)
}
