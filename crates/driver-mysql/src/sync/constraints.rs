//! Foreign keys and checks.

use std::collections::BTreeMap;

use engine::Failure;
use schema::{CheckConstraint, ForeignKey};

use super::{Draft, Reader};
use crate::rows::read;

pub(super) async fn read_all(r: &mut Reader<'_>, draft: &mut Draft) -> Result<(), Failure> {
    foreign_keys(r, draft).await?;
    checks(r, draft).await
}

async fn foreign_keys(r: &mut Reader<'_>, draft: &mut Draft) -> Result<(), Failure> {
    let sql = format!(
        "SELECT table_name, constraint_name, match_option, update_rule, delete_rule, referenced_table_name,
           unique_constraint_schema
         FROM information_schema.referential_constraints WHERE constraint_schema = {}",
        r.db
    );
    let mut keys: BTreeMap<(String, String), ForeignKey> = BTreeMap::new();
    for mut row in read(r.conn, &sql).await? {
        let (table, name) = (row.text(0), row.text(1));
        let schema = row.text(6);
        let key = ForeignKey {
            name: name.clone(),
            match_type: row.text(2),
            on_update: row.text(3),
            on_delete: row.text(4),
            referenced_table: row.text(5),
            // A copy of the database under another name has the same schema.
            referenced_schema: if schema == r.name { String::new() } else { schema },
            ..ForeignKey::default()
        };
        keys.insert((table, name), key);
    }
    if keys.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT table_name, constraint_name, ordinal_position, column_name, referenced_column_name
         FROM information_schema.key_column_usage
         WHERE table_schema = {} AND referenced_table_name IS NOT NULL",
        r.db
    );
    let mut columns: Vec<_> = read(r.conn, &sql)
        .await?
        .into_iter()
        .map(|mut c| ((c.text(0), c.text(1)), c.int(2).unwrap_or(0), c.text(3), c.text(4)))
        .collect();
    columns.sort();
    for (at, _, column, referenced) in columns {
        if let Some(key) = keys.get_mut(&at) {
            key.columns.push(column);
            key.referenced_columns.push(referenced);
        }
    }
    for ((table, _), key) in keys {
        if let Some(t) = draft.tables.get_mut(&table) {
            t.foreign_keys.push(key);
        }
    }
    Ok(())
}

async fn checks(r: &mut Reader<'_>, draft: &mut Draft) -> Result<(), Failure> {
    let f = r.flavor;
    let sql = if f.is_mariadb() && f.version >= (10, 2, 22) {
        format!(
            "SELECT table_name, constraint_name, check_clause
             FROM information_schema.check_constraints WHERE constraint_schema = {}",
            r.db
        )
    } else if f.is_mysql((8, 0, 16)) {
        format!(
            "SELECT t.table_name, c.constraint_name, c.check_clause
             FROM information_schema.check_constraints c
             JOIN information_schema.table_constraints t
               ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
             WHERE c.constraint_schema = {0} AND t.table_schema = {0} AND t.constraint_type = 'CHECK'",
            r.db
        )
    } else {
        return Ok(());
    };
    let mut found: Vec<_> = read(r.conn, &sql)
        .await?
        .into_iter()
        .map(|mut c| (c.text(0), c.text(1), c.text(2)))
        .collect();
    found.sort();
    for (table, name, clause) in found {
        if let Some(t) = draft.tables.get_mut(&table) {
            t.checks.push(CheckConstraint { name, expression: r.expression(clause) });
        }
    }
    Ok(())
}
