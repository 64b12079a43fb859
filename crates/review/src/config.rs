//! A rule as a person configured it.

use base::EngineKind;
use serde::{Deserialize, Serialize};

use crate::advice::Level;
use crate::payload::Payload;
use crate::rule_type::RuleType;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleConfig {
    pub rule: RuleType,
    pub level: Level,
    pub engine: EngineKind,
    #[serde(default)]
    pub payload: Payload,
}
