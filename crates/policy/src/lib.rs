//! Pure decisions: who may do what, and what may run when. Every answer carries its reasons.
//!
//! Invariant: nothing here fetches. What a decision needs is an argument.

pub mod approval;
pub mod cel;
pub mod iam;
pub mod release;
pub mod risk;
pub mod role;
pub mod rollout;
pub mod window;
