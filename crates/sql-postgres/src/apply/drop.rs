//! DROP, and what depends on what is dropped.

use schema::{Catalog, Schema, Shared, Table};
use sql::ApplyErrorKind as Kind;
use sql::lex::{Lexer, TokenKind};
use sql::tree::{DropObjects, Ident, Name};

use super::place::{self, Relation, schema_named};
use super::{Applied, error};
use crate::split::RULES;

pub fn drop(catalog: &mut Catalog, made: &DropObjects) -> Applied {
    made.names.iter().try_for_each(|name| one(catalog, made, name))
}

fn one(catalog: &mut Catalog, made: &DropObjects, name: &Name) -> Applied {
    match made.kind {
        "table" | "view" | "materialized view" | "sequence" | "index" => {
            relation(catalog, made, name)
        }
        "schema" => schema(catalog, made, name),
        "type" => {
            for schema in of_name(catalog, name) {
                schema.enums.retain(|e| e.name != name.name);
                schema.types.retain(|t| t.name != name.name);
            }
            Ok(())
        }
        // Overloads are told apart by their arguments: with one of the name it is the one.
        "function" | "procedure" => {
            for schema in of_name(catalog, name) {
                if schema.routines.iter().filter(|r| r.name == name.name).count() == 1 {
                    schema.routines.retain(|r| r.name != name.name);
                }
            }
            Ok(())
        }
        "extension" => {
            catalog.extensions.retain(|e| e.name != name.name);
            Ok(())
        }
        "trigger" | "policy" | "rule" => {
            let Some(of) = &made.table else { return Ok(()) };
            if let Ok(table) = place::table(catalog, of) {
                match made.kind {
                    "trigger" => table.triggers.retain(|t| t.name != name.name),
                    "policy" => table.policies.retain(|t| t.name != name.name),
                    _ => table.rules.retain(|t| t.name != name.name),
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn of_name<'a>(catalog: &'a mut Catalog, name: &'a Name) -> impl Iterator<Item = &'a mut Schema> {
    let wanted = place::schema_name(catalog, name);
    catalog.schemas.iter_mut().filter(move |s| s.name == wanted)
}

fn schema(catalog: &mut Catalog, made: &DropObjects, name: &Name) -> Applied {
    let Some(at) = catalog.schemas.iter().position(|s| s.name == name.name) else {
        if made.if_exists {
            return Ok(());
        }
        return error(
            Kind::SchemaMissing,
            name.span,
            format!("schema \"{}\" does not exist", name.name),
        );
    };
    let s = &catalog.schemas[at];
    let is_empty = s.tables.is_empty()
        && s.views.is_empty()
        && s.materialized_views.is_empty()
        && s.routines.is_empty()
        && s.sequences.is_empty()
        && s.enums.is_empty()
        && s.types.is_empty();
    if !made.cascade && !is_empty {
        return error(
            Kind::DependentObjects,
            name.span,
            format!("cannot drop schema {} because other objects depend on it", name.name),
        );
    }
    catalog.schemas.remove(at);
    Ok(())
}

fn relation(catalog: &mut Catalog, made: &DropObjects, name: &Name) -> Applied {
    let found = place::find(catalog, name).filter(|(_, r)| r.word() == made.kind);
    let Some((schema, relation)) = found else {
        if made.if_exists || place::is_system(name) {
            return Ok(());
        }
        let kind = if made.kind == "index" { Kind::IndexMissing } else { Kind::RelationMissing };
        return error(
            kind,
            name.span,
            format!("{} \"{}\" does not exist", made.kind, name.written()),
        );
    };
    if !made.cascade {
        check_dependents(catalog, made, &schema, name)?;
    }
    if made.cascade {
        drop_dependents(catalog, &schema, &name.name);
    }
    remove(schema_named(catalog, &schema, name.span)?, relation, &name.name);
    Ok(())
}

/// Views and foreign keys of what stays.
fn check_dependents(catalog: &Catalog, made: &DropObjects, schema: &str, name: &Name) -> Applied {
    let stays = |other: &str| !made.names.iter().any(|n| n.name == other);
    for s in &catalog.schemas {
        let view = place::views(s).find(|v| stays(v.name) && v.reads(schema, &name.name));
        let key = s.tables.iter().find(|t| {
            stays(&t.name)
                && t.foreign_keys.iter().any(|f| {
                    f.referenced_table == name.name
                        && (f.referenced_schema == schema || f.referenced_schema.is_empty())
                })
        });
        let dependent =
            view.map(|v| format!("view {}", v.name)).or(key.map(|t| format!("table {}", t.name)));
        if let Some(dependent) = dependent {
            return error(
                Kind::DependentObjects,
                name.span,
                format!(
                    "cannot drop {} {} because {dependent} depends on it",
                    made.kind,
                    name.written()
                ),
            );
        }
    }
    Ok(())
}

/// What CASCADE takes along.
fn drop_dependents(catalog: &mut Catalog, schema: &str, name: &str) {
    let mut dropped = vec![(schema.to_owned(), name.to_owned())];
    while let Some((schema, name)) = dropped.pop() {
        let on =
            |on: &[(String, String, String)]| on.iter().any(|(s, t, _)| *s == schema && *t == name);
        for s in &mut catalog.schemas {
            let own = s.name.clone();
            s.views.retain(|v| {
                let goes = on(&v.depends_on);
                if goes {
                    dropped.push((own.clone(), v.name.clone()));
                }
                !goes
            });
            s.materialized_views.retain(|v| {
                let goes = on(&v.depends_on);
                if goes {
                    dropped.push((own.clone(), v.name.clone()));
                }
                !goes
            });
            let refers = |f: &schema::ForeignKey| {
                f.referenced_table == name
                    && (f.referenced_schema == schema || f.referenced_schema.is_empty())
            };
            // The others are not touched: they are shared.
            for table in s.tables.iter_mut().filter(|t| t.foreign_keys.iter().any(refers)) {
                table.foreign_keys.retain(|f| !refers(f));
            }
        }
    }
}

fn remove(schema: &mut Schema, relation: Relation, name: &str) {
    match relation {
        Relation::Table => {
            schema.tables.retain(|t| t.name != name);
            schema.sequences.retain(|s| s.owner_table != name);
            let holds = |t: &&mut Shared<Table>| t.partitions.iter().any(|p| p.name == name);
            for table in schema.tables.iter_mut().filter(holds) {
                table.partitions.retain(|p| p.name != name);
            }
        }
        Relation::View => schema.views.retain(|v| v.name != name),
        Relation::MaterializedView => schema.materialized_views.retain(|v| v.name != name),
        Relation::Sequence => schema.sequences.retain(|s| s.name != name),
        Relation::Index => {
            let holds = |t: &&mut Shared<Table>| t.indexes.iter().any(|i| i.name == name);
            for table in schema.tables.iter_mut().filter(holds) {
                table.indexes.retain(|i| i.name != name);
            }
            for view in &mut schema.materialized_views {
                view.indexes.retain(|i| i.name != name);
            }
        }
    }
}

/// A view that reads the column holds it.
pub fn check_column(
    catalog: &mut Catalog,
    schema: &str,
    table: &str,
    column: &Ident,
    cascade: bool,
) -> Applied {
    if cascade {
        for s in &mut catalog.schemas {
            s.views.retain(|v| !place::reads_column(&v.depends_on, schema, table, &column.name));
            s.materialized_views
                .retain(|v| !place::reads_column(&v.depends_on, schema, table, &column.name));
        }
        return Ok(());
    }
    let Some(view) = reader(catalog, schema, table, &column.name) else { return Ok(()) };
    error(
        Kind::DependentObjects,
        column.span,
        format!(
            "cannot drop column {} of table {table} because view {view} depends on it",
            column.name
        ),
    )
}

/// A view that reads the column.
pub fn reader<'c>(
    catalog: &'c Catalog,
    schema: &str,
    table: &str,
    column: &str,
) -> Option<&'c str> {
    let mut all = catalog.schemas.iter().flat_map(place::views);
    all.find(|v| place::reads_column(v.on, schema, table, column)).map(|v| v.name)
}

/// Takes a column away, with the indexes and constraints that need it.
pub fn column(table: &mut Table, name: &str) {
    table.columns.retain(|c| c.name != name);
    for (n, column) in table.columns.iter_mut().enumerate() {
        column.position = i32::try_from(n + 1).unwrap_or(i32::MAX);
    }
    table.indexes.retain(|i| !i.keys.iter().any(|k| k.expression == name));
    table.foreign_keys.retain(|f| !f.columns.iter().any(|c| c == name));
    table.checks.retain(|c| !mentions(&c.expression, name));
}

/// Whether a name stands in the text of an expression.
fn mentions(expression: &str, name: &str) -> bool {
    Lexer::new(expression, RULES).any(|token| {
        let text = token.text(expression);
        match token.kind {
            TokenKind::Word => text.eq_ignore_ascii_case(name),
            TokenKind::Name => text.trim_matches('"') == name,
            _ => false,
        }
    })
}

/// Takes a constraint away; false when there is none of the name.
pub fn constraint(table: &mut Table, name: &str) -> bool {
    let before = (table.indexes.len(), table.checks.len(), table.foreign_keys.len());
    table.indexes.retain(|i| !(i.constraint && i.name == name));
    table.checks.retain(|c| c.name != name);
    table.foreign_keys.retain(|f| f.name != name);
    before != (table.indexes.len(), table.checks.len(), table.foreign_keys.len())
}
