//! The audit log as lines of JSON on standard output, for whoever collects them.
//!
//! The store is the record; these lines are a copy. A reader that stalls stalls no call: lines that find no room are left out, and the
//! log says so. Each has its number and hash, so a gap is seen, and the store's log can be held against what was collected.

use std::io::Write as _;
use std::sync::LazyLock;
use std::sync::mpsc::{SyncSender, sync_channel};

use serde_json::{Value, json};
use store::rows::AuditRecord;

/// Lines that wait for their reader.
const WAITING: usize = 10_000;

static LINES: LazyLock<SyncSender<String>> = LazyLock::new(|| {
    let (sender, lines) = sync_channel::<String>(WAITING);
    std::thread::spawn(move || {
        for line in lines {
            if let Err(e) = std::io::stdout().lock().write_all(line.as_bytes()) {
                tracing::warn!(error = %e, "a record of the audit log could not be written to standard output");
            }
        }
    });
    sender
});

pub(super) fn write(seq: i64, hash: &str, record: &AuditRecord) {
    if LINES.try_send(line(seq, hash, record)).is_err() {
        tracing::warn!(
            seq,
            "nobody reads standard output: a record of the audit log was left out there"
        );
    }
}

fn line(seq: i64, hash: &str, record: &AuditRecord) -> String {
    let detail: Value = serde_json::from_str(&record.detail).unwrap_or(Value::Null);
    let mut line = json!({
        "audit": seq,
        "time": record.created_at.to_string(),
        "actor": record.actor,
        "method": record.method,
        "resource": record.resource,
        "verdict": record.verdict,
        "code": record.code,
        "clientIp": record.client_ip,
        "requestId": record.request_id,
        "detail": detail,
        "hash": hash,
    })
    .to_string();
    line.push('\n');
    line
}
