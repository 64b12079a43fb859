//! What came of looking at repositories, and which messages of hosts were taken.

use base::Time;
use base::page::Page;

use crate::changed_one;
use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{List, ListSpec, fetch_page};
use crate::payload::{decode, encode, from_word, word};
use crate::rows::{CommitReport, RepositorySync, RepositorySyncStatus};
use crate::sql::sql;

/// UUIDv7: the order of time.
const ID: Field = Field::text("id", "repository_sync.id");
const PROJECT: Field = Field::text("project", "repository_sync.project");
const REPOSITORY: Field = Field::text("repository", "repository_sync.repository");
/// Looked at together.
const MOST_DUE: i64 = 100;
/// A sync that waits makes its rollout; one that is done looks what becomes of it, while it has a time for that.
const FOLLOWED: [RepositorySyncStatus; 2] =
    [RepositorySyncStatus::Waiting, RepositorySyncStatus::Done];

const LIST: ListSpec = ListSpec {
    id: "repository_syncs",
    columns: "repository_sync.*",
    from: "repository_sync",
    key: &[ID, PROJECT, REPOSITORY],
    descending: true,
};

/// Its resource name.
pub fn name(project: &str, repository: &str, id: &str) -> String {
    format!("{}/syncs/{id}", crate::repositories::name(project, repository))
}

/// Newest first.
pub async fn list(
    conn: &mut Conn,
    project: &str,
    repository: &str,
    args: &List,
) -> Result<Page<RepositorySync>> {
    let here = Filter::eq(PROJECT, project).and(Filter::eq(REPOSITORY, repository));
    let args = List { filter: args.filter.clone().and(here), ..args.clone() };
    fetch_page(conn, &LIST, &args, read).await
}

/// The newest of each repository of the project.
pub async fn newest(conn: &mut Conn, project: &str) -> Result<Vec<RepositorySync>> {
    let text = "SELECT * FROM repository_sync WHERE project = $1 AND id IN
        (SELECT max(id) FROM repository_sync WHERE project = $1 GROUP BY repository)";
    conn.all(sql(text).bind(project)).await?.iter().map(read).collect()
}

/// Those that have not looked at the branch yet, newest first.
pub async fn open(conn: &mut Conn, project: &str, repository: &str) -> Result<Vec<RepositorySync>> {
    let words = [RepositorySyncStatus::Pending, RepositorySyncStatus::Retrying];
    let words = words.into_iter().map(word).collect::<Result<Vec<_>>>()?;
    let mut text = sql("SELECT * FROM repository_sync WHERE status IN ");
    text.push_list(&words).push(" AND project = ").push_bind(project);
    text.push(" AND repository = ").push_bind(repository).push(" ORDER BY id");
    text.push(conn.words().by_bytes).push(" DESC");
    conn.all(text).await?.iter().map(read).collect()
}

/// Those whose rollout is to be made now, or looked at for the host.
pub async fn waiting(conn: &mut Conn, now: Time) -> Result<Vec<RepositorySync>> {
    let text = "SELECT * FROM repository_sync WHERE status IN ($1, $2) AND next_at <= $3 ORDER BY next_at LIMIT $4";
    let [waiting, done] = FOLLOWED;
    let text = sql(text).bind(word(waiting)?).bind(word(done)?).bind(now).bind(MOST_DUE);
    conn.all(text).await?.iter().map(read).collect()
}

/// When the next of them is due that is not yet.
pub async fn next_waiting(conn: &mut Conn, now: Time) -> Result<Option<Time>> {
    let text = "SELECT min(next_at) AS next_at FROM repository_sync WHERE status IN ($1, $2) AND next_at > $3";
    let [waiting, done] = FOLLOWED;
    let text = sql(text).bind(word(waiting)?).bind(word(done)?).bind(now);
    conn.one(text).await?.opt_time("next_at")
}

pub async fn get(
    conn: &mut Conn,
    project: &str,
    repository: &str,
    id: &str,
) -> Result<Option<RepositorySync>> {
    let text = "SELECT * FROM repository_sync WHERE project = $1 AND repository = $2 AND id = $3";
    let text = sql(text).bind(project).bind(repository).bind(id);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// Writes what the host was told. Nothing else of the sync changes; one that is gone is none.
pub async fn put_report(
    conn: &mut Conn,
    row: &RepositorySync,
    report: &CommitReport,
) -> Result<()> {
    let text =
        "UPDATE repository_sync SET report = $4 WHERE project = $1 AND repository = $2 AND id = $3";
    let update =
        sql(text).bind(&row.project).bind(&row.repository).bind(&row.id).bind(encode(report)?);
    conn.run(update).await?;
    Ok(())
}

pub async fn insert(conn: &mut Conn, row: &RepositorySync) -> Result<()> {
    let text = "INSERT INTO repository_sync (project, repository, id, status, payload, created_at, updated_at, next_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7)";
    let insert = sql(text)
        .bind(&row.project)
        .bind(&row.repository)
        .bind(&row.id)
        .bind(word(row.status)?)
        .bind(encode(&row.payload)?)
        .bind(row.created_at)
        .bind(row.next_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.project, &row.repository, &row.id)))?;
    conn.wake(Topic::Repository, "").await
}

/// Writes what became of it. [`crate::StoreError::Stale`] when it is not there any more.
pub async fn update(conn: &mut Conn, row: &mut RepositorySync, now: Time) -> Result<()> {
    let text = "UPDATE repository_sync SET status = $4, payload = $5, updated_at = $6, next_at = $7
        WHERE project = $1 AND repository = $2 AND id = $3";
    let update = sql(text)
        .bind(&row.project)
        .bind(&row.repository)
        .bind(&row.id)
        .bind(word(row.status)?)
        .bind(encode(&row.payload)?)
        .bind(now)
        .bind(row.next_at);
    changed_one(conn.run(update).await?, || name(&row.project, &row.repository, &row.id))?;
    row.updated_at = now;
    conn.wake(Topic::Repository, "").await
}

/// Forgets what was over before `before`.
pub async fn prune(conn: &mut Conn, before: Time) -> Result<u64> {
    let text = "DELETE FROM repository_sync WHERE created_at < $1 AND status NOT IN ($2, $3, $4)";
    let delete = sql(text)
        .bind(before)
        .bind(word(RepositorySyncStatus::Pending)?)
        .bind(word(RepositorySyncStatus::Retrying)?)
        .bind(word(RepositorySyncStatus::Waiting)?);
    conn.run(delete).await
}

/// Keeps that a message of a host was taken. False when it was before.
pub async fn take(conn: &mut Conn, repository: &str, hash: &str, now: Time) -> Result<bool> {
    let text = "INSERT INTO hook_delivery (repository, hash, created_at) VALUES ($1, $2, $3)
        ON CONFLICT (repository, hash) DO NOTHING";
    Ok(conn.run(sql(text).bind(repository).bind(hash).bind(now)).await? == 1)
}

/// Forgets messages that were taken before `before`.
pub async fn forget_taken(conn: &mut Conn, before: Time) -> Result<u64> {
    conn.run(sql("DELETE FROM hook_delivery WHERE created_at < $1").bind(before)).await
}

fn read(row: &Row) -> Result<RepositorySync> {
    let (project, repository, id) =
        (row.text("project")?, row.text("repository")?, row.text("id")?);
    let what = name(&project, &repository, &id);
    let report = match row.text("report")? {
        text if text.is_empty() => CommitReport::default(),
        text => decode(&what, &text)?,
    };
    Ok(RepositorySync {
        report,
        status: from_word(&what, &row.text("status")?)?,
        payload: decode(&what, &row.text("payload")?)?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        next_at: row.opt_time("next_at")?,
        project,
        repository,
        id,
    })
}
