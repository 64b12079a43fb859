//! What changed, told to open pages. A row is a signal to read again, never content; it is kept for an hour.

use base::Time;

use crate::db::{Conn, Topic};
use crate::error::Result;
use crate::rows::Event;
use crate::sql::sql;

/// Records a change in the transaction that makes it, and wakes the pages that wait once it is committed.
pub async fn append(conn: &mut Conn, name: &str, kind: &str, etag: &str, now: Time) -> Result<()> {
    let text = "INSERT INTO event (name, kind, etag, created_at) VALUES ($1, $2, $3, $4)";
    conn.run(sql(text).bind(name).bind(kind).bind(etag).bind(now)).await?;
    conn.wake(Topic::Event, "").await
}

/// At most `limit` events with a number above `id`, oldest first.
///
/// Numbers are given when a row is written, not when it is committed: look some back (architecture: 100) after a pause.
pub async fn after(conn: &mut Conn, id: i64, limit: i64) -> Result<Vec<Event>> {
    let text = sql("SELECT * FROM event WHERE id > $1 ORDER BY id LIMIT $2").bind(id).bind(limit);
    conn.all(text)
        .await?
        .iter()
        .map(|r| {
            Ok(Event {
                id: r.int("id")?,
                name: r.text("name")?,
                kind: r.text("kind")?,
                etag: r.text("etag")?,
                created_at: r.time("created_at")?,
            })
        })
        .collect()
}

/// The lowest and highest number kept; None when there is none.
pub async fn range(conn: &mut Conn) -> Result<Option<(i64, i64)>> {
    let row = conn.one(sql("SELECT min(id) AS low, max(id) AS high FROM event")).await?;
    Ok(row.opt_int("low")?.zip(row.opt_int("high")?))
}

/// Forgets what is older than `before`; gives the number of events.
pub async fn prune(conn: &mut Conn, before: Time) -> Result<u64> {
    conn.run(sql("DELETE FROM event WHERE created_at < $1").bind(before)).await
}
