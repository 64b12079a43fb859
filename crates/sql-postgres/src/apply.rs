//! The walk-through: what a script does to a catalog in memory, with the errors that a server would give.
//!
//! Follows what review and diff need: schemas, tables and their parts, indexes, views, sequences, types, routines.
//! A statement that it does not follow changes nothing and never fails. A name without a schema is looked for along
//! the search path of the catalog, and made in the first schema of it that exists.

mod alter;
pub mod constraint;
mod drop;
mod index;
pub mod names;
mod objects;
pub mod place;
mod table;

use base::Span;
use schema::Catalog;
use sql::tree::{AlterKind, Body};
use sql::{ApplyError, ApplyErrorKind};

type Applied = Result<(), ApplyError>;

pub fn apply(catalog: &mut Catalog, body: &Body) -> Applied {
    let done = applied(catalog, body);
    // Also of what failed half-way.
    note(catalog, body);
    done
}

/// Tells the schemas the names that may have come.
fn note(catalog: &mut Catalog, body: &Body) {
    let mut tables: Vec<&str> = body.tables().into_iter().map(|n| n.name.as_str()).collect();
    let mut others: Vec<&str> = Vec::new();
    match body {
        Body::CreateTable(made) => tables.extend(made.partition_of.iter().map(|n| n.name.as_str())),
        Body::AlterTable(alter) => {
            for action in &alter.actions {
                match &action.kind {
                    AlterKind::RenameTo { to } => {
                        tables.push(&to.name);
                        others.push(&to.name);
                    }
                    // A view or a sequence moves, too.
                    AlterKind::SetSchema { .. } => others.push(&alter.name.name),
                    _ => {}
                }
            }
        }
        Body::CreateIndex(index) => others.extend(index.name.as_ref().map(|n| n.name.as_str())),
        Body::CreateView(view) => others.push(&view.name.name),
        Body::CreateSequence(sequence) => others.push(&sequence.name.name),
        Body::Rename(rename) => {
            tables.push(&rename.to.name);
            others.push(&rename.to.name);
        }
        Body::SetSchema { name, .. } => {
            tables.push(&name.name);
            others.push(&name.name);
        }
        // Rows change no names, and what is dropped may stay.
        _ => return,
    }
    for schema in &mut catalog.schemas {
        tables.iter().for_each(|t| schema.note_parts(t));
        others.iter().for_each(|o| schema.known.note(o));
    }
}

fn applied(catalog: &mut Catalog, body: &Body) -> Applied {
    match body {
        Body::CreateSchema { name, if_not_exists, elements } => {
            objects::create_schema(catalog, name, *if_not_exists, elements)
        }
        Body::CreateTable(t) => table::create(catalog, t),
        Body::AlterTable(a) => alter::alter(catalog, a),
        Body::CreateIndex(i) => index::create(catalog, i),
        Body::CreateView(v) => objects::create_view(catalog, v),
        Body::CreateSequence(s) => objects::create_sequence(catalog, s),
        Body::CreateType(t) => objects::create_type(catalog, t),
        Body::AddEnumValue { name, value, if_not_exists } => {
            objects::add_enum_value(catalog, name, value, *if_not_exists)
        }
        Body::CreateFunction(f) => objects::create_function(catalog, f),
        Body::CreateTrigger { name, table, or_replace } => {
            objects::create_trigger(catalog, name, table, *or_replace)
        }
        Body::CreateExtension { name, schema, .. } => {
            objects::create_extension(catalog, name, schema);
            Ok(())
        }
        Body::Drop(d) => drop::drop(catalog, d),
        Body::Rename(r) => objects::rename(catalog, r),
        Body::SetSchema { kind, name, schema, if_exists } => {
            objects::set_schema(catalog, kind, name, schema, *if_exists)
        }
        Body::Comment(c) => {
            objects::comment(catalog, c);
            Ok(())
        }
        Body::Do(block) => {
            for statement in &block.statements {
                let done = apply(catalog, &statement.body);
                // Elsewhere a branch may not be taken, and an error may be caught.
                if block.straight {
                    done?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn error<T>(kind: ApplyErrorKind, span: Span, message: String) -> Result<T, ApplyError> {
    Err(ApplyError { kind, span, message })
}
