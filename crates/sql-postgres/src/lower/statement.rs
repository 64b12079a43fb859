//! Which statement it is: one arm each.

use sql::tree::{Body, Name};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode, Stmt};

use super::{Lower, child, descendant, text};

impl Lower {
    /// The tree of a statement, of the element of CREATE SCHEMA, of the query of a CTE.
    pub fn statement(&self, node: &SyntaxNode) -> Body {
        if let Some(select) = ast::SelectVariant::cast(node.clone()) {
            return self.select_statement(&select);
        }
        let Some(stmt) = Stmt::cast(node.clone()) else { return Body::Other };
        self.rows_statement(&stmt)
            .or_else(|| self.creates(&stmt))
            .or_else(|| self.alters(&stmt))
            .or_else(|| self.drops(&stmt))
            .unwrap_or_else(|| self.others(&stmt))
    }

    /// SELECT … INTO makes a table.
    fn select_statement(&self, select: &ast::SelectVariant) -> Body {
        let query = self.query(select);
        let into = match &query.body {
            sql::tree::QueryBody::Select(s) => s.into.clone(),
            _ => None,
        };
        match into {
            Some(name) => Body::CreateTable(Box::new(sql::tree::CreateTable {
                temporary: descendant::<ast::Temp>(select.syntax()).is_some(),
                name,
                query: Some(query),
                ..sql::tree::CreateTable::default()
            })),
            None => Body::Query(Box::new(query)),
        }
    }

    fn rows_statement(&self, stmt: &Stmt) -> Option<Body> {
        Some(match stmt {
            Stmt::Insert(s) => self.insert(s),
            Stmt::Update(s) => self.update(s),
            Stmt::Delete(s) => self.delete(s),
            Stmt::Merge(s) => self.merge(s),
            Stmt::Truncate(s) => self.truncate(s),
            Stmt::Explain(s) => {
                let inner = s.explain_stmt().map_or(Body::Other, |i| self.statement(i.syntax()));
                Body::Explain(Box::new(inner))
            }
            // The grammar has the same node for a file.
            Stmt::Copy(s) => match descendant::<ast::CopyProgram>(s.syntax())
                .filter(|p| p.program_token().is_some())
            {
                Some(program) => Body::CopyProgram { command: self.span(program.syntax()) },
                None => s
                    .copy_query()
                    .and_then(|q| q.preparable_stmt())
                    .map_or(Body::Other, |p| self.statement(p.syntax())),
            },
            _ => return None,
        })
    }

    fn creates(&self, stmt: &Stmt) -> Option<Body> {
        Some(match stmt {
            Stmt::CreateTable(s) => self.create_table(s),
            Stmt::CreateTableAs(s) => self.create_table_as(s),
            Stmt::CreateForeignTable(s) => self.create_foreign_table(s),
            Stmt::CreateIndex(s) => self.create_index(s),
            Stmt::CreateView(s) => self.create_view(s),
            Stmt::CreateMaterializedView(s) => self.create_materialized_view(s),
            Stmt::CreateSequence(s) => self.create_sequence(s),
            Stmt::CreateType(s) => self.create_type(s),
            Stmt::CreateDomain(s) => self.create_domain(s),
            Stmt::CreateFunction(s) => {
                self.create_function(s.syntax(), self.name_of(s.name()), false)
            }
            Stmt::CreateProcedure(s) => {
                self.create_function(s.syntax(), self.name_of(s.name()), true)
            }
            Stmt::CreateTrigger(s) => Body::CreateTrigger {
                name: self.ident_of(s.trigger()),
                table: self.name_of(s.on_relation().and_then(|o| o.relation_name_ref())),
                or_replace: s.or_replace().is_some(),
            },
            Stmt::CreateExtension(s) => Body::CreateExtension {
                name: self.ident_of(s.extension()),
                schema: s
                    .extension_schema()
                    .and_then(|e| child::<ast::SchemaRef>(e.syntax()))
                    .map(|r| self.ident(&r).name)
                    .unwrap_or_default(),
                if_not_exists: s.if_not_exists().is_some(),
            },
            Stmt::CreateDatabase(s) => self.create_database(s),
            Stmt::CreateSchema(s) => self.create_schema(s),
            Stmt::CreateRole(s) => {
                self.role_password(s.syntax(), s.role().map(|r| self.ident(&r).name))
            }
            Stmt::CreateUser(s) => {
                self.role_password(s.syntax(), s.role().map(|r| self.ident(&r).name))
            }
            _ => return None,
        })
    }

    fn create_schema(&self, schema: &ast::CreateSchema) -> Body {
        let name = match schema.create_schema_target() {
            Some(ast::CreateSchemaTarget::NamedSchema(n)) => self.ident_of(n.schema()),
            // Without a name it takes that of the role.
            Some(ast::CreateSchemaTarget::AuthorizationSchema(a)) => self.ident_of(a.role()),
            None => sql::tree::Ident::default(),
        };
        let elements = schema.schema_elements();
        Body::CreateSchema {
            name,
            if_not_exists: schema.if_not_exists().is_some(),
            elements: elements.map(|e| self.statement(e.syntax())).collect(),
        }
    }

    fn alters(&self, stmt: &Stmt) -> Option<Body> {
        Some(match stmt {
            Stmt::AlterTable(s) => self.alter_table(s),
            Stmt::AlterForeignTable(s) => self.alter_foreign_table(s),
            Stmt::AlterView(s) => self.alter_view(s),
            Stmt::AlterMaterializedView(s) => self.alter_materialized_view(s),
            Stmt::AlterIndex(s) => match s.action() {
                Some(ast::AlterIndexAction::IndexRenameTo(r)) => {
                    let to = self.last(r.index());
                    self.rename("index", self.name_of(s.index_ref()), to, s.if_exists().is_some())
                }
                _ => Body::Other,
            },
            Stmt::AlterSchema(s) => match s.action() {
                Some(ast::AlterSchemaAction::SchemaRenameTo(r)) => {
                    let from = self.ident_of(s.schema_ref());
                    let from = Name { name: from.name, span: from.span, ..Name::default() };
                    self.rename("schema", from, self.ident_of(r.schema()), false)
                }
                _ => Body::Other,
            },
            Stmt::AlterSequence(s) => {
                let name = self.name_of(s.sequence_ref());
                let if_exists = s.if_exists().is_some();
                match s.actions().next() {
                    Some(ast::AlterSequenceAction::SequenceRenameTo(r)) => {
                        self.rename("sequence", name, self.last(r.sequence()), if_exists)
                    }
                    Some(ast::AlterSequenceAction::SetSchema(set)) => {
                        let schema = self.ident_of(set.schema_ref());
                        Body::SetSchema { kind: "sequence", name, schema, if_exists }
                    }
                    _ => Body::Other,
                }
            }
            Stmt::AlterType(s) => self.alter_type(s),
            Stmt::AlterRole(s) => {
                self.role_password(s.syntax(), s.role_ref().map(|r| self.role(&r)))
            }
            Stmt::AlterUser(s) => {
                self.role_password(s.syntax(), s.role_ref().map(|r| self.role(&r)))
            }
            _ => return None,
        })
    }

    fn alter_type(&self, alter: &ast::AlterType) -> Body {
        let name = self.name_of(alter.type_name_ref());
        match alter.action() {
            Some(ast::AlterTypeAction::TypeRenameTo(r)) => {
                self.rename("type", name, self.last(r.type_name()), false)
            }
            Some(ast::AlterTypeAction::SetSchema(set)) => {
                let schema = self.ident_of(set.schema_ref());
                Body::SetSchema { kind: "type", name, schema, if_exists: false }
            }
            Some(ast::AlterTypeAction::AddValue(add)) => Body::AddEnumValue {
                name,
                value: add.literal().and_then(|l| l.string_value()).unwrap_or_default(),
                if_not_exists: add.if_not_exists().is_some(),
            },
            _ => Body::Other,
        }
    }

    fn drops(&self, stmt: &Stmt) -> Option<Body> {
        let node = stmt.syntax();
        Some(match stmt {
            Stmt::DropTable(s) => self.drop(node, "table", s.table_name_refs()),
            Stmt::DropForeignTable(s) => {
                let names = s.syntax().descendants().filter_map(ast::TableNameRef::cast);
                self.drop(node, "table", names)
            }
            Stmt::DropView(s) => self.drop(node, "view", s.view_refs()),
            Stmt::DropMaterializedView(s) => self.drop(node, "materialized view", s.view_refs()),
            Stmt::DropIndex(s) => self.drop_index(s),
            Stmt::DropSequence(s) => self.drop(node, "sequence", s.sequence_refs()),
            Stmt::DropType(s) => self.drop(node, "type", s.type_name_refs()),
            Stmt::DropDomain(s) => self.drop(node, "type", s.domain_refs()),
            Stmt::DropSchema(s) => self.drop(node, "schema", s.schema_refs()),
            Stmt::DropExtension(s) => self.drop(node, "extension", s.extension_refs()),
            Stmt::DropDatabase(s) => self.drop(node, "database", s.database_ref().into_iter()),
            Stmt::DropFunction(_) => {
                let names = node.descendants().filter_map(ast::FunctionNameRef::cast);
                self.drop(node, "function", names)
            }
            Stmt::DropProcedure(_) => {
                let names = node.descendants().filter_map(ast::ProcedureNameRef::cast);
                self.drop(node, "procedure", names)
            }
            Stmt::DropTrigger(s) => {
                let table = self.name_of(s.on_relation().and_then(|o| o.relation_name_ref()));
                self.drop_on(node, "trigger", s.trigger_ref(), table)
            }
            Stmt::DropRule(s) => {
                let table = self.name_of(s.on_relation().and_then(|o| o.relation_name_ref()));
                self.drop_on(node, "rule", s.rule_ref(), table)
            }
            Stmt::DropPolicy(s) => {
                let table = self.name_of(s.on_table().and_then(|o| o.table_name_ref()));
                self.drop_on(node, "policy", s.policy_ref(), table)
            }
            _ => return None,
        })
    }

    fn others(&self, stmt: &Stmt) -> Body {
        match stmt {
            Stmt::CommentOn(s) => self.comment(s),
            Stmt::Grant(s) => self.grant(s),
            Stmt::Begin(_) => Body::Begin,
            Stmt::Commit(_) => Body::Commit,
            Stmt::Rollback(ast::Rollback::RollbackTransaction(_)) => Body::Rollback,
            Stmt::SetRole(_) => Body::Set { name: "role".to_owned() },
            Stmt::SetSessionAuth(_) => Body::Set { name: "session_authorization".to_owned() },
            Stmt::Set(s) => Body::Set { name: setting(s) },
            _ => Body::Other,
        }
    }
}

/// The setting that SET changes, in lower case.
fn setting(set: &ast::Set) -> String {
    match set.set_target() {
        Some(ast::SetTarget::SetConfig(config)) => config
            .config_parameter_ref()
            .map(|p| text(p.syntax()).to_lowercase())
            .unwrap_or_default(),
        Some(ast::SetTarget::SetSchemaValue(_)) => "search_path".to_owned(),
        Some(ast::SetTarget::SetTimeZone(_)) => "timezone".to_owned(),
        _ => String::new(),
    }
}
