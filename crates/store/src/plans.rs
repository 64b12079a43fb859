//! Plans, numbered per project.

use std::collections::HashMap;

use base::Time;
use base::page::Page;
use policy::rollout::TaskStatus;

use crate::changed_one;
use crate::counters::{self, Kind};
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{self, List, ListSpec};
use crate::pairs;
use crate::payload::{decode, encode, from_word, word};
use crate::rows::{Plan, PlanPayload, SpecConfig};
use crate::sql::sql;

pub const PROJECT: Field = Field::text("project", "plan.project");
pub const ID: Field = Field::int("id", "plan.id");
pub const CREATOR: Field = Field::text("creator", "plan.creator");
pub const TITLE: Field = Field::text("title", "plan.title").searched("plan.search");
pub const STATE: Field = Field::text("state", "plan.state");
pub const HAS_ROLLOUT: Field = Field::bool("has_rollout", "plan.has_rollout");
/// `create_database` or `change_database`; empty without specs.
pub const SPEC_KIND: Field = Field::text("spec_type", "plan.spec_kind");
pub const CREATED: Field = Field::time("create_time", "plan.created_at");
pub const UPDATED: Field = Field::time("update_time", "plan.updated_at");
/// Plans with a rollout that has a task of that kind: `DATABASE_MIGRATE`, `DATABASE_CREATE`.
pub const TASK_KIND: Field = Field::text("task_type", "task.kind").within(
    "EXISTS (SELECT 1 FROM task WHERE task.project = plan.project AND task.plan = plan.id AND {})",
);
/// Marked as a hotfix.
pub const HOTFIX: Field = Field::bool("hotfix", "plan.hotfix");
/// A task of its rollout is neither done nor skipped.
pub const OPEN_TASKS: Field = Field::bool(
    "has_open_tasks",
    "(CASE WHEN EXISTS (SELECT 1 FROM task WHERE task.project = plan.project AND task.plan = plan.id AND task.status NOT IN ('DONE', 'SKIPPED')) THEN 1 ELSE 0 END)",
);
pub const FIELDS: &[Field] = &[
    PROJECT,
    ID,
    CREATOR,
    TITLE,
    STATE,
    HAS_ROLLOUT,
    HOTFIX,
    OPEN_TASKS,
    SPEC_KIND,
    CREATED,
    UPDATED,
    TASK_KIND,
];

/// Newest first within a project.
const LIST: ListSpec = ListSpec {
    id: "plans",
    columns: "plan.*",
    from: "plan",
    key: &[PROJECT, ID],
    descending: true,
};

/// How many tasks of a plan's rollout are in which state, where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCount {
    pub environment: Option<String>,
    pub status: TaskStatus,
    pub count: i64,
}

pub async fn get(conn: &mut Conn, project: &str, id: i64) -> Result<Option<Plan>> {
    Ok(get_many(conn, &[(project.to_owned(), id)]).await?.pop())
}

/// As [`get`]; other transactions that change the plan wait until this one ends.
pub async fn get_for_update(conn: &mut Conn, project: &str, id: i64) -> Result<Option<Plan>> {
    let mut text = sql("SELECT * FROM plan WHERE project = $1 AND id = $2").bind(project).bind(id);
    text.push(conn.words().for_update);
    conn.optional(text).await?.as_ref().map(plan).transpose()
}

/// By (project, id).
pub async fn get_many(conn: &mut Conn, keys: &[(String, i64)]) -> Result<Vec<Plan>> {
    let text = "SELECT * FROM plan WHERE (project, id) IN ";
    pairs::read(conn, text, keys, "", plan).await
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Plan>> {
    page::fetch_page(conn, &LIST, args, plan).await
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    page::count(conn, &LIST, filter).await
}

/// Takes the project's next number: sets `row.id`, `row.version` and, when 0, `row.input_version`.
pub async fn insert(conn: &mut Conn, row: &mut Plan) -> Result<()> {
    row.id = counters::take(conn, &row.project, Kind::Plan, 1).await?;
    row.input_version = row.input_version.max(1);
    let text = "INSERT INTO plan (project, id, title, search, description, creator, state, has_rollout, spec_kind,
        input_version, payload, version, created_at, updated_at, hotfix)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14)";
    let insert = sql(text)
        .bind(&row.project)
        .bind(row.id)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(&row.description)
        .bind(&row.creator)
        .bind(word(row.state)?)
        .bind(row.has_rollout)
        .bind(spec_kind(&row.payload))
        .bind(row.input_version)
        .bind(encode(&row.payload)?)
        .bind(row.created_at)
        .bind(row.updated_at)
        .bind(row.payload.hotfix.is_some());
    conn.run(insert).await.map_err(|e| e.about(name(row)))?;
    row.version = 1;
    Ok(())
}

/// Writes every field; counting up `input_version` when the specs change is the caller's.
pub async fn update(conn: &mut Conn, row: &mut Plan, now: Time) -> Result<()> {
    let text = "UPDATE plan SET title = $4, search = $5, description = $6, state = $7, has_rollout = $8, spec_kind = $9,
        input_version = $10, payload = $11, updated_at = $12, hotfix = $13, version = version + 1
        WHERE project = $1 AND id = $2 AND version = $3";
    let update = sql(text)
        .bind(&row.project)
        .bind(row.id)
        .bind(row.version)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(&row.description)
        .bind(word(row.state)?)
        .bind(row.has_rollout)
        .bind(spec_kind(&row.payload))
        .bind(row.input_version)
        .bind(encode(&row.payload)?)
        .bind(now)
        .bind(row.payload.hotfix.is_some());
    changed_one(conn.run(update).await?, || name(row))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    Ok(())
}

/// Task counts of many plans at once; plans without tasks are absent.
pub async fn task_counts(
    conn: &mut Conn,
    keys: &[(String, i64)],
) -> Result<HashMap<(String, i64), Vec<TaskCount>>> {
    let text = "SELECT project, plan, environment, status, count(*) AS n FROM task WHERE (project, plan) IN ";
    let end = " GROUP BY project, plan, environment, status ORDER BY environment, status";
    let read = |row: &Row| {
        let count = TaskCount {
            environment: row.non_empty("environment")?,
            status: from_word("task status", &row.text("status")?)?,
            count: row.int("n")?,
        };
        Ok(((row.text("project")?, row.int("plan")?), count))
    };
    let mut out: HashMap<_, Vec<TaskCount>> = HashMap::new();
    for (key, count) in pairs::read(conn, text, keys, end, read).await? {
        out.entry(key).or_default().push(count);
    }
    Ok(out)
}

/// Says in which project and plan, for messages.
fn name(row: &Plan) -> String {
    format!("projects/{}/plans/{}", row.project, row.id)
}

fn spec_kind(payload: &PlanPayload) -> &'static str {
    match payload.specs.first().map(|s| &s.config) {
        Some(SpecConfig::CreateDatabase(_)) => "create_database",
        Some(SpecConfig::ChangeDatabase(_)) => "change_database",
        None => "",
    }
}

fn plan(row: &Row) -> Result<Plan> {
    let (project, id) = (row.text("project")?, row.int("id")?);
    let what = format!("projects/{project}/plans/{id}");
    Ok(Plan {
        title: row.text("title")?,
        description: row.text("description")?,
        creator: row.text("creator")?,
        state: from_word(&what, &row.text("state")?)?,
        has_rollout: row.bool("has_rollout")?,
        input_version: row.int("input_version")?,
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
