//! Columns and constraints that a script makes, wherever they stand.

use std::collections::{HashMap, HashSet};

use sql::tree::{
    AlterKind, Body, ColumnDef, Constraint, ConstraintKind, CreateTable, Ident, Name, Parsed,
};

use crate::cx::{Cx, TableKey};

/// A column of CREATE TABLE or ADD COLUMN.
#[derive(Clone, Copy)]
pub struct NewColumn<'a> {
    pub table: &'a Name,
    pub column: &'a ColumnDef,
    /// The table that is made with it; None for ADD COLUMN.
    pub made: Option<&'a CreateTable>,
}

/// A constraint of a table or of a column.
#[derive(Clone, Copy)]
pub struct NewConstraint<'a> {
    pub statement: &'a Parsed,
    pub table: &'a Name,
    pub constraint: &'a Constraint,
    /// The column it stands with.
    pub column: Option<&'a ColumnDef>,
    /// ALTER TABLE adds it as such.
    pub added: bool,
}

pub fn columns<'a>(cx: &Cx<'a>) -> Vec<NewColumn<'a>> {
    let mut found = Vec::new();
    for (_, body) in cx.bodies() {
        match body {
            Body::CreateTable(made) => found.extend(made.columns.iter().map(|column| NewColumn {
                table: &made.name,
                column,
                made: Some(made),
            })),
            Body::AlterTable(alter) => {
                for action in &alter.actions {
                    if let AlterKind::AddColumn { column, .. } = &action.kind {
                        found.push(NewColumn { table: &alter.name, column, made: None });
                    }
                }
            }
            _ => {}
        }
    }
    found
}

pub fn constraints<'a>(cx: &Cx<'a>) -> Vec<NewConstraint<'a>> {
    let mut found = Vec::new();
    for (statement, body) in cx.bodies() {
        match body {
            Body::CreateTable(made) => {
                let table = &made.name;
                for column in &made.columns {
                    of_column(&mut found, statement, table, column);
                }
                found.extend(made.constraints.iter().map(|constraint| NewConstraint {
                    statement,
                    table,
                    constraint,
                    column: None,
                    added: false,
                }));
            }
            Body::AlterTable(alter) => {
                let table = &alter.name;
                for action in &alter.actions {
                    match &action.kind {
                        AlterKind::AddColumn { column, .. } => {
                            of_column(&mut found, statement, table, column);
                        }
                        AlterKind::AddConstraint(constraint) => found.push(NewConstraint {
                            statement,
                            table,
                            constraint,
                            column: None,
                            added: true,
                        }),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn of_column<'a>(
    found: &mut Vec<NewConstraint<'a>>,
    statement: &'a Parsed,
    table: &'a Name,
    column: &'a ColumnDef,
) {
    found.extend(column.constraints.iter().map(|constraint| NewConstraint {
        statement,
        table,
        constraint,
        column: Some(column),
        added: false,
    }));
}

impl NewConstraint<'_> {
    /// The columns of a key, of a foreign key; the one it stands with where it names none.
    pub fn columns(&self) -> Vec<String> {
        let named: &[Ident] = match &self.constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. }
            | ConstraintKind::Unique { columns, .. }
            | ConstraintKind::ForeignKey { columns, .. } => columns,
            _ => &[],
        };
        if named.is_empty() {
            return self.column.map(|c| c.name.name.clone()).into_iter().collect();
        }
        named.iter().map(|c| c.name.clone()).collect()
    }

    pub const fn is_foreign_key(&self) -> bool {
        matches!(self.constraint.kind, ConstraintKind::ForeignKey { .. })
    }
}

/// Types whose columns count by themselves.
pub fn is_serial(column: &ColumnDef) -> bool {
    column.ty.as_ref().is_some_and(|t| t.name.ends_with("serial"))
        || column.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::Identity { .. }))
}

/// The tables that the script makes.
pub fn created_tables(cx: &Cx<'_>) -> HashSet<TableKey> {
    let tables = cx.bodies().filter_map(|(_, body)| match body {
        Body::CreateTable(made) => Some(cx.key(&made.name)),
        _ => None,
    });
    tables.collect()
}

/// The last comment that the script puts on a table or column.
pub struct NewComment<'a> {
    pub statement: &'a Parsed,
    /// Empty when it takes the comment away.
    pub text: &'a str,
}

/// Comments of a kind by table and column; the column is empty for the table.
pub fn comments<'a>(cx: &Cx<'a>, kind: &str) -> HashMap<(TableKey, &'a str), NewComment<'a>> {
    let mut found = HashMap::new();
    for (statement, body) in cx.bodies() {
        let Body::Comment(comment) = body else { continue };
        if comment.kind == kind {
            let text = comment.text.as_deref().unwrap_or("");
            let key = (cx.key(&comment.name), comment.member.as_str());
            found.insert(key, NewComment { statement, text });
        }
    }
    found
}
