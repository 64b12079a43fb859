//! Enums, composite types, domains, ranges; extensions.

use schema::{Enum, Extension, UserType};
use sql_postgres::quote::{identifier, qualified};

use super::place::{Builder, Oid};
use super::query::Query;
use crate::rows::Row;

/// Where a query is to look for types `t` of the user's that no extension brings, with their comments.
const OF_USER: &str = "JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname !~ '^pg_' \
      AND n.nspname <> 'information_schema' \
    LEFT JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid \
    WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_type'::regclass \
      AND x.objid = t.oid AND x.deptype = 'e')";

pub fn enums() -> Query {
    let sql = format!(
        "SELECT t.typnamespace, t.typname, d.description, \
           to_json(ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)) \
         FROM pg_type t {OF_USER} AND t.typtype = 'e'"
    );
    Query::new(sql, |b, row| {
        let namespace: Oid = row.number().unwrap_or(0);
        let found = Enum { name: row.text(), comment: row.text(), values: row.list() };
        if let Some(schema) = b.schema(namespace) {
            schema.enums.push(found);
        }
    })
}

/// Puts a type in place; `rest` reads what stands behind its name in its statement.
fn take(b: &mut Builder, row: &mut Row, statement: &str, rest: impl Fn(&mut Row) -> String) {
    let namespace: Oid = row.number().unwrap_or(0);
    let (name, comment) = (row.text(), row.text());
    let rest = rest(row);
    let Some(schema) = b.schema(namespace) else { return };
    let definition = format!("{statement} {} AS {rest}", qualified(&schema.name, &name));
    schema.types.push(UserType { name, definition, comment });
}

pub fn composites() -> Query {
    let sql = format!(
        "SELECT t.typnamespace, t.typname, d.description, \
           to_json(ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.typrelid \
             AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)), \
           to_json(ARRAY(SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a \
             WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)) \
         FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' {OF_USER}"
    );
    Query::new(sql, |b, row| {
        take(b, row, "CREATE TYPE", |row| {
            let (names, types) = (row.list(), row.list());
            let fields: Vec<_> =
                names.iter().zip(&types).map(|(n, t)| format!("{} {t}", identifier(n))).collect();
            format!("({})", fields.join(", "))
        });
    })
}

pub fn domains() -> Query {
    let sql = format!(
        "SELECT t.typnamespace, t.typname, d.description, format_type(t.typbasetype, t.typtypmod), \
           t.typdefault, t.typnotnull, \
           to_json(ARRAY(SELECT c.conname::text FROM pg_constraint c WHERE c.contypid = t.oid \
             AND c.contype = 'c' ORDER BY c.conname)), \
           to_json(ARRAY(SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.contypid = t.oid \
             AND c.contype = 'c' ORDER BY c.conname)) \
         FROM pg_type t {OF_USER} AND t.typtype = 'd'"
    );
    Query::new(sql, |b, row| {
        take(b, row, "CREATE DOMAIN", |row| {
            let mut rest = row.text();
            if let Some(default) = row.opt() {
                rest += &format!(" DEFAULT {default}");
            }
            if row.bool() {
                rest += " NOT NULL";
            }
            let (names, checks) = (row.list(), row.list());
            for (name, check) in names.iter().zip(&checks) {
                rest += &format!(" CONSTRAINT {} {check}", identifier(name));
            }
            rest
        });
    })
}

pub fn ranges() -> Query {
    let sql = format!(
        "SELECT t.typnamespace, t.typname, d.description, format_type(r.rngsubtype, NULL), \
           nullif(r.rngsubdiff::oid, 0)::regproc::text \
         FROM pg_type t JOIN pg_range r ON r.rngtypid = t.oid {OF_USER}"
    );
    Query::new(sql, |b, row| {
        take(b, row, "CREATE TYPE", |row| {
            let subtype = row.text();
            let difference = row.opt().map(|f| format!(", SUBTYPE_DIFF = {f}")).unwrap_or_default();
            format!("RANGE (SUBTYPE = {subtype}{difference})")
        });
    })
}

pub fn extensions() -> Query {
    const SQL: &str = "SELECT e.extname, n.nspname, e.extversion, d.description FROM pg_extension e \
        JOIN pg_namespace n ON n.oid = e.extnamespace \
        LEFT JOIN pg_description d ON d.classoid = 'pg_extension'::regclass AND d.objoid = e.oid";
    Query::new(SQL, |b, row| {
        b.catalog.extensions.push(Extension {
            name: row.text(),
            schema: row.text(),
            version: row.text(),
            description: row.text(),
        });
    })
}
