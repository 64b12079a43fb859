//! How the last change left each database.

use base::Time;
use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::error::Result;
use crate::payload::{decode, encode};
use crate::rows::Mark;
use crate::sql::sql;

/// The state after the last change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Left {
    pub mark: Mark,
    pub schema_sha256: String,
}

pub async fn get(conn: &mut Conn, instance: &str, database: &str) -> Result<Option<Left>> {
    let text = "SELECT payload FROM target_mark WHERE instance = $1 AND database_name = $2";
    let row = conn.optional(sql(text).bind(instance).bind(database)).await?;
    row.map(|r| decode("a mark", &r.text("payload")?)).transpose()
}

pub async fn put(
    conn: &mut Conn,
    instance: &str,
    database: &str,
    left: &Left,
    now: Time,
) -> Result<()> {
    let text = "INSERT INTO target_mark (instance, database_name, payload, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (instance, database_name) DO UPDATE SET payload = excluded.payload, updated_at = excluded.updated_at";
    conn.run(sql(text).bind(instance).bind(database).bind(encode(left)?).bind(now)).await?;
    Ok(())
}

/// What is in the database now is accepted, whatever the last change left.
pub async fn forget(conn: &mut Conn, instance: &str, database: &str) -> Result<()> {
    let text = "DELETE FROM target_mark WHERE instance = $1 AND database_name = $2";
    conn.run(sql(text).bind(instance).bind(database)).await?;
    Ok(())
}
