//! CREATE TABLE in its forms, columns, constraints.

use sql::tree::{Body, ColumnDef, Constraint, ConstraintKind, CreateTable, Expr, Ident, Name};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use super::{Lower, child, children, text};

impl Lower {
    pub fn create_table(&self, table: &ast::CreateTable) -> Body {
        let mut made = self.table_args(table.table_arg_list());
        made.name = self.name_of(table.table_name());
        made.if_not_exists = table.if_not_exists().is_some();
        made.temporary = is_temporary(table.persistence().as_ref());
        made.inherits =
            table.inherits().map(|i| self.names(i.table_name_refs())).unwrap_or_default();
        made.partition_of =
            table.partition_of().and_then(|p| p.table_name_ref()).map(|t| self.name(&t));
        made.partition_by = table.partition_by().map(|p| partition_text(&p)).unwrap_or_default();
        Body::CreateTable(Box::new(made))
    }

    pub fn create_foreign_table(&self, table: &ast::CreateForeignTable) -> Body {
        let mut made = self.table_args(table.table_arg_list());
        made.name = self.name_of(table.table_name());
        made.if_not_exists = table.if_not_exists().is_some();
        made.partition_of =
            table.partition_of().and_then(|p| p.table_name_ref()).map(|t| self.name(&t));
        Body::CreateTable(Box::new(made))
    }

    pub fn create_table_as(&self, table: &ast::CreateTableAs) -> Body {
        let query = match table.query() {
            Some(ast::CreateTableAsQuery::SelectVariant(select)) => Some(self.query(&select)),
            _ => None,
        };
        Body::CreateTable(Box::new(CreateTable {
            name: self.name_of(table.table_name()),
            if_not_exists: table.if_not_exists().is_some(),
            temporary: is_temporary(table.persistence().as_ref()),
            query,
            ..self.table_args(table.table_arg_list())
        }))
    }

    fn table_args(&self, list: Option<ast::TableArgList>) -> CreateTable {
        let mut made = CreateTable::default();
        for arg in list.into_iter().flat_map(|l| l.args()) {
            match arg {
                ast::TableArg::Column(column) => made.columns.push(self.column(&column)),
                ast::TableArg::LikeClause(like) => {
                    made.likes.push(self.name_of(like.relation_name_ref()));
                }
                ast::TableArg::TableConstraint(constraint) => {
                    made.constraints.extend(self.constraint(constraint.syntax()));
                }
            }
        }
        made
    }

    fn column(&self, column: &ast::Column) -> ColumnDef {
        ColumnDef {
            name: self.ident_of(column.name()),
            span: self.trimmed(column.syntax()),
            ty: column.ty().map(|t| self.type_name(&t)),
            collation: self.collation(child::<ast::Collate>(column.syntax())),
            constraints: self.constraints_in(column.syntax()),
        }
    }

    pub fn added_column(&self, add: &ast::AddColumn) -> ColumnDef {
        ColumnDef {
            name: self.ident_of(add.column_name()),
            span: self.trimmed(add.syntax()),
            ty: add.ty().map(|t| self.type_name(&t)),
            collation: self.collation(add.collate()),
            constraints: self.constraints_in(add.syntax()),
        }
    }

    pub fn collation(&self, collate: Option<ast::Collate>) -> Option<Ident> {
        let name = self.name(&collate?.collation_ref()?);
        Some(Ident { name: name.name, span: name.span })
    }

    fn constraints_in(&self, node: &SyntaxNode) -> Vec<Constraint> {
        node.children().filter_map(|c| self.constraint(&c)).collect()
    }

    /// A constraint of a table or of a column.
    pub fn constraint(&self, node: &SyntaxNode) -> Option<Constraint> {
        let constraint = ast::Constraint::cast(node.clone())?;
        let kind = match &constraint {
            ast::Constraint::PrimaryKeyConstraint(c) => ConstraintKind::PrimaryKey {
                columns: self.key_columns(c.index_parameters()),
                using_index: self.using_index(c.using_index()),
            },
            ast::Constraint::UniqueConstraint(c) => ConstraintKind::Unique {
                columns: self.key_columns(c.index_parameters()),
                using_index: self.using_index(c.using_index()),
            },
            ast::Constraint::ForeignKeyConstraint(c) => self.foreign_key(
                c.from_columns()
                    .into_iter()
                    .flat_map(|l| l.column_name_refs())
                    .map(|c| self.ident(&c))
                    .collect(),
                self.name_of(c.table_name_ref()),
                c.to_columns()
                    .into_iter()
                    .flat_map(|l| l.column_name_refs())
                    .map(|c| self.ident(&c))
                    .collect(),
                node,
            ),
            ast::Constraint::ReferencesConstraint(c) => self.foreign_key(
                Vec::new(),
                self.name_of(c.table()),
                c.column().map(|c| self.ident(&c)).into_iter().collect(),
                node,
            ),
            ast::Constraint::CheckConstraint(c) => {
                let (expr, text) = self.with_text(c.expr());
                ConstraintKind::Check { expr, text }
            }
            ast::Constraint::ExcludeConstraint(c) => ConstraintKind::Exclude {
                keys: c
                    .constraint_exclusion_list()
                    .into_iter()
                    .flat_map(|l| l.constraint_exclusions())
                    .filter_map(|e| e.expr())
                    .map(|e| text(e.syntax()))
                    .collect(),
            },
            ast::Constraint::NotNullConstraint(c) => {
                ConstraintKind::NotNull { column: c.column_name_ref().map(|n| self.ident(&n)) }
            }
            ast::Constraint::NullConstraint(_) => ConstraintKind::Null,
            ast::Constraint::DefaultConstraint(c) => {
                let (expr, text) = self.with_text(c.expr());
                ConstraintKind::Default { expr, text }
            }
            ast::Constraint::GeneratedConstraint(c) => match c.generated_as()? {
                ast::GeneratedAs::GeneratedIdentity(i) => {
                    ConstraintKind::Identity { always: is_always(i.generated_when().as_ref()) }
                }
                ast::GeneratedAs::GeneratedStored(s) => {
                    ConstraintKind::Generated { text: self.with_text(s.expr()).1 }
                }
            },
        };
        Some(Constraint {
            name: self.constraint_name(node),
            span: self.trimmed(node),
            kind,
            not_valid: constraint.is_not_valid(),
        })
    }

    pub fn with_text(&self, expr: Option<ast::Expr>) -> (Expr, String) {
        expr.map(|e| (self.expr(&e), text(e.syntax()))).unwrap_or_default()
    }

    fn key_columns(&self, parameters: Option<ast::IndexParameters>) -> Vec<Ident> {
        let list = parameters.and_then(|p| p.column_list());
        list.into_iter().flat_map(|l| l.column_name_refs()).map(|c| self.ident(&c)).collect()
    }

    fn using_index(&self, using: Option<ast::UsingIndexName>) -> Option<Ident> {
        let name = self.name(&using?.index_ref()?);
        Some(Ident { name: name.name, span: name.span })
    }

    fn foreign_key(
        &self,
        columns: Vec<Ident>,
        table: Name,
        referenced: Vec<Ident>,
        node: &SyntaxNode,
    ) -> ConstraintKind {
        let (mut on_delete, mut on_update) = ("", "");
        for action in children::<ast::ReferentialAction>(node) {
            match action {
                ast::ReferentialAction::OnDeleteAction(a) => {
                    on_delete = action_name(a.ref_action().as_ref());
                }
                ast::ReferentialAction::OnUpdateAction(a) => {
                    on_update = action_name(a.ref_action().as_ref());
                }
            }
        }
        let table = Box::new(table);
        ConstraintKind::ForeignKey { columns, table, referenced, on_delete, on_update }
    }
}

pub fn is_temporary(persistence: Option<&ast::Persistence>) -> bool {
    matches!(persistence, Some(ast::Persistence::Temp(_)))
}

pub fn is_always(when: Option<&ast::GeneratedWhen>) -> bool {
    matches!(when, Some(ast::GeneratedWhen::GeneratedAlways(_)))
}

fn action_name(action: Option<&ast::RefAction>) -> &'static str {
    match action {
        Some(ast::RefAction::Cascade(_)) => "CASCADE",
        Some(ast::RefAction::Restrict(_)) => "RESTRICT",
        Some(ast::RefAction::SetNullColumns(_)) => "SET NULL",
        Some(ast::RefAction::SetDefaultColumns(_)) => "SET DEFAULT",
        Some(ast::RefAction::NoAction(_)) | None => "",
    }
}

/// As the server shows it: `RANGE (a, b)`.
fn partition_text(by: &ast::PartitionBy) -> String {
    let strategy = by.partition_strategy().map(|s| text(s.syntax()).to_uppercase());
    let items = by.partition_item_list().map(|l| text(l.syntax()));
    format!("{} {}", strategy.unwrap_or_default(), items.unwrap_or_default())
}
