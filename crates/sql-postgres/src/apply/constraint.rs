//! Constraints: adding them to a table, with the names that the server would give.

use base::Span;
use schema::{CheckConstraint, ForeignKey, Index, IndexKey, Schema, Table};
use sql::ApplyErrorKind as Kind;
use sql::tree::{Constraint, ConstraintKind, Expr, ExprKind, Ident, visit_exprs};

use super::place::{insert, relation_in};
use super::{Applied, error, names};

/// Adds a constraint to `table`, which is not in `schema` meanwhile. `column`: the one it stands with.
pub fn add(
    schema: &Schema,
    table: &mut Table,
    constraint: &Constraint,
    column: Option<&str>,
) -> Applied {
    let own = |columns: &[Ident]| -> Vec<String> {
        match column {
            Some(column) if columns.is_empty() => vec![column.to_owned()],
            _ => columns.iter().map(|c| c.name.clone()).collect(),
        }
    };
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, using_index } => {
            if table.indexes.iter().any(|i| i.primary) {
                return error(
                    Kind::PrimaryKeyExists,
                    constraint.span,
                    format!("multiple primary keys for table \"{}\" are not allowed", table.name),
                );
            }
            key(schema, table, constraint, own(columns), using_index.as_ref(), true)
        }
        ConstraintKind::Unique { columns, using_index } => {
            key(schema, table, constraint, own(columns), using_index.as_ref(), false)
        }
        ConstraintKind::ForeignKey { columns, table: other, referenced, on_delete, on_update } => {
            let columns = own(columns);
            known_columns(table, &columns, constraint.span)?;
            let name = name(table, constraint, &columns.join("_"), "fkey")?;
            insert(
                &mut table.foreign_keys,
                ForeignKey {
                    name,
                    columns,
                    referenced_schema: other.schema.clone(),
                    referenced_table: other.name.clone(),
                    referenced_columns: referenced.iter().map(|c| c.name.clone()).collect(),
                    on_delete: (*on_delete).to_owned(),
                    on_update: (*on_update).to_owned(),
                    ..ForeignKey::default()
                },
                |f| &f.name,
            );
            Ok(())
        }
        ConstraintKind::Check { expr, text } => {
            let part = column.map(str::to_owned).or_else(|| only_column(expr));
            let name = name(table, constraint, part.as_deref().unwrap_or(""), "check")?;
            let check = CheckConstraint { name, expression: text.clone() };
            insert(&mut table.checks, check, |c| &c.name);
            Ok(())
        }
        ConstraintKind::Exclude { keys } => {
            key(schema, table, constraint, keys.clone(), None, false)?;
            if let Some(index) = table.indexes.last_mut() {
                index.unique = false;
            }
            Ok(())
        }
        ConstraintKind::NotNull { column: named } => {
            let name = named.as_ref().map(|c| c.name.as_str()).or(column);
            if let Some(c) = table.columns.iter_mut().find(|c| Some(c.name.as_str()) == name) {
                c.nullable = false;
            }
            Ok(())
        }
        ConstraintKind::Null
        | ConstraintKind::Default { .. }
        | ConstraintKind::Generated { .. }
        | ConstraintKind::Identity { .. } => Ok(()),
    }
}

/// PRIMARY KEY, UNIQUE, EXCLUDE: an index that belongs to a constraint.
fn key(
    schema: &Schema,
    table: &mut Table,
    constraint: &Constraint,
    columns: Vec<String>,
    using_index: Option<&Ident>,
    primary: bool,
) -> Applied {
    let is_exclude = matches!(constraint.kind, ConstraintKind::Exclude { .. });
    if let Some(using) = using_index {
        let Some(index) = table.indexes.iter_mut().find(|i| i.name == using.name) else {
            return error(
                Kind::IndexMissing,
                using.span,
                format!("index \"{}\" does not exist", using.name),
            );
        };
        index.constraint = true;
        index.primary = primary;
        if let Some(name) = &constraint.name {
            index.name.clone_from(&name.name);
        }
        let keys: Vec<String> = index.keys.iter().map(|k| k.expression.clone()).collect();
        if primary {
            not_null(table, &keys);
        }
        return Ok(());
    }
    if !is_exclude {
        known_columns(table, &columns, constraint.span)?;
    }
    let (part, suffix) = match primary {
        true => (String::new(), "pkey"),
        false if is_exclude => (columns.join("_"), "excl"),
        false => (columns.join("_"), "key"),
    };
    let taken =
        |n: &str| relation_in(schema, n).is_some() || table.indexes.iter().any(|i| i.name == n);
    let name = match &constraint.name {
        Some(name) if taken(&name.name) => {
            return error(
                Kind::RelationExists,
                name.span,
                format!("relation \"{}\" already exists", name.name),
            );
        }
        Some(name) => name.name.clone(),
        None => names::free_name(&table.name, &part, suffix, taken),
    };
    if primary {
        not_null(table, &columns);
    }
    let keys = columns.into_iter().map(|expression| IndexKey { expression, ..IndexKey::default() });
    let index = Index {
        name,
        keys: keys.collect(),
        r#type: if is_exclude { "gist" } else { "btree" }.to_owned(),
        unique: true,
        primary,
        constraint: true,
        visible: true,
        valid: true,
        ..Index::default()
    };
    table.indexes.push(index);
    Ok(())
}

fn not_null(table: &mut Table, columns: &[String]) {
    for column in table.columns.iter_mut().filter(|c| columns.contains(&c.name)) {
        column.nullable = false;
    }
}

/// The given name, if it is free among the constraints of the table, or one that is.
fn name(
    table: &Table,
    constraint: &Constraint,
    part: &str,
    suffix: &str,
) -> Result<String, sql::ApplyError> {
    let taken = |n: &str| is_taken(table, n);
    match &constraint.name {
        Some(name) if taken(&name.name) => error(
            Kind::ConstraintExists,
            name.span,
            format!("constraint \"{}\" for relation \"{}\" already exists", name.name, table.name),
        ),
        Some(name) => Ok(name.name.clone()),
        None => Ok(names::free_name(&table.name, part, suffix, taken)),
    }
}

/// Whether a constraint of the table has the name.
pub fn is_taken(table: &Table, name: &str) -> bool {
    table.checks.iter().any(|c| c.name == name)
        || table.foreign_keys.iter().any(|f| f.name == name)
        || table.indexes.iter().any(|i| i.constraint && i.name == name)
}

pub fn known_columns(table: &Table, columns: &[String], span: Span) -> Applied {
    match columns.iter().find(|c| !table.columns.iter().any(|t| t.name == **c)) {
        // What a table inherits or copies may not be known.
        Some(_) if !table.inherits.is_empty() || table.columns.is_empty() => Ok(()),
        Some(column) => error(
            Kind::ColumnMissing,
            span,
            format!("column \"{column}\" named in key does not exist"),
        ),
        None => Ok(()),
    }
}

/// The column that an expression is about, if it is about one only.
pub fn only_column(expr: &Expr) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    visit_exprs(expr, &mut |e| {
        if let ExprKind::Column(parts) = &e.kind {
            found.extend(parts.last().filter(|p| !found.contains(p)).cloned());
        }
    });
    (found.len() == 1).then(|| found.remove(0))
}

/// A default may not name columns.
pub fn check_default(expr: &Expr) -> Applied {
    let mut column = None;
    visit_exprs(expr, &mut |e| {
        if let ExprKind::Column(parts) = &e.kind {
            column.get_or_insert((e.span, parts.join(".")));
        }
    });
    match column {
        Some((span, name)) => error(
            Kind::InvalidDefinition,
            span,
            format!("cannot use column reference \"{name}\" in DEFAULT expression"),
        ),
        None => Ok(()),
    }
}
