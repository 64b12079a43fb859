//! What a statement gave, on the wire.

use api::bytebase::v1 as pb;
use app::query::{Outcome, Problem};
use engine::{Cell, Cut, Moment};
use pb::query_result::{CommandError, DetailedError, Message, SyntaxError, Truncation};
use pb::query_result::{command_error, message};
use pb::row_value::Kind;
use sql::StatementClass;

use super::value;
use crate::rpc::plan::position;

pub fn to_wire(outcome: Outcome) -> pb::QueryResult {
    let Outcome { statement, position: at, table, row_limit, latency, notices, problem } = outcome;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (column_names, column_type_names) =
        table.columns.into_iter().map(|c| (c.name, c.type_name)).unzip();
    let truncation = match table.cut {
        None => Truncation::Unspecified,
        Some(Cut::Rows) => Truncation::RowLimit,
        Some(Cut::Bytes) => Truncation::ByteLimit,
    };
    pb::QueryResult {
        column_names,
        column_type_names,
        rows_count: count(table.rows.len()),
        rows: table.rows.into_iter().map(row).collect(),
        error: problem.as_ref().map_or_else(String::new, |p| p.message.clone()),
        latency: Some(value::duration(latency)),
        statement,
        messages: notices.into_iter().map(notice).collect(),
        masked: Vec::new(),
        truncation: truncation.into(),
        row_limit: i32::try_from(row_limit).unwrap_or(i32::MAX),
        size_bytes: count(table.bytes),
        statement_position: Some(position(at)),
        error_position: problem.as_ref().and_then(|p| p.position).map(position),
        error_reason: problem.as_ref().map_or_else(String::new, |p| p.reason.as_str().to_owned()),
        detailed_error: problem.and_then(|p| detail(&p)),
    }
}

fn detail(problem: &Problem) -> Option<DetailedError> {
    if let Some(class) = problem.refused {
        let kind = match class {
            StatementClass::Ddl => command_error::Type::Ddl,
            StatementClass::Dml => command_error::Type::Dml,
            _ => command_error::Type::NonReadOnly,
        };
        return Some(DetailedError::CommandError(CommandError { command_type: kind.into() }));
    }
    let start_position = problem.position.map(position);
    start_position.map(|at| DetailedError::SyntaxError(SyntaxError { start_position: Some(at) }))
}

/// Servers begin a notice with its level.
fn notice(text: String) -> Message {
    let level =
        match text.split([':', ' ']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "WARNING" => message::Level::Warning,
            "DEBUG" => message::Level::Debug,
            "LOG" => message::Level::Log,
            "INFO" | "NOTE" => message::Level::Info,
            "ERROR" | "EXCEPTION" => message::Level::Exception,
            _ => message::Level::Notice,
        };
    Message { level: level.into(), content: text }
}

fn row(cells: Vec<Cell>) -> pb::QueryRow {
    pb::QueryRow { values: cells.into_iter().map(cell).collect() }
}

fn cell(cell: Cell) -> pb::RowValue {
    let kind = match cell {
        Cell::Null => Kind::NullValue(prost_types::NullValue::NullValue.into()),
        Cell::Bool(value) => Kind::BoolValue(value),
        Cell::Int32(value) => Kind::Int32Value(value),
        Cell::Int64(value) => Kind::Int64Value(value),
        Cell::Uint32(value) => Kind::Uint32Value(value),
        Cell::Uint64(value) => Kind::Uint64Value(value),
        Cell::Float(value) => Kind::FloatValue(value),
        Cell::Double(value) => Kind::DoubleValue(value),
        Cell::Text(value) => Kind::StringValue(value),
        Cell::Bytes(value) => Kind::BytesValue(value),
        Cell::Timestamp(moment) => Kind::TimestampValue(pb::row_value::Timestamp {
            google_timestamp: Some(timestamp(moment)),
            accuracy: moment.digits.into(),
        }),
        Cell::TimestampTz(zoned) => Kind::TimestampTzValue(pb::row_value::TimestampTz {
            google_timestamp: Some(timestamp(zoned.moment)),
            zone: zoned.zone.to_string(),
            offset: zoned.offset,
            accuracy: zoned.moment.digits.into(),
        }),
    };
    pb::RowValue { kind: Some(kind) }
}

fn timestamp(moment: Moment) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: moment.seconds, nanos: moment.nanos }
}
