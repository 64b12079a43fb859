//! Webhooks of projects: who is told when something happens.
//!
//! [`emit`] writes the messages in the transaction of what they tell of; the runner `outbox` delivers them afterwards, so a slow
//! receiver delays nothing and a crash loses nothing. A message may come twice, with the same id.

mod change;
mod deliver;
mod deliveries;
mod emit;
mod event;
mod rollout;
mod rules;
mod test;

pub use change::{Made, NewWebhook, Update, add, remove, update};
pub(crate) use deliver::{Attempt, attempt};
pub use deliveries::{deliveries, retry, title};
pub(crate) use emit::console;
pub use emit::{Happening, emit};
pub use event::EventKind;
pub(crate) use rollout::{run_asked, task_ended, tasks_skipped};
pub use test::test;

use std::collections::HashMap;

use base::name::WebhookName;
use base::{Error, Result};
use store::Conn;
use store::rows::{Project, Webhook};

use crate::cx::Cx;

/// The webhooks of each of the projects, in the order in which they were made.
pub async fn of_projects(cx: &Cx, projects: &[Project]) -> Result<HashMap<String, Vec<Webhook>>> {
    let ids: Vec<String> = projects.iter().map(|p| p.id.clone()).collect();
    let mut conn = cx.app.store.read().await?;
    let mut all: HashMap<String, Vec<Webhook>> = HashMap::new();
    for webhook in store::webhooks::of_projects(&mut conn, &ids).await? {
        all.entry(webhook.project.clone()).or_default().push(webhook);
    }
    Ok(all)
}

async fn of(conn: &mut Conn, name: &WebhookName) -> Result<Webhook> {
    let found = store::webhooks::get(conn, &name.project, &name.webhook).await?;
    found.ok_or_else(|| Error::not_found(name))
}
