//! Accounts of programs.

use base::page::Page;
use base::{Secret, Time};

use crate::by_email::ByEmail;
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{List, ListSpec};
use crate::payload::from_word;
use crate::programs::{Program, Programs};
use crate::rows::{ServiceAccount, State};

pub const EMAIL: Field = Field::text("email", "service_account.email");
pub const TITLE: Field =
    Field::text("name", "service_account.title").searched("service_account.search");
pub const STATE: Field = Field::text("state", "service_account.state");
/// Empty: of the workspace.
pub const PROJECT: Field = Field::text("project", "service_account.project");
pub const FIELDS: &[Field] = &[EMAIL, TITLE, STATE, PROJECT];

const TABLE: ByEmail<ServiceAccount> = ByEmail {
    list: ListSpec {
        id: "service_accounts",
        columns: "service_account.*",
        from: "service_account",
        key: &[EMAIL],
        descending: false,
    },
    one: "SELECT * FROM service_account WHERE email = $1",
    read: account,
};

pub async fn get(conn: &mut Conn, email: &str) -> Result<Option<ServiceAccount>> {
    TABLE.get(conn, email).await
}

pub async fn get_many(conn: &mut Conn, emails: &[String]) -> Result<Vec<ServiceAccount>> {
    TABLE.get_many(conn, emails).await
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<ServiceAccount>> {
    TABLE.page(conn, args).await
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    TABLE.count(conn, filter).await
}

const PROGRAMS: Programs = Programs {
    insert: "INSERT INTO service_account (email, title, search, project, key_hash, state, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)",
    update: "UPDATE service_account SET title = $3, search = $4, key_hash = $5, state = $6, updated_at = $7,
        version = version + 1 WHERE email = $1 AND version = $2",
    collection: "serviceAccounts",
};

const fn program(row: &ServiceAccount) -> Program<'_> {
    let ServiceAccount { email, title, project, state, .. } = row;
    Program {
        email: email.as_str(),
        title: title.as_str(),
        project: project.as_ref(),
        state: *state,
    }
}

pub async fn insert(conn: &mut Conn, row: &mut ServiceAccount) -> Result<()> {
    let (own, times) = ((&row.key_hash).into(), [row.created_at, row.updated_at]);
    PROGRAMS.insert(conn, program(row), own, times).await?;
    row.version = 1;
    Ok(())
}

/// The project cannot be changed: it is in the e-mail address.
pub async fn update(conn: &mut Conn, row: &mut ServiceAccount, now: Time) -> Result<()> {
    let own = (&row.key_hash).into();
    PROGRAMS.update(conn, program(row), own, row.version, now).await?;
    (row.version, row.updated_at) = (row.version + 1, now);
    Ok(())
}

pub async fn delete(conn: &mut Conn, row: &mut ServiceAccount, now: Time) -> Result<()> {
    row.state = State::Deleted;
    update(conn, row, now).await
}

pub async fn undelete(conn: &mut Conn, row: &mut ServiceAccount, now: Time) -> Result<()> {
    row.state = State::Active;
    update(conn, row, now).await
}

fn account(row: &Row) -> Result<ServiceAccount> {
    let email = row.text("email")?;
    Ok(ServiceAccount {
        title: row.text("title")?,
        project: row.non_empty("project")?,
        key_hash: Secret::new(row.text("key_hash")?),
        state: from_word(&PROGRAMS.name(&email), &row.text("state")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        email,
    })
}
