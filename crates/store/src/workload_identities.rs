//! Pipelines that sign in with tokens of their CI system, and the tokens that were exchanged.

use base::Time;
use base::page::Page;

use crate::by_email::ByEmail;
use crate::changed_one;
use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::filter::Field;
use crate::page::{List, ListSpec};
use crate::payload::{decode, encode, from_word, word};
use crate::rows::WorkloadIdentity;
use crate::sql::{or_empty, sql};

pub const EMAIL: Field = Field::text("email", "workload_identity.email");
pub const TITLE: Field =
    Field::text("name", "workload_identity.title").searched("workload_identity.search");
pub const STATE: Field = Field::text("state", "workload_identity.state");
/// Empty: of the workspace.
pub const PROJECT: Field = Field::text("project", "workload_identity.project");

const TABLE: ByEmail<WorkloadIdentity> = ByEmail {
    list: ListSpec {
        id: "workload_identities",
        columns: "workload_identity.*",
        from: "workload_identity",
        key: &[EMAIL],
        descending: false,
    },
    one: "SELECT * FROM workload_identity WHERE email = $1",
    read: identity,
};

pub async fn get(conn: &mut Conn, email: &str) -> Result<Option<WorkloadIdentity>> {
    TABLE.get(conn, email).await
}

pub async fn get_many(conn: &mut Conn, emails: &[String]) -> Result<Vec<WorkloadIdentity>> {
    TABLE.get_many(conn, emails).await
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<WorkloadIdentity>> {
    TABLE.page(conn, args).await
}

pub async fn insert(conn: &mut Conn, row: &mut WorkloadIdentity) -> Result<()> {
    let text = "INSERT INTO workload_identity (email, title, search, project, payload, state, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)";
    let insert = sql(text)
        .bind(&row.email)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(or_empty(row.project.as_ref()))
        .bind(encode(&row.payload)?)
        .bind(word(row.state)?)
        .bind(row.created_at)
        .bind(row.updated_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.email)))?;
    row.version = 1;
    conn.wake(Topic::Access, &name(&row.email)).await
}

/// Title, payload and state; the project cannot be changed: it is in the address.
pub async fn update(conn: &mut Conn, row: &mut WorkloadIdentity, now: Time) -> Result<()> {
    let text = "UPDATE workload_identity SET title = $3, search = $4, payload = $5, state = $6, updated_at = $7,
        version = version + 1 WHERE email = $1 AND version = $2";
    let update = sql(text)
        .bind(&row.email)
        .bind(row.version)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(encode(&row.payload)?)
        .bind(word(row.state)?)
        .bind(now);
    changed_one(conn.run(update).await?, || name(&row.email))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    conn.wake(Topic::Access, &name(&row.email)).await
}

/// Keeps that a token was exchanged, until it is over by itself. False when it was before.
pub async fn exchange(conn: &mut Conn, hash: &str, expires_at: Time, now: Time) -> Result<bool> {
    conn.run(sql("DELETE FROM exchanged_token WHERE expires_at < $1").bind(now)).await?;
    let insert = sql(
        "INSERT INTO exchanged_token (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
    );
    Ok(conn.run(insert.bind(hash).bind(expires_at)).await? > 0)
}

fn name(email: &str) -> String {
    format!("workloadIdentities/{email}")
}

fn identity(row: &Row) -> Result<WorkloadIdentity> {
    let email = row.text("email")?;
    Ok(WorkloadIdentity {
        title: row.text("title")?,
        project: row.non_empty("project")?,
        payload: decode(&name(&email), &row.text("payload")?)?,
        state: from_word(&name(&email), &row.text("state")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        email,
    })
}
