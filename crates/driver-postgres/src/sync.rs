//! The whole catalog of a database, by a fixed number of set-based queries in one read-only snapshot.
//!
//! All of them go to the server in one message, so that no round trip lies between two. Rows are put in place as they come, found
//! again by object id; nothing is held twice. The search path is empty while reading, so that every name in a definition is
//! qualified, and the settings that shape printed values are fixed, so that two reads of an unchanged database are equal whoever
//! makes them. Members of extensions are left out: the extension brings them.

mod columns;
mod constraints;
mod indexes;
mod place;
mod query;
mod relations;
mod routines;
mod tables;
mod types;
mod views;

use engine::Failure;
use schema::Catalog;
use tokio_postgres::Client;

use crate::rows;
use place::Builder;
use query::Query;

pub async fn sync_database(client: &Client, major: u32) -> Result<Catalog, Failure> {
    let queries = queries(major);
    let sql: Vec<_> = queries.iter().map(|q| q.sql.as_ref()).collect();
    let mut builder = Builder::new();
    let read = rows::each_of(client, &sql.join(";"), |n, row| {
        if let Some(query) = queries.get(n) {
            (query.take)(&mut builder, row);
        }
    })
    .await;
    if let Err(failure) = read {
        // The message ended there, in its transaction. That failure is the one to tell.
        if let Err(failure) = rows::run(client, "ROLLBACK").await {
            tracing::debug!(%failure, "a failed sync could not be rolled back");
        }
        return Err(failure);
    }
    Ok(builder.finish())
}

/// In the order in which their rows find each other.
fn queries(major: u32) -> Vec<Query> {
    vec![
        Query::silent("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        database(),
        Query::silent(SETTINGS),
        relations::schemas(),
        relations::relations(),
        relations::inheritance(),
        columns::columns(major),
        columns::sequences(),
        indexes::indexes(major),
        constraints::constraints(major),
        views::definitions(),
        views::dependencies(),
        routines::routines(major),
        routines::dependencies(),
        tables::triggers(),
        tables::rules(),
        tables::policies(),
        types::enums(),
        types::composites(),
        types::domains(),
        types::ranges(),
        types::extensions(),
        // It held nothing but a snapshot.
        Query::silent("ROLLBACK"),
    ]
}

/// Under which everything but the database's own facts is read. A definition that waits for a lock (views do) must not hang the sync
/// behind somebody's ALTER TABLE.
const SETTINGS: &str = "SELECT pg_catalog.set_config(s.name, s.value, true) FROM (VALUES \
    ('search_path', ''), ('quote_all_identifiers', 'off'), ('DateStyle', 'ISO, YMD'), \
    ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'), ('extra_float_digits', '1'), \
    ('bytea_output', 'hex'), ('lock_timeout', '15s')) s(name, value)";

/// Facts of the database itself.
fn database() -> Query {
    const SQL: &str = "SELECT d.datname, \
        pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, pg_catalog.pg_get_userbyid(d.datdba), \
        pg_catalog.current_setting('search_path') \
        FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";
    Query::new(SQL, |b, row| {
        b.catalog.name = row.text();
        b.catalog.character_set = row.text();
        b.catalog.collation = row.text();
        b.catalog.owner = row.text();
        b.catalog.search_path = row.text();
    })
}
