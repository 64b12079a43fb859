//! SQL review on the server: which rules there are, which are in force where, and what they say about a script.
//!
//! The rules themselves are pure and live in the crate `review`; here is what they need from the store. Findings are data:
//! a script that cannot be read, a rule that cannot be evaluated and a database that is not there are answers, not errors.

mod effective;
mod known;
pub(crate) mod live;
mod reviewer;
mod try_review;

pub use effective::{Effective, effective};
pub use known::{Known, known, templates};
pub use live::LiveTarget;
pub use reviewer::{Reviewer, State};
pub use try_review::{Ask, NotEvaluated, Tried, try_review};
