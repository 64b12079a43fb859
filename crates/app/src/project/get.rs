//! One project, or some by name.

use base::Result;
use base::name::ProjectName;
use store::rows::Project;

use crate::cx::Cx;

/// Most names in a batch.
const MOST: usize = 1_000;

pub async fn get(cx: &Cx, name: &str) -> Result<Project> {
    let name = ProjectName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    super::of(&mut conn, &name.project).await
}

/// In the order of `names`; one that does not exist fails the whole.
pub async fn batch_get(cx: &Cx, names: &[String]) -> Result<Vec<Project>> {
    if names.len() > MOST {
        return Err(base::Error::field("names", format!("ask for at most {MOST} at once")));
    }
    let mut conn = cx.app.store.read().await?;
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let name = ProjectName::parse("names", name)?;
        found.push(super::of(&mut conn, &name.project).await?);
    }
    Ok(found)
}
