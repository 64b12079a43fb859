//! CHECK and FOREIGN KEY constraints. What a table has only by inheritance is left out.

use schema::{CheckConstraint, ForeignKey};

use super::place::{Oid, Place};
use super::query::Query;

pub fn constraints(major: u32) -> Query {
    // Foreign keys of partitioned tables came with version 11.
    let own = if major >= 11 { "c.conparentid = 0 AND c.conislocal" } else { "c.conislocal" };
    let names = |relation: &str, key: &str| {
        format!(
            "(SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(c.{key}) WITH ORDINALITY k(attnum, n) \
             JOIN pg_attribute a ON a.attrelid = c.{relation} AND a.attnum = k.attnum)"
        )
    };
    let sql = format!(
        "SELECT c.conrelid, c.conname, c.contype, pg_get_constraintdef(c.oid), c.confrelid, \
           c.confdeltype, c.confupdtype, c.confmatchtype, \
           CASE WHEN c.contype = 'f' THEN {} END, CASE WHEN c.contype = 'f' THEN {} END \
         FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace \
           AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
         WHERE c.contype IN ('c', 'f') AND c.conrelid <> 0 AND {own}",
        names("conrelid", "conkey"),
        names("confrelid", "confkey"),
    );
    Query::new(sql, |b, row| {
        let Some(table) = row.number::<Oid>() else { return };
        let name = row.text();
        let is_check = row.text() == "c";
        let definition = row.text();
        if is_check {
            let expression =
                definition.strip_prefix("CHECK ").map_or(definition.as_str(), str::trim).to_owned();
            let checks = match b.places.get(&table) {
                Some(Place::Table(s, n)) => &mut b.catalog.schemas[*s].tables[*n].checks,
                Some(Place::Partition) => match b.partition(table) {
                    Some(p) => &mut p.checks,
                    None => return,
                },
                _ => return,
            };
            checks.push(CheckConstraint { name, expression });
            return;
        }
        let referenced: Oid = row.number().unwrap_or(0);
        let (referenced_schema, referenced_table) = b.name(referenced).unwrap_or_default();
        let key = ForeignKey {
            name,
            referenced_schema,
            referenced_table,
            on_delete: action(&row.text()).to_owned(),
            on_update: action(&row.text()).to_owned(),
            match_type: match row.text().as_str() {
                "f" => "FULL",
                "p" => "PARTIAL",
                _ => "SIMPLE",
            }
            .to_owned(),
            columns: row.list(),
            referenced_columns: row.list(),
            definition,
        };
        if let Some(list) = b.foreign_keys(table) {
            list.push(key);
        }
    })
}

fn action(letter: &str) -> &'static str {
    match letter {
        "r" => "RESTRICT",
        "c" => "CASCADE",
        "n" => "SET NULL",
        "d" => "SET DEFAULT",
        _ => "NO ACTION",
    }
}
