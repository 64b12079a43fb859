//! SQL review: what a DBA would say about a script before it runs.
//!
//! A rule is one file in `rules/`: its documentation, what it needs, and the check. A rule reads trees
//! ([`sql::tree`]), catalogs before and after the script, facts of the dialect, and what a live target tells; it knows
//! no engine. Adding one: docs/howto/rule.md.
//!
//! Invariants: no I/O, the same input gives the same advice; a rule that fails says "not evaluated" and stops no
//! other; a script that cannot be parsed gives exactly one advice, with code 201.

mod advice;
pub mod code;
mod config;
mod cx;
mod declared;
mod exception;
mod inside;
mod live;
mod mistakes;
mod named;
mod naming;
mod payload;
mod preset;
mod readers;
mod review;
mod rule;
mod rule_type;
mod rules;
mod scope;
mod suppress;

pub use advice::{Advice, Level, Status};
pub use config::RuleConfig;
pub use exception::Exception;
pub use inside::NotJudged;
pub use live::{Live, LiveError};
pub use mistakes::{Mistake, mistakes};
pub use payload::{Payload, PayloadKind};
pub use preset::{TEMPLATES, Template, default_payload, production, production_level};
pub use readers::reader;
pub use review::{CAP, Input, Report, StatementLocks, dialect, review};
pub use rule::{Doc, Group, Needs, Rule};
pub use rule_type::RuleType;
pub use rules::{RULES, rule};
pub use sql::fix::{self, Edit, Fix, Fixed, Safety};
pub use suppress::{By, Suppressed};
