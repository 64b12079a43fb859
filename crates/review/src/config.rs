//! A rule as a person configured it.

use base::EngineKind;
use serde::{Deserialize, Serialize};

use crate::advice::Level;
use crate::exception::Exception;
use crate::payload::Payload;
use crate::rule_type::RuleType;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleConfig {
    pub rule: RuleType,
    pub level: Level,
    pub engine: EngineKind,
    #[serde(default)]
    pub payload: Payload,
    /// Where it does not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
}

impl RuleConfig {
    /// Without exceptions.
    pub const fn new(rule: RuleType, level: Level, engine: EngineKind, payload: Payload) -> Self {
        Self { rule, level, engine, payload, exceptions: Vec::new() }
    }
}
