//! Emergency runs: tasks that run at once although their gate has not approved, and their review afterwards.
//!
//! One record of each says who, why, for which incident, what stood in the way and who was told. Invariants: the record is written in
//! the transaction that asks for the runs, and a run that no gate covers names it; whoever ran it never reviews it; from
//! its due time on until it is reviewed, nothing else is rolled out to its databases.

mod overdue;
mod people;
mod read;
mod review;
mod run;
mod tell;

pub use overdue::{Overdue, REVIEW_OVERDUE};
pub(crate) use people::violations;
pub use people::{Contacts, contacts};
pub use read::{Ask as ListAsk, EmergencyView, State, get, list};
pub use review::{Review, review};
pub use run::{Ask, run};
pub(crate) use tell::review_ignored;

use std::time::Duration;

/// What one must be able to do to run tasks past their gate.
pub const PERMISSION: &str = "bb.emergencies.create";
/// How long a review may take.
const REVIEW_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);
/// Fewest and most people who are told.
const FEWEST: usize = 2;
const MOST: usize = 10;
