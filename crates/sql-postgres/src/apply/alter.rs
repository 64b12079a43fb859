//! ALTER TABLE, action by action.

use schema::{Catalog, Column, Identity, Partition, Table};
use sql::tree::{AlterAction, AlterKind, AlterTable, Ident, Name, RelationKind};
use sql::{ApplyError, ApplyErrorKind as Kind};

use super::place::{self, Relation, insert, schema_named};
use super::{Applied, constraint, drop, error, table};

pub fn alter(catalog: &mut Catalog, made: &AlterTable) -> Applied {
    let Some((schema, relation)) = place::find(catalog, &made.name) else {
        if made.if_exists || place::is_system(&made.name) {
            return Ok(());
        }
        return missing(&made.name);
    };
    if relation != Relation::Table || made.relation != RelationKind::Table {
        return made.actions.iter().try_for_each(|a| other(catalog, &schema, relation, made, a));
    }
    let mut name = made.name.name.clone();
    let mut schema = schema;
    for action in &made.actions {
        match &action.kind {
            AlterKind::RenameTo { to } => {
                rename_table(catalog, &schema, &name, to)?;
                name.clone_from(&to.name);
            }
            AlterKind::SetSchema { schema: to } => {
                move_table(catalog, &schema, &name, to)?;
                schema.clone_from(&to.name);
            }
            AlterKind::AttachPartition { table } => attach(catalog, &schema, &name, table)?,
            _ => on_table(catalog, &schema, &name, action)?,
        }
    }
    Ok(())
}

fn missing<T>(name: &Name) -> Result<T, ApplyError> {
    error(
        Kind::RelationMissing,
        name.span,
        format!("relation \"{}\" does not exist", name.written()),
    )
}

/// Takes the table out, changes it and puts it back, also when the change fails half-way. Its name keeps its place.
fn on_table(catalog: &mut Catalog, schema: &str, name: &str, action: &AlterAction) -> Applied {
    if let AlterKind::DropColumn { column, cascade, .. } = &action.kind {
        drop::check_column(catalog, schema, name, column, *cascade)?;
    }
    if let AlterKind::ColumnType { column, .. } = &action.kind
        && drop::reader(catalog, schema, name, &column.name).is_some()
    {
        return error(
            Kind::DependentObjects,
            column.span,
            "cannot alter type of a column used by a view or rule".to_owned(),
        );
    }
    let in_schema = schema_named(catalog, schema, action.span)?;
    // A partition is not a table of its own here.
    let Some(at) = in_schema.table_at(name) else { return Ok(()) };
    let place = Table { name: name.to_owned(), ..Table::default() };
    let mut table = std::mem::replace(&mut in_schema.tables[at], place.into());
    let done = change(in_schema, &mut table, action);
    in_schema.tables[at] = table;
    done?;
    let may_inherit = catalog.schemas.iter().any(|s| s.known.may_inherit());
    if is_inherited(&action.kind) && may_inherit {
        for (schema, name) in children(catalog, schema, name) {
            // What a child has of its own already, it keeps.
            let _merged = on_table(catalog, &schema, &name, action);
        }
    }
    Ok(())
}

/// Changes of columns reach the tables that inherit them.
const fn is_inherited(kind: &AlterKind) -> bool {
    matches!(
        kind,
        AlterKind::AddColumn { .. }
            | AlterKind::DropColumn { .. }
            | AlterKind::ColumnType { .. }
            | AlterKind::SetNotNull { .. }
            | AlterKind::DropNotNull { .. }
            | AlterKind::RenameColumn { .. }
    )
}

fn children(catalog: &Catalog, schema: &str, name: &str) -> Vec<(String, String)> {
    let tables = catalog.schemas.iter().flat_map(|s| s.tables.iter().map(move |t| (s, t)));
    tables
        .filter(|(_, t)| t.inherits.iter().any(|(s, n)| s == schema && n == name))
        .map(|(s, t)| (s.name.clone(), t.name.clone()))
        .collect()
}

fn change(schema: &mut schema::Schema, table: &mut Table, action: &AlterAction) -> Applied {
    match &action.kind {
        AlterKind::AddColumn { column, if_not_exists } => {
            if *if_not_exists && table.columns.iter().any(|c| c.name == column.name.name) {
                return Ok(());
            }
            table::add_column(schema, table, column)?;
            table::add_column_constraints(schema, table, column)
        }
        AlterKind::DropColumn { column: named, if_exists, .. } => {
            if *if_exists && !table.columns.iter().any(|c| c.name == named.name) {
                return Ok(());
            }
            column(table, named)?;
            drop::column(table, &named.name);
            Ok(())
        }
        AlterKind::ColumnType { column: named, ty, collation, .. } => {
            let column = column(table, named)?;
            column.r#type.clone_from(&ty.text);
            if let Some(collation) = collation {
                column.collation.clone_from(&collation.name);
            }
            Ok(())
        }
        AlterKind::SetDefault { column: named, expr, text } => {
            constraint::check_default(expr)?;
            column(table, named)?.default = Some(text.clone());
            Ok(())
        }
        AlterKind::DropDefault { column: named } => {
            column(table, named)?.default = None;
            Ok(())
        }
        AlterKind::SetNotNull { column: named } => {
            column(table, named)?.nullable = false;
            Ok(())
        }
        AlterKind::DropNotNull { column: named } => {
            column(table, named)?.nullable = true;
            Ok(())
        }
        AlterKind::AddIdentity { column: named, always } => {
            if column(table, named)?.nullable {
                return error(
                    Kind::InvalidDefinition,
                    named.span,
                    format!(
                        "column \"{}\" must be NOT NULL before identity can be added",
                        named.name
                    ),
                );
            }
            column(table, named)?.identity =
                Some(Identity { always: *always, start: 1, increment: 1, ..Identity::default() });
            Ok(())
        }
        AlterKind::DropIdentity { column: named } => {
            column(table, named)?.identity = None;
            Ok(())
        }
        AlterKind::AddConstraint(added) => constraint::add(schema, table, added, None),
        AlterKind::DropConstraint { name, if_exists, .. } => {
            if drop::constraint(table, &name.name) || *if_exists {
                return Ok(());
            }
            no_constraint(table, name)
        }
        AlterKind::ValidateConstraint { name } => {
            let known = table.checks.iter().any(|c| c.name == name.name)
                || table.foreign_keys.iter().any(|f| f.name == name.name);
            if known { Ok(()) } else { no_constraint(table, name) }
        }
        AlterKind::RenameColumn { from, to } => rename_column(table, from, to),
        AlterKind::RenameConstraint { from, to } => rename_constraint(table, from, to),
        AlterKind::DetachPartition { table: partition, .. } => {
            table.partitions.retain(|p| p.name != partition.name);
            Ok(())
        }
        AlterKind::Owner { role } => {
            table.owner.clone_from(role);
            Ok(())
        }
        AlterKind::RowSecurity { state } => {
            match *state {
                "DISABLE" => table.row_security.clear(),
                "NO FORCE" if table.row_security != "FORCE" => {}
                "NO FORCE" => "ENABLE".clone_into(&mut table.row_security),
                state => state.clone_into(&mut table.row_security),
            }
            Ok(())
        }
        AlterKind::RenameTo { .. }
        | AlterKind::SetSchema { .. }
        | AlterKind::AttachPartition { .. }
        | AlterKind::Other { .. } => Ok(()),
    }
}

fn no_constraint(table: &Table, name: &Ident) -> Applied {
    error(
        Kind::ConstraintMissing,
        name.span,
        format!("constraint \"{}\" of relation \"{}\" does not exist", name.name, table.name),
    )
}

fn column<'a>(table: &'a mut Table, named: &Ident) -> Result<&'a mut Column, ApplyError> {
    let message =
        format!("column \"{}\" of relation \"{}\" does not exist", named.name, table.name);
    match table.columns.iter_mut().find(|c| c.name == named.name) {
        Some(column) => Ok(column),
        None => error(Kind::ColumnMissing, named.span, message),
    }
}

fn rename_column(table: &mut Table, from: &Ident, to: &Ident) -> Applied {
    if table.columns.iter().any(|c| c.name == to.name) {
        return error(
            Kind::ColumnExists,
            to.span,
            format!("column \"{}\" of relation \"{}\" already exists", to.name, table.name),
        );
    }
    column(table, from)?.name.clone_from(&to.name);
    let keys = table.indexes.iter_mut().flat_map(|i| &mut i.keys);
    for key in keys.filter(|k| k.expression == from.name) {
        key.expression.clone_from(&to.name);
    }
    for c in table.foreign_keys.iter_mut().flat_map(|f| &mut f.columns).filter(|c| **c == from.name)
    {
        c.clone_from(&to.name);
    }
    Ok(())
}

fn rename_constraint(table: &mut Table, from: &Ident, to: &Ident) -> Applied {
    let index = table.indexes.iter_mut().find(|i| i.constraint && i.name == from.name);
    let name = match index {
        Some(index) => Some(&mut index.name),
        None => match table.checks.iter_mut().find(|c| c.name == from.name) {
            Some(check) => Some(&mut check.name),
            None => {
                table.foreign_keys.iter_mut().find(|f| f.name == from.name).map(|f| &mut f.name)
            }
        },
    };
    match name {
        Some(name) => {
            name.clone_from(&to.name);
            Ok(())
        }
        None => no_constraint(table, from),
    }
}

fn rename_table(catalog: &mut Catalog, schema: &str, from: &str, to: &Ident) -> Applied {
    let in_schema = schema_named(catalog, schema, to.span)?;
    place::free(in_schema, &to.name, to.span)?;
    if let Some(at) = in_schema.table_at(from) {
        let mut table = in_schema.tables.remove(at);
        table.name.clone_from(&to.name);
        insert(&mut in_schema.tables, table, |t| &t.name);
    }
    for foreign_key in foreign_keys_to(catalog, schema, from) {
        foreign_key.referenced_table.clone_from(&to.name);
    }
    Ok(())
}

fn move_table(catalog: &mut Catalog, schema: &str, name: &str, to: &Ident) -> Applied {
    place::free(schema_named(catalog, &to.name, to.span)?, name, to.span)?;
    let from = schema_named(catalog, schema, to.span)?;
    let Some(at) = from.table_at(name) else { return Ok(()) };
    let table = from.tables.remove(at);
    insert(&mut schema_named(catalog, &to.name, to.span)?.tables, table, |t| &t.name);
    for foreign_key in foreign_keys_to(catalog, schema, name) {
        foreign_key.referenced_schema.clone_from(&to.name);
    }
    Ok(())
}

fn foreign_keys_to<'a>(
    catalog: &'a mut Catalog,
    schema: &'a str,
    table: &'a str,
) -> impl Iterator<Item = &'a mut schema::ForeignKey> {
    let refers = move |f: &schema::ForeignKey| {
        f.referenced_table == table
            && (f.referenced_schema == schema || f.referenced_schema.is_empty())
    };
    let tables = catalog.schemas.iter_mut().flat_map(|s| &mut s.tables);
    // The others are not touched: they are shared.
    let tables = tables.filter(move |t| t.foreign_keys.iter().any(refers));
    tables.flat_map(|t| &mut t.foreign_keys).filter(move |f| refers(f))
}

/// The table becomes a part of its parent.
fn attach(catalog: &mut Catalog, schema: &str, parent: &str, child: &Name) -> Applied {
    let Some((child_schema, Relation::Table)) = place::find(catalog, child) else {
        return missing(child);
    };
    let from = schema_named(catalog, &child_schema, child.span)?;
    from.tables.retain(|t| t.name != child.name);
    let to = schema_named(catalog, schema, child.span)?;
    if let Some(table) = to.table_at(parent).map(|at| &mut to.tables[at]) {
        let partition =
            Partition { schema: child_schema, name: child.name.clone(), ..Partition::default() };
        insert(&mut table.partitions, partition, |p| &p.name);
    }
    Ok(())
}

/// Views, and whatever else ALTER TABLE and ALTER VIEW may name.
fn other(
    catalog: &mut Catalog,
    schema: &str,
    relation: Relation,
    made: &AlterTable,
    action: &AlterAction,
) -> Applied {
    match &action.kind {
        AlterKind::RenameTo { to } => {
            let schema = schema_named(catalog, schema, to.span)?;
            place::free(schema, &to.name, to.span)?;
            super::objects::rename_relation(schema, relation, &made.name.name, &to.name);
            Ok(())
        }
        AlterKind::SetSchema { schema: to } => {
            super::objects::move_relation(catalog, schema, relation, &made.name.name, to)
        }
        _ => Ok(()),
    }
}
