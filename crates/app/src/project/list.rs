//! Lists of projects: all of them, or those that the caller may see.

use base::Result;
use base::name::DEFAULT_PROJECT;
use base::page::Page;
use store::rows::Project;
use store::{Filter, projects};

use crate::access::Reach;
use crate::cx::Cx;
use crate::filter::{Ask, Is, Var, by_field, filter, where_};

const VARIABLES: &[Var] = &[
    Var { name: "name", is: Is::Text },
    Var { name: "title", is: Is::Text },
    Var { name: "resource_id", is: Is::Id },
    Var { name: "state", is: Is::Word(&["ACTIVE", "DELETED"]) },
    Var { name: "exclude_default", is: Is::Flag },
    Var { name: "create_time", is: Is::Time },
    Var { name: "labels", is: Is::Labels },
];

/// All projects. The gate has checked that the caller may see all.
pub async fn list(cx: &Cx, ask: &Ask) -> Result<Page<Project>> {
    page(cx, ask, Filter::All).await
}

/// The projects that the caller may see.
pub async fn search(cx: &Cx, ask: &Ask) -> Result<Page<Project>> {
    let visible = match cx.reach("bb.projects.get").await? {
        Reach::All => Filter::All,
        Reach::Projects(ids) => Filter::is_in(projects::ID, ids),
    };
    page(cx, ask, visible).await
}

async fn page(cx: &Cx, ask: &Ask, visible: Filter) -> Result<Page<Project>> {
    let asked = match filter(&ask.filter, VARIABLES)? {
        None => Filter::All,
        Some(expr) => where_(&expr, &mut |test| match test.variable() {
            "exclude_default" => {
                let default = Filter::eq(projects::ID, DEFAULT_PROJECT);
                Ok(if test.flag() { Filter::Not(Box::new(default)) } else { Filter::All })
            }
            "resource_id" => by_field(projects::ID, test),
            "state" => by_field(projects::STATE, test),
            "create_time" => by_field(projects::CREATED, test),
            "labels" => by_field(projects::LABELS, test),
            _ => by_field(projects::TITLE, test),
        })?,
    };
    let filter = ask.without_deleted(visible.and(asked), projects::STATE);
    let list = ask.page(filter, &[projects::ID, projects::CREATED])?;
    let mut conn = cx.app.store.read().await?;
    Ok(projects::list(&mut conn, &list).await?)
}
