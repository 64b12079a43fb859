//! The text of a value as a cell. A text that is not what its type promises stays text.

use std::sync::Arc;

use engine::{Cell, Moment, Zoned};
use tokio_postgres::types::{Kind as TypeKind, Type};

/// Digits behind the second of times.
const DIGITS: u8 = 6;

/// How the text of a type is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Int32,
    Int64,
    Oid,
    Float,
    Double,
    Bytes,
    Timestamp,
    TimestampTz,
    Text,
}

impl Kind {
    pub fn of(of: &Type) -> Self {
        if let TypeKind::Domain(base) = of.kind() {
            return Self::of(base);
        }
        match *of {
            Type::BOOL => Self::Bool,
            Type::INT2 | Type::INT4 => Self::Int32,
            Type::INT8 => Self::Int64,
            Type::OID | Type::XID | Type::CID => Self::Oid,
            Type::FLOAT4 => Self::Float,
            Type::FLOAT8 => Self::Double,
            Type::BYTEA => Self::Bytes,
            Type::TIMESTAMP => Self::Timestamp,
            Type::TIMESTAMPTZ => Self::TimestampTz,
            _ => Self::Text,
        }
    }
}

/// `zone` is the session's time zone.
pub fn cell(kind: Kind, text: Option<&str>, zone: &Arc<str>) -> Cell {
    let Some(text) = text else { return Cell::Null };
    let read = match kind {
        Kind::Bool => match text {
            "t" => Some(Cell::Bool(true)),
            "f" => Some(Cell::Bool(false)),
            _ => None,
        },
        Kind::Int32 => text.parse().ok().map(Cell::Int32),
        Kind::Int64 => text.parse().ok().map(Cell::Int64),
        Kind::Oid => text.parse().ok().map(Cell::Uint32),
        Kind::Float => text.parse().ok().map(Cell::Float),
        Kind::Double => text.parse().ok().map(Cell::Double),
        Kind::Bytes => text.strip_prefix("\\x").and_then(from_hex).map(Cell::Bytes),
        Kind::Timestamp => Moment::parse(text, DIGITS).map(Cell::Timestamp),
        Kind::TimestampTz => with_zone(text, zone),
        Kind::Text => None,
    };
    read.unwrap_or_else(|| Cell::Text(text.to_owned()))
}

/// `2026-02-28 13:05:09.5+05:30`
fn with_zone(text: &str, zone: &Arc<str>) -> Option<Cell> {
    // Behind the date, which has signs of its own.
    let at = 10 + text.get(10..)?.find(['+', '-'])?;
    let (local, offset) = text.split_at(at);
    let mut parts = offset[1..].split(':').map(str::parse::<i32>);
    let mut part = || parts.next().unwrap_or(Ok(0)).ok();
    let seconds = part()? * 3_600 + part()? * 60 + part()?;
    let offset = if offset.starts_with('-') { -seconds } else { seconds };
    let moment = Moment::parse(local, DIGITS)?.plus_seconds(-i64::from(offset));
    Some(Cell::TimestampTz(Box::new(Zoned { moment, zone: Arc::clone(zone), offset })))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_whole() {
        let zone: Arc<str> = "Asia/Kolkata".into();
        let read = |of: Type, text: &str| cell(Kind::of(&of), Some(text), &zone);
        assert_eq!(read(Type::INT8, "9007199254740993"), Cell::Int64(9_007_199_254_740_993));
        assert_eq!(read(Type::NUMERIC, "1.10000000000000000001").bytes(), 22);
        assert_eq!(read(Type::FLOAT4, "0.1"), Cell::Float(0.1));
        assert!(matches!(read(Type::FLOAT8, "NaN"), Cell::Double(n) if n.is_nan()));
        assert_eq!(read(Type::BYTEA, "\\x00ff"), Cell::Bytes(vec![0, 255]));
        assert_eq!(read(Type::BYTEA, "\\x0"), Cell::Text("\\x0".to_owned()));
        assert_eq!(read(Type::TIMESTAMP, "infinity"), Cell::Text("infinity".to_owned()));
        assert_eq!(read(Type::INT4_ARRAY, "{1,NULL}"), Cell::Text("{1,NULL}".to_owned()));
        assert_eq!(cell(Kind::Text, None, &zone), Cell::Null);
        let moment = Moment { seconds: 0, nanos: 500_000_000, digits: 6 };
        let zoned =
            Cell::TimestampTz(Box::new(Zoned { moment, zone: Arc::clone(&zone), offset: 19_800 }));
        assert_eq!(read(Type::TIMESTAMPTZ, "1970-01-01 05:30:00.5+05:30"), zoned);
        let Cell::TimestampTz(west) = read(Type::TIMESTAMPTZ, "1969-12-31 16:00:00-08") else {
            panic!("a moment with its zone")
        };
        assert_eq!((west.moment.seconds, west.offset), (0, -28_800));
    }
}
