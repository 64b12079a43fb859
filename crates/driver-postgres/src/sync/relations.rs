//! Schemas, and the headers of tables, views, materialized views and partitions.

use schema::{MaterializedView, Partition, Schema, Table, TableStats, View};

use super::place::{Oid, Part, Place};
use super::query::Query;

/// Schemas of the user's: what the other queries need not filter again, because their objects find no schema.
pub fn schemas() -> Query {
    const SQL: &str = "SELECT n.oid, n.nspname, pg_get_userbyid(n.nspowner), d.description \
        FROM pg_namespace n \
        LEFT JOIN pg_description d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid \
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
        AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass \
          AND e.objid = n.oid AND e.deptype = 'e')";
    Query::new(SQL, |b, row| {
        let Some(oid) = row.number() else { return };
        b.schemas.insert(oid, b.catalog.schemas.len());
        b.catalog.schemas.push(Schema {
            name: row.text(),
            owner: row.text(),
            comment: row.text(),
            ..Schema::default()
        });
    })
}

pub fn relations() -> Query {
    const SQL: &str = "SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relispartition, \
          pg_get_userbyid(c.relowner), d.description, c.relpersistence = 'u', \
          array_to_string(c.reloptions, ', '), pg_get_partkeydef(c.oid), \
          CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END, \
          c.relrowsecurity, c.relforcerowsecurity, c.reltuples::bigint, \
          CASE WHEN c.relkind <> 'r' THEN NULL WHEN c.relpages = 0 THEN pg_relation_size(c.oid) \
            ELSE c.relpages::bigint * current_setting('block_size')::bigint END \
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
        LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0 \
        WHERE c.relkind IN ('r', 'p', 'v', 'm') \
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
          AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass \
            AND e.objid = c.oid AND e.objsubid = 0 AND e.deptype = 'e')";
    Query::new(SQL, |b, row| {
        let (Some(oid), Some(namespace)) = (row.number::<Oid>(), row.number::<Oid>()) else {
            return;
        };
        let Some(s) = b.schemas.get(&namespace).copied() else { return };
        let name = row.text();
        let kind = row.text();
        let is_partition = row.bool();
        let owner = row.text();
        let comment = row.text();
        let unlogged = row.bool();
        let options = row.text();
        let partition_by = row.text();
        let bound = row.text();
        let (secured, forced) = (row.bool(), row.bool());
        let rows = row.number().unwrap_or(-1);
        let data_bytes = row.number().unwrap_or(-1);
        let schema = &mut b.catalog.schemas[s];
        let place = match kind.as_str() {
            "v" => {
                let view = View { name, owner, comment, options, ..View::default() };
                schema.views.push(view.into());
                Place::View(s, schema.views.len() - 1)
            }
            "m" => {
                let view = MaterializedView { name, owner, comment, ..MaterializedView::default() };
                schema.materialized_views.push(view);
                Place::MaterializedView(s, schema.materialized_views.len() - 1)
            }
            _ if is_partition => {
                let partition = Partition {
                    schema: schema.name.clone(),
                    name,
                    value: bound,
                    partition_by,
                    comment,
                    ..Partition::default()
                };
                b.parts.insert(oid, Part { schema: s, parent: 0, partition });
                Place::Partition
            }
            _ => {
                let table = Table {
                    name,
                    owner,
                    comment,
                    partition_by,
                    create_options: create_options(unlogged, &options),
                    row_security: row_security(secured, forced),
                    stats: TableStats { rows, data_bytes, ..TableStats::default() },
                    ..Table::default()
                };
                schema.tables.push(table.into());
                Place::Table(s, schema.tables.len() - 1)
            }
        };
        b.places.insert(oid, place);
    })
}

/// What stands around the parentheses of CREATE TABLE.
fn create_options(unlogged: bool, options: &str) -> String {
    let with = if options.is_empty() { String::new() } else { format!("WITH ({options})") };
    let words = [if unlogged { "UNLOGGED" } else { "" }, &with];
    words.iter().filter(|w| !w.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

fn row_security(secured: bool, forced: bool) -> String {
    match (secured, forced) {
        (true, true) => "FORCE",
        (true, false) => "ENABLE",
        (false, _) => "",
    }
    .to_owned()
}

/// Partitions find their table here, and children those they inherit from.
pub fn inheritance() -> Query {
    const SQL: &str = "SELECT i.inhrelid, i.inhparent, p.partstrat, pg_get_partkeydef(i.inhparent) \
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p') \
        LEFT JOIN pg_partitioned_table p ON p.partrelid = i.inhparent \
        ORDER BY i.inhrelid, i.inhseqno";
    Query::new(SQL, |b, row| {
        let (Some(child), Some(parent)) = (row.number::<Oid>(), row.number::<Oid>()) else {
            return;
        };
        let strategy = match row.text().as_str() {
            "r" => "RANGE",
            "l" => "LIST",
            "h" => "HASH",
            _ => "",
        };
        let key = row.text();
        if let Some(part) = b.parts.get_mut(&child) {
            part.parent = parent;
            part.partition.r#type = strategy.to_owned();
            part.partition.expression = key;
        } else if let Some(name) = b.name(parent)
            && let Some(table) = b.table(child)
        {
            table.inherits.push(name);
        }
    })
}
