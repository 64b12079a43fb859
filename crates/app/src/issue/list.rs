//! Issues of one project, or of all that the caller may see.

use std::collections::{BTreeSet, HashMap};

use base::Result;
use base::page::Page;
use store::rows::Issue;
use store::{Filter, List, issues};

use crate::approval;
use crate::cx::Cx;
use crate::filter::{Expr, Is, Test, Var, by_field, filter, order_by, where_};

const VARIABLES: &[Var] = &[
    Var { name: "creator", is: Is::Id },
    Var { name: "labels", is: Is::Id },
    Var { name: "status", is: Is::Word(&["OPEN", "DONE", "CANCELED"]) },
    Var { name: "type", is: Is::Word(&["DATABASE_CHANGE", "ROLE_GRANT"]) },
    Var { name: "current_approver", is: Is::Name("users/") },
    Var { name: "approval_status", is: Is::Word(&["PENDING", "APPROVED", "REJECTED", "SKIPPED"]) },
    Var { name: "create_time", is: Is::Time },
    Var { name: "update_time", is: Is::Time },
];

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `-` for all projects the caller may see.
    pub project: String,
    pub filter: String,
    /// Free text that title or description hold.
    pub query: String,
    pub order_by: String,
    pub page_size: i32,
    pub page_token: String,
}

pub async fn list(cx: &Cx, ask: Ask) -> Result<Page<Issue>> {
    let mut filter = match filter(&ask.filter, VARIABLES)? {
        Some(expr) => {
            let waiting = waiting(cx, &expr).await?;
            where_(&expr, &mut |test| condition(test, &waiting))?
        }
        None => Filter::All,
    };
    if !ask.query.trim().is_empty() {
        filter = filter.and(Filter::Contains(issues::TEXT, ask.query.trim().to_owned()));
    }
    let filter = filter.and(
        crate::access::project_filter(cx, "bb.issues.list", &ask.project, issues::PROJECT).await?,
    );
    let args = List {
        filter,
        order: order_by(&ask.order_by, &[issues::CREATED, issues::UPDATED])?,
        size: base::page::page_size(ask.page_size),
        token: Some(ask.page_token),
    };
    let mut conn = cx.app.store.read().await?;
    Ok(issues::list(&mut conn, &args).await?)
}

/// The issues that wait for each person that the filter names.
async fn waiting(cx: &Cx, expr: &Expr) -> Result<HashMap<String, Filter>> {
    let tests = expr.tests().into_iter().filter(|t| t.variable() == "current_approver");
    let people: BTreeSet<String> = tests.flat_map(Test::texts).collect();
    let mut found = HashMap::new();
    for person in people {
        let held = approval::roles_of_person(cx, &person).await?;
        let mut any = vec![Filter::is_in(issues::PENDING, held.everywhere)];
        any.extend(held.in_projects.into_iter().map(|(project, roles)| {
            Filter::eq(issues::PROJECT, project).and(Filter::is_in(issues::PENDING, roles))
        }));
        found.insert(person, Filter::Or(any).and(Filter::eq(issues::STATUS, "OPEN")));
    }
    Ok(found)
}

fn condition(test: &Test, waiting: &HashMap<String, Filter>) -> Result<Filter> {
    if test.variable() == "current_approver" {
        let any = test.texts().iter().filter_map(|p| waiting.get(p).cloned()).collect();
        return Ok(Filter::Or(any));
    }
    let field = store::filter::field(issues::FIELDS, test.variable());
    by_field(
        field.ok_or_else(|| base::Error::internal("a variable of the list without a column"))?,
        test,
    )
}
