//! The catalog of one database by a fixed number of questions to information_schema, and the server's own statements for
//! what information_schema tells only in part.
//!
//! The dictionary takes no part in transactions, so there is no snapshot of it: what comes or goes meanwhile is either
//! wholly in the catalog or not in it.

mod columns;
mod constraints;
mod indexes;
pub(crate) mod instance;
mod partitions;
mod programs;
pub(crate) mod show;
mod tables;
mod views;

use std::collections::BTreeMap;

use engine::{Failure, FailureKind};
use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;
use schema::{Catalog, Schema, Table, View};
use sql_mysql::shown;

use crate::classify_error::failure;
use crate::flavor::Flavor;
use crate::rows::{literal, read};

/// What the readers share: the connection, and where to look.
struct Reader<'a> {
    conn: &'a mut Conn,
    flavor: Flavor,
    /// The database's name as a string literal: with a constant the server looks at one database only.
    db: String,
    name: String,
}

/// Tables and views by name, as they are put together.
#[derive(Default)]
struct Draft {
    tables: BTreeMap<String, Table>,
    views: BTreeMap<String, View>,
}

pub(crate) async fn database(conn: &mut Conn, flavor: Flavor) -> Result<Catalog, Failure> {
    // Other modes change how the server writes its statements (ANSI_QUOTES, NO_TABLE_OPTIONS…).
    let mode: Option<String> =
        conn.query_first("SELECT @@SESSION.sql_mode").await.map_err(failure)?;
    let mode = literal(&mode.unwrap_or_default());
    conn.query_drop("SET SESSION sql_mode = '', sql_quote_show_create = 1")
        .await
        .map_err(failure)?;
    if flavor.is_mysql((8, 0, 3)) {
        // Else statistics may be a day old.
        let fresh = "SET SESSION information_schema_stats_expiry = 0";
        conn.query_drop(fresh).await.map_err(failure)?;
    }
    let catalog = catalog(conn, flavor).await;
    if !conn.is_disconnected() {
        conn.query_drop(format!("SET SESSION sql_mode = {mode}")).await.map_err(failure)?;
    }
    catalog
}

async fn catalog(conn: &mut Conn, flavor: Flavor) -> Result<Catalog, Failure> {
    let sql = "SELECT schema_name, default_character_set_name, default_collation_name
               FROM information_schema.schemata WHERE schema_name = DATABASE()";
    let mut rows = read(conn, sql).await?;
    let Some(head) = rows.first_mut() else {
        return Err(Failure::new(FailureKind::NoDatabase, "the session is in no database"));
    };
    let (name, character_set, collation) = (head.text(0), head.text(1), head.text(2));
    let mut reader = Reader { conn, flavor, db: literal(&name), name: name.clone() };
    let mut draft = Draft::default();
    let (sequences, size) = tables::read_all(&mut reader, &mut draft).await?;
    columns::read_all(&mut reader, &mut draft).await?;
    indexes::read_all(&mut reader, &mut draft).await?;
    constraints::read_all(&mut reader, &mut draft).await?;
    partitions::read_all(&mut reader, &mut draft).await?;
    views::read_all(&mut reader, &mut draft).await?;
    programs::triggers(&mut reader, &mut draft).await?;
    let schema = Schema {
        sequences,
        routines: programs::routines(&mut reader).await?,
        events: programs::events(&mut reader).await?,
        tables: draft.tables.into_values().map(Into::into).collect(),
        views: draft.views.into_values().map(Into::into).collect(),
        ..Schema::default()
    };
    Ok(Catalog {
        name,
        character_set,
        collation,
        size,
        schemas: vec![schema],
        ..Catalog::default()
    })
}

impl Reader<'_> {
    /// An expression of information_schema, as the script that restores it must have it.
    fn expression(&self, text: String) -> String {
        shown::without_database(&unescaped(self.flavor, text), &self.name)
    }
}

/// MySQL writes expressions in information_schema with the quotes escaped; MariaDB as they are.
fn unescaped(flavor: Flavor, text: String) -> String {
    if flavor.is_mariadb() || !text.contains('\\') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('0') => '\0',
                Some(other) => other,
                None => '\\',
            }),
            c => out.push(c),
        }
    }
    out
}
