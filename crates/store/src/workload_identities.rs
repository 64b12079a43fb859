//! Pipelines that sign in with tokens of their CI system, and the tokens that were exchanged.

use base::Time;
use base::page::Page;

use crate::by_email::ByEmail;
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::Field;
use crate::page::{List, ListSpec};
use crate::payload::{decode, encode, from_word};
use crate::programs::{Program, Programs};
use crate::rows::WorkloadIdentity;
use crate::sql::sql;

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

const PROGRAMS: Programs = Programs {
    insert: "INSERT INTO workload_identity (email, title, search, project, payload, state, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)",
    update: "UPDATE workload_identity SET title = $3, search = $4, payload = $5, state = $6, updated_at = $7,
        version = version + 1 WHERE email = $1 AND version = $2",
    collection: "workloadIdentities",
};

const fn program(row: &WorkloadIdentity) -> Program<'_> {
    let WorkloadIdentity { email, title, project, state, .. } = row;
    Program {
        email: email.as_str(),
        title: title.as_str(),
        project: project.as_ref(),
        state: *state,
    }
}

pub async fn insert(conn: &mut Conn, row: &mut WorkloadIdentity) -> Result<()> {
    let (own, times) = (encode(&row.payload)?.into(), [row.created_at, row.updated_at]);
    PROGRAMS.insert(conn, program(row), own, times).await?;
    row.version = 1;
    Ok(())
}

/// Title, payload and state; the project cannot be changed: it is in the address.
pub async fn update(conn: &mut Conn, row: &mut WorkloadIdentity, now: Time) -> Result<()> {
    let own = encode(&row.payload)?.into();
    PROGRAMS.update(conn, program(row), own, row.version, now).await?;
    (row.version, row.updated_at) = (row.version + 1, now);
    Ok(())
}

/// Keeps that a token was exchanged, until it is over by itself. False when it was before.
pub async fn exchange(conn: &mut Conn, hash: &str, expires_at: Time, now: Time) -> Result<bool> {
    conn.run(sql("DELETE FROM exchanged_token WHERE expires_at < $1").bind(now)).await?;
    let insert = sql(
        "INSERT INTO exchanged_token (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
    );
    Ok(conn.run(insert.bind(hash).bind(expires_at)).await? > 0)
}

fn identity(row: &Row) -> Result<WorkloadIdentity> {
    let email = row.text("email")?;
    Ok(WorkloadIdentity {
        title: row.text("title")?,
        project: row.non_empty("project")?,
        payload: decode(&PROGRAMS.name(&email), &row.text("payload")?)?,
        state: from_word(&PROGRAMS.name(&email), &row.text("state")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        email,
    })
}
