//! The whole catalog of a database, by a fixed number of set-based queries in one read-only snapshot.
//!
//! Rows are put in place as they come, found again by object id; nothing is held twice. The search path is empty while
//! reading, so that every name in a definition is qualified, and the settings that shape printed values are fixed, so
//! that two reads of an unchanged database are equal whoever makes them. Members of extensions are left out:
//! the extension brings them.

mod columns;
mod constraints;
mod indexes;
mod place;
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

pub async fn sync_database(client: &Client) -> Result<Catalog, Failure> {
    rows::run(client, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let read = read(client).await;
    // The transaction held nothing but a snapshot. When reading failed, that failure is the one to tell.
    let ended = rows::run(client, "ROLLBACK").await;
    let catalog = read?;
    ended?;
    Ok(catalog)
}

async fn read(client: &Client) -> Result<Catalog, Failure> {
    let mut builder = database(client).await?;
    let b = &mut builder;
    relations::schemas(client, b).await?;
    relations::relations(client, b).await?;
    relations::inheritance(client, b).await?;
    columns::columns(client, b).await?;
    columns::sequences(client, b).await?;
    indexes::indexes(client, b).await?;
    constraints::constraints(client, b).await?;
    views::definitions(client, b).await?;
    views::dependencies(client, b).await?;
    routines::routines(client, b).await?;
    routines::dependencies(client, b).await?;
    tables::triggers(client, b).await?;
    tables::rules(client, b).await?;
    tables::policies(client, b).await?;
    types::enums(client, b).await?;
    types::composites(client, b).await?;
    types::domains(client, b).await?;
    types::ranges(client, b).await?;
    types::extensions(client, b).await?;
    Ok(builder.finish())
}

/// Facts of the database itself, and the settings under which everything else is read.
async fn database(client: &Client) -> Result<Builder, Failure> {
    const DATABASE: &str = "SELECT pg_catalog.current_setting('server_version_num'), d.datname, \
        pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, pg_catalog.pg_get_userbyid(d.datdba), \
        pg_catalog.current_setting('search_path') \
        FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";
    // A definition that waits for a lock (views do) must not hang the sync behind somebody's ALTER TABLE.
    const SETTINGS: &str = "SELECT pg_catalog.set_config(s.name, s.value, true) FROM (VALUES \
        ('search_path', ''), ('quote_all_identifiers', 'off'), ('DateStyle', 'ISO, YMD'), \
        ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'), ('extra_float_digits', '1'), \
        ('bytea_output', 'hex'), ('lock_timeout', '15s')) s(name, value)";
    let mut version = 0;
    let mut catalog = Catalog::default();
    rows::each(client, DATABASE, |row| {
        version = row.number().unwrap_or(0);
        catalog.name = row.text();
        catalog.character_set = row.text();
        catalog.collation = row.text();
        catalog.owner = row.text();
        catalog.search_path = row.text();
    })
    .await?;
    rows::run(client, SETTINGS).await?;
    Ok(Builder::new(catalog, version))
}
