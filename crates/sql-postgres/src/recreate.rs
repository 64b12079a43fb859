//! Views that read a column hold its type. They are dropped before the change and made again behind it.
//!
//! A person has to look: grants on the views are gone, and they belong to whoever runs the script.

use schema::{Catalog, Schema};
use sql::tree::{AlterKind, Body, Parsed};
use sql::{Edit, Fix, Safety};

use crate::apply::place::{self, View};
use crate::quote::qualified;
use crate::render;

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
    let reads = |v: &View<'_>| {
        changed.iter().any(|column| place::reads_column(v.on, &schema, table, column))
    };
    let readers = readers(catalog, reads);
    if readers.is_empty() {
        return None;
    }
    let drop = |r: &View<'_>| format!("DROP {} {};\n", r.what, qualified(r.schema, r.name));
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
fn readers(catalog: &Catalog, reads: impl Fn(&View<'_>) -> bool) -> Vec<View<'_>> {
    let all: Vec<View<'_>> = catalog.schemas.iter().flat_map(place::views).collect();
    let mut found: Vec<View<'_>> = all.iter().filter(|v| reads(v)).copied().collect();
    let mut next = 0;
    while let Some(read) = found.get(next).copied() {
        let is = |v: &View<'_>| found.iter().any(|f| (f.schema, f.name) == (v.schema, v.name));
        let is_new = |v: &&View<'_>| v.reads(read.schema, read.name) && !is(v);
        let more: Vec<View<'_>> = all.iter().filter(is_new).copied().collect();
        found.extend(more);
        next += 1;
    }
    let mut ordered = Vec::with_capacity(found.len());
    let waits = |v: &View<'_>, found: &[View<'_>]| found.iter().any(|f| v.reads(f.schema, f.name));
    while let Some(first) = found.iter().position(|v| !waits(v, &found)) {
        ordered.push(found.remove(first));
    }
    ordered
}

/// Where the statement ends with its terminator, and what is missing there.
fn behind(statement: &Parsed, script: &str) -> Option<(usize, &'static str)> {
    let end = statement.span().end;
    let rest = script.get(end..)?;
    let blanks = rest.len() - rest.trim_start().len();
    Some(if rest[blanks..].starts_with(';') { (end + blanks + 1, "") } else { (end, ";") })
}

/// The catalog with nothing but these.
fn only(catalog: &Catalog, readers: &[View<'_>]) -> Catalog {
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
