//! What a SQL dialect can tell without a database: where statements end, what each does, what it touches.
//!
//! Invariant: nothing here fails. Text that a dialect does not understand is still split, and is
//! [`StatementKind::Unknown`]; findings are data.

pub mod batch;
pub mod dialect;
pub mod directive;
pub mod lex;
pub mod secrets;
pub mod statement;
pub mod walk;

pub use batch::BatchParts;
pub use dialect::{CreateDatabase, Dialect, SyntaxError, TransactionRule};
pub use directive::{Batch, Directives, Isolation, directives};
pub use statement::{Facts, ObjectRef, Statement, StatementClass, StatementKind};
pub use walk::PositionWalk;
