//! Reads the rows of many keys that are pairs: so many in a statement as every backend takes.

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::sql::sql;

/// `select` ends in `(a, b) IN `, and `end` may order or group what is found of one batch. Keys that are not there are absent.
pub async fn read<T>(
    conn: &mut Conn,
    select: &'static str,
    keys: &[(String, i64)],
    end: &str,
    row: impl Fn(&Row) -> Result<T>,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    for batch in keys.chunks(crate::BATCH) {
        let mut text = sql(select);
        text.push_pairs(batch.iter().map(|(a, b)| (a, *b))).push(end);
        for one in conn.all(text).await? {
            found.push(row(&one)?);
        }
    }
    Ok(found)
}
