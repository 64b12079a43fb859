//! What views and materialized views say, and what they read.

use super::place::Oid;
use super::query::Query;

pub fn definitions() -> Query {
    const SQL: &str = "SELECT c.oid, pg_get_viewdef(c.oid) FROM pg_class c \
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' \
          AND n.nspname <> 'information_schema' \
        WHERE c.relkind IN ('v', 'm')";
    Query::new(SQL, |b, row| {
        let Some(oid) = row.number::<Oid>() else { return };
        let definition = row.text().trim().trim_end_matches(';').to_owned();
        if let Some(view) = b.view(oid) {
            view.definition = definition;
        } else if let Some(view) = b.materialized_view(oid) {
            view.definition = definition;
        }
    })
}

/// Relations and columns that the query of a view names.
pub fn dependencies() -> Query {
    const SQL: &str = "SELECT DISTINCT r.ev_class, d.refobjid, d.refobjsubid FROM pg_rewrite r \
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid \
          AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n' \
        WHERE r.rulename = '_RETURN' AND d.refobjid <> r.ev_class AND r.ev_class >= 16384";
    Query::new(SQL, |b, row| {
        let (Some(view), Some(on)) = (row.number::<Oid>(), row.number::<Oid>()) else { return };
        let number: i16 = row.number().unwrap_or(0);
        let Some((schema, relation)) = b.name(on) else { return };
        let dependency = (schema, relation, b.column(on, number).unwrap_or_default());
        if let Some(view) = b.view(view) {
            view.depends_on.push(dependency);
        } else if let Some(view) = b.materialized_view(view) {
            view.depends_on.push(dependency);
        }
    })
}
