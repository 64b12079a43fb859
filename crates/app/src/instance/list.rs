//! Lists instances.

use base::name::{ProjectName, WORKSPACE};
use base::page::Page;
use base::{EngineKind, Result};
use store::{Field, Filter, instances};

use super::view::{InstanceView, views};
use crate::cx::Cx;
use crate::filter::{Ask, Is, Op, Test, Var, bad, by_field, filter, where_};

const VARIABLES: &[Var] = &[
    Var { name: "name", is: Is::Text },
    Var { name: "title", is: Is::Text },
    Var { name: "resource_id", is: Is::Id },
    Var { name: "environment", is: Is::Name("environments/") },
    Var { name: "state", is: Is::Word(&["ACTIVE", "DELETED"]) },
    Var { name: "engine", is: Is::Id },
    Var { name: "host", is: Is::Id },
    Var { name: "port", is: Is::Id },
    Var { name: "project", is: Is::Name("projects/") },
    Var { name: "labels", is: Is::Labels },
];

/// `parent` is empty or the workspace for all instances, or a project for those that it owns.
pub async fn list(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<InstanceView>> {
    let asked = match filter(&ask.filter, VARIABLES)? {
        None => Filter::All,
        Some(tree) => where_(&tree, &mut condition)?,
    };
    let owned = match parent {
        "" | WORKSPACE => Filter::All,
        name => Filter::eq(instances::PROJECT, ProjectName::parse("parent", name)?.project),
    };
    let conditions = ask.without_deleted(owned.and(asked), instances::STATE);
    let list = ask.page(conditions, &[instances::TITLE, instances::ENVIRONMENT])?;
    let mut conn = cx.app.store.read().await?;
    let page = instances::list(&mut conn, &list).await?;
    Ok(Page { items: views(&mut conn, page.items).await?, next: page.next })
}

fn condition(test: &Test) -> Result<Filter> {
    match test.variable() {
        "engine" => engine_condition(instances::ENGINE, test),
        // Of an instance people mean the projects that have a database on it.
        "project" => by_field(instances::PROJECT_OF_DATABASE, test),
        name => {
            let field = store::filter::field(instances::FIELDS, name);
            by_field(
                field.ok_or_else(|| bad(test.column, "this variable cannot be searched"))?,
                test,
            )
        }
    }
}

/// Engines have names in filters and numbers in the store.
pub(crate) fn engine_condition(field: Field, test: &Test) -> Result<Filter> {
    let number = |name: String| {
        let kind = EngineKind::from_wire_name(&name).ok_or_else(|| {
            bad(test.column, format!("{name:?} is not an engine; write for example \"POSTGRES\""))
        })?;
        Ok(i64::from(kind.number()))
    };
    let numbers: Result<Vec<i64>> = test.texts().into_iter().map(number).collect();
    let found = Filter::is_in(field, numbers?);
    match test.op {
        Op::Equal | Op::In => Ok(found),
        Op::NotEqual => Ok(Filter::Not(Box::new(found))),
        _ => Err(bad(test.column, "engine takes ==, != and in")),
    }
}
