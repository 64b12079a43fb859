//! Forgets what the workspace no longer keeps, from the beginning on, so that what is left can still be proven.

use std::time::Duration;

use base::Result;
use store::rows::{AuditRecord, WorkspaceProfile};

use crate::app::App;

/// Records that go in one transaction: calls wait for it.
const AT_ONCE: i64 = 5_000;
/// What the audit log calls it.
const METHOD: &str = "/basalt/audit/forget";

/// Gives how many records went. A log that was bent is left as it is.
pub async fn forget_old(app: &App) -> Result<i64> {
    let kept = {
        let mut conn = app.store.read().await?;
        store::settings::get::<WorkspaceProfile>(&mut conn).await?.value.audit_log_retention
    };
    let Some(kept) = kept else { return Ok(0) };
    let before = app.now().minus(kept);
    let mut all = 0;
    loop {
        let mut tx = app.store.begin().await?;
        let gone = store::audit::forget(&mut tx, before, AT_ONCE).await?;
        if gone > 0 {
            store::audit::append(&mut tx, &record(app, gone, kept)).await?;
        }
        tx.commit().await?;
        all += gone;
        if gone < AT_ONCE {
            return Ok(all);
        }
    }
}

fn record(app: &App, gone: i64, kept: Duration) -> AuditRecord {
    let id = app.new_id();
    let days = kept.as_secs() / 86_400;
    let detail = serde_json::json!({
        "id": id,
        "resources": [base::name::WORKSPACE],
        "request": { "records": gone, "olderThanDays": days },
        "reason": null,
        "facts": {},
        "latencyMs": 0,
        "userAgent": "",
    });
    AuditRecord {
        created_at: app.now(),
        request_id: format!("system-{id}"),
        actor: "system".to_owned(),
        method: METHOD.to_owned(),
        resource: base::name::WORKSPACE.to_owned(),
        verdict: crate::gate::Verdict::Succeeded.as_str().to_owned(),
        code: String::new(),
        client_ip: String::new(),
        detail: detail.to_string(),
    }
}
