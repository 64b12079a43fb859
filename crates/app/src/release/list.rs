//! Releases of one project, or of all that the caller may see; and what categories they have.

use base::Result;
use base::name::ProjectName;
use base::page::Page;
use store::releases;
use store::rows::Release;

use crate::cx::Cx;
use crate::filter::{Ask, Is, Var, conditions};

/// Each release carries its files, which may be thousands.
const LARGEST_PAGE: usize = 100;
const VARIABLES: &[Var] = &[
    Var { name: "category", is: Is::Text },
    // The name without its iteration, e.g. release_20261127-RC
    Var { name: "train", is: Is::Text },
    Var { name: "creator", is: Is::Id },
    Var { name: "type", is: Is::Word(&["VERSIONED", "DECLARATIVE"]) },
    Var { name: "state", is: Is::Word(&["ACTIVE", "DELETED"]) },
    Var { name: "create_time", is: Is::Time },
];

/// Those of releases that are not deleted, in alphabetical order.
pub async fn categories(cx: &Cx, parent: &str) -> Result<Vec<String>> {
    let project = ProjectName::parse("parent", parent)?.project;
    let mut conn = cx.app.store.read().await?;
    crate::project::live(&mut conn, &project).await?;
    Ok(releases::categories(&mut conn, &project).await?)
}

/// Newest first.
pub async fn list(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<Release>> {
    let project = ProjectName::parse("parent", parent)?.project;
    let filter = conditions(&ask.filter, VARIABLES, releases::FIELDS)?;
    let filter = ask.without_deleted(filter, releases::STATE).and(
        crate::access::project_filter(cx, "bb.releases.list", &project, releases::PROJECT).await?,
    );
    let mut args = ask.page(filter, &[])?;
    args.size = args.size.min(LARGEST_PAGE);
    let mut conn = cx.app.store.read().await?;
    Ok(releases::list(&mut conn, &args).await?)
}
