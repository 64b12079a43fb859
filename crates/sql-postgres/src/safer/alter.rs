//! ALTER TABLE: what reads, indexes or rewrites all rows under its lock, in steps that do not.

use base::Span;
use schema::Table;
use sql::Edit;
use sql::tree::{
    AlterAction, AlterKind, AlterTable, ColumnDef, Constraint, ConstraintKind, Ident, Parsed,
};

use super::{Known, Rewrite, rows};
use crate::apply::{constraint as of_catalog, names, place};
use crate::locks;
use crate::quote::identifier;

pub fn rewrite(
    known: &Known<'_>,
    statement: &Parsed,
    alter: &AlterTable,
    before: &[&AlterTable],
) -> Option<Rewrite> {
    let at = Place { known, statement, alter, before, table: known.table(&alter.name) };
    if at.head().is_empty() {
        return None;
    }
    match &alter.actions[..] {
        [one] => at.single(one),
        _ => None,
    }
    .or_else(|| at.not_valid())
    .or_else(|| at.not_null())
}

/// Where the rewrite is made.
struct Place<'a> {
    known: &'a Known<'a>,
    statement: &'a Parsed,
    alter: &'a AlterTable,
    before: &'a [&'a AlterTable],
    table: Option<&'a Table>,
}

impl Place<'_> {
    /// `ALTER TABLE [IF EXISTS] [ONLY] name`, as written.
    fn head(&self) -> &str {
        let (from, to) = (self.statement.span().start, self.alter.name.span.end);
        Span::new(from, to).of(self.known.text).trim()
    }

    fn written(&self) -> &str {
        self.alter.name.span.of(self.known.text)
    }

    fn end(&self) -> usize {
        self.statement.span().end
    }

    fn whole(&self, title: &'static str, statements: &[String]) -> Rewrite {
        Rewrite {
            title,
            edits: vec![Edit::replace(self.statement.span(), statements.join(";\n"))],
            needs_own_transactions: true,
            look: false,
        }
    }

    fn single(&self, action: &AlterAction) -> Option<Rewrite> {
        match &action.kind {
            AlterKind::DetachPartition { concurrently: false, .. } if self.known.version >= 14 => {
                Some(Rewrite {
                    title: "Detach the partition CONCURRENTLY",
                    edits: vec![Edit::insert(action.span.end, " CONCURRENTLY")],
                    needs_own_transactions: false,
                    // Refused where the table has a default partition.
                    look: true,
                })
            }
            AlterKind::AddConstraint(constraint) => self.index_first(action, constraint),
            AlterKind::AddColumn { column, if_not_exists } => {
                self.fill_later(action, column, *if_not_exists)
            }
            _ => None,
        }
    }

    /// PRIMARY KEY and UNIQUE: the index is built beforehand, while others write.
    fn index_first(&self, action: &AlterAction, constraint: &Constraint) -> Option<Rewrite> {
        let (columns, words, part, suffix) = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, using_index: None } => {
                (columns, "PRIMARY KEY", String::new(), "pkey")
            }
            ConstraintKind::Unique { columns, using_index: None } => {
                (columns, "UNIQUE", joined(columns), "key")
            }
            _ => return None,
        };
        // Whatever else it says (INCLUDE, NULLS NOT DISTINCT, DEFERRABLE) would be lost.
        let listed = action.span.of(self.known.text).split_once('(')?.1.trim_end();
        if columns.is_empty() || listed.find(')') != Some(listed.len() - 1) {
            return None;
        }
        if self.known.is_partitioned(&self.alter.name) {
            return None;
        }
        let name = self.name(constraint, &part, suffix);
        let list =
            columns.iter().map(|c| c.span.of(self.known.text)).collect::<Vec<_>>().join(", ");
        let (table, head) = (self.written(), self.head());
        let mut rewrite = self.whole(
            "Build the index CONCURRENTLY first",
            &[
                format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({list})"),
                format!("{head} ADD CONSTRAINT {name} {words} USING INDEX {name}"),
            ],
        );
        rewrite.needs_own_transactions = false;
        rewrite.look = self.is_guess(constraint);
        Some(rewrite)
    }

    /// CHECK and FOREIGN KEY: existing rows are compared afterwards, while others write.
    fn not_valid(&self) -> Option<Rewrite> {
        let added = self.alter.actions.iter().filter_map(|a| match &a.kind {
            AlterKind::AddConstraint(c) if !c.not_valid => Some((a, &**c)),
            _ => None,
        });
        let (mut edits, mut behind, mut look) = (Vec::new(), String::new(), false);
        // A foreign key of a partitioned table cannot be NOT VALID before version 18.
        let partitioned = self.known.is_partitioned(&self.alter.name);
        for (action, constraint) in added {
            let name = match &constraint.kind {
                ConstraintKind::Check { expr, .. } => {
                    let part = of_catalog::only_column(expr).unwrap_or_default();
                    self.name(constraint, &part, "check")
                }
                ConstraintKind::ForeignKey { columns, .. } if !partitioned => {
                    self.name(constraint, &joined(columns), "fkey")
                }
                _ => continue,
            };
            if constraint.name.is_none() {
                let add = action.span.start + "ADD".len();
                edits.push(Edit::insert(add, format!(" CONSTRAINT {name}")));
                look |= self.is_guess(constraint);
            }
            edits.push(Edit::insert(action.span.end, " NOT VALID"));
            behind.push_str(&format!(";\n{} VALIDATE CONSTRAINT {name}", self.head()));
        }
        if edits.is_empty() {
            return None;
        }
        // At the end of the statement, where the last NOT VALID may stand already.
        match edits.last_mut().filter(|e| e.span.start == self.end()) {
            Some(last) => last.text.push_str(&behind),
            None => edits.push(Edit::insert(self.end(), behind)),
        }
        Some(Rewrite {
            title: "Add it NOT VALID, then validate it",
            edits,
            needs_own_transactions: true,
            look,
        })
    }

    /// SET NOT NULL: by a check that is validated while others write; since version 12 the server believes it.
    fn not_null(&self) -> Option<Rewrite> {
        if self.known.version < 12 || self.alter.actions.is_empty() {
            return None;
        }
        let column = |a: &AlterAction| match &a.kind {
            AlterKind::SetNotNull { column } if !self.is_proved(column) => {
                Some(column.span.of(self.known.text).to_owned())
            }
            _ => None,
        };
        let columns: Option<Vec<String>> = self.alter.actions.iter().map(column).collect();
        let steps: Vec<String> = columns?.iter().flat_map(|c| self.not_null_steps(c)).collect();
        Some(self.whole("Prove it with a check first", &steps))
    }

    /// A check before says already that the column is not NULL.
    fn is_proved(&self, column: &Ident) -> bool {
        let proves = |a: &AlterAction| match &a.kind {
            AlterKind::AddConstraint(c) => c.kind.is_not_null_check(&column.name),
            _ => false,
        };
        self.before.iter().flat_map(|a| &a.actions).any(proves)
            || self.table.is_some_and(|t| locks::is_checked(t, &column.name))
    }

    fn not_null_steps(&self, column: &str) -> [String; 4] {
        let (head, plain) = (self.head(), column.trim_matches('"'));
        let check =
            identifier(&names::free_name(&self.alter.name.name, plain, "not_null_check", |name| {
                self.table.is_some_and(|t| of_catalog::is_taken(t, name))
            }));
        [
            format!("{head} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID"),
            format!("{head} VALIDATE CONSTRAINT {check}"),
            format!("{head} ALTER COLUMN {column} SET NOT NULL"),
            format!("{head} DROP CONSTRAINT {check}"),
        ]
    }

    /// A column whose default differs from row to row: added empty, then filled in batches.
    fn fill_later(
        &self,
        action: &AlterAction,
        column: &ColumnDef,
        if_not_exists: bool,
    ) -> Option<Rewrite> {
        let key = rows::only_key(self.table?)?;
        let default = column.constraints.iter().find_map(|c| match &c.kind {
            ConstraintKind::Default { expr, text } if !locks::is_stable(expr) => Some((c, text)),
            _ => None,
        });
        let (constraint, default) = default?;
        let not_null = |c: &Constraint| matches!(c.kind, ConstraintKind::NotNull { .. });
        let others = column.constraints.iter().filter(|c| c.span != constraint.span);
        let (required, rest): (Vec<_>, Vec<_>) = others.partition(|c| not_null(c));
        if !rest.is_empty() || if_not_exists {
            return None;
        }
        let ty = column.ty.as_ref()?.span.of(self.known.text);
        let (head, table) = (self.head(), self.written());
        let name = column.name.span.of(self.known.text);
        let collate =
            column.collation.as_ref().map(|c| format!(" COLLATE {}", c.span.of(self.known.text)));
        if action.span.of(self.known.text).is_empty() || ty.is_empty() || name.is_empty() {
            return None;
        }
        let mut steps = vec![
            format!("{head} ADD COLUMN {name} {ty}{}", collate.unwrap_or_default()),
            format!("{head} ALTER COLUMN {name} SET DEFAULT {default}"),
            format!(
                "{}UPDATE {table} SET {name} = DEFAULT WHERE {name} IS NULL",
                rows::directive(key)
            ),
        ];
        if !required.is_empty() {
            steps.extend(self.not_null_steps(name));
        }
        let mut rewrite = self.whole("Add the column empty, then fill it in batches", &steps);
        rewrite.look = true;
        Some(rewrite)
    }

    /// The constraint's name as SQL: its own, or the one that the server would give.
    fn name(&self, constraint: &Constraint, part: &str, suffix: &str) -> String {
        if let Some(name) = &constraint.name {
            return name.span.of(self.known.text).to_owned();
        }
        let schema = self.known.catalog.and_then(|c| {
            let (schema, _) = place::find(c, &self.alter.name)?;
            c.schema(&schema)
        });
        let taken = |name: &str| {
            self.table.is_some_and(|t| of_catalog::is_taken(t, name))
                || schema.is_some_and(|s| place::relation_in(s, name).is_some())
        };
        identifier(&names::free_name(&self.alter.name.name, part, suffix, taken))
    }

    /// Whether the name that the server would give is not certain.
    fn is_guess(&self, constraint: &Constraint) -> bool {
        constraint.name.is_none() && self.table.is_none()
    }
}

fn joined(columns: &[Ident]) -> String {
    columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join("_")
}
