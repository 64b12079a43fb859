//! What a SQL dialect can tell without a database: where statements end, what each does, what it touches.
//!
//! Invariant: nothing here fails. Text that a dialect does not understand is still split, and is
//! [`StatementKind::Unknown`]; findings are data.

pub mod batch;
pub mod blocks;
pub mod dialect;
pub mod directive;
pub mod fingerprint;
pub mod fix;
pub mod heads;
pub mod language;
pub mod lex;
pub mod lock;
pub mod purity;
pub mod reader;
pub mod secrets;
pub mod segment;
pub mod share;
pub mod span;
pub mod statement;
pub mod tree;
pub mod walk;
pub mod words;

pub use batch::BatchParts;
pub use dialect::{
    ApplyError, ApplyErrorKind, CreateDatabase, Dialect, SyntaxError, TransactionRule,
};
pub use directive::{Batch, Directives, Isolation, directives};
pub use fix::{Edit, Fix, Fixed, Safety};
pub use language::{Holds, Language};
pub use lock::{LockForecast, LockWork};
pub use reader::{Purity, Reader};
pub use segment::{Piece, Segment};
pub use span::{QuerySpan, SourceColumn, Sources, SpanColumn, SpanKind};
pub use statement::{Facts, ObjectRef, Statement, StatementClass, StatementKind};
pub use walk::PositionWalk;
