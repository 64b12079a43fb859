//! Plans. Numbers count per project.

use base::page::Page;

use crate::counters;
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{List, ListSpec, fetch_page};
use crate::payload;
use crate::rows::{Plan, State};
use crate::sql::sql;

pub const PROJECT: Field = Field::text("project", "plan.project");
pub const ID: Field = Field::int("id", "plan.id");
pub const CREATOR: Field = Field::text("creator", "plan.creator");
pub const TITLE: Field = Field::text("title", "plan.title").searched("plan.search");
pub const STATE: Field = Field::text("state", "plan.state");
pub const HAS_ROLLOUT: Field = Field::bool("has_rollout", "plan.has_rollout");
pub const CREATED: Field = Field::time("create_time", "plan.created_at");
pub const UPDATED: Field = Field::time("update_time", "plan.updated_at");

pub const FIELDS: &[Field] = &[CREATOR, TITLE, STATE, HAS_ROLLOUT, CREATED, UPDATED];

const LIST: ListSpec = ListSpec {
    id: "plans",
    columns: "plan.*",
    from: "plan",
    key: &[PROJECT, ID],
    descending: true,
};

/// Writes a new plan; gives its number. `id` of the argument does not count.
pub async fn insert(conn: &mut Conn, plan: &Plan) -> Result<i64> {
    let id = counters::take(conn, &plan.project, counters::Kind::Plan, 1).await?;
    let text = "INSERT INTO plan (project, id, title, search, description, creator, state, has_rollout, input_version,
        payload, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let text = sql(text)
        .bind(&plan.project)
        .bind(id)
        .bind(&plan.title)
        .bind(plan.title.to_lowercase())
        .bind(&plan.description)
        .bind(&plan.creator)
        .bind(payload::word(plan.state)?)
        .bind(plan.has_rollout)
        .bind(plan.input_version)
        .bind(payload::encode(&plan.payload)?)
        .bind(plan.version)
        .bind(plan.created_at)
        .bind(plan.updated_at);
    conn.run(text).await?;
    Ok(id)
}

pub async fn get(conn: &mut Conn, project: &str, id: i64) -> Result<Option<Plan>> {
    let text = sql("SELECT * FROM plan WHERE project = $1 AND id = $2").bind(project).bind(id);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// The same, kept from others until the transaction ends.
pub async fn lock(conn: &mut Conn, project: &str, id: i64) -> Result<Option<Plan>> {
    let mut text = sql("SELECT * FROM plan WHERE project = $1 AND id = $2").bind(project).bind(id);
    text.push(conn.words().for_update);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// Newest first.
pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Plan>> {
    fetch_page(conn, &LIST, args, read).await
}

/// Plans of a project by their numbers.
pub async fn of_ids(conn: &mut Conn, project: &str, ids: &[i64]) -> Result<Vec<Plan>> {
    let filter = Filter::eq(PROJECT, project).and(Filter::is_in(ID, ids.iter().copied()));
    Ok(list(conn, &List::of(filter)).await?.items)
}

/// Writes what a plan may change, if it still has `plan.version`; the new version is one more. False: somebody was faster.
pub async fn update(conn: &mut Conn, plan: &Plan) -> Result<bool> {
    let text = "UPDATE plan SET title = $1, search = $2, description = $3, state = $4, has_rollout = $5, input_version = $6,
        payload = $7, updated_at = $8, version = version + 1 WHERE project = $9 AND id = $10 AND version = $11";
    let text = sql(text)
        .bind(&plan.title)
        .bind(plan.title.to_lowercase())
        .bind(&plan.description)
        .bind(payload::word(plan.state)?)
        .bind(plan.has_rollout)
        .bind(plan.input_version)
        .bind(payload::encode(&plan.payload)?)
        .bind(plan.updated_at)
        .bind(&plan.project)
        .bind(plan.id)
        .bind(plan.version);
    Ok(conn.run(text).await? == 1)
}

fn read(row: &Row) -> Result<Plan> {
    let (project, id) = (row.text("project")?, row.int("id")?);
    let what = format!("projects/{project}/plans/{id}");
    Ok(Plan {
        title: row.text("title")?,
        description: row.text("description")?,
        creator: row.text("creator")?,
        state: payload::from_word::<State>(&what, &row.text("state")?)?,
        has_rollout: row.bool("has_rollout")?,
        input_version: row.int("input_version")?,
        payload: payload::decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
