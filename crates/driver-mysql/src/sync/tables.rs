//! Tables, views and sequences by name, with the statements that make the tables.

use engine::Failure;
use schema::{Sequence, Table, TableStats, View};
use sql_mysql::shown;

use super::{Draft, Reader, show};
use crate::rows::read;

/// Fills the draft; gives the sequences and the bytes on disk.
pub(super) async fn read_all(
    r: &mut Reader<'_>,
    draft: &mut Draft,
) -> Result<(Vec<Sequence>, i64), Failure> {
    let sql = format!(
        "SELECT table_name, table_type, engine, table_rows, data_length, index_length, table_collation,
           create_options, table_comment
         FROM information_schema.tables WHERE table_schema = {}",
        r.db
    );
    let mut sequences = Vec::new();
    let mut size = 0i64;
    for mut row in read(r.conn, &sql).await? {
        let name = row.text(0);
        match row.text(1).as_str() {
            "VIEW" | "SYSTEM VIEW" => {
                draft.views.insert(name.clone(), View { name, ..View::default() });
            }
            "SEQUENCE" => sequences.push(name),
            "TEMPORARY" => {}
            _ => {
                let bytes = (row.int(4).unwrap_or(-1), row.int(5).unwrap_or(-1));
                size = size.saturating_add(bytes.0.max(0)).saturating_add(bytes.1.max(0));
                let collation = row.text(6);
                let table = Table {
                    engine: row.text(2),
                    charset: character_set(&collation).to_owned(),
                    collation,
                    create_options: row.text(7),
                    comment: row.text(8),
                    stats: TableStats {
                        rows: row.int(3).unwrap_or(-1),
                        data_bytes: bytes.0,
                        index_bytes: bytes.1,
                    },
                    name: name.clone(),
                    ..Table::default()
                };
                draft.tables.insert(name, table);
            }
        }
    }
    definitions(r, draft).await?;
    Ok((self::sequences(r, sequences).await?, size))
}

async fn definitions(r: &mut Reader<'_>, draft: &mut Draft) -> Result<(), Failure> {
    let names: Vec<&str> = draft.tables.keys().map(String::as_str).collect();
    let rows = show::create(r.conn, "TABLE", &names).await?;
    for (table, row) in draft.tables.values_mut().zip(rows) {
        if let Some(mut row) = row {
            let text = row.text(1);
            shown::partition_by(&text).clone_into(&mut table.partition_by);
            table.definition = shown::without_database(&shown::table(&text), &r.name);
        }
    }
    Ok(())
}

async fn sequences(r: &mut Reader<'_>, mut names: Vec<String>) -> Result<Vec<Sequence>, Failure> {
    names.sort();
    let listed: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows = show::create(r.conn, "SEQUENCE", &listed).await?;
    let read = names.iter().zip(rows).map(|(name, row)| {
        shown::sequence(name, &row.map(|mut row| row.text(1)).unwrap_or_default())
    });
    Ok(read.collect())
}

/// Collations are named after their character set.
fn character_set(collation: &str) -> &str {
    collation.split('_').next().unwrap_or(collation)
}
