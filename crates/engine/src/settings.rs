//! Session settings: what a change runs under is stated, logged, and the same each time.

use std::collections::BTreeMap;
use std::time::Duration;

/// One setting as the engine names it. The value is data, never SQL text: drivers quote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    pub value: String,
}

/// What the environment and the plan ask for; a driver turns it into its own settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsRequest {
    /// Longest wait for a lock before a statement gives up.
    pub lock_timeout: Duration,
    /// Longest run of one statement; None means no limit.
    pub statement_timeout: Option<Duration>,
    /// Overrides by name from the plan. A driver refuses names that are not in its own list.
    pub overrides: BTreeMap<String, String>,
}

impl Default for SettingsRequest {
    fn default() -> Self {
        Self {
            lock_timeout: Duration::from_secs(5),
            statement_timeout: None,
            overrides: BTreeMap::new(),
        }
    }
}
