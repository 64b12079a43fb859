//! Functions and procedures. Aggregates have no statement that the server could print, and are left out.

use schema::{Routine, RoutineKind};

use super::place::Oid;
use super::query::Query;

pub fn routines(major: u32) -> Query {
    // Procedures, and with them `prokind`, came with version 11.
    let (kind, plain) = if major >= 11 {
        ("p.prokind", "p.prokind IN ('f', 'p', 'w')")
    } else {
        ("'f'", "NOT p.proisagg")
    };
    let sql = format!(
        "SELECT p.oid, p.pronamespace, p.proname, {kind}, pg_get_function_identity_arguments(p.oid), \
           pg_get_functiondef(p.oid), d.description \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
           AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
         LEFT JOIN pg_description d ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid \
         WHERE {plain} AND NOT EXISTS (SELECT FROM pg_depend e \
           WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')"
    );
    Query::new(sql, |b, row| {
        let (Some(oid), Some(namespace)) = (row.number::<Oid>(), row.number::<Oid>()) else {
            return;
        };
        let name = row.text();
        let kind = if row.text() == "p" { RoutineKind::Procedure } else { RoutineKind::Function };
        let signature = format!("{name}({})", row.text());
        let definition = row.text().trim_end().to_owned();
        let comment = row.text();
        if let Some(schema) = b.schema(namespace) {
            schema.routines.push(Routine {
                kind,
                name,
                signature,
                definition,
                comment,
                ..Routine::default()
            });
            let at = (namespace, schema.routines.len() - 1);
            b.routines.insert(oid, at);
        }
    })
}

/// Relations whose row types a routine takes or gives, or which its `BEGIN ATOMIC` body names.
pub fn dependencies() -> Query {
    const SQL: &str = "SELECT DISTINCT d.objid, CASE WHEN d.refclassid = 'pg_class'::regclass \
          THEN d.refobjid ELSE coalesce(nullif(t.typrelid, 0), e.typrelid) END \
        FROM pg_depend d \
        LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid \
        LEFT JOIN pg_type e ON e.oid = t.typelem \
        WHERE d.classid = 'pg_proc'::regclass AND d.objid >= 16384 AND d.deptype = 'n' \
          AND d.refclassid IN ('pg_class'::regclass, 'pg_type'::regclass)";
    Query::new(SQL, |b, row| {
        let (Some(routine), Some(on)) = (row.number::<Oid>(), row.number::<Oid>()) else { return };
        let Some(name) = b.name(on) else { return };
        if let Some(routine) = b.routine(routine) {
            routine.depends_on.push(name);
        }
    })
}
