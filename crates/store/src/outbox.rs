//! What is to be told outside: written with what it tells of, delivered afterwards.
//!
//! A message is delivered at least once: who delivers takes a lease, and when the lease ends without a result, another does.

use std::time::Duration;

use base::page::Page;
use base::{Secret, Time};

use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{List, ListSpec, fetch_page};
use crate::payload::{from_word, word};
use crate::plan_checks::micros;
use crate::rows::{Delivery, DeliveryStatus};
use crate::secrets;
use crate::sql::sql;

const MAIL: &str = "mail";
/// Targets that are looked at together.
const MOST_DUE: i64 = 500;

const ID: Field = Field::text("id", "outbox.id");
pub const TARGET: Field = Field::text("target", "outbox.target");
pub const FIELDS: &[Field] = &[TARGET];

const LIST: ListSpec =
    ListSpec { id: "outbox", columns: "outbox.*", from: "outbox", key: &[ID], descending: true };

/// Puts a message in, to be delivered at once. `mail` is the text of a mail, which is kept as a secret.
pub async fn insert(conn: &mut Conn, row: &Delivery, mail: Option<&Secret>) -> Result<()> {
    let text = "INSERT INTO outbox (id, target, event, status, attempts, next_at, lease_until, error, http_status, payload,
        created_at, finished_at) VALUES ($1, $2, $3, 'PENDING', 0, $4, 0, '', 0, $5, $6, NULL)";
    let insert = sql(text)
        .bind(&row.id)
        .bind(&row.target)
        .bind(&row.event)
        .bind(row.next_at)
        .bind(&row.payload)
        .bind(row.created_at);
    conn.run(insert).await?;
    if let Some(mail) = mail {
        secrets::put(conn, &owner(&row.id), MAIL, mail).await?;
    }
    conn.wake(Topic::Outbox, "").await
}

/// The text of a mail; None once it is over.
pub async fn mail_text(conn: &mut Conn, id: &str) -> Result<Option<Secret>> {
    secrets::get(conn, &owner(id), MAIL).await
}

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Delivery>> {
    let text = sql("SELECT * FROM outbox WHERE id = $1").bind(id);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// Newest first.
pub async fn list(conn: &mut Conn, target: &str, args: &List) -> Result<Page<Delivery>> {
    let args = List { filter: args.filter.clone().and(Filter::eq(TARGET, target)), ..args.clone() };
    fetch_page(conn, &LIST, &args, read).await
}

/// What can be delivered now: of each target the oldest. Takes nothing: [`claim`] does.
pub async fn due(conn: &mut Conn, now: Time) -> Result<Vec<Delivery>> {
    let mut text = sql(
        "SELECT * FROM outbox WHERE id IN (SELECT min(id) FROM outbox WHERE status = 'PENDING' AND next_at <= ",
    );
    text.push_bind(now).push(" AND lease_until < ").push(conn.words().now);
    text.push(" GROUP BY target) ORDER BY id LIMIT ").push_bind(MOST_DUE);
    conn.all(text).await?.iter().map(read).collect()
}

/// When the next message is due that is not yet; None when none waits.
pub async fn next_due(conn: &mut Conn, now: Time) -> Result<Option<Time>> {
    let text =
        "SELECT min(next_at) AS next_at FROM outbox WHERE status = 'PENDING' AND next_at > $1";
    conn.one(sql(text).bind(now)).await?.opt_time("next_at")
}

/// Takes a message for `lease`; false when another has it.
pub async fn claim(conn: &mut Conn, id: &str, lease: Duration) -> Result<bool> {
    let now = conn.words().now;
    let mut text = sql("UPDATE outbox SET lease_until = ");
    text.push(now).push(" + ").push_bind(micros(lease));
    text.push(" WHERE status = 'PENDING' AND lease_until < ").push(now);
    text.push(" AND id = ").push_bind(id);
    Ok(conn.run(text).await? == 1)
}

/// Writes what came of an attempt: `row` as it is now. What is over keeps no text of a mail.
pub async fn record(conn: &mut Conn, row: &Delivery) -> Result<()> {
    let text = "UPDATE outbox SET status = $2, attempts = $3, next_at = $4, error = $5, http_status = $6, finished_at = $7,
        lease_until = 0 WHERE id = $1";
    let update = sql(text)
        .bind(&row.id)
        .bind(word(row.status)?)
        .bind(row.attempts)
        .bind(row.next_at)
        .bind(&row.error)
        .bind(row.http_status)
        .bind(row.finished_at);
    conn.run(update).await?;
    if row.status != DeliveryStatus::Pending {
        secrets::delete_all_of(conn, &owner(&row.id)).await?;
    }
    conn.wake(Topic::Outbox, "").await
}

/// Forgets what was over before `before`.
pub async fn prune(conn: &mut Conn, before: Time) -> Result<u64> {
    conn.run(sql("DELETE FROM outbox WHERE finished_at < $1").bind(before)).await
}

/// Notes that an event of a plan is told; false when it was told already.
pub async fn tell_once(conn: &mut Conn, project: &str, plan: i64, event: &str) -> Result<bool> {
    let text = "INSERT INTO told_once (project, plan, event) VALUES ($1, $2, $3)
        ON CONFLICT (project, plan, event) DO NOTHING";
    Ok(conn.run(sql(text).bind(project).bind(plan).bind(event)).await? == 1)
}

/// What was told of a plan may be told again.
pub async fn tell_again(conn: &mut Conn, project: &str, plan: i64) -> Result<()> {
    let text = "DELETE FROM told_once WHERE project = $1 AND plan = $2";
    conn.run(sql(text).bind(project).bind(plan)).await?;
    Ok(())
}

fn owner(id: &str) -> String {
    format!("outbox/{id}")
}

fn read(row: &Row) -> Result<Delivery> {
    let id = row.text("id")?;
    Ok(Delivery {
        target: row.text("target")?,
        event: row.text("event")?,
        status: from_word(&owner(&id), &row.text("status")?)?,
        attempts: row.int("attempts")?,
        next_at: row.time("next_at")?,
        error: row.text("error")?,
        http_status: row.int("http_status")?,
        payload: row.text("payload")?,
        created_at: row.time("created_at")?,
        finished_at: row.opt_time("finished_at")?,
        id,
    })
}
