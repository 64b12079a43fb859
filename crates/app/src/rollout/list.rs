//! Rollouts of a project: its plans that have one, newest first.

use base::Result;
use base::page::Page;
use store::{Filter, List, plans};

use super::view::{self, RolloutView};
use crate::cx::Cx;
use crate::filter::{Is, Var, conditions};

const VARIABLES: &[Var] = &[Var { name: "update_time", is: Is::Time }];

pub async fn list(
    cx: &Cx,
    project: &str,
    filter: &str,
    page_size: i32,
    page_token: String,
) -> Result<Page<RolloutView>> {
    let filter = conditions(filter, VARIABLES, plans::FIELDS)?;
    let filter = filter.and(Filter::eq(plans::HAS_ROLLOUT, true));
    let filter = filter
        .and(crate::access::project_filter(cx, "bb.rollouts.list", project, plans::PROJECT).await?);
    let args = List {
        filter,
        order: Vec::new(),
        size: base::page::page_size(page_size).min(100),
        token: Some(page_token),
    };
    let mut conn = cx.app.store.read().await?;
    let page = plans::list(&mut conn, &args).await?;
    Ok(Page { items: view::of_plans(&mut conn, page.items, cx.now()).await?, next: page.next })
}
