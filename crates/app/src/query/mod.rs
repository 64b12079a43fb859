//! Querying a database from the SQL editor, and the history of it.
//!
//! Invariants: nothing runs unless every statement of the request is certain to read by its text; what runs, runs where the
//! server itself refuses to write; a query ends when its caller stops waiting, at the server too; every request that was let
//! in leaves an entry in its caller's history. Whatever changes rows on their way (masking) is an [`engine::Sink`] before
//! the table that [`run`] fills.

mod history;
mod judge;
mod limits;
mod reach;
mod run;
mod source;
mod stop;

pub use history::{HistoryView, get_history, list_histories, search_histories};
pub use run::run;

use std::time::Duration;

use base::name::QueryHistoryName;
use base::{Position, Reason};
use engine::Table;
use sql::StatementClass;
use store::rows::DataSourceKind;

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `instances/{instance}/databases/{database}`
    pub database: String,
    /// One statement or several.
    pub statement: String,
    /// Rows of each result; 0 for the default.
    pub limit: i32,
    /// Empty for the one that is for reading.
    pub data_source: String,
    /// Shows how the statements would be run, and runs none.
    pub explain: bool,
    pub schema: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// One a statement, in order, up to the first that failed or was refused.
    pub outcomes: Vec<Outcome>,
    /// Id and kind of the data source that was used; None when nothing was run.
    pub source: Option<(String, DataSourceKind)>,
    pub history: QueryHistoryName,
}

/// What one statement gave.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub statement: String,
    /// Where it begins in the text that was sent.
    pub position: Position,
    pub table: Table,
    pub row_limit: usize,
    pub latency: Duration,
    pub notices: Vec<String>,
    pub problem: Option<Problem>,
}

/// Why a statement gave nothing, or not all.
#[derive(Debug, Clone)]
pub struct Problem {
    pub reason: Reason,
    pub message: String,
    /// In the text that was sent, where the engine tells.
    pub position: Option<Position>,
    /// SQLSTATE or the engine's own number.
    pub code: String,
    /// Of a refused statement: what it does instead of reading.
    pub refused: Option<StatementClass>,
}
