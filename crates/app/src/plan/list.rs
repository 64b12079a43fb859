//! Plans of one project, or of all that the caller may see.

use base::Result;
use base::page::Page;
use store::{List, plans};

use super::view::{self, PlanView};
use crate::cx::Cx;
use crate::filter::{Is, Var, conditions};

const VARIABLES: &[Var] = &[
    Var { name: "creator", is: Is::Id },
    Var { name: "title", is: Is::Text },
    Var { name: "state", is: Is::Word(&["ACTIVE", "DELETED"]) },
    Var { name: "has_rollout", is: Is::Flag },
    Var { name: "hotfix", is: Is::Flag },
    Var { name: "has_open_tasks", is: Is::Flag },
    Var { name: "create_time", is: Is::Time },
    Var { name: "update_time", is: Is::Time },
];

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `-` for all projects the caller may see.
    pub project: String,
    pub filter: String,
    pub page_size: i32,
    pub page_token: String,
}

pub async fn list(cx: &Cx, ask: Ask) -> Result<Page<PlanView>> {
    let filter = conditions(&ask.filter, VARIABLES, plans::FIELDS)?;
    let filter = filter.and(
        crate::access::project_filter(cx, "bb.plans.list", &ask.project, plans::PROJECT).await?,
    );
    let args = List {
        filter,
        order: Vec::new(),
        size: base::page::page_size(ask.page_size),
        token: Some(ask.page_token),
    };
    let mut conn = cx.app.store.read().await?;
    let page = plans::list(&mut conn, &args).await?;
    let items = view::of_plans(&mut conn, page.items).await?;
    Ok(Page { items, next: page.next })
}
