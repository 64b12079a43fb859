//! Removes bindings of roles whose time is over. They count for nothing already (`policy::iam`); this keeps policies short
//! and tells the audit log when somebody ceased to have a role.

use std::sync::Arc;
use std::time::Duration;

use base::{Error, Result, Time};
use policy::iam::Binding;
use store::{Topic, events, rows};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::audit;
use crate::cx::Caller;
use crate::filter::etag;
use crate::gate::{AuditRecord, Verdict};

const EVERY: Duration = Duration::from_secs(20);
/// What the audit log calls it.
const METHOD: &str = "basalt/RemoveExpiredBindings";

pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut wakes = app.store.wakes();
    loop {
        if let Err(error) = sweep(&app).await {
            tracing::warn!(error = ?error, "expired bindings could not be removed; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = super::woken(&mut wakes, Topic::Access, EVERY) => {}
        }
    }
}

async fn sweep(app: &App) -> Result<()> {
    let mut conn = app.store.read().await?;
    let all = store::iam::all(&mut conn).await?;
    drop(conn);
    let now = app.now();
    for row in all.iter().filter(|row| row.policy.bindings.iter().any(|b| is_over(b, now))) {
        remove(app, &row.resource, now).await?;
    }
    Ok(())
}

/// Looks again within the transaction: the policy may have been set meanwhile.
async fn remove(app: &App, resource: &str, now: Time) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let Some(mut row) = store::iam::get(&mut tx, resource).await? else { return Ok(()) };
    let (over, live): (Vec<_>, Vec<_>) =
        row.policy.bindings.into_iter().partition(|b| is_over(b, now));
    if over.is_empty() {
        return Ok(());
    }
    row.policy.bindings = live;
    store::iam::put(&mut tx, &mut row, now).await?;
    events::append(&mut tx, resource, "iam_policy", &etag(row.version), now).await?;
    store::audit::append(&mut tx, &record(app, resource, &over, now)?).await?;
    Ok(tx.commit().await?)
}

fn is_over(binding: &Binding, now: Time) -> bool {
    binding.ends().is_some_and(|end| end <= now)
}

fn record(app: &App, resource: &str, over: &[Binding], now: Time) -> Result<rows::AuditRecord> {
    let bindings = serde_json::to_string(over)
        .map_err(|e| Error::internal("bindings cannot be written as JSON").with_source(e))?;
    audit::row(AuditRecord {
        id: app.new_id(),
        request_id: String::new(),
        time: now,
        actor: Caller::System,
        method: METHOD.to_owned(),
        resources: vec![resource.to_owned()],
        request: String::new(),
        verdict: Verdict::Succeeded,
        code: None,
        reason: None,
        facts: vec![("bindings", bindings)],
        latency: Duration::ZERO,
        client_ip: String::new(),
        user_agent: String::new(),
    })
}
