//! Configurations of SQL review: which rules, how grave, and where they hold.
//!
//! A database is reviewed by the configuration of its environment, else by that of its project; one that is not enabled
//! counts as none.

mod change;
mod get;
mod rules;

pub use change::{MASK, Update, create, delete, update};
pub use get::{get, list, of_database};
pub use rules::{RuleDraft, checked};

use base::name::ReviewConfigName;
use base::{Error, Result};
use review::RuleConfig;
use store::rows;

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
}

impl TryFrom<rows::ReviewConfig> for ReviewConfig {
    type Error = Error;

    fn try_from(row: rows::ReviewConfig) -> Result<Self> {
        let name = ReviewConfigName::new(&row.id).to_string();
        let read = row.payload.rules.into_iter().map(serde_json::from_value);
        let rules = read.collect::<std::result::Result<_, _>>();
        Ok(Self {
            rules: rules
                .map_err(|e| Error::internal(format!("a rule of {name} cannot be read: {e}")))?,
            name,
            title: row.title,
            enabled: row.payload.enabled,
            resources: row.resources,
        })
    }
}
