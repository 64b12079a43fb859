//! The settings a change runs under, as pragmas of the connection.

use std::time::Duration;

use base::Error;
use engine::{Failure, FailureKind, Setting, SettingsRequest};
use rusqlite::Connection;

use crate::classify_error::failure;

/// Milliseconds to wait for a lock.
const LOCK: &str = "busy_timeout";
/// Milliseconds that a statement may run. SQLite has no such pragma: the driver interrupts.
pub(crate) const STATEMENT_LIMIT: &str = "statement_timeout";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Flag,
    Whole,
    OneOf(&'static [&'static str]),
}

const LIST: [(&str, Kind); 11] = [
    (LOCK, Kind::Whole),
    (STATEMENT_LIMIT, Kind::Whole),
    ("foreign_keys", Kind::Flag),
    ("defer_foreign_keys", Kind::Flag),
    ("ignore_check_constraints", Kind::Flag),
    ("recursive_triggers", Kind::Flag),
    ("legacy_alter_table", Kind::Flag),
    ("case_sensitive_like", Kind::Flag),
    ("cache_size", Kind::Whole),
    ("synchronous", Kind::OneOf(&["OFF", "NORMAL", "FULL", "EXTRA"])),
    ("temp_store", Kind::OneOf(&["DEFAULT", "FILE", "MEMORY"])),
];

pub(crate) fn for_request(request: &SettingsRequest) -> Result<Vec<Setting>, Error> {
    let millis = |d: Duration| d.as_millis().min(i32::MAX as u128).to_string();
    let mut settings =
        vec![setting(LOCK, &millis(request.lock_timeout)), setting("foreign_keys", "ON")];
    if let Some(limit) = request.statement_timeout {
        settings.push(setting(STATEMENT_LIMIT, &millis(limit)));
    }
    for (name, value) in &request.overrides {
        let name = name.to_ascii_lowercase();
        let field = format!("settings.{name}");
        let Some(kind) = kind_of(&name) else {
            let known: Vec<_> = LIST.iter().map(|(name, _)| *name).collect();
            let why = format!(
                "{name:?} cannot be set for a change on this engine; {} can",
                known.join(", ")
            );
            return Err(Error::field(field, why));
        };
        checked(&name, kind, value).map_err(|why| Error::field(field, why))?;
        match settings.iter_mut().find(|s| s.name == name) {
            Some(default) => default.value.clone_from(value),
            None => settings.push(setting(&name, value)),
        }
    }
    Ok(settings)
}

/// The limit of a statement, where the settings say one: `Some(None)` takes it away.
pub(crate) fn statement_limit(settings: &[Setting]) -> Option<Option<Duration>> {
    let limit = settings.iter().rev().find(|s| s.name == STATEMENT_LIMIT)?;
    let millis = limit.value.trim().parse().unwrap_or(0);
    Some((millis > 0).then(|| Duration::from_millis(millis)))
}

pub(crate) fn apply(conn: &Connection, settings: &[Setting]) -> Result<(), Failure> {
    let refuse = |why: String| Failure::new(FailureKind::Unsupported, why);
    for Setting { name, value } in settings {
        let kind = kind_of(name)
            .ok_or_else(|| refuse(format!("{name:?} is no setting of this engine")))?;
        let value = checked(name, kind, value).map_err(refuse)?;
        if name != STATEMENT_LIMIT {
            // Some pragmas answer with a row, which is of no interest.
            conn.execute_batch(&format!("PRAGMA {name} = {value}")).map_err(failure)?;
        }
    }
    Ok(())
}

fn kind_of(name: &str) -> Option<Kind> {
    LIST.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

fn setting(name: &str, value: &str) -> Setting {
    Setting { name: name.to_owned(), value: value.to_owned() }
}

/// The value as SQL, or what it should be.
fn checked(name: &str, kind: Kind, value: &str) -> Result<String, String> {
    let upper = value.trim().to_ascii_uppercase();
    let ok = match kind {
        Kind::Flag => matches!(&*upper, "ON" | "OFF" | "1" | "0" | "TRUE" | "FALSE"),
        Kind::Whole => upper.parse::<i32>().is_ok(),
        Kind::OneOf(list) => list.contains(&&*upper),
    };
    let want = match kind {
        Kind::Flag => "ON or OFF".to_owned(),
        Kind::Whole => "a whole number".to_owned(),
        Kind::OneOf(list) => format!("one of {}", list.join(", ")),
    };
    if ok { Ok(upper) } else { Err(format!("{name} must be {want}, not {value:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_and_fits() {
        let request = |name: &str, value: &str| SettingsRequest {
            overrides: [(name.to_owned(), value.to_owned())].into(),
            ..SettingsRequest::default()
        };
        let list = for_request(&request("Foreign_Keys", "off")).unwrap();
        let list: Vec<_> = list.iter().map(|s| format!("{}={}", s.name, s.value)).collect();
        assert_eq!(list, ["busy_timeout=5000", "foreign_keys=off"]);
        for (name, value) in
            [("writable_schema", "ON"), ("cache_size", "1; drop"), ("synchronous", "MAYBE")]
        {
            let error = for_request(&request(name, value)).unwrap_err();
            assert_eq!(error.field_violations()[0].field, format!("settings.{name}"));
        }
    }
}
