//! People. The key is the e-mail address, lower-cased by the caller.

use base::page::Page;
use base::{Secret, Time};

use crate::by_email::ByEmail;
use crate::changed_one;
use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{List, ListSpec};
use crate::payload::{decode, encode, from_word, word};
use crate::rows::{State, User};
use crate::sql::sql;

pub const EMAIL: Field = Field::text("email", "app_user.email");
pub const TITLE: Field = Field::text("name", "app_user.title").searched("app_user.search");
pub const STATE: Field = Field::text("state", "app_user.state");
pub const FIELDS: &[Field] = &[EMAIL, TITLE, STATE];

const TABLE: ByEmail<User> = ByEmail {
    list: ListSpec {
        id: "users",
        columns: "app_user.*",
        from: "app_user",
        key: &[EMAIL],
        descending: false,
    },
    one: "SELECT * FROM app_user WHERE email = $1",
    read: user,
};

pub async fn get(conn: &mut Conn, email: &str) -> Result<Option<User>> {
    TABLE.get(conn, email).await
}

pub async fn get_many(conn: &mut Conn, emails: &[String]) -> Result<Vec<User>> {
    TABLE.get_many(conn, emails).await
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<User>> {
    TABLE.page(conn, args).await
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    TABLE.count(conn, filter).await
}

pub async fn insert(conn: &mut Conn, row: &mut User) -> Result<()> {
    let text = "INSERT INTO app_user (email, title, search, password_hash, state, payload, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)";
    let insert = sql(text)
        .bind(&row.email)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(&row.password_hash)
        .bind(word(row.state)?)
        .bind(encode(&row.payload)?)
        .bind(row.created_at)
        .bind(row.updated_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.email)))?;
    row.version = 1;
    conn.wake(Topic::Access, &name(&row.email)).await
}

pub async fn update(conn: &mut Conn, row: &mut User, now: Time) -> Result<()> {
    let text = "UPDATE app_user SET title = $3, search = $4, password_hash = $5, state = $6, payload = $7, updated_at = $8,
        version = version + 1 WHERE email = $1 AND version = $2";
    let update = sql(text)
        .bind(&row.email)
        .bind(row.version)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(&row.password_hash)
        .bind(word(row.state)?)
        .bind(encode(&row.payload)?)
        .bind(now);
    changed_one(conn.run(update).await?, || name(&row.email))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    conn.wake(Topic::Access, &name(&row.email)).await
}

pub async fn delete(conn: &mut Conn, row: &mut User, now: Time) -> Result<()> {
    row.state = State::Deleted;
    update(conn, row, now).await
}

pub async fn undelete(conn: &mut Conn, row: &mut User, now: Time) -> Result<()> {
    row.state = State::Active;
    update(conn, row, now).await
}

fn name(email: &str) -> String {
    format!("users/{email}")
}

fn user(row: &Row) -> Result<User> {
    let email = row.text("email")?;
    let what = name(&email);
    Ok(User {
        title: row.text("title")?,
        password_hash: Secret::new(row.text("password_hash")?),
        state: from_word(&what, &row.text("state")?)?,
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        email,
    })
}
