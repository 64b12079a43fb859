//! Emergency runs as people see them.

use std::collections::{BTreeSet, HashMap};

use base::page::Page;
use base::{Error, Result};
use store::rows::Emergency;
use store::{Conn, Filter, List, emergencies};

use super::people;
use crate::cx::Cx;

/// Those without a review that are looked through for a caller's own.
const LOOKED_AT: i64 = 500;

#[derive(Debug, Clone)]
pub struct EmergencyView {
    pub emergency: Emergency,
    /// Of the plan.
    pub title: String,
    pub issue: Option<i64>,
    pub state: State,
    /// Why the caller may not review it; empty when they may.
    pub refusal: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Due,
    Overdue,
    Reviewed,
}

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `-` for all projects whose rollouts the caller may list.
    pub project: String,
    pub plan: Option<i64>,
    pub unreviewed: bool,
    /// Those that the caller may review now.
    pub waiting_for_me: bool,
    pub page_size: i32,
    pub page_token: String,
}

pub async fn get(cx: &Cx, project: &str, id: &str) -> Result<EmergencyView> {
    let mut conn = cx.app.store.read().await?;
    let found = emergencies::get(&mut conn, project, id).await?;
    let row = found.ok_or_else(|| Error::not_found(emergencies::name(project, id)))?;
    let mut views = views(cx, &mut conn, vec![row]).await?;
    views.pop().ok_or_else(|| Error::not_found(emergencies::name(project, id)))
}

/// Newest first.
pub async fn list(cx: &Cx, ask: Ask) -> Result<Page<EmergencyView>> {
    let project = emergencies::PROJECT;
    let mut filter =
        crate::access::project_filter(cx, "bb.rollouts.list", &ask.project, project).await?;
    if let Some(plan) = ask.plan {
        filter = filter.and(Filter::eq(emergencies::PLAN, plan));
    }
    if ask.unreviewed || ask.waiting_for_me {
        filter = filter.and(Filter::eq(emergencies::REVIEWED, false));
    }
    let mut args = List {
        filter,
        size: base::page::page_size(ask.page_size),
        token: Some(ask.page_token),
        ..List::default()
    };
    if ask.waiting_for_me {
        (args.size, args.token) = (usize::try_from(LOOKED_AT).unwrap_or(0), None);
    }
    let mut conn = cx.app.store.read().await?;
    let page = emergencies::list(&mut conn, &args).await?;
    let mut items = views(cx, &mut conn, page.items).await?;
    if ask.waiting_for_me {
        items.retain(|v| v.refusal.is_empty());
        return Ok(Page { items, next: None });
    }
    Ok(Page { items, next: page.next })
}

async fn views(cx: &Cx, conn: &mut Conn, rows: Vec<Emergency>) -> Result<Vec<EmergencyView>> {
    let keys: Vec<_> = rows.iter().map(|r| (r.project.clone(), r.plan)).collect();
    let plans = store::plans::get_many(conn, &keys).await?;
    let titles: HashMap<_, _> = plans.into_iter().map(|p| ((p.project, p.id), p.title)).collect();
    let issues = store::issues::of_plans(conn, &keys).await?;
    let issues: HashMap<_, _> =
        issues.into_iter().filter_map(|i| Some(((i.project, i.plan?), i.id))).collect();
    let ids: BTreeSet<_> = rows.iter().map(|r| r.project.clone()).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let projects = store::projects::get_many(conn, &ids).await?;
    let projects: HashMap<_, _> = projects.into_iter().map(|p| (p.id.clone(), p)).collect();
    let now = cx.now();
    let mut views = Vec::new();
    for emergency in rows {
        let Some(project) = projects.get(&emergency.project) else { continue };
        let key = (emergency.project.clone(), emergency.plan);
        let state = match emergency.reviewed_at {
            Some(_) => State::Reviewed,
            None if emergency.due_at <= now => State::Overdue,
            None => State::Due,
        };
        let refusal = people::refusal(cx, conn, project, &emergency).await?;
        views.push(EmergencyView {
            title: titles.get(&key).cloned().unwrap_or_default(),
            issue: issues.get(&key).copied(),
            state,
            refusal: refusal.unwrap_or_default(),
            emergency,
        });
    }
    Ok(views)
}
