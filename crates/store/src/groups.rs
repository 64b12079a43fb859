//! Groups of people. The key is an e-mail address, lower-cased by the caller.

use std::collections::BTreeMap;

use base::Time;
use base::page::Page;

use crate::by_email::ByEmail;
use crate::changed_one;
use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::filter::Field;
use crate::page::{List, ListSpec};
use crate::payload::{from_word, word};
use crate::rows::{Group, GroupMember};
use crate::sql::sql;

pub const EMAIL: Field = Field::text("email", "user_group.email");
pub const TITLE: Field = Field::text("title", "user_group.title").searched("user_group.search");
pub const FIELDS: &[Field] = &[EMAIL, TITLE];

const TABLE: ByEmail<Group> = ByEmail {
    list: ListSpec {
        id: "groups",
        columns: "user_group.*",
        from: "user_group",
        key: &[EMAIL],
        descending: false,
    },
    one: "SELECT * FROM user_group WHERE email = $1",
    read: group,
};

/// With its members.
pub async fn get(conn: &mut Conn, email: &str) -> Result<Option<Group>> {
    let Some(mut row) = TABLE.get(conn, email).await? else { return Ok(None) };
    fill(conn, std::slice::from_mut(&mut row)).await?;
    Ok(Some(row))
}

/// With their members, in the order of the addresses; those that are not there are absent.
pub async fn get_many(conn: &mut Conn, emails: &[String]) -> Result<Vec<Group>> {
    let mut rows = TABLE.get_many(conn, emails).await?;
    fill(conn, &mut rows).await?;
    Ok(rows)
}

/// With their members.
pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Group>> {
    let mut page = TABLE.page(conn, args).await?;
    fill(conn, &mut page.items).await?;
    Ok(page)
}

/// Addresses of the groups that `member` (`users/{email}`) is in.
pub async fn of_member(conn: &mut Conn, member: &str) -> Result<Vec<String>> {
    let text = "SELECT user_group FROM group_member WHERE member = $1 ORDER BY user_group";
    let rows = conn.all(sql(text).bind(member)).await?;
    rows.iter().map(|row| row.text("user_group")).collect()
}

pub async fn insert(conn: &mut Conn, row: &mut Group) -> Result<()> {
    let text =
        "INSERT INTO user_group (email, title, search, description, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, 1, $5, $6)";
    let insert = sql(text)
        .bind(&row.email)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(&row.description)
        .bind(row.created_at)
        .bind(row.updated_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.email)))?;
    put_members(conn, row).await?;
    row.version = 1;
    conn.wake(Topic::Access, &name(&row.email)).await
}

/// The members become those of `row`.
pub async fn update(conn: &mut Conn, row: &mut Group, now: Time) -> Result<()> {
    let text = "UPDATE user_group SET title = $3, search = $4, description = $5, updated_at = $6, version = version + 1
        WHERE email = $1 AND version = $2";
    let update = sql(text)
        .bind(&row.email)
        .bind(row.version)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(&row.description)
        .bind(now);
    changed_one(conn.run(update).await?, || name(&row.email))?;
    clear(conn, &row.email).await?;
    put_members(conn, row).await?;
    (row.version, row.updated_at) = (row.version + 1, now);
    conn.wake(Topic::Access, &name(&row.email)).await
}

/// For good. False when there is no such group. Bindings of it are the caller's to look at.
pub async fn delete(conn: &mut Conn, email: &str) -> Result<bool> {
    clear(conn, email).await?;
    let deleted = conn.run(sql("DELETE FROM user_group WHERE email = $1").bind(email)).await?;
    conn.wake(Topic::Access, &name(email)).await?;
    Ok(deleted > 0)
}

async fn clear(conn: &mut Conn, email: &str) -> Result<()> {
    conn.run(sql("DELETE FROM group_member WHERE user_group = $1").bind(email)).await?;
    Ok(())
}

async fn put_members(conn: &mut Conn, row: &Group) -> Result<()> {
    for batch in row.members.chunks(crate::BATCH) {
        let mut insert = sql("INSERT INTO group_member (user_group, member, role) VALUES ");
        for (i, member) in batch.iter().enumerate() {
            insert.push(if i > 0 { ", " } else { "" });
            insert.push_list([row.email.clone(), member.name.clone(), word(member.role)?]);
        }
        conn.run(insert).await?;
    }
    Ok(())
}

/// Reads the members of all the groups at once.
async fn fill(conn: &mut Conn, rows: &mut [Group]) -> Result<()> {
    let mut found: BTreeMap<String, Vec<GroupMember>> = BTreeMap::new();
    let emails: Vec<String> = rows.iter().map(|row| row.email.clone()).collect();
    for batch in emails.chunks(crate::BATCH) {
        let mut text = sql("SELECT * FROM group_member WHERE user_group IN ");
        text.push_list(batch).push(" ORDER BY user_group, member");
        for row in conn.all(text).await? {
            let email = row.text("user_group")?;
            let role = from_word(&name(&email), &row.text("role")?)?;
            let member = GroupMember { name: row.text("member")?, role };
            found.entry(email).or_default().push(member);
        }
    }
    for row in rows {
        row.members = found.remove(&row.email).unwrap_or_default();
    }
    Ok(())
}

fn name(email: &str) -> String {
    format!("groups/{email}")
}

fn group(row: &Row) -> Result<Group> {
    Ok(Group {
        email: row.text("email")?,
        title: row.text("title")?,
        description: row.text("description")?,
        members: Vec::new(),
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
