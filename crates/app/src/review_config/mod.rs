//! Configurations of SQL review: which rules, how grave, and where they hold.
//!
//! A database is reviewed by the configuration of its environment, else by that of its project; one that is not enabled
//! counts as none.

mod change;
mod exceptions;
mod get;
mod rules;

pub use change::{MASK, Update, create, delete, update};
pub use exceptions::{ConfigException, ExceptionDraft};
pub use get::{get, list, of_database};
pub use rules::{RuleDraft, checked, checked_exceptions};

use base::name::ReviewConfigName;
use base::{Error, Result};
use review::RuleConfig;
use store::rows;

use crate::filter::etag;

/// What a caller gives to make or change one.
#[derive(Debug, Clone)]
pub struct Draft {
    /// `reviewConfigs/{review_config}`; empty for a new one: then the server chooses.
    pub name: String,
    pub title: String,
    pub enabled: bool,
    pub rules: Vec<RuleDraft>,
    /// `environments/{environment}` or `projects/{project}`.
    pub resources: Vec<String>,
    pub exceptions: Vec<ExceptionDraft>,
    pub refuse_suppression: bool,
    /// As it was read; empty for no check.
    pub etag: String,
}

#[derive(Debug, Clone)]
pub struct ReviewConfig {
    /// `reviewConfigs/{review_config}`
    pub name: String,
    pub title: String,
    pub enabled: bool,
    pub rules: Vec<RuleConfig>,
    /// Sorted.
    pub resources: Vec<String>,
    pub exceptions: Vec<ConfigException>,
    /// Comments in scripts take nothing away.
    pub refuse_suppression: bool,
    pub etag: String,
}

impl TryFrom<rows::ReviewConfig> for ReviewConfig {
    type Error = Error;

    fn try_from(row: rows::ReviewConfig) -> Result<Self> {
        let name = ReviewConfigName::new(&row.id).to_string();
        let read = row.payload.rules.into_iter().map(serde_json::from_value);
        let rules = read.collect::<std::result::Result<_, _>>();
        let read = row.payload.exceptions.into_iter().map(serde_json::from_value);
        let exceptions = read.collect::<std::result::Result<_, _>>();
        let unread =
            |what: &str, e| Error::internal(format!("{what} of {name} cannot be read: {e}"));
        Ok(Self {
            rules: rules.map_err(|e| unread("a rule", e))?,
            exceptions: exceptions.map_err(|e| unread("an exception", e))?,
            refuse_suppression: row.payload.refuse_suppression,
            etag: etag(row.version),
            name,
            title: row.title,
            enabled: row.payload.enabled,
            resources: row.resources,
        })
    }
}
