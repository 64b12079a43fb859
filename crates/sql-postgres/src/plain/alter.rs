//! ALTER TABLE.

use sql::tree::{AlterAction, AlterKind, AlterTable, Body, RelationKind};

use super::cursor::Cursor;

impl Cursor<'_> {
    pub fn alter_table(&mut self) -> Option<Body> {
        self.expect("table")?;
        let if_exists = self.if_exists()?;
        let name = self.name()?;
        let actions = self.list(|c| {
            let start = c.start();
            let kind = c.action_at(start)?;
            Some(AlterAction { span: c.span_from(start), kind })
        })?;
        // The grammar has a statement of its own for what stands alone.
        let alone = |a: &AlterAction| {
            matches!(
                a.kind,
                AlterKind::RenameTo { .. }
                    | AlterKind::RenameColumn { .. }
                    | AlterKind::RenameConstraint { .. }
            )
        };
        if actions.len() > 1 && actions.iter().any(alone) {
            return None;
        }
        let relation = RelationKind::Table;
        Some(Body::AlterTable(Box::new(AlterTable { relation, name, if_exists, actions })))
    }

    fn action_at(&mut self, start: usize) -> Option<AlterKind> {
        match () {
            () if self.eat("add") => self.add(start),
            () if self.eat("alter") => self.alter_column(),
            () if self.eat("drop") => self.drop_part(),
            () if self.eat("rename") => self.rename_part(),
            () if self.eat("validate") => {
                self.expect("constraint")?;
                Some(AlterKind::ValidateConstraint { name: self.ident()? })
            }
            () => None,
        }
    }

    fn add(&mut self, start: usize) -> Option<AlterKind> {
        if self.eat("column") {
            let if_not_exists = self.if_not_exists()?;
            let name = self.ident()?;
            let column = Box::new(self.column_from(start, name)?);
            return Some(AlterKind::AddColumn { column, if_not_exists });
        }
        let mut constraint = self.table_constraint()??;
        if self.eat("not") {
            self.expect("valid")?;
            constraint.not_valid = true;
        }
        constraint.span = self.span_from(start);
        Some(AlterKind::AddConstraint(Box::new(constraint)))
    }

    fn alter_column(&mut self) -> Option<AlterKind> {
        self.expect("column")?;
        let column = self.ident()?;
        if self.eat("drop") {
            if self.eat("default") {
                return Some(AlterKind::DropDefault { column });
            }
            self.expect("not")?;
            self.expect("null")?;
            return Some(AlterKind::DropNotNull { column });
        }
        if self.eat("type") {
            let ty = self.type_name()?;
            return Some(AlterKind::ColumnType { column, ty, collation: None, using: false });
        }
        self.expect("set")?;
        match () {
            () if self.eat("default") => {
                let (expr, text) = self.with_text(Self::expr)?;
                Some(AlterKind::SetDefault { column, expr, text })
            }
            () if self.eat("not") => {
                self.expect("null")?;
                Some(AlterKind::SetNotNull { column })
            }
            () if self.eat("data") => {
                self.expect("type")?;
                let ty = self.type_name()?;
                Some(AlterKind::ColumnType { column, ty, collation: None, using: false })
            }
            () => None,
        }
    }

    fn drop_part(&mut self) -> Option<AlterKind> {
        let constraint = self.eat("constraint");
        if !constraint {
            self.expect("column")?;
        }
        let if_exists = self.if_exists()?;
        let name = self.ident()?;
        let cascade = self.cascade();
        Some(if constraint {
            AlterKind::DropConstraint { name, if_exists, cascade }
        } else {
            AlterKind::DropColumn { column: name, if_exists, cascade }
        })
    }

    fn rename_part(&mut self) -> Option<AlterKind> {
        if self.eat("to") {
            return Some(AlterKind::RenameTo { to: self.ident()? });
        }
        let constraint = self.eat("constraint");
        if !constraint {
            self.expect("column")?;
        }
        let from = self.ident()?;
        self.expect("to")?;
        let to = self.ident()?;
        Some(if constraint {
            AlterKind::RenameConstraint { from, to }
        } else {
            AlterKind::RenameColumn { from, to }
        })
    }
}
