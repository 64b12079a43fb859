//! CREATE TABLE in its forms, and columns.

use schema::{
    Catalog, Column, Generation, GenerationKind, Identity, Partition, Schema, Sequence, Table,
};
use sql::ApplyErrorKind as Kind;
use sql::tree::{
    ColumnDef, ConstraintKind, CreateTable, ExprKind, FromItem, Name, Query, QueryBody, Select,
};

use super::place::{self, insert, schema_for, schema_name};
use super::{Applied, constraint, error, names};

/// Types that stand for an integer with a sequence.
const SERIAL: &[(&str, &str)] =
    &[("serial", "integer"), ("bigserial", "bigint"), ("smallserial", "smallint")];

pub fn create(catalog: &mut Catalog, made: &CreateTable) -> Applied {
    if made.temporary {
        // Gone with the session: not of the schema.
        return Ok(());
    }
    if place::make(catalog, &made.name, made.if_not_exists)?.is_none() {
        return Ok(());
    }
    if let Some(parent) = &made.partition_of {
        return create_partition(catalog, made, parent);
    }
    let mut table = Table {
        name: made.name.name.clone(),
        partition_by: made.partition_by.clone(),
        inherits: made.inherits.iter().map(|n| (schema_name(catalog, n), n.name.clone())).collect(),
        ..Table::default()
    };
    for other in made.inherits.iter().chain(&made.likes) {
        let columns = place::table(catalog, other)?.columns.clone();
        for column in columns {
            push_column(&mut table, column);
        }
    }
    if let Some(query) = &made.query {
        for column in result_columns(catalog, query) {
            push_column(&mut table, column);
        }
    }
    let schema = schema_for(catalog, &made.name)?;
    for column in &made.columns {
        add_column(schema, &mut table, column)?;
    }
    for column in &made.columns {
        add_column_constraints(schema, &mut table, column)?;
    }
    for c in &made.constraints {
        constraint::add(schema, &mut table, c, None)?;
    }
    insert(&mut schema.tables, table, |t| &t.name);
    Ok(())
}

/// A partition is a part of its parent's row in the catalog.
fn create_partition(catalog: &mut Catalog, made: &CreateTable, parent: &Name) -> Applied {
    let schema = schema_name(catalog, &made.name);
    let parent = place::table(catalog, parent)?;
    insert(
        &mut parent.partitions,
        Partition {
            schema,
            name: made.name.name.clone(),
            partition_by: made.partition_by.clone(),
            ..Partition::default()
        },
        |p| &p.name,
    );
    Ok(())
}

fn push_column(table: &mut Table, mut column: Column) {
    column.position = i32::try_from(table.columns.len() + 1).unwrap_or(i32::MAX);
    table.columns.push(column);
}

/// The columns of CREATE TABLE AS, as far as names can be told; types only where a column is taken as it is, or cast.
fn result_columns(catalog: &mut Catalog, query: &Query) -> Vec<Column> {
    let select = match &query.body {
        QueryBody::Select(select) => select,
        QueryBody::Nested(inner) => return result_columns(catalog, inner),
        _ => return Vec::new(),
    };
    let sources = sources(catalog, select);
    let mut columns = Vec::new();
    for target in &select.targets {
        match &target.expr.kind {
            ExprKind::Star(_) => columns.extend(sources.iter().cloned()),
            ExprKind::Column(parts) => {
                let name = parts.last().cloned().unwrap_or_default();
                let known = sources.iter().find(|c| c.name == name);
                let mut column = known.cloned().unwrap_or_default();
                column.name = target.alias.as_ref().map_or(name, |a| a.name.clone());
                columns.push(column);
            }
            other => columns.push(Column {
                name: target
                    .alias
                    .as_ref()
                    .map_or_else(|| "?column?".to_owned(), |a| a.name.clone()),
                r#type: match other {
                    ExprKind::Cast { ty, .. } => ty.text.clone(),
                    ExprKind::String(_) => "text".to_owned(),
                    _ => String::new(),
                },
                ..Column::default()
            }),
        }
    }
    for column in &mut columns {
        column.nullable = true;
        column.default = None;
        column.identity = None;
    }
    columns
}

fn sources(catalog: &mut Catalog, select: &Select) -> Vec<Column> {
    let mut columns = Vec::new();
    for item in &select.from {
        if let FromItem::Table { name, .. } = item
            && let Ok(table) = place::table(catalog, name)
        {
            columns.extend(table.columns.iter().cloned());
        }
    }
    columns
}

/// Adds a column without its keys and checks.
pub fn add_column(schema: &mut Schema, table: &mut Table, made: &ColumnDef) -> Applied {
    let name = &made.name.name;
    if table.columns.iter().any(|c| c.name == *name) {
        return error(
            Kind::ColumnExists,
            made.name.span,
            format!("column \"{name}\" of relation \"{}\" already exists", table.name),
        );
    }
    let ty = made.ty.as_ref();
    let mut column = Column {
        name: name.clone(),
        r#type: ty.map(|t| t.text.clone()).unwrap_or_default(),
        nullable: true,
        collation: made.collation.as_ref().map(|c| c.name.clone()).unwrap_or_default(),
        ..Column::default()
    };
    if let Some((_, base)) = SERIAL.iter().find(|(s, _)| ty.is_some_and(|t| t.name == *s)) {
        (*base).clone_into(&mut column.r#type);
        column.nullable = false;
        let sequence = names::index_name(schema, &table.name, name, "seq");
        schema.known.note(&sequence);
        column.default = Some(format!("nextval('{}.{sequence}'::regclass)", schema.name));
        insert(
            &mut schema.sequences,
            Sequence {
                name: sequence,
                data_type: (*base).to_owned(),
                owner_table: table.name.clone(),
                owner_column: name.clone(),
                ..Sequence::default()
            },
            |s| &s.name,
        );
    }
    for c in &made.constraints {
        match &c.kind {
            ConstraintKind::NotNull { .. } | ConstraintKind::PrimaryKey { .. } => {
                column.nullable = false;
            }
            ConstraintKind::Default { expr, text } => {
                constraint::check_default(expr)?;
                column.default = Some(text.clone());
            }
            ConstraintKind::Generated { text } => {
                column.generation =
                    Some(Generation { kind: GenerationKind::Stored, expression: text.clone() });
            }
            ConstraintKind::Identity { always } => {
                column.nullable = false;
                column.identity = Some(Identity {
                    always: *always,
                    start: 1,
                    increment: 1,
                    ..Identity::default()
                });
            }
            _ => {}
        }
    }
    push_column(table, column);
    Ok(())
}

/// The keys and checks that stand with a column.
pub fn add_column_constraints(schema: &Schema, table: &mut Table, made: &ColumnDef) -> Applied {
    for c in &made.constraints {
        constraint::add(schema, table, c, Some(&made.name.name))?;
    }
    Ok(())
}
