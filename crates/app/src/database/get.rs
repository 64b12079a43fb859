//! One database, or some by name.

use std::collections::HashMap;

use base::name::{DatabaseName, InstanceName, ProjectName};
use base::{Error, PermissionDenied, Result};
use store::databases;
use store::rows::Database;

use super::view::{DatabaseView, load, view, views};
use crate::access::{Grants, Reach};
use crate::cx::Cx;

/// Most names in a batch.
const MOST: usize = 1_000;

/// Also a deleted one. The gate has checked that the caller may see it.
pub async fn get(cx: &Cx, name: &str) -> Result<DatabaseView> {
    let name = DatabaseName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let found = load(&mut conn, &name).await?;
    view(&mut conn, found).await
}

/// In the order of `names`; one that does not exist, is not below `parent` or may not be seen fails the whole. `parent` is
/// a project or an instance, or one of them with `-` for any.
pub async fn batch_get(cx: &Cx, parent: &str, names: &[String]) -> Result<Vec<DatabaseView>> {
    if names.is_empty() || names.len() > MOST {
        return Err(Error::field("names", format!("name 1 to {MOST} databases")));
    }
    let parent = Parent::parse(parent)?;
    let reach = cx.reach("bb.databases.get").await?;
    let parsed: Result<Vec<_>> = names.iter().map(|n| DatabaseName::parse("names", n)).collect();
    let parsed = parsed?;
    let keys: Vec<_> = parsed.iter().map(|n| (n.instance.clone(), n.database.clone())).collect();
    let mut conn = cx.app.store.read().await?;
    let found = databases::get_many(&mut conn, &keys).await?;
    let grants = Grants::load(&mut conn, &cx.caller, cx.now()).await?;
    let found = grants.on_databases(&mut conn, "bb.databases.get", found).await?;
    let mut by_key: HashMap<(String, String), Database> =
        found.into_iter().map(|d| ((d.instance.clone(), d.name.clone()), d)).collect();
    let mut refused = Vec::new();
    let mut seen = Vec::with_capacity(parsed.len());
    for (name, key) in parsed.iter().zip(&keys) {
        match (by_key.get_mut(key), &reach) {
            (Some(d), Reach::All) if parent.holds(d) => seen.push(d.clone()),
            (Some(d), Reach::Projects(ids)) if parent.holds(d) && ids.contains(&d.project) => {
                seen.push(d.clone());
            }
            (_, Reach::All) => return Err(Error::not_found(name)),
            // The same words for what is absent and what is hidden.
            _ => refused.push(name.to_string()),
        }
    }
    if !refused.is_empty() {
        return Err(Error::permission(PermissionDenied {
            method: cx.method.to_owned(),
            permissions: vec!["bb.databases.get".to_owned()],
            resources: refused,
        }));
    }
    views(&mut conn, seen).await
}

/// What the databases of a call belong to.
pub(super) enum Parent {
    /// None is any.
    Project(Option<String>),
    /// None is any.
    Instance(Option<String>),
}

impl Parent {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let any = |id: String| Some(id).filter(|id| id != "-");
        if text.starts_with("instances/") {
            return Ok(Self::Instance(any(InstanceName::parse("parent", text)?.instance)));
        }
        Ok(Self::Project(any(ProjectName::parse("parent", text)?.project)))
    }

    fn holds(&self, database: &Database) -> bool {
        match self {
            Self::Project(id) => id.as_ref().is_none_or(|id| *id == database.project),
            Self::Instance(id) => id.as_ref().is_none_or(|id| *id == database.instance),
        }
    }
}
