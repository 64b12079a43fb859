//! ALTER TABLE and ALTER VIEW.

use sql::tree::{AlterAction, AlterKind, AlterTable, Body, RelationKind};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use super::{Lower, table, text};

impl Lower {
    pub fn alter_table(&self, alter: &ast::AlterTable) -> Body {
        let Some(name) = alter.table_relation_name() else { return Body::Other };
        let actions = alter.actions().map(|a| self.action(a.syntax()));
        self.altered(RelationKind::Table, &name, alter.if_exists().is_some(), actions)
    }

    pub fn alter_foreign_table(&self, alter: &ast::AlterForeignTable) -> Body {
        let Some(name) = alter.table_relation_name() else { return Body::Other };
        let actions = alter.actions().map(|a| self.action(a.syntax()));
        self.altered(RelationKind::Table, &name, alter.if_exists().is_some(), actions)
    }

    pub fn alter_view(&self, alter: &ast::AlterView) -> Body {
        let Some(name) = alter.view_ref() else { return Body::Other };
        let actions = alter.action().map(|a| self.action(a.syntax()));
        self.altered(RelationKind::View, &name, alter.if_exists().is_some(), actions.into_iter())
    }

    pub fn alter_materialized_view(&self, alter: &ast::AlterMaterializedView) -> Body {
        let Some(name) = alter.view_ref() else { return Body::Other };
        let actions = alter.action().map(|a| self.action(a.syntax()));
        let relation = RelationKind::MaterializedView;
        self.altered(relation, &name, alter.if_exists().is_some(), actions)
    }

    fn altered(
        &self,
        relation: RelationKind,
        name: &impl AstNode,
        if_exists: bool,
        actions: impl Iterator<Item = AlterAction>,
    ) -> Body {
        let name = self.name(name);
        Body::AlterTable(Box::new(AlterTable {
            relation,
            name,
            if_exists,
            actions: actions.collect(),
        }))
    }

    fn action(&self, node: &SyntaxNode) -> AlterAction {
        let kind = self
            .column_action(node)
            .or_else(|| self.constraint_action(node))
            .or_else(|| self.table_action(node))
            .unwrap_or_else(|| {
                // Of a column the option says what is done.
                let option = ast::AlterColumn::cast(node.clone()).and_then(|a| a.option());
                let words = option.map_or_else(|| keywords(node), |o| keywords(o.syntax()));
                AlterKind::Other { words }
            });
        AlterAction { span: self.trimmed(node), kind }
    }

    fn column_action(&self, node: &SyntaxNode) -> Option<AlterKind> {
        if let Some(add) = ast::AddColumn::cast(node.clone()) {
            return Some(AlterKind::AddColumn {
                column: Box::new(self.added_column(&add)),
                if_not_exists: add.if_not_exists().is_some(),
            });
        }
        if let Some(drop) = ast::DropColumn::cast(node.clone()) {
            return Some(AlterKind::DropColumn {
                column: self.ident_of(drop.column_name_ref()),
                if_exists: drop.if_exists().is_some(),
                cascade: is_cascade(drop.drop_behavior().as_ref()),
            });
        }
        if let Some(rename) = ast::RenameColumn::cast(node.clone()) {
            return Some(AlterKind::RenameColumn {
                from: self.ident_of(rename.column_name_ref()),
                to: self.ident_of(rename.column_name()),
            });
        }
        let alter = ast::AlterColumn::cast(node.clone())?;
        let column = self.ident_of(alter.column_name_ref());
        match alter.option()? {
            ast::AlterColumnOption::SetType(set) => Some(AlterKind::ColumnType {
                column,
                ty: self.type_name(&set.ty()?),
                collation: self.collation(set.collate()),
                using: set.using_expr().is_some(),
            }),
            ast::AlterColumnOption::SetDefault(set) => {
                let (expr, text) = self.with_text(set.expr());
                Some(AlterKind::SetDefault { column, expr, text })
            }
            ast::AlterColumnOption::DropDefault(_) => Some(AlterKind::DropDefault { column }),
            ast::AlterColumnOption::SetNotNull(_) => Some(AlterKind::SetNotNull { column }),
            ast::AlterColumnOption::DropNotNull(_) => Some(AlterKind::DropNotNull { column }),
            ast::AlterColumnOption::AddGenerated(add) => Some(AlterKind::AddIdentity {
                column,
                always: table::is_always(add.generated_when().as_ref()),
            }),
            ast::AlterColumnOption::DropIdentity(_) => Some(AlterKind::DropIdentity { column }),
            _ => None,
        }
    }

    fn constraint_action(&self, node: &SyntaxNode) -> Option<AlterKind> {
        if let Some(add) = ast::AddConstraint::cast(node.clone()) {
            let mut constraint = self.constraint(add.constraint()?.syntax())?;
            constraint.span = self.trimmed(node);
            return Some(AlterKind::AddConstraint(Box::new(constraint)));
        }
        if let Some(drop) = ast::DropConstraint::cast(node.clone()) {
            return Some(AlterKind::DropConstraint {
                name: self.last(drop.constraint_name_ref()),
                if_exists: drop.if_exists().is_some(),
                cascade: is_cascade(drop.drop_behavior().as_ref()),
            });
        }
        if let Some(rename) = ast::RenameConstraint::cast(node.clone()) {
            return Some(AlterKind::RenameConstraint {
                from: self.last(rename.constraint_name_ref()),
                to: self.ident_of(rename.constraint_name()),
            });
        }
        let validate = ast::ValidateConstraint::cast(node.clone())?;
        Some(AlterKind::ValidateConstraint { name: self.last(validate.constraint_name_ref()) })
    }

    fn table_action(&self, node: &SyntaxNode) -> Option<AlterKind> {
        if let Some(rename) = ast::TableRenameTo::cast(node.clone()) {
            return Some(AlterKind::RenameTo { to: self.last(rename.table_name()) });
        }
        if let Some(rename) = ast::ViewRenameTo::cast(node.clone()) {
            return Some(AlterKind::RenameTo { to: self.last(rename.view()) });
        }
        if let Some(set) = ast::SetSchema::cast(node.clone()) {
            return Some(AlterKind::SetSchema { schema: self.ident_of(set.schema_ref()) });
        }
        if let Some(attach) = ast::AttachPartition::cast(node.clone()) {
            return Some(AlterKind::AttachPartition {
                table: self.name_of(attach.table_name_ref()),
            });
        }
        if let Some(detach) = ast::DetachPartition::cast(node.clone()) {
            return Some(AlterKind::DetachPartition {
                table: self.name_of(detach.table_name_ref()),
                concurrently: matches!(
                    detach.detach_partition_option(),
                    Some(ast::DetachPartitionOption::DetachConcurrently(_))
                ),
            });
        }
        if let Some(owner) = ast::OwnerTo::cast(node.clone()) {
            return Some(AlterKind::Owner { role: self.role(&owner.role_ref()?) });
        }
        let state = match ast::AlterTableAction::cast(node.clone())? {
            ast::AlterTableAction::EnableRls(_) => "ENABLE",
            ast::AlterTableAction::DisableRls(_) => "DISABLE",
            ast::AlterTableAction::ForceRls(_) => "FORCE",
            ast::AlterTableAction::NoForceRls(_) => "NO FORCE",
            _ => return None,
        };
        Some(AlterKind::RowSecurity { state })
    }
}

pub fn is_cascade(behavior: Option<&ast::DropBehavior>) -> bool {
    matches!(behavior, Some(ast::DropBehavior::Cascade(_)))
}

/// The keywords that the action begins with.
fn keywords(node: &SyntaxNode) -> String {
    let text = text(node).to_uppercase();
    let words = text.split_whitespace().take_while(|w| w.bytes().all(|b| b.is_ascii_alphabetic()));
    words.take(3).collect::<Vec<_>>().join(" ")
}
