//! Schemas, views, sequences, types, routines, triggers, extensions; renames, moves and comments.

use schema::{
    Catalog, Column, Enum, Extension, Known, MaterializedView, Routine, RoutineKind, Schema,
    Sequence, Shared, Table, Trigger, UserType, View,
};
use sql::ApplyErrorKind as Kind;
use sql::tree::{
    Body, Comment, CreateFunction, CreateSequence, CreateType, CreateView, FromItem, Ident, Name,
    Query, QueryBody, Rename, visit_queries,
};

use crate::quote::identifier;

use super::place::{self, Relation, insert, schema_for, schema_named};
use super::{Applied, apply, error};

pub fn create_schema(
    catalog: &mut Catalog,
    name: &Ident,
    if_not_exists: bool,
    elements: &[Body],
) -> Applied {
    if catalog.schema(&name.name).is_some() {
        if if_not_exists {
            return Ok(());
        }
        return error(
            Kind::SchemaExists,
            name.span,
            format!("schema \"{}\" already exists", name.name),
        );
    }
    let (name, known) = (name.name.clone(), Known::nothing());
    let path_name = name.clone();
    let schema = Schema { name, known, ..Schema::default() };
    insert(&mut catalog.schemas, schema, |s| &s.name);
    // What is made along with it is made in it.
    let path = std::mem::replace(&mut catalog.search_path, path_name);
    let done = elements.iter().try_for_each(|e| apply(catalog, e));
    catalog.search_path = path;
    done
}

pub fn create_view(catalog: &mut Catalog, made: &CreateView) -> Applied {
    if made.temporary {
        return Ok(());
    }
    let depends_on = made.query.as_ref().map(|q| reads(catalog, q)).unwrap_or_default();
    let name = &made.name.name;
    if made.or_replace {
        let schema = schema_for(catalog, &made.name)?;
        if schema.known.may_hold(name) {
            let _ = take(&mut schema.views, |v| v.name == *name);
        }
    }
    let Some(schema) = place::make(catalog, &made.name, made.if_not_exists)? else {
        return Ok(());
    };
    let (name, definition) = (name.clone(), made.definition.clone());
    if made.materialized {
        // Its columns have their names from its query only.
        let definition = match &made.columns[..] {
            [] => definition,
            columns => {
                let names: Vec<String> = columns.iter().map(|c| identifier(c)).collect();
                let (alias, names) = (identifier(&name), names.join(", "));
                format!("SELECT * FROM ({definition}) AS {alias} ({names})")
            }
        };
        let view = MaterializedView { name, definition, depends_on, ..MaterializedView::default() };
        insert(&mut schema.materialized_views, view, |v| &v.name);
    } else {
        let columns = made.columns.iter().zip(1..);
        let column = |(name, position): (&String, i32)| Column {
            name: name.clone(),
            position,
            nullable: true,
            ..Column::default()
        };
        let columns = columns.map(column).collect();
        let view = View { name, definition, depends_on, columns, ..View::default() };
        insert(&mut schema.views, view, |v| &v.name);
    }
    Ok(())
}

/// The relations that a query reads; columns are not told.
fn reads(catalog: &Catalog, query: &Query) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let body = Body::Query(Box::new(query.clone()));
    visit_queries(&body, &mut |q| {
        let mut items: Vec<&FromItem> = match &q.body {
            QueryBody::Select(s) => s.from.iter().collect(),
            _ => Vec::new(),
        };
        while let Some(item) = items.pop() {
            match item {
                FromItem::Join(join) => items.extend([&join.left, &join.right]),
                FromItem::Table { name, .. } => {
                    if let Some((schema, _)) = place::find(catalog, name) {
                        found.push((schema, name.name.clone(), String::new()));
                    }
                }
                _ => {}
            }
        }
    });
    found.sort();
    found.dedup();
    found
}

pub fn create_sequence(catalog: &mut Catalog, made: &CreateSequence) -> Applied {
    if made.temporary {
        return Ok(());
    }
    let Some(schema) = place::make(catalog, &made.name, made.if_not_exists)? else {
        return Ok(());
    };
    let sequence = Sequence {
        name: made.name.name.clone(),
        data_type: "bigint".to_owned(),
        ..Sequence::default()
    };
    insert(&mut schema.sequences, sequence, |s| &s.name);
    Ok(())
}

pub fn create_type(catalog: &mut Catalog, made: &CreateType) -> Applied {
    let schema = schema_for(catalog, &made.name)?;
    let name = &made.name.name;
    let taken = schema.enums.iter().any(|e| e.name == *name)
        || schema.types.iter().any(|t| t.name == *name);
    if taken {
        return error(Kind::TypeExists, made.name.span, format!("type \"{name}\" already exists"));
    }
    match &made.values {
        Some(values) => {
            let values = values.clone();
            let made = Enum { name: name.clone(), values, ..Enum::default() };
            insert(&mut schema.enums, made, |e| &e.name);
        }
        None => {
            let definition = made.definition.clone();
            let made = UserType { name: name.clone(), definition, ..UserType::default() };
            insert(&mut schema.types, made, |t| &t.name);
        }
    }
    Ok(())
}

pub fn add_enum_value(
    catalog: &mut Catalog,
    name: &Name,
    value: &str,
    if_not_exists: bool,
) -> Applied {
    let schema = schema_for(catalog, name)?;
    let Some(made) = schema.enums.iter_mut().find(|e| e.name == name.name) else {
        return error(
            Kind::TypeMissing,
            name.span,
            format!("type \"{}\" does not exist", name.written()),
        );
    };
    if made.values.iter().any(|v| v == value) {
        if if_not_exists {
            return Ok(());
        }
        return error(
            Kind::TypeExists,
            name.span,
            format!("enum label \"{value}\" already exists"),
        );
    }
    made.values.push(value.to_owned());
    Ok(())
}

pub fn create_function(catalog: &mut Catalog, made: &CreateFunction) -> Applied {
    let schema = schema_for(catalog, &made.name)?;
    let taken = schema.routines.iter().any(|r| r.signature == made.signature);
    if taken && !made.or_replace {
        return error(
            Kind::RelationExists,
            made.name.span,
            format!("function {} already exists with same argument types", made.signature),
        );
    }
    schema.routines.retain(|r| r.signature != made.signature);
    let routine = Routine {
        kind: if made.procedure { RoutineKind::Procedure } else { RoutineKind::Function },
        name: made.name.name.clone(),
        signature: made.signature.clone(),
        definition: made.definition.clone(),
        ..Routine::default()
    };
    insert(&mut schema.routines, routine, |r| &r.signature);
    Ok(())
}

pub fn create_trigger(
    catalog: &mut Catalog,
    name: &Ident,
    table: &Name,
    or_replace: bool,
) -> Applied {
    if place::find(catalog, table).is_some_and(|(_, r)| r != Relation::Table) {
        return Ok(());
    }
    let table = place::table(catalog, table)?;
    if table.triggers.iter().any(|t| t.name == name.name) {
        if or_replace {
            return Ok(());
        }
        return error(
            Kind::RelationExists,
            name.span,
            format!("trigger \"{}\" for relation \"{}\" already exists", name.name, table.name),
        );
    }
    insert(&mut table.triggers, Trigger { name: name.name.clone(), ..Trigger::default() }, |t| {
        &t.name
    });
    Ok(())
}

pub fn create_extension(catalog: &mut Catalog, name: &Ident, schema: &str) {
    if catalog.extensions.iter().all(|e| e.name != name.name) {
        let extension = Extension {
            name: name.name.clone(),
            schema: schema.to_owned(),
            ..Extension::default()
        };
        insert(&mut catalog.extensions, extension, |e| &e.name);
    }
}

pub fn rename(catalog: &mut Catalog, made: &Rename) -> Applied {
    let missing = |kind| {
        error(
            kind,
            made.from.span,
            format!("{} \"{}\" does not exist", made.kind, made.from.written()),
        )
    };
    if made.kind == "schema" {
        if catalog.schema(&made.to.name).is_some() {
            return error(
                Kind::SchemaExists,
                made.to.span,
                format!("schema \"{}\" already exists", made.to.name),
            );
        }
        return match catalog.schemas.iter_mut().find(|s| s.name == made.from.name) {
            Some(schema) => {
                schema.name.clone_from(&made.to.name);
                Ok(())
            }
            None => missing(Kind::SchemaMissing),
        };
    }
    if made.kind == "type" {
        let schema = schema_for(catalog, &made.from)?;
        if let Some(found) = schema.enums.iter_mut().find(|e| e.name == made.from.name) {
            found.name.clone_from(&made.to.name);
        } else if let Some(found) = schema.types.iter_mut().find(|t| t.name == made.from.name) {
            found.name.clone_from(&made.to.name);
        }
        return Ok(());
    }
    match place::find(catalog, &made.from) {
        Some((schema, relation)) => {
            let schema = schema_named(catalog, &schema, made.from.span)?;
            place::free(schema, &made.to.name, made.to.span)?;
            rename_relation(schema, relation, &made.from.name, &made.to.name);
            Ok(())
        }
        None if made.if_exists => Ok(()),
        None if made.kind == "index" => missing(Kind::IndexMissing),
        None => missing(Kind::RelationMissing),
    }
}

pub fn rename_relation(schema: &mut Schema, relation: Relation, from: &str, to: &str) {
    let name = match relation {
        Relation::Table => {
            // Where its name sorts.
            if let Some(at) = schema.table_at(from) {
                let mut table = schema.tables.remove(at);
                to.clone_into(&mut table.name);
                insert(&mut schema.tables, table, |t| &t.name);
            }
            None
        }
        Relation::View => schema.views.iter_mut().find(|v| v.name == from).map(|v| &mut v.name),
        Relation::MaterializedView => {
            schema.materialized_views.iter_mut().find(|v| v.name == from).map(|v| &mut v.name)
        }
        Relation::Sequence => {
            schema.sequences.iter_mut().find(|s| s.name == from).map(|s| &mut s.name)
        }
        Relation::Index => {
            let holds = |t: &&mut Shared<Table>| t.indexes.iter().any(|i| i.name == from);
            let of_tables = schema.tables.iter_mut().filter(holds).flat_map(|t| &mut t.indexes);
            let of_views = schema.materialized_views.iter_mut().flat_map(|v| &mut v.indexes);
            of_tables.chain(of_views).find(|i| i.name == from).map(|i| &mut i.name)
        }
    };
    if let Some(name) = name {
        to.clone_into(name);
    }
}

pub fn set_schema(
    catalog: &mut Catalog,
    kind: &str,
    name: &Name,
    to: &Ident,
    if_exists: bool,
) -> Applied {
    if kind == "type" {
        return Ok(());
    }
    match place::find(catalog, name) {
        Some((schema, relation)) => move_relation(catalog, &schema, relation, &name.name, to),
        None if if_exists => Ok(()),
        None => error(
            Kind::RelationMissing,
            name.span,
            format!("{kind} \"{}\" does not exist", name.written()),
        ),
    }
}

/// Moves a view or a sequence to another schema.
pub fn move_relation(
    catalog: &mut Catalog,
    from: &str,
    relation: Relation,
    name: &str,
    to: &Ident,
) -> Applied {
    place::free(schema_named(catalog, &to.name, to.span)?, name, to.span)?;
    let source = schema_named(catalog, from, to.span)?;
    let view = take(&mut source.views, |v| v.name == name && relation == Relation::View);
    let materialized = take(&mut source.materialized_views, |v| {
        v.name == name && relation == Relation::MaterializedView
    });
    let sequence =
        take(&mut source.sequences, |s| s.name == name && relation == Relation::Sequence);
    let target = schema_named(catalog, &to.name, to.span)?;
    if let Some(view) = view {
        insert(&mut target.views, view, |v| &v.name);
    }
    if let Some(view) = materialized {
        insert(&mut target.materialized_views, view, |v| &v.name);
    }
    if let Some(sequence) = sequence {
        insert(&mut target.sequences, sequence, |s| &s.name);
    }
    Ok(())
}

fn take<T>(list: &mut Vec<T>, wanted: impl Fn(&T) -> bool) -> Option<T> {
    list.iter().position(wanted).map(|at| list.remove(at))
}

/// A comment on what is not there changes nothing: the catalog need not know everything.
pub fn comment(catalog: &mut Catalog, made: &Comment) {
    let text = made.text.clone().unwrap_or_default();
    let name = &made.name;
    if made.kind == "schema" {
        if let Some(schema) = catalog.schemas.iter_mut().find(|s| s.name == name.name) {
            schema.comment = text;
        }
        return;
    }
    if made.kind == "column" {
        if let Ok(table) = place::table(catalog, name)
            && let Some(column) = table.columns.iter_mut().find(|c| c.name == made.member)
        {
            column.comment = text;
        }
        return;
    }
    let Some((schema, relation)) = place::find(catalog, name) else { return };
    let Some(schema) = catalog.schemas.iter_mut().find(|s| s.name == schema) else { return };
    let name = &name.name;
    let comment = match relation {
        Relation::Table => schema.table_at(name).map(|at| &mut schema.tables[at].comment),
        Relation::View => schema.views.iter_mut().find(|v| v.name == *name).map(|v| &mut v.comment),
        Relation::MaterializedView => {
            schema.materialized_views.iter_mut().find(|v| v.name == *name).map(|v| &mut v.comment)
        }
        Relation::Sequence => {
            schema.sequences.iter_mut().find(|s| s.name == *name).map(|s| &mut s.comment)
        }
        Relation::Index => schema
            .tables
            .iter_mut()
            .filter(|t| t.indexes.iter().any(|i| i.name == *name))
            .flat_map(|t| &mut t.indexes)
            .find(|i| i.name == *name)
            .map(|i| &mut i.comment),
    };
    if let Some(comment) = comment {
        *comment = text;
    }
}
