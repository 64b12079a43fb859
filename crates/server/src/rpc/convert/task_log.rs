//! Entries of task run logs. The wire has one entry a statement or sync; the store has its start and its end.

use std::time::Duration;

use api::bytebase::v1 as pb;
use pb::task_run_log_entry::command_execute::CommandResponse;
use pb::task_run_log_entry::transaction_control::Type as ControlType;
use pb::task_run_log_entry::{
    CommandExecute, DatabaseSync, RetryInfo, SchemaDump, TransactionControl, Type,
};
use store::rows::{LogEntry, LogKind};

use super::value;

/// A whole log: each end is joined with its start.
pub fn entries(log: Vec<LogEntry>) -> Vec<pb::TaskRunLogEntry> {
    let mut out: Vec<pb::TaskRunLogEntry> = Vec::new();
    for entry in log {
        let wire = entry_to_wire(&entry);
        let start = match &entry.kind {
            LogKind::SyncEnd { .. } | LogKind::DumpEnd { .. } | LogKind::StatementEnd { .. } => {
                out.iter_mut().rev().find(|e| e.r#type == wire.r#type)
            }
            _ => None,
        };
        match start {
            Some(start) => join(start, wire),
            None => out.push(wire),
        }
    }
    out
}

/// One entry by itself, as the live log sends it: an end names its start by `statement_index`.
pub fn entry_to_wire(entry: &LogEntry) -> pb::TaskRunLogEntry {
    let time = Some(value::timestamp(entry.time));
    let mut wire = pb::TaskRunLogEntry {
        log_time: time,
        replica_id: entry.holder.clone(),
        ..pb::TaskRunLogEntry::default()
    };
    let sync = |start, end, error: &String| DatabaseSync {
        start_time: start,
        end_time: end,
        error: error.clone(),
    };
    let dump = |start, end, error: &String| SchemaDump {
        start_time: start,
        end_time: end,
        error: error.clone(),
    };
    let control = |kind: ControlType, error: &String| TransactionControl {
        r#type: kind.into(),
        error: error.clone(),
    };
    let none = String::new();
    let kind = match &entry.kind {
        LogKind::Note { text } => {
            wire.note.clone_from(text);
            Type::Unspecified
        }
        LogKind::SyncStart => {
            wire.database_sync = Some(sync(time, None, &none));
            Type::DatabaseSync
        }
        LogKind::SyncEnd { error } => {
            wire.database_sync = Some(sync(None, time, error));
            Type::DatabaseSync
        }
        LogKind::DumpStart => {
            wire.schema_dump = Some(dump(time, None, &none));
            Type::SchemaDump
        }
        LogKind::DumpEnd { error } => {
            wire.schema_dump = Some(dump(None, time, error));
            Type::SchemaDump
        }
        LogKind::Begin { error } => {
            wire.transaction_control = Some(control(ControlType::Begin, error));
            Type::TransactionControl
        }
        LogKind::Commit { error } => {
            wire.transaction_control = Some(control(ControlType::Commit, error));
            Type::TransactionControl
        }
        LogKind::Rollback { error } => {
            wire.transaction_control = Some(control(ControlType::Rollback, error));
            Type::TransactionControl
        }
        LogKind::Retry { error, retry, maximum } => {
            wire.retry_info = Some(RetryInfo {
                error: error.clone(),
                retry_count: *retry,
                maximum_retries: *maximum,
            });
            Type::RetryInfo
        }
        LogKind::StatementStart { index, count, span, statement } => {
            wire.command_execute = Some(CommandExecute {
                log_time: time,
                range: Some(pb::Range { start: number(span.start), end: number(span.end) }),
                statement: statement.clone(),
                statement_index: number(*index),
                statement_count: number(*count),
                ..CommandExecute::default()
            });
            Type::CommandExecute
        }
        LogKind::StatementEnd { index, affected_rows, error, position, elapsed_us, notices } => {
            wire.command_execute = Some(CommandExecute {
                response: Some(CommandResponse {
                    log_time: time,
                    error: error.clone(),
                    affected_rows: affected_rows.unwrap_or_default(),
                    all_affected_rows: affected_rows.iter().copied().collect(),
                    notices: notices.clone(),
                }),
                error_position: position.map(super::super::plan::position),
                statement_index: number(*index),
                duration: Some(value::duration(Duration::from_micros(*elapsed_us))),
                ..CommandExecute::default()
            });
            Type::CommandExecute
        }
    };
    wire.r#type = kind.into();
    wire
}

fn join(start: &mut pb::TaskRunLogEntry, end: pb::TaskRunLogEntry) {
    if let (Some(a), Some(b)) = (&mut start.command_execute, end.command_execute) {
        a.response = b.response;
        a.error_position = b.error_position;
        a.duration = b.duration;
    }
    if let (Some(a), Some(b)) = (&mut start.database_sync, end.database_sync) {
        a.end_time = b.end_time;
        a.error = b.error;
    }
    if let (Some(a), Some(b)) = (&mut start.schema_dump, end.schema_dump) {
        a.end_time = b.end_time;
        a.error = b.error;
    }
}

fn number(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use base::{Span, Time};

    use super::*;

    #[test]
    fn a_statement_is_one_entry() {
        let entry =
            |seq, kind| LogEntry { seq, time: Time(seq * 1_000_000), holder: "a".into(), kind };
        let log = vec![
            entry(1, LogKind::Begin { error: String::new() }),
            entry(
                2,
                LogKind::StatementStart {
                    index: 0,
                    count: 1,
                    span: Span::new(0, 8),
                    statement: "select 1".into(),
                },
            ),
            entry(
                3,
                LogKind::StatementEnd {
                    index: 0,
                    affected_rows: Some(1),
                    error: String::new(),
                    position: None,
                    elapsed_us: 1_500,
                    notices: Vec::new(),
                },
            ),
        ];
        let wire = entries(log);
        assert_eq!(wire.len(), 2);
        let command = wire[1].command_execute.as_ref().unwrap();
        assert_eq!(command.statement, "select 1");
        assert_eq!(command.response.as_ref().unwrap().all_affected_rows, [1]);
        assert_eq!(command.duration.as_ref().unwrap().nanos, 1_500_000);
    }
}
