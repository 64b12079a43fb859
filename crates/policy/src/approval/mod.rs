//! What must be approved before a change runs, and by whom.
//!
//! Rules are tried in their order, those of the change's source first, then fallbacks; the first that matches decides. A rule
//! whose condition speaks of the environment gates the stages of those environments, any other gates the issue as a whole:
//! test may run while prod waits. Every answer carries its reasons: the values that matched, and why rules before did not.

mod decide;
mod gate;
mod rule;

pub use decide::{Fact, Subject, decide, shown};
pub use gate::{Decision, Gate, Refusal, Status, Step, Voter, overall};
pub use rule::{Attempt, Rule, RuleRef, Source, Template, Why, violations};

/// The stage of what has no environment.
pub const NO_ENVIRONMENT: &str = "-";
/// The variable that makes a rule one of stages.
pub const ENVIRONMENT: &str = "resource.environment_id";
/// The variable whose value is kept beside the others, because it can be long.
pub const TEXT: &str = "statement.text";
