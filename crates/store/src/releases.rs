//! Releases, named per project by train and iteration.

use base::page::Page;

use crate::changed_one;
use crate::counters::{self, Kind};
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{self, List, ListSpec};
use crate::payload::{decode, encode, from_word, word};
use crate::rows::{Release, State};
use crate::sql::sql;

pub const PROJECT: Field = Field::text("project", "release.project");
pub const ID: Field = Field::text("id", "release.id");
pub const TYPE: Field = Field::text("type", "release.kind");
pub const CATEGORY: Field = Field::text("category", "release.category").searched("release.search");
pub const TRAIN: Field = Field::text("train", "release.train");
pub const CREATOR: Field = Field::text("creator", "release.creator");
pub const STATE: Field = Field::text("state", "release.state");
pub const CREATED: Field = Field::time("create_time", "release.created_at");
pub const FIELDS: &[Field] = &[PROJECT, ID, TYPE, CATEGORY, TRAIN, CREATOR, STATE, CREATED];

/// Newest first within a project.
const LIST: ListSpec = ListSpec {
    id: "releases",
    columns: "release.*",
    from: "release",
    key: &[PROJECT, CREATED, ID],
    descending: true,
};

pub async fn get(conn: &mut Conn, project: &str, id: &str) -> Result<Option<Release>> {
    let text = sql("SELECT * FROM release WHERE project = $1 AND id = $2").bind(project).bind(id);
    conn.optional(text).await?.as_ref().map(release).transpose()
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Release>> {
    page::fetch_page(conn, &LIST, args, release).await
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    page::count(conn, &LIST, filter).await
}

/// Takes the train's next iteration: sets `row.iteration`, `row.id` (train and at least two digits) and `row.version`.
pub async fn insert(conn: &mut Conn, row: &mut Release) -> Result<()> {
    let next = counters::take(conn, &row.project, Kind::Release(&row.train), 1).await?;
    row.iteration = next - 1;
    row.id = format!("{}{:02}", row.train, row.iteration);
    let text = "INSERT INTO release (project, id, train, iteration, kind, category, search, creator, state, payload,
        version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)";
    let insert = sql(text)
        .bind(&row.project)
        .bind(&row.id)
        .bind(&row.train)
        .bind(row.iteration)
        .bind(word(row.kind)?)
        .bind(&row.category)
        .bind(row.category.to_lowercase())
        .bind(&row.creator)
        .bind(word(row.state)?)
        .bind(encode(&row.payload)?)
        .bind(row.created_at);
    let inserted = conn.run(insert).await;
    inserted.map_err(|e| e.about(format!("projects/{}/releases/{}", row.project, row.id)))?;
    row.version = 1;
    Ok(())
}

/// Writes payload and state, guarded by the version.
pub async fn update(conn: &mut Conn, row: &mut Release) -> Result<()> {
    let text = "UPDATE release SET state = $4, payload = $5, version = version + 1
        WHERE project = $1 AND id = $2 AND version = $3";
    let update = sql(text)
        .bind(&row.project)
        .bind(&row.id)
        .bind(row.version)
        .bind(word(row.state)?)
        .bind(encode(&row.payload)?);
    let changed = conn.run(update).await?;
    changed_one(changed, || format!("projects/{}/releases/{}", row.project, row.id))?;
    row.version += 1;
    Ok(())
}

/// Those that releases of the project have which are not deleted, in alphabetical order.
pub async fn categories(conn: &mut Conn, project: &str) -> Result<Vec<String>> {
    let text = "SELECT DISTINCT category FROM release
        WHERE project = $1 AND state = $2 AND category <> '' ORDER BY category";
    let rows = conn.all(sql(text).bind(project).bind(word(State::Active)?)).await?;
    rows.iter().map(|row| row.text("category")).collect()
}

fn release(row: &Row) -> Result<Release> {
    let (project, id) = (row.text("project")?, row.text("id")?);
    let what = format!("projects/{project}/releases/{id}");
    Ok(Release {
        train: row.text("train")?,
        iteration: row.int("iteration")?,
        kind: from_word(&what, &row.text("kind")?)?,
        category: row.text("category")?,
        creator: row.text("creator")?,
        state: from_word(&what, &row.text("state")?)?,
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        project,
        id,
    })
}
