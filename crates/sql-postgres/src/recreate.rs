//! Views that read a column hold its type. They are dropped before the change and made again behind it.
//!
//! A person has to look: grants on the views are gone, and they belong to whoever runs the script.

use schema::{Catalog, Schema};
use sql::tree::{AlterKind, Body, Parsed};
use sql::{Edit, Fix, Safety};

use crate::apply::place;
use crate::quote::qualified;
use crate::render;

type Columns = [(String, String, String)];

/// A view.
#[derive(Clone, Copy)]
struct Reader<'c> {
    schema: &'c str,
    name: &'c str,
    /// What DROP calls it.
    what: &'static str,
    on: &'c Columns,
}

/// The edits around the statement; None when no view stands in its way.
pub fn around(catalog: &Catalog, statement: &Parsed, script: &str) -> Option<Fix> {
    let Body::AlterTable(alter) = &statement.body else { return None };
    let (schema, _) = place::find(catalog, &alter.name)?;
    let changed = alter.actions.iter().filter_map(|a| match &a.kind {
        AlterKind::ColumnType { column, .. } => Some(column.name.as_str()),
        _ => None,
    });
    let changed: Vec<&str> = changed.collect();
    let table = &alter.name.name;
    let reads = |on: &Columns| {
        on.iter().any(|(s, t, c)| *s == schema && t == table && changed.contains(&c.as_str()))
    };
    let readers = readers(catalog, reads);
    if readers.is_empty() {
        return None;
    }
    let drop = |r: &Reader<'_>| format!("DROP {} {};\n", r.what, qualified(r.schema, r.name));
    let drops: String = readers.iter().rev().map(drop).collect();
    let before = format!(
        "-- What reads the column is made again below. Add what was granted on it, and its owner.\n{drops}"
    );
    let (at, terminator) = behind(statement, script)?;
    let made = render::queries_of(&only(catalog, &readers));
    let after = format!("{terminator}\n{}", made.trim_end());
    let names: Vec<String> = readers.iter().map(|r| qualified(r.schema, r.name)).collect();
    let title = format!("Drop {} first, and create again after the change", names.join(", "));
    let edits = vec![Edit::insert(statement.span().start, before), Edit::insert(at, after)];
    Some(Fix::new(title, Safety::Look, edits))
}

/// Views that read it, and views of these, each behind what it reads.
fn readers(catalog: &Catalog, reads: impl Fn(&Columns) -> bool) -> Vec<Reader<'_>> {
    let all: Vec<Reader<'_>> = catalog.schemas.iter().flat_map(views).collect();
    let mut found: Vec<Reader<'_>> = all.iter().filter(|r| reads(r.on)).copied().collect();
    let mut next = 0;
    while let Some(read) = found.get(next).copied() {
        let is_new = |r: &&Reader<'_>| r.reads(&read) && !found.iter().any(|f| f.is(r));
        let more: Vec<Reader<'_>> = all.iter().filter(is_new).copied().collect();
        found.extend(more);
        next += 1;
    }
    let mut ordered = Vec::with_capacity(found.len());
    while let Some(first) = found.iter().position(|r| !found.iter().any(|f| r.reads(f))) {
        ordered.push(found.remove(first));
    }
    ordered
}

fn views(schema: &Schema) -> impl Iterator<Item = Reader<'_>> {
    let of = |name, what, on| Reader { schema: &schema.name, name, what, on };
    let plain = schema.views.iter().map(move |v| of(&v.name, "VIEW", &v.depends_on));
    let materialized = schema.materialized_views.iter();
    plain.chain(materialized.map(move |v| of(&v.name, "MATERIALIZED VIEW", &v.depends_on)))
}

impl Reader<'_> {
    fn is(&self, other: &Reader<'_>) -> bool {
        self.schema == other.schema && self.name == other.name
    }

    fn reads(&self, other: &Reader<'_>) -> bool {
        self.on.iter().any(|(s, t, _)| s == other.schema && t == other.name)
    }
}

/// Where the statement ends with its terminator, and what is missing there.
fn behind(statement: &Parsed, script: &str) -> Option<(usize, &'static str)> {
    let end = statement.span().end;
    let rest = script.get(end..)?;
    let blanks = rest.len() - rest.trim_start().len();
    Some(if rest[blanks..].starts_with(';') { (end + blanks + 1, "") } else { (end, ";") })
}

/// The catalog with nothing but these.
fn only(catalog: &Catalog, readers: &[Reader<'_>]) -> Catalog {
    let is_one =
        |schema: &str, name: &str| readers.iter().any(|r| r.schema == schema && r.name == name);
    let schemas = catalog.schemas.iter().map(|s| Schema {
        name: s.name.clone(),
        views: s.views.iter().filter(|v| is_one(&s.name, &v.name)).cloned().collect(),
        materialized_views: s
            .materialized_views
            .iter()
            .filter(|v| is_one(&s.name, &v.name))
            .cloned()
            .collect(),
        ..Schema::default()
    });
    Catalog { schemas: schemas.collect(), ..Catalog::default() }
}
