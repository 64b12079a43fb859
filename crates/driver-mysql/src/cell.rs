//! The text of a value as a cell, by the type of its column. A text that is not what its type promises stays text.

use engine::{Cell, Column, Moment};
use mysql_async::Value;
use mysql_async::consts::{ColumnFlags, ColumnType};

/// The character set of bytes that are no text.
const BINARY: u16 = 63;

/// How the text of a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int32,
    Uint32,
    Int64,
    Uint64,
    Float,
    Double,
    /// With the digits behind the second.
    Timestamp(u8),
    Bits,
    Bytes,
    Text,
}

impl Kind {
    pub fn of(column: &mysql_async::Column) -> Self {
        use ColumnType as T;
        let unsigned = column.flags().contains(ColumnFlags::UNSIGNED_FLAG);
        match column.column_type() {
            T::MYSQL_TYPE_TINY | T::MYSQL_TYPE_SHORT | T::MYSQL_TYPE_LONG | T::MYSQL_TYPE_INT24 => {
                if unsigned {
                    Self::Uint32
                } else {
                    Self::Int32
                }
            }
            T::MYSQL_TYPE_LONGLONG if unsigned => Self::Uint64,
            T::MYSQL_TYPE_LONGLONG => Self::Int64,
            T::MYSQL_TYPE_YEAR => Self::Int32,
            T::MYSQL_TYPE_FLOAT => Self::Float,
            T::MYSQL_TYPE_DOUBLE => Self::Double,
            T::MYSQL_TYPE_DATETIME
            | T::MYSQL_TYPE_DATETIME2
            | T::MYSQL_TYPE_TIMESTAMP
            | T::MYSQL_TYPE_TIMESTAMP2 => Self::Timestamp(column.decimals().min(6)),
            T::MYSQL_TYPE_BIT => Self::Bits,
            T::MYSQL_TYPE_GEOMETRY | T::MYSQL_TYPE_VECTOR => Self::Bytes,
            T::MYSQL_TYPE_STRING
            | T::MYSQL_TYPE_VAR_STRING
            | T::MYSQL_TYPE_VARCHAR
            | T::MYSQL_TYPE_BLOB
            | T::MYSQL_TYPE_TINY_BLOB
            | T::MYSQL_TYPE_MEDIUM_BLOB
            | T::MYSQL_TYPE_LONG_BLOB
                if column.character_set() == BINARY =>
            {
                Self::Bytes
            }
            _ => Self::Text,
        }
    }
}

pub(crate) fn cell(kind: Kind, value: Value) -> Cell {
    let bytes = match value {
        Value::NULL => return Cell::Null,
        Value::Bytes(bytes) => bytes,
        // Only prepared statements have others.
        other => return Cell::Text(other.as_sql(true)),
    };
    if kind == Kind::Bytes {
        return Cell::Bytes(bytes);
    }
    if kind == Kind::Bits && bytes.len() <= 8 {
        return Cell::Uint64(bytes.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => return Cell::Bytes(e.into_bytes()),
    };
    let read = match kind {
        Kind::Int32 => text.parse().ok().map(Cell::Int32),
        Kind::Uint32 => text.parse().ok().map(Cell::Uint32),
        Kind::Int64 => text.parse().ok().map(Cell::Int64),
        Kind::Uint64 => text.parse().ok().map(Cell::Uint64),
        Kind::Float => text.parse().ok().map(Cell::Float),
        Kind::Double => text.parse().ok().map(Cell::Double),
        Kind::Timestamp(digits) => Moment::parse(&text, digits).map(Cell::Timestamp),
        Kind::Bits | Kind::Bytes | Kind::Text => None,
    };
    read.unwrap_or(Cell::Text(text))
}

pub(crate) fn column(column: &mysql_async::Column) -> Column {
    Column { name: column.name_str().into_owned(), type_name: type_name(column) }
}

/// As one would declare it, as far as the protocol tells.
fn type_name(column: &mysql_async::Column) -> String {
    use ColumnType as T;
    let flags = column.flags();
    let binary = column.character_set() == BINARY;
    let name = match column.column_type() {
        T::MYSQL_TYPE_TINY => "tinyint",
        T::MYSQL_TYPE_SHORT => "smallint",
        T::MYSQL_TYPE_INT24 => "mediumint",
        T::MYSQL_TYPE_LONG => "int",
        T::MYSQL_TYPE_LONGLONG => "bigint",
        T::MYSQL_TYPE_FLOAT => "float",
        T::MYSQL_TYPE_DOUBLE => "double",
        T::MYSQL_TYPE_DECIMAL | T::MYSQL_TYPE_NEWDECIMAL => return decimal(column),
        T::MYSQL_TYPE_YEAR => return "year".to_owned(),
        T::MYSQL_TYPE_DATE | T::MYSQL_TYPE_NEWDATE => "date",
        T::MYSQL_TYPE_TIME | T::MYSQL_TYPE_TIME2 => "time",
        T::MYSQL_TYPE_DATETIME | T::MYSQL_TYPE_DATETIME2 => "datetime",
        T::MYSQL_TYPE_TIMESTAMP | T::MYSQL_TYPE_TIMESTAMP2 => return "timestamp".to_owned(),
        T::MYSQL_TYPE_BIT => return format!("bit({})", column.column_length()),
        T::MYSQL_TYPE_JSON => "json",
        T::MYSQL_TYPE_GEOMETRY => "geometry",
        T::MYSQL_TYPE_VECTOR => "vector",
        T::MYSQL_TYPE_NULL => return String::new(),
        _ if flags.contains(ColumnFlags::ENUM_FLAG) => "enum",
        _ if flags.contains(ColumnFlags::SET_FLAG) => "set",
        T::MYSQL_TYPE_STRING if binary => "binary",
        T::MYSQL_TYPE_STRING => "char",
        T::MYSQL_TYPE_VAR_STRING | T::MYSQL_TYPE_VARCHAR if binary => "varbinary",
        T::MYSQL_TYPE_VAR_STRING | T::MYSQL_TYPE_VARCHAR => "varchar",
        _ if binary => "blob",
        _ => "text",
    };
    let unsigned = flags.contains(ColumnFlags::UNSIGNED_FLAG);
    if unsigned { format!("{name} unsigned") } else { name.to_owned() }
}

/// The protocol tells the characters that it may take: a sign and a point are among them.
fn decimal(column: &mysql_async::Column) -> String {
    let scale = u32::from(column.decimals());
    let unsigned = column.flags().contains(ColumnFlags::UNSIGNED_FLAG);
    let extra = u32::from(scale > 0) + u32::from(!unsigned);
    let precision = column.column_length().saturating_sub(extra);
    format!("decimal({precision},{scale}){}", if unsigned { " unsigned" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, text: &[u8]) -> Cell {
        cell(kind, Value::Bytes(text.to_vec()))
    }

    #[test]
    fn values_stay_whole() {
        assert_eq!(read(Kind::Uint64, b"18446744073709551615"), Cell::Uint64(u64::MAX));
        assert_eq!(read(Kind::Int32, b"00007"), Cell::Int32(7));
        assert_eq!(read(Kind::Bits, &[1, 0]), Cell::Uint64(256));
        assert_eq!(read(Kind::Text, b"1.10"), Cell::Text("1.10".to_owned()));
        assert_eq!(read(Kind::Text, &[0xff]), Cell::Bytes(vec![0xff]));
        let zero = "0000-00-00 00:00:00";
        assert_eq!(read(Kind::Timestamp(0), zero.as_bytes()), Cell::Text(zero.to_owned()));
        assert_eq!(cell(Kind::Int32, Value::NULL), Cell::Null);
    }
}
