//! Session settings: what changes run under, and which of them a plan may override.

use std::collections::BTreeMap;
use std::time::Duration;

use base::{Error, FieldViolation};
use engine::{Failure, FailureKind, Setting, SettingsRequest};
use sql_postgres::quote::literal;

use crate::proof::MAY_IDENTIFY;

/// Longest time that a transaction may stand idle: a lost runner must not hold locks.
const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(60);

/// What a plan may set. None of these changes who may do what, or lets the server read or write files.
pub const OVERRIDES: &[&str] = &[
    "application_name",
    "constraint_exclusion",
    "DateStyle",
    "deadlock_timeout",
    "default_statistics_target",
    "default_tablespace",
    "default_table_access_method",
    "default_toast_compression",
    "idle_in_transaction_session_timeout",
    "IntervalStyle",
    "lock_timeout",
    "maintenance_work_mem",
    "max_parallel_maintenance_workers",
    "max_parallel_workers_per_gather",
    "role",
    "search_path",
    "statement_timeout",
    "synchronous_commit",
    "temp_buffers",
    "TimeZone",
    "work_mem",
    "xmloption",
];

/// Timeouts first, then overrides in the order of their names, an override in place of the default it replaces; `role`
/// last, because the role may not be allowed to set the others.
pub fn settings(request: &SettingsRequest) -> Result<Vec<Setting>, Error> {
    let overrides = known(&request.overrides).map_err(|unknown| {
        Error::fields(
            unknown
                .into_iter()
                .map(|name| FieldViolation {
                    field: format!("settings.{name}"),
                    description: format!(
                        "a change cannot set this; it can set {}",
                        OVERRIDES.join(", ")
                    ),
                })
                .collect(),
        )
    })?;
    let mut list = vec![
        setting("lock_timeout", millis(request.lock_timeout)),
        setting("idle_in_transaction_session_timeout", millis(IDLE_IN_TRANSACTION)),
        setting("statement_timeout", millis(request.statement_timeout.unwrap_or_default())),
    ];
    for over in overrides {
        list.retain(|s| s.name != over.name);
        list.push(over);
    }
    list.sort_by_key(|s| s.name == "role");
    Ok(list)
}

/// Driver parameters of a data source: the same names.
pub fn of_parameters(parameters: &BTreeMap<String, String>) -> Result<Vec<Setting>, Failure> {
    known(parameters).map_err(|unknown| {
        Failure::new(
            FailureKind::Unsupported,
            format!(
                "unknown connection parameter {}; known are {}",
                unknown.join(", "),
                OVERRIDES.join(", ")
            ),
        )
    })
}

/// Names are compared as the server does, without case, and written as it shows them.
fn known(asked: &BTreeMap<String, String>) -> Result<Vec<Setting>, Vec<String>> {
    let find = |name: &str| OVERRIDES.iter().find(|o| o.eq_ignore_ascii_case(name));
    let unknown: Vec<_> = asked.keys().filter(|n| find(n).is_none()).cloned().collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let pairs = asked.iter().filter_map(|(name, value)| Some((*find(name)?, value)));
    Ok(pairs.map(|(name, value)| setting(name, value.clone())).collect())
}

/// The statement that puts one setting in force for the session.
pub fn statement(setting: &Setting) -> String {
    format!(
        "SELECT pg_catalog.set_config({}, {}, false)",
        literal(&setting.name),
        literal(&setting.value)
    )
}

/// Puts settings in force, in one round trip; gives the session's process id and whether the server's identity may be asked for.
pub fn first_statement(settings: &[Setting]) -> String {
    let calls: Vec<_> = settings
        .iter()
        .map(|s| {
            format!(", pg_catalog.set_config({}, {}, false)", literal(&s.name), literal(&s.value))
        })
        .collect();
    format!("SELECT pg_catalog.pg_backend_pid(), {MAY_IDENTIFY}{}", calls.concat())
}

fn setting(name: &str, value: impl Into<String>) -> Setting {
    Setting { name: name.to_owned(), value: value.into() }
}

/// The server reads a bare number as milliseconds; 0 means no limit, so that a shorter wish becomes 1.
fn millis(d: Duration) -> String {
    let ms = if d.is_zero() { 0 } else { d.as_millis().clamp(1, i32::MAX as u128) };
    ms.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(overrides: &[(&str, &str)]) -> SettingsRequest {
        let overrides = overrides.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        SettingsRequest { overrides, ..SettingsRequest::default() }
    }

    #[test]
    fn defaults_then_overrides_then_the_role() {
        let list =
            settings(&request(&[("ROLE", "owner"), ("timezone", "UTC"), ("lock_timeout", "9s")]));
        let shown: Vec<_> =
            list.unwrap().into_iter().map(|s| format!("{}={}", s.name, s.value)).collect();
        assert_eq!(
            shown,
            [
                "idle_in_transaction_session_timeout=60000",
                "statement_timeout=0",
                "lock_timeout=9s",
                "TimeZone=UTC",
                "role=owner"
            ]
        );
    }

    #[test]
    fn unknown_names_are_named() {
        let error = settings(&request(&[("session_replication_role", "replica"), ("x", "1")]));
        let fields = error.unwrap_err().field_violations().to_vec();
        assert_eq!(fields[0].field, "settings.session_replication_role");
        assert_eq!(fields.len(), 2);
    }

    #[test]
    fn values_are_data() {
        let sql = statement(&setting("search_path", "a', 'b"));
        assert_eq!(sql, "SELECT pg_catalog.set_config('search_path', 'a'', ''b', false)");
    }
}
