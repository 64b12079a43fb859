//! The audit log: from a gate's record to a row of the chain.

use base::{Error, Result};
use serde_json::json;
use store::rows;

use super::stdout;
use crate::app::App;
use crate::gate::AuditRecord;

/// Appends one record, in a transaction of its own.
pub async fn append(app: &App, record: AuditRecord) -> Result<()> {
    let row = row(record)?;
    let mut tx = app.store.begin().await?;
    let (seq, hash) = store::audit::append_chained(&mut tx, &row).await?;
    let shown = app.config.audit_stdout
        || store::settings::get::<rows::WorkspaceProfile>(&mut tx)
            .await?
            .value
            .enable_audit_log_stdout;
    tx.commit().await?;
    if shown {
        stdout::write(seq, &hash, &row);
    }
    Ok(())
}

/// The row of a record.
pub(crate) fn row(record: AuditRecord) -> Result<rows::AuditRecord> {
    let actor = record.actor.name().unwrap_or_else(|| "anonymous".to_owned());
    let request: serde_json::Value =
        serde_json::from_str(&record.request).unwrap_or(serde_json::Value::Null);
    let facts: serde_json::Map<String, serde_json::Value> =
        record.facts.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    let detail = json!({
        "id": record.id,
        "resources": record.resources,
        "request": request,
        "reason": record.reason,
        "facts": facts,
        "latencyMs": u64::try_from(record.latency.as_millis()).unwrap_or(u64::MAX),
        "userAgent": record.user_agent,
    });
    let detail = serde_json::to_string(&detail)
        .map_err(|e| Error::internal("an audit record cannot be written as JSON").with_source(e))?;
    Ok(rows::AuditRecord {
        created_at: record.time,
        request_id: record.request_id,
        actor,
        method: record.method,
        resource: record.resources.first().cloned().unwrap_or_default(),
        verdict: record.verdict.as_str().to_owned(),
        code: record.code.map_or("", base::Code::as_str).to_owned(),
        client_ip: record.client_ip,
        // PostgreSQL keeps no NUL, and JSON writes it as an escape.
        detail: detail.replace("\\u0000", "\u{fffd}"),
    })
}
