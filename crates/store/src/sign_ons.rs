//! Sign-ins that came back from an identity provider. Each may once; kept for as long as one could come again.

use base::Time;

use crate::db::Conn;
use crate::error::Result;
use crate::sql::sql;

/// False when this one came back before.
pub async fn is_first(conn: &mut Conn, state: &str, now: Time) -> Result<bool> {
    let text =
        "INSERT INTO sign_on (state, created_at) VALUES ($1, $2) ON CONFLICT (state) DO NOTHING";
    Ok(conn.run(sql(text).bind(state).bind(now)).await? > 0)
}

/// Forgets those before then.
pub async fn prune(conn: &mut Conn, before: Time) -> Result<u64> {
    conn.run(sql("DELETE FROM sign_on WHERE created_at < $1").bind(before)).await
}
