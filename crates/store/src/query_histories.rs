//! What people ran in the SQL editor.

use base::page::Page;

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::Field;
use crate::page::{List, ListSpec, fetch_page};
use crate::payload;
use crate::rows::QueryHistory;
use crate::sql::sql;

/// Bytes of a statement that a search looks at.
const SEARCHED: usize = 16 << 10;

pub const ID: Field = Field::text("id", "query_history.id");
pub const PROJECT: Field = Field::text("project", "query_history.project");
pub const INSTANCE: Field = Field::text("instance", "query_history.instance");
pub const DATABASE: Field = Field::text("database", "query_history.database_name");
pub const CREATOR: Field = Field::text("creator", "query_history.creator");
pub const KIND: Field = Field::text("type", "query_history.kind");
pub const STATUS: Field = Field::text("status", "query_history.status");
pub const STATEMENT: Field =
    Field::text("statement", "query_history.statement").searched("query_history.search");
pub const CREATED: Field = Field::time("create_time", "query_history.created_at");

pub const FIELDS: &[Field] =
    &[PROJECT, INSTANCE, DATABASE, CREATOR, KIND, STATUS, STATEMENT, CREATED];

const LIST: ListSpec = ListSpec {
    id: "queryHistories",
    columns: "query_history.*",
    from: "query_history",
    key: &[ID],
    descending: true,
};

pub async fn insert(conn: &mut Conn, h: &QueryHistory) -> Result<()> {
    let text = "INSERT INTO query_history (id, project, instance, database_name, creator, kind, status, statement,
        search, error, duration_ms, row_count, data_source, db_schema, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let search = h.statement[..h.statement.floor_char_boundary(SEARCHED)].to_lowercase();
    let text = sql(text)
        .bind(&h.id)
        .bind(&h.project)
        .bind(&h.instance)
        .bind(&h.database)
        .bind(&h.creator)
        .bind(payload::word(h.kind)?)
        .bind(payload::word(h.status)?)
        .bind(&h.statement)
        .bind(search)
        .bind(&h.error)
        .bind(h.duration_ms)
        .bind(h.rows)
        .bind(&h.data_source)
        .bind(&h.schema)
        .bind(h.created_at);
    conn.run(text).await?;
    Ok(())
}

pub async fn get(conn: &mut Conn, project: &str, id: &str) -> Result<Option<QueryHistory>> {
    let text = "SELECT * FROM query_history WHERE id = $1 AND project = $2";
    conn.optional(sql(text).bind(id).bind(project)).await?.as_ref().map(read).transpose()
}

/// Newest first.
pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<QueryHistory>> {
    fetch_page(conn, &LIST, args, read).await
}

fn read(row: &Row) -> Result<QueryHistory> {
    let id = row.text("id")?;
    let what = format!("query history {id}");
    Ok(QueryHistory {
        project: row.text("project")?,
        instance: row.text("instance")?,
        database: row.text("database_name")?,
        creator: row.text("creator")?,
        kind: payload::from_word(&what, &row.text("kind")?)?,
        status: payload::from_word(&what, &row.text("status")?)?,
        statement: row.text("statement")?,
        error: row.text("error")?,
        duration_ms: row.int("duration_ms")?,
        rows: row.int("row_count")?,
        data_source: row.text("data_source")?,
        schema: row.text("db_schema")?,
        created_at: row.time("created_at")?,
        id,
    })
}
