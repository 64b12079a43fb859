//! The session settings of a change: the environment's, overridden by the plan's. Shown at review, logged at run.

use std::collections::BTreeMap;

use base::Result;
use engine::{Engine, Setting, SettingsRequest};
use store::rows::EnvironmentSetting;

/// What to set, in order, for a change in `environment` with the plan's `overrides`.
pub fn effective(
    engine: &dyn Engine,
    environments: &EnvironmentSetting,
    environment: Option<&str>,
    overrides: &BTreeMap<String, String>,
) -> Result<Vec<Setting>> {
    let found = environment.and_then(|id| environments.get(id));
    let defaults = SettingsRequest::default();
    let request = SettingsRequest {
        lock_timeout: found.and_then(|e| e.lock_timeout).unwrap_or(defaults.lock_timeout),
        statement_timeout: found.and_then(|e| e.statement_timeout),
        overrides: overrides.clone(),
    };
    engine.settings(&request)
}
