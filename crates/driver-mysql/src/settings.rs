//! The settings a change runs under: which there are, what each may hold, and how it is set.
//!
//! Names come from one list and values are checked against it, so no setting can smuggle in SQL.

use std::time::Duration;

use base::Error;
use engine::{Failure, FailureKind, Setting, SettingsRequest};
use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;

use crate::classify_error::failure;
use crate::flavor::Flavor;

/// What a setting may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `ON`, `OFF`, `1` or `0`.
    Flag,
    Whole,
    /// Seconds, perhaps with a fraction.
    Seconds,
    /// Text without control characters, quotes or backslashes.
    Text,
    /// A character set.
    Names,
    Isolation,
}

const LIST: [(&str, Kind); 20] = [
    ("names", Kind::Names),
    ("lock_wait_timeout", Kind::Whole),
    ("innodb_lock_wait_timeout", Kind::Whole),
    (STATEMENT_LIMIT, Kind::Seconds),
    ("sql_mode", Kind::Text),
    ("time_zone", Kind::Text),
    ("foreign_key_checks", Kind::Flag),
    ("unique_checks", Kind::Flag),
    ("sql_safe_updates", Kind::Flag),
    ("innodb_strict_mode", Kind::Flag),
    ("explicit_defaults_for_timestamp", Kind::Flag),
    ("transaction_isolation", Kind::Isolation),
    ("default_storage_engine", Kind::Text),
    ("collation_connection", Kind::Text),
    ("group_concat_max_len", Kind::Whole),
    ("auto_increment_increment", Kind::Whole),
    ("auto_increment_offset", Kind::Whole),
    ("net_read_timeout", Kind::Whole),
    ("net_write_timeout", Kind::Whole),
    ("wait_timeout", Kind::Whole),
];

/// MariaDB's name. MySQL can limit reads only; there the driver itself keeps the limit.
const STATEMENT_LIMIT: &str = "max_statement_time";

const ISOLATION: [&str; 4] =
    ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"];

pub(crate) fn for_request(request: &SettingsRequest) -> Result<Vec<Setting>, Error> {
    let lock = whole_seconds(request.lock_timeout);
    let mut settings = vec![
        setting("names", "utf8mb4"),
        setting("lock_wait_timeout", &lock),
        setting("innodb_lock_wait_timeout", &lock),
    ];
    if let Some(limit) = request.statement_timeout {
        settings.push(setting(STATEMENT_LIMIT, &limit.as_secs_f64().to_string()));
    }
    for (name, value) in &request.overrides {
        let name = name.to_ascii_lowercase();
        let Some(kind) = kind_of(&name) else {
            let known: Vec<_> = LIST.iter().map(|(name, _)| *name).collect();
            let why = format!(
                "{name:?} cannot be set for a change on this engine; {} can",
                known.join(", ")
            );
            return Err(Error::field(format!("settings.{name}"), why));
        };
        assignment(&name, kind, value)
            .map_err(|why| Error::field(format!("settings.{name}"), why))?;
        match settings.iter_mut().find(|s| s.name == name) {
            Some(default) => default.value.clone_from(value),
            None => settings.push(setting(&name, value)),
        }
    }
    Ok(settings)
}

/// Sets them one by one. Gives the limit of a statement when it is for the driver to keep.
pub(crate) async fn apply(
    conn: &mut Conn,
    flavor: Flavor,
    settings: &[Setting],
) -> Result<Option<Option<Duration>>, Failure> {
    let refuse = |why: String| Failure::new(FailureKind::Unsupported, why);
    let mut limit = None;
    for Setting { name, value } in settings {
        let kind = kind_of(name)
            .ok_or_else(|| refuse(format!("{name:?} is no setting of this engine")))?;
        let mut sql = assignment(name, kind, value).map_err(refuse)?;
        if name == STATEMENT_LIMIT && !flavor.is_mariadb() {
            let seconds = value.trim().parse().unwrap_or(0.0);
            limit = Some((seconds > 0.0).then(|| Duration::from_secs_f64(seconds)));
            sql = format!("SET SESSION max_execution_time = {:.0}", seconds * 1_000.0);
        }
        conn.query_drop(sql).await.map_err(failure)?;
    }
    Ok(limit)
}

fn kind_of(name: &str) -> Option<Kind> {
    LIST.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

fn setting(name: &str, value: &str) -> Setting {
    Setting { name: name.to_owned(), value: value.to_owned() }
}

/// The servers know whole seconds only, and 0 means "do not wait" on one and "forever" on the other.
fn whole_seconds(d: Duration) -> String {
    let up = d.as_secs() + u64::from(d.subsec_nanos() > 0);
    up.max(1).to_string()
}

/// The statement that sets it, or what the value should be.
fn assignment(name: &str, kind: Kind, value: &str) -> Result<String, String> {
    let value = value.trim();
    let is_name = |v: &str| {
        !v.is_empty() && v.len() <= 64 && v.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let literal = match kind {
        Kind::Names if is_name(value) => return Ok(format!("SET NAMES {value}")),
        Kind::Names => Err("a character set, such as utf8mb4"),
        Kind::Isolation => {
            let level = value.to_ascii_uppercase().replace('-', " ");
            if ISOLATION.contains(&level.as_str()) {
                return Ok(format!("SET SESSION TRANSACTION ISOLATION LEVEL {level}"));
            }
            Err("one of READ-UNCOMMITTED, READ-COMMITTED, REPEATABLE-READ, SERIALIZABLE")
        }
        Kind::Flag => match value.to_ascii_uppercase().as_str() {
            "1" | "ON" | "TRUE" => Ok("1".to_owned()),
            "0" | "OFF" | "FALSE" => Ok("0".to_owned()),
            _ => Err("ON or OFF"),
        },
        Kind::Whole => value.parse::<u32>().map(|n| n.to_string()).map_err(|_| "a whole number"),
        Kind::Seconds => match value.parse::<f64>() {
            Ok(n) if (0.0..=31_536_000.0).contains(&n) => Ok(n.to_string()),
            _ => Err("a number of seconds, up to one year"),
        },
        Kind::Text => {
            sql_mysql::quote_string(value).ok_or("text without backslashes and control characters")
        }
    };
    literal
        .map(|literal| format!("SET SESSION {name} = {literal}"))
        .map_err(|want| format!("{name} must be {want}, not {value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(overrides: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let request = SettingsRequest {
            overrides: overrides.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            statement_timeout: Some(Duration::from_millis(1_500)),
            ..SettingsRequest::default()
        };
        match for_request(&request) {
            Ok(list) => Ok(list.iter().map(|s| format!("{}={}", s.name, s.value)).collect()),
            Err(e) => Err(e.field_violations()[0].field.clone()),
        }
    }

    #[test]
    fn defaults_then_overrides() {
        let got = request(&[("SQL_MODE", "ANSI"), ("lock_wait_timeout", "9")]).unwrap();
        assert_eq!(
            got,
            [
                "names=utf8mb4",
                "lock_wait_timeout=9",
                "innodb_lock_wait_timeout=5",
                "max_statement_time=1.5",
                "sql_mode=ANSI"
            ]
        );
    }

    #[test]
    fn what_is_not_listed_or_not_fitting_is_refused() {
        assert_eq!(
            request(&[("max_connections", "1")]),
            Err("settings.max_connections".to_owned())
        );
        assert_eq!(
            request(&[("wait_timeout", "1; drop")]),
            Err("settings.wait_timeout".to_owned())
        );
        assert_eq!(request(&[("names", "utf8mb4 x")]), Err("settings.names".to_owned()));
        assert_eq!(request(&[("sql_mode", "a\\")]), Err("settings.sql_mode".to_owned()));
        assert_eq!(
            request(&[("max_statement_time", "-1")]),
            Err("settings.max_statement_time".to_owned())
        );
        assert_eq!(
            assignment("sql_mode", Kind::Text, "it's").unwrap(),
            "SET SESSION sql_mode = 'it''s'"
        );
    }
}
