//! Keys and indexes that a script names: made, added, renamed.

use base::Span;
use schema::Index;
use sql::tree::{AlterKind, Body, ConstraintKind, Name};

use crate::code;
use crate::cx::Cx;
use crate::declared;
use crate::naming::Format;
use crate::rule::Checked;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    PrimaryKey,
    UniqueKey,
    Index,
    ForeignKey,
}

pub struct Named {
    pub kind: Kind,
    /// Empty when the script gives none.
    pub name: String,
    pub table: String,
    pub columns: String,
    /// Of a foreign key.
    pub referenced_table: String,
    pub referenced_columns: String,
    pub span: Span,
}

impl Kind {
    const fn of(index: &Index) -> Self {
        if index.primary { Self::PrimaryKey } else { Self::of_unique(index.unique) }
    }

    const fn of_unique(unique: bool) -> Self {
        if unique { Self::UniqueKey } else { Self::Index }
    }
}

/// Checks every name of a kind against the rule's format.
pub fn check(cx: &mut Cx<'_>, kind: Kind, what: &str) -> Checked {
    let code = code_of(kind);
    let format = Format::new(cx.naming()?)?;
    for named in all(cx, kind) {
        let tokens = [
            ("table", named.table.as_str()),
            ("column_list", &named.columns),
            ("referencing_table", &named.table),
            ("referencing_column", &named.columns),
            ("referenced_table", &named.referenced_table),
            ("referenced_column", &named.referenced_columns),
        ];
        if !format.matches(&named.name, &tokens)? {
            let content = format!(
                "{what} \"{}\" of table \"{}\" does not match \"{}\"",
                named.name,
                named.table,
                format.expanded(&tokens)
            );
            cx.report(code, named.span, content);
        }
        if format.is_too_long(&named.name) {
            let content = format!(
                "{what} \"{}\" of table \"{}\" is longer than {} bytes",
                named.name, named.table, format.max_length
            );
            cx.report(code, named.span, content);
        }
    }
    Ok(())
}

/// Those of a kind.
fn all(cx: &Cx<'_>, kind: Kind) -> Vec<Named> {
    let mut found = constraints(cx, kind);
    for (_, body) in cx.bodies() {
        match body {
            Body::CreateIndex(index) if kind == Kind::of_unique(index.unique) => {
                let columns: Vec<&str> = index.keys.iter().map(|k| k.text.as_str()).collect();
                found.push(Named {
                    kind,
                    name: index.name.as_ref().map(|n| n.name.clone()).unwrap_or_default(),
                    table: index.table.name.clone(),
                    columns: columns.join("_"),
                    referenced_table: String::new(),
                    referenced_columns: String::new(),
                    span: index.name.as_ref().map_or(index.table.span, |n| n.span),
                });
            }
            Body::Rename(rename) if rename.kind == "index" => {
                // One that the script makes has its new name at the end.
                let to = Name { name: rename.to.name.clone(), ..rename.from.clone() };
                let known = index_named(cx, &rename.from).or_else(|| index_named(cx, &to));
                if let Some((table, index)) = known {
                    found.push(renamed(index, table, &rename.to.name, rename.to.span));
                }
            }
            Body::AlterTable(alter) => {
                for action in &alter.actions {
                    if let AlterKind::RenameConstraint { from, to } = &action.kind {
                        found.extend(renamed_constraint(
                            cx,
                            &alter.name,
                            &from.name,
                            &to.name,
                            action.span,
                        ));
                    }
                }
            }
            _ => {}
        }
    }
    found.retain(|n| n.kind == kind);
    found
}

fn renamed(index: &Index, table: &str, to: &str, span: Span) -> Named {
    Named {
        kind: Kind::of(index),
        name: to.to_owned(),
        table: table.to_owned(),
        columns: columns_of(index),
        referenced_table: String::new(),
        referenced_columns: String::new(),
        span,
    }
}

fn renamed_constraint(
    cx: &Cx<'_>,
    table: &Name,
    from: &str,
    to: &str,
    span: Span,
) -> Option<Named> {
    let known = cx.table_before(table).or_else(|| cx.table_after(table))?;
    if let Some(index) = known.indexes.iter().find(|i| i.name == from || i.name == to) {
        return Some(renamed(index, &known.name, to, span));
    }
    let foreign_key = known.foreign_keys.iter().find(|f| f.name == from || f.name == to)?;
    Some(Named {
        kind: Kind::ForeignKey,
        name: to.to_owned(),
        table: known.name.clone(),
        columns: foreign_key.columns.join("_"),
        referenced_table: foreign_key.referenced_table.clone(),
        referenced_columns: foreign_key.referenced_columns.join("_"),
        span,
    })
}

fn columns_of(index: &Index) -> String {
    let columns: Vec<&str> = index.keys.iter().map(|k| k.expression.as_str()).collect();
    columns.join("_")
}

/// An index of the schema by its name, with its table; before the script, or made by it.
fn index_named<'a>(cx: &Cx<'a>, name: &Name) -> Option<(&'a str, &'a Index)> {
    let (schema, name) = cx.key(name);
    [cx.before, cx.after].into_iter().find_map(|catalog| {
        let tables = catalog.schema(&schema)?.tables.iter();
        tables
            .flat_map(|t| t.indexes.iter().map(|i| (t.name.as_str(), i)))
            .find(|(_, i)| i.name == name)
    })
}

fn constraints(cx: &Cx<'_>, wanted: Kind) -> Vec<Named> {
    let mut found = Vec::new();
    for made in declared::constraints(cx) {
        let (mut referenced_table, mut referenced_columns) = (String::new(), String::new());
        let using = match &made.constraint.kind {
            ConstraintKind::PrimaryKey { using_index, .. } if wanted == Kind::PrimaryKey => {
                using_index.as_ref()
            }
            ConstraintKind::Unique { using_index, .. } if wanted == Kind::UniqueKey => {
                using_index.as_ref()
            }
            ConstraintKind::ForeignKey { table, referenced, .. } if wanted == Kind::ForeignKey => {
                referenced_table.clone_from(&table.name);
                let names: Vec<&str> = referenced.iter().map(|c| c.name.as_str()).collect();
                referenced_columns = names.join("_");
                None
            }
            _ => continue,
        };
        let columns = match using {
            None => made.columns().join("_"),
            Some(index) => {
                let name = Name {
                    name: index.name.clone(),
                    schema: made.table.schema.clone(),
                    ..Name::default()
                };
                // What is not known cannot be judged.
                let Some((_, index)) = index_named(cx, &name) else { continue };
                columns_of(index)
            }
        };
        found.push(Named {
            kind: wanted,
            name: made.constraint.name.as_ref().map(|n| n.name.clone()).unwrap_or_default(),
            table: made.table.name.clone(),
            columns,
            referenced_table,
            referenced_columns,
            span: made.constraint.span,
        });
    }
    found
}

/// The code of each kind of name.
const fn code_of(kind: Kind) -> i32 {
    match kind {
        Kind::PrimaryKey => code::NAMING_PRIMARY_KEY,
        Kind::UniqueKey => code::NAMING_UNIQUE_KEY,
        Kind::Index => code::NAMING_INDEX,
        Kind::ForeignKey => code::NAMING_FOREIGN_KEY,
    }
}
