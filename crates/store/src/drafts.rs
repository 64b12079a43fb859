//! What people have typed and not saved. Each belongs to its owner alone: nothing here reads across owners.

use base::Time;

use crate::db::{Conn, Row};
use crate::error::{Result, StoreError};
use crate::rows::Draft;
use crate::sql::sql;

pub async fn get(conn: &mut Conn, owner: &str, place: &str) -> Result<Option<Draft>> {
    let text = "SELECT owner, place, value, updated_at FROM draft WHERE owner = $1 AND place = $2";
    conn.optional(sql(text).bind(owner).bind(place)).await?.as_ref().map(draft).transpose()
}

/// Those whose place begins so, the newest first, without their values.
pub async fn list(conn: &mut Conn, owner: &str, prefix: &str) -> Result<Vec<Draft>> {
    let text = "SELECT owner, place, '' AS value, updated_at FROM draft
        WHERE owner = $1 AND substr(place, 1, length($2)) = $2 ORDER BY updated_at DESC, place";
    conn.all(sql(text).bind(owner).bind(prefix)).await?.iter().map(draft).collect()
}

/// Writes the draft in place of the one of that time; None: there was none. [`StoreError::Stale`] when that is not so.
pub async fn save(conn: &mut Conn, row: &mut Draft, before: Option<Time>) -> Result<()> {
    let size = i64::try_from(row.value.len()).unwrap_or(i64::MAX);
    let text = match before {
        Some(before) => {
            // Also on a clock that stands still.
            row.updated_at = row.updated_at.max(Time(before.0 + 1));
            "UPDATE draft SET value = $3, size = $4, updated_at = $5
                WHERE owner = $1 AND place = $2 AND updated_at = $6"
        }
        None => {
            "INSERT INTO draft (owner, place, value, size, updated_at)
                VALUES ($1, $2, $3, $4, $5) ON CONFLICT (owner, place) DO NOTHING"
        }
    };
    let mut write = sql(text)
        .bind(&row.owner)
        .bind(&row.place)
        .bind(&row.value)
        .bind(size)
        .bind(row.updated_at);
    if let Some(before) = before {
        write = write.bind(before);
    }
    match conn.run(write).await? {
        1 => Ok(()),
        _ => Err(StoreError::Stale(row.place.clone())),
    }
}

/// That of one time, or with None whatever is there. False when there is none.
pub async fn delete(
    conn: &mut Conn,
    owner: &str,
    place: &str,
    version: Option<Time>,
) -> Result<bool> {
    let mut text = sql("DELETE FROM draft WHERE owner = $1 AND place = $2").bind(owner).bind(place);
    if let Some(time) = version {
        text.push(" AND updated_at = ").push_bind(time);
    }
    Ok(conn.run(text).await? > 0)
}

/// How many drafts the owner has at other places, and how many bytes they hold.
pub async fn usage(conn: &mut Conn, owner: &str, but: &str) -> Result<(i64, i64)> {
    let text = "SELECT COUNT(*) AS n, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM draft
        WHERE owner = $1 AND place <> $2";
    match conn.optional(sql(text).bind(owner).bind(but)).await? {
        Some(row) => Ok((row.int("n")?, row.int("bytes")?)),
        None => Ok((0, 0)),
    }
}

/// The owner's that nobody has touched since.
pub async fn forget_before(conn: &mut Conn, owner: &str, time: Time) -> Result<()> {
    let text = "DELETE FROM draft WHERE owner = $1 AND updated_at < $2";
    conn.run(sql(text).bind(owner).bind(time)).await?;
    Ok(())
}

/// All of an owner who goes.
pub async fn forget(conn: &mut Conn, owner: &str) -> Result<()> {
    conn.run(sql("DELETE FROM draft WHERE owner = $1").bind(owner)).await?;
    Ok(())
}

fn draft(row: &Row) -> Result<Draft> {
    Ok(Draft {
        owner: row.text("owner")?,
        place: row.text("place")?,
        value: row.text("value")?,
        updated_at: row.time("updated_at")?,
    })
}
