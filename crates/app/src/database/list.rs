//! Lists databases: of a project, of an instance, or all that the caller may see.

use base::Result;
use base::name::{DEFAULT_PROJECT, InstanceName, ProjectName, WORKSPACE, WorkspaceName};
use base::page::Page;
use store::{Filter, databases};

use super::get::Parent;
use super::view::{DatabaseView, views};
use crate::access::{Grants, Reach};
use crate::cx::Cx;
use crate::filter::{Ask, Is, Test, Var, bad, by_field, filter, where_};
use crate::instance::engine_condition;

const PERMISSION: &str = "bb.databases.list";
const VARIABLES: &[Var] = &[
    Var { name: "project", is: Is::Name("projects/") },
    Var { name: "instance", is: Is::Name("instances/") },
    Var { name: "environment", is: Is::Name("environments/") },
    Var { name: "engine", is: Is::Id },
    Var { name: "name", is: Is::Text },
    Var { name: "exclude_unassigned", is: Is::Flag },
    Var { name: "table", is: Is::Text },
    Var { name: "labels", is: Is::Labels },
];

/// `parent` is a workspace, a project or an instance. Databases that are gone, and those of deleted instances, are left
/// out unless `show_deleted`.
pub async fn list(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<DatabaseView>> {
    let below = below(cx, parent).await?;
    let asked = match filter(&ask.filter, VARIABLES)? {
        None => Filter::All,
        Some(tree) => where_(&tree, &mut condition)?,
    };
    let mut conditions = below.and(asked);
    if !ask.show_deleted {
        conditions = conditions
            .and(Filter::eq(databases::STATE, "ACTIVE"))
            .and(Filter::eq(databases::INSTANCE_STATE, "ACTIVE"));
    }
    let orders = [databases::NAME, databases::INSTANCE, databases::PROJECT];
    let list = ask.page(conditions, &orders)?;
    let mut conn = cx.app.store.read().await?;
    let page = databases::list(&mut conn, &list).await?;
    // A page may be short: a condition of a binding is no condition of the store.
    let grants = Grants::load(&mut conn, &cx.caller, cx.now()).await?;
    let seen = grants.on_databases(&mut conn, PERMISSION, page.items).await?;
    Ok(Page { items: views(&mut conn, seen).await?, next: page.next })
}

/// What the parent holds, as far as the caller may see it. A caller who may see nothing at all is refused.
async fn below(cx: &Cx, parent: &str) -> Result<Filter> {
    if parent.starts_with("workspaces/") {
        WorkspaceName::parse("parent", parent)?;
        return visible(cx, WORKSPACE).await;
    }
    match Parent::parse(parent)? {
        Parent::Project(Some(id)) => {
            let name = ProjectName::new(&id).to_string();
            cx.require(PERMISSION, &name).await?;
            let mut conn = cx.app.store.read().await?;
            crate::project::of(&mut conn, &id).await?;
            Ok(Filter::eq(databases::PROJECT, id))
        }
        Parent::Project(None) => visible(cx, WORKSPACE).await,
        Parent::Instance(None) => visible(cx, WORKSPACE).await,
        Parent::Instance(Some(id)) => {
            let name = InstanceName::new(&id);
            let visible = visible(cx, &name.to_string()).await?;
            if visible == Filter::All {
                let mut conn = cx.app.store.read().await?;
                let found = store::instances::get(&mut conn, &id).await?;
                found.ok_or_else(|| base::Error::not_found(name))?;
            }
            Ok(visible.and(Filter::eq(databases::INSTANCE, id)))
        }
    }
}

async fn visible(cx: &Cx, resource: &str) -> Result<Filter> {
    match cx.reach(PERMISSION).await? {
        Reach::All => Ok(Filter::All),
        Reach::Projects(ids) if ids.is_empty() => {
            cx.require(PERMISSION, resource).await.map(|()| Filter::Or(Vec::new()))
        }
        Reach::Projects(ids) => Ok(Filter::is_in(databases::PROJECT, ids)),
    }
}

fn condition(test: &Test) -> Result<Filter> {
    match test.variable() {
        "engine" => engine_condition(databases::ENGINE, test),
        "exclude_unassigned" => {
            let unassigned = Filter::eq(databases::PROJECT, DEFAULT_PROJECT);
            Ok(if test.flag() { Filter::Not(Box::new(unassigned)) } else { Filter::All })
        }
        name => {
            let field = store::filter::field(databases::FIELDS, name);
            by_field(
                field.ok_or_else(|| bad(test.column, "this variable cannot be searched"))?,
                test,
            )
        }
    }
}
