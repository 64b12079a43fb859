//! Indexes with their keys.

use engine::Failure;
use schema::{Index, IndexKey};

use super::{Draft, Reader};
use crate::rows::read;

pub(super) async fn read_all(r: &mut Reader<'_>, draft: &mut Draft) -> Result<(), Failure> {
    let f = r.flavor;
    let visible = if f.is_mysql((8, 0, 0)) {
        "is_visible"
    } else if f.is_mariadb() && f.version >= (10, 6, 0) {
        "CASE ignored WHEN 'YES' THEN 'NO' ELSE 'YES' END"
    } else {
        "'YES'"
    };
    let key = if f.is_mysql((8, 0, 13)) { "expression" } else { "NULL" };
    let sql = format!(
        "SELECT table_name, index_name, seq_in_index, non_unique, column_name, sub_part, collation, index_type,
           index_comment, {visible}, {key}
         FROM information_schema.statistics WHERE table_schema = {}",
        r.db
    );
    let mut rows: Vec<_> = read(r.conn, &sql)
        .await?
        .into_iter()
        .map(|mut row| ((row.text(0), row.text(1), row.int(2).unwrap_or(0)), row))
        .collect();
    // The primary key first, as people write it.
    rows.sort_by(|(a, _), (b, _)| {
        let key = |k: &(String, String, i64)| (k.0.clone(), k.1 != "PRIMARY", k.1.clone(), k.2);
        key(a).cmp(&key(b))
    });
    for ((table, name, _), mut row) in rows {
        let Some(t) = draft.tables.get_mut(&table) else { continue };
        if t.indexes.last().is_none_or(|i| i.name != name) {
            let unique = row.text(3) == "0";
            t.indexes.push(Index {
                primary: name == "PRIMARY",
                unique,
                constraint: unique,
                r#type: row.text(7),
                comment: row.text(8),
                visible: row.flag(9),
                valid: true,
                name,
                ..Index::default()
            });
        }
        let key = IndexKey {
            expression: match row.opt(4) {
                Some(column) => column,
                None => format!("({})", r.expression(row.text(10))),
            },
            length: row.int(5).unwrap_or(0),
            descending: row.text(6) == "D",
        };
        if let Some(index) = t.indexes.last_mut() {
            index.keys.push(key);
        }
    }
    Ok(())
}
