//! Reading for people: what one statement gives, cell by cell with its type, into a [`Sink`] that says when it has enough.
//!
//! Invariants: a session queries only inside [`crate::Session::begin_reading`], where the server itself refuses to write;
//! no value is rounded on its way, what has no exact cell stays the text that the server wrote; a driver holds one row at a
//! time, so that the sink alone decides how much memory a result takes.

use std::sync::Arc;
use std::time::Duration;

use crate::failure::{FailureKind, StatementFailure};

/// How a session reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Longest run of one statement, kept by the server where it can.
    pub timeout: Duration,
    /// Where names without a schema are looked up; None leaves it to the server.
    pub schema: Option<String>,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// As the engine writes it: `numeric(10,2)`, `bigint unsigned`; empty when it has none.
    pub type_name: String,
}

/// A value, whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Bool(bool),
    Int32(i32),
    Int64(i64),
    Uint32(u32),
    Uint64(u64),
    Float(f32),
    Double(f64),
    /// Text, and every type of which the server's own text is the exact form: decimals, dates, JSON, arrays.
    Text(String),
    Bytes(Vec<u8>),
    /// Of no time zone.
    Timestamp(Moment),
    /// Apart, so that other cells stay small.
    TimestampTz(Box<Zoned>),
}

/// A moment, and how the server showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zoned {
    pub moment: Moment,
    /// Name of the zone.
    pub zone: Arc<str>,
    /// Seconds east of UTC.
    pub offset: i32,
}

/// Seconds since 1970 and what is beyond them. Without a time zone: as if it were UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub seconds: i64,
    /// 0 to 999,999,999, always forward.
    pub nanos: i32,
    /// Digits behind the second that the type has.
    pub digits: u8,
}

/// Whether a sink takes more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    More,
    Enough,
}

/// Where a result goes.
pub trait Sink: Send {
    /// Once, before the first row. A statement that gives no rows has no columns.
    fn columns(&mut self, columns: Vec<Column>);

    /// As many cells as columns.
    fn row(&mut self, cells: Vec<Cell>) -> Flow;
}

/// What is told beside the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queried {
    /// Notices and warnings, in order.
    pub notices: Vec<String>,
}

/// Rows in memory, up to a number of rows and of bytes.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Bytes of the values.
    pub bytes: usize,
    /// Why there are more rows than these.
    pub cut: Option<Cut>,
    row_limit: usize,
    byte_limit: usize,
    weight: usize,
}

/// What a cell counts for the limit of bytes beside its value: a million NULLs take room too.
const CELL: usize = 8;

/// Which limit was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Rows,
    Bytes,
}

impl Table {
    pub fn new(row_limit: usize, byte_limit: usize) -> Self {
        Self { row_limit, byte_limit, ..Self::default() }
    }
}

impl Sink for Table {
    fn columns(&mut self, columns: Vec<Column>) {
        self.columns = columns;
    }

    fn row(&mut self, cells: Vec<Cell>) -> Flow {
        if self.rows.len() >= self.row_limit {
            self.cut = Some(Cut::Rows);
            return Flow::Enough;
        }
        let bytes: usize = cells.iter().map(Cell::bytes).sum();
        let weight = bytes + cells.len() * CELL;
        if self.weight + weight > self.byte_limit {
            self.cut = Some(Cut::Bytes);
            return Flow::Enough;
        }
        self.bytes += bytes;
        self.weight += weight;
        self.rows.push(cells);
        Flow::More
    }
}

impl Cell {
    /// Bytes of the value itself.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Int32(_) | Self::Uint32(_) | Self::Float(_) => 4,
            Self::Int64(_) | Self::Uint64(_) | Self::Double(_) | Self::Timestamp(_) => 8,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::TimestampTz(zoned) => 12 + zoned.zone.len(),
        }
    }
}

impl Moment {
    /// Reads `2026-02-28 13:05:09.123456`: a date that stands in the calendar of the years 1 to 9999. Others, as servers
    /// have them (`infinity`, `0000-00-00`, years before Christ), are not moments.
    pub fn parse(text: &str, digits: u8) -> Option<Self> {
        let (date, time) = text.split_once([' ', 'T'])?;
        let mut date = date.split('-');
        let (year, month, day) =
            (number(date.next()?, 4)?, number(date.next()?, 2)?, number(date.next()?, 2)?);
        let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
        let mut clock = clock.split(':');
        let (hour, minute, second) =
            (number(clock.next()?, 2)?, number(clock.next()?, 2)?, number(clock.next()?, 2)?);
        let ends = date.next().is_none() && clock.next().is_none();
        let fits = (1..=9_999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_of(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60
            && fraction.len() <= 9;
        if !ends || !fits {
            return None;
        }
        let nanos = match fraction {
            "" => 0,
            _ => {
                number(fraction, fraction.len())?
                    * 10i64.pow(9 - u32::try_from(fraction.len()).ok()?)
            }
        };
        let seconds =
            days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        Some(Self { seconds, nanos: i32::try_from(nanos).ok()?, digits })
    }

    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self { seconds: self.seconds + seconds, ..self }
    }
}

/// Digits only, and exactly so many.
fn number(text: &str, digits: usize) -> Option<i64> {
    let fits = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + is_leap(year) as i64,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Of the Gregorian calendar, also before it was made.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let years = before * 365 + before / 4 - before / 100 + before / 400;
    let months: i64 = (1..month).map(|m| days_of(year, m)).sum();
    // Days from the first of January of the year 1 to that of 1970.
    years + months + day - 1 - 719_162
}

/// For engines whose drivers do not read for people yet.
pub(crate) fn unsupported() -> StatementFailure {
    StatementFailure::new(FailureKind::Unsupported, "this engine cannot be queried from here yet")
}

/// For a query outside a transaction that reads.
pub fn not_reading() -> StatementFailure {
    StatementFailure::new(
        FailureKind::Unsupported,
        "a query runs only in a transaction that reads, which was not begun or has been lost",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_which_limit_it_met() {
        let row = || vec![Cell::Text("12345".to_owned()), Cell::Null];
        let mut by_rows = Table::new(2, 1_000);
        assert_eq!([by_rows.row(row()), by_rows.row(row())], [Flow::More; 2]);
        assert_eq!((by_rows.row(row()), by_rows.cut), (Flow::Enough, Some(Cut::Rows)));
        assert_eq!((by_rows.rows.len(), by_rows.bytes), (2, 10));
        let mut by_bytes = Table::new(2, 5 + 3 * CELL);
        assert_eq!(by_bytes.row(row()), Flow::More);
        assert_eq!((by_bytes.row(row()), by_bytes.cut), (Flow::Enough, Some(Cut::Bytes)));
        let mut exact = Table::new(1, 1_000);
        assert_eq!((exact.row(row()), exact.cut), (Flow::More, None));
    }

    #[test]
    fn moments_are_those_of_the_calendar() {
        let seconds = |text: &str| Moment::parse(text, 6).map(|m| (m.seconds, m.nanos));
        assert_eq!(seconds("1970-01-01 00:00:00"), Some((0, 0)));
        assert_eq!(seconds("1969-12-31 23:59:59.5"), Some((-1, 500_000_000)));
        assert_eq!(seconds("2024-02-29T12:00:00.000001"), Some((1_709_208_000, 1_000)));
        assert_eq!(seconds("0001-01-01 00:00:00"), Some((-62_135_596_800, 0)));
        assert_eq!(seconds("9999-12-31 23:59:59"), Some((253_402_300_799, 0)));
        for none in [
            "infinity",
            "0000-00-00 00:00:00",
            "2023-02-29 00:00:00",
            "12026-01-01 00:00:00",
            "0044-03-15 00:00:00 BC",
            "2026-01-01",
            "2026-01-01 24:00:00",
            "2026-01-01 00:00:00.+1",
        ] {
            assert_eq!(seconds(none), None, "{none}");
        }
    }
}
