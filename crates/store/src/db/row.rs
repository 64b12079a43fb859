//! One row of an answer, read by column name.

use base::Time;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column as _, Row as _, TypeInfo as _};

use crate::error::{Result, StoreError};
use crate::sql::Value;

/// A row. A missing column or a wrong type is a mistake of the query, told as [`StoreError::Corrupt`].
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! get {
    ($self:ident, $column:ident, $type:ty) => {
        match $self {
            Self::Sqlite(row) => row.try_get::<$type, _>($column),
            Self::Postgres(row) => row.try_get::<$type, _>($column),
        }
        .map_err(|e| StoreError::corrupt(format!("column {}", $column), e))
    };
}

impl Row {
    pub fn int(&self, column: &str) -> Result<i64> {
        get!(self, column, i64)
    }

    pub fn opt_int(&self, column: &str) -> Result<Option<i64>> {
        get!(self, column, Option<i64>)
    }

    pub fn bool(&self, column: &str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    pub fn text(&self, column: &str) -> Result<String> {
        get!(self, column, String)
    }

    /// None for the empty text, which stands for "none" in NOT NULL columns.
    pub fn non_empty(&self, column: &str) -> Result<Option<String>> {
        Ok(Some(self.text(column)?).filter(|s| !s.is_empty()))
    }

    pub fn bytes(&self, column: &str) -> Result<Vec<u8>> {
        get!(self, column, Vec<u8>)
    }

    pub fn time(&self, column: &str) -> Result<Time> {
        self.int(column).map(Time::from_micros)
    }

    pub fn opt_time(&self, column: &str) -> Result<Option<Time>> {
        Ok(self.opt_int(column)?.map(Time::from_micros))
    }

    /// The number of columns.
    pub(crate) fn width(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.len(),
            Self::Postgres(row) => row.len(),
        }
    }

    /// The columns' names in order.
    pub(crate) fn columns(&self) -> Vec<String> {
        match self {
            Self::Sqlite(row) => row.columns().iter().map(|c| c.name().to_owned()).collect(),
            Self::Postgres(row) => row.columns().iter().map(|c| c.name().to_owned()).collect(),
        }
    }

    /// The value at a place, whatever of our three types it is: for backups.
    pub(crate) fn value(&self, index: usize) -> Result<Value> {
        let corrupt = |e| StoreError::corrupt(format!("column {index}"), e);
        macro_rules! at {
            ($type:ty) => {
                match self {
                    Self::Sqlite(row) => row.try_get::<Option<$type>, _>(index),
                    Self::Postgres(row) => row.try_get::<Option<$type>, _>(index),
                }
                .map_err(corrupt)
            };
        }
        // The column's declared type, not the value's: NULL must keep it.
        let declared = match self {
            Self::Sqlite(row) => row.columns()[index].type_info().name(),
            Self::Postgres(row) => row.columns()[index].type_info().name(),
        };
        match declared {
            "INTEGER" | "BIGINT" | "INT8" => at!(i64).map(Value::Int),
            "TEXT" => at!(String).map(Value::Text),
            "BLOB" | "BYTEA" => at!(Vec<u8>).map(Value::Bytes),
            other => Err(StoreError::corrupt(
                format!("column {index}"),
                format!("type {other} is not one the store uses"),
            )),
        }
    }
}
