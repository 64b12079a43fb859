//! Partitions and subpartitions.

use engine::Failure;
use schema::Partition;

use super::{Draft, Reader};
use crate::rows::{Cells, read};

pub(super) async fn read_all(r: &mut Reader<'_>, draft: &mut Draft) -> Result<(), Failure> {
    // The server opens every table to answer: it is not asked without need.
    if draft.tables.values().all(|t| t.partition_by.is_empty()) {
        return Ok(());
    }
    let sql = format!(
        "SELECT table_name, partition_ordinal_position, subpartition_ordinal_position, partition_name, partition_method,
           partition_expression, partition_description, subpartition_name, subpartition_method,
           subpartition_expression
         FROM information_schema.partitions WHERE table_schema = {} AND partition_name IS NOT NULL",
        r.db
    );
    let mut rows: Vec<_> = read(r.conn, &sql)
        .await?
        .into_iter()
        .map(|mut row| ((row.text(0), row.int(1).unwrap_or(0), row.int(2).unwrap_or(0)), row))
        .collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    for ((table, ..), mut row) in rows {
        let Some(t) = draft.tables.get_mut(&table) else { continue };
        let name = row.text(3);
        if t.partitions.last().is_none_or(|p| p.name != name) {
            t.partitions.push(Partition {
                r#type: row.text(4),
                expression: r.expression(row.text(5)),
                value: row.text(6),
                name,
                ..Partition::default()
            });
        }
        if let (Some(parent), Some(sub)) = (t.partitions.last_mut(), subpartition(r, &mut row)) {
            parent.subpartitions.push(sub);
        }
    }
    Ok(())
}

fn subpartition(r: &Reader<'_>, row: &mut Cells) -> Option<Partition> {
    let name = row.opt(7)?;
    Some(Partition {
        name,
        r#type: row.text(8),
        expression: r.expression(row.text(9)),
        ..Partition::default()
    })
}
