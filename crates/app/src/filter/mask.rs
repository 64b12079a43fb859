//! `update_mask` and `etag`: which fields an update changes, and of which version it speaks.

use base::{Error, FieldViolation};

/// The fields that an update names, checked against those that it may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask(Vec<String>);

impl Mask {
    /// Checks `paths` (snake_case) against `allowed`.
    ///
    /// Errors: `INVALID_FIELD` for an empty mask, for `*`, and for each path that is unknown or cannot be changed.
    pub fn new(paths: &[String], allowed: &[&str]) -> Result<Self, Error> {
        if paths.is_empty() {
            return Err(Error::field(
                "update_mask",
                format!("name the fields to change: {}", allowed.join(", ")),
            ));
        }
        let wrong = paths.iter().filter(|p| !allowed.contains(&p.as_str()));
        let violations: Vec<_> = wrong
            .take(20)
            .map(|path| FieldViolation {
                field: "update_mask".to_owned(),
                description: format!(
                    "{:?} cannot be changed here; these can: {}",
                    path.chars().take(100).collect::<String>(),
                    allowed.join(", ")
                ),
            })
            .collect();
        if violations.is_empty() {
            Ok(Self(paths.to_vec()))
        } else {
            Err(Error::fields(violations))
        }
    }

    pub fn has(&self, path: &str) -> bool {
        self.0.iter().any(|p| p == path)
    }

    /// Whether nothing but `path` changes.
    pub fn only(&self, path: &str) -> bool {
        self.0.iter().all(|p| p == path)
    }
}

/// The etag of a row: its version as text.
pub fn etag(version: i64) -> String {
    version.to_string()
}

/// Refuses an update of another version than the caller has seen. An empty `given` checks nothing.
pub fn check_etag(name: impl std::fmt::Display, given: &str, version: i64) -> Result<(), Error> {
    if given.is_empty() || given == etag(version) { Ok(()) } else { Err(Error::etag(name)) }
}
