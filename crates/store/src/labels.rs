//! Labels of projects, instances and databases: rows of their own, so that lists can be filtered by them.

use std::collections::{BTreeMap, HashMap};

use crate::db::Conn;
use crate::error::Result;
use crate::sql::sql;

/// Labels of many owners (resource names) at once; owners without labels are absent.
pub(crate) async fn of_many(
    conn: &mut Conn,
    owners: &[String],
) -> Result<HashMap<String, BTreeMap<String, String>>> {
    let mut out: HashMap<String, BTreeMap<String, String>> = HashMap::new();
    for batch in owners.chunks(crate::BATCH) {
        let mut text = sql("SELECT owner, key, value FROM label WHERE owner IN ");
        text.push_list(batch);
        for row in conn.all(text).await? {
            out.entry(row.text("owner")?).or_default().insert(row.text("key")?, row.text("value")?);
        }
    }
    Ok(out)
}

/// Makes `labels` the labels of `owner`.
pub(crate) async fn replace(
    conn: &mut Conn,
    owner: &str,
    labels: &BTreeMap<String, String>,
) -> Result<()> {
    conn.run(sql("DELETE FROM label WHERE owner = $1").bind(owner)).await?;
    if labels.is_empty() {
        return Ok(());
    }
    let mut text = sql("INSERT INTO label (owner, key, value) VALUES ");
    for (i, (key, value)) in labels.iter().enumerate() {
        if i > 0 {
            text.push(", ");
        }
        text.push_list([owner, key, value]);
    }
    conn.run(text).await?;
    Ok(())
}
