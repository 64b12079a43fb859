//! What reads the scripts of each engine, from text alone: one line a family.

use base::EngineKind;
use sql::Reader;

/// Knows the reader of each engine of a family.
type Family = fn(EngineKind) -> Option<&'static dyn Reader>;

const FAMILIES: &[Family] = &[
    sql_postgres::reader,
    sql_mysql::reader,
    sql_sqlite::reader,
    sql_mssql::reader,
    sql_oracle::reader,
    sql_snowflake::reader,
    sql_bigquery::reader,
    sql_standard::reader,
];

/// None for engines whose language is not like SQL.
pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    FAMILIES.iter().find_map(|family| family(kind))
}
