//! Indexes, views, sequences, types, routines; DROP, RENAME, COMMENT, GRANT.

use sql::tree::{
    Body, Comment, CreateFunction, CreateIndex, CreateSequence, CreateType, CreateView,
    DropObjects, Expr, ExprKind, Grant, Ident, Key, Name, Rename, Truncate,
};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode, normalize_name_node};

use super::alter::is_cascade;
use super::table::is_temporary;
use super::{Lower, child, children, descendant, text};

impl Lower {
    pub fn create_index(&self, index: &ast::CreateIndex) -> Body {
        let include = index.index_include_clause().and_then(|i| i.partition_item_list());
        let method =
            index.using_method().and_then(|m| descendant::<ast::AccessMethodRef>(m.syntax()));
        Body::CreateIndex(Box::new(CreateIndex {
            name: index.index().map(|n| self.last(Some(n))),
            table: self.name_of(index.table_relation_name()),
            unique: index.unique_token().is_some(),
            concurrently: index.concurrently_token().is_some(),
            if_not_exists: index.if_not_exists().is_some(),
            method: method.map_or_else(|| "btree".to_owned(), |m| self.ident(&m).name),
            keys: self.keys(index.partition_item_list()),
            include: self.keys(include).into_iter().map(|k| k.text).collect(),
            partial: index.where_clause().is_some(),
        }))
    }

    fn keys(&self, list: Option<ast::PartitionItemList>) -> Vec<Key> {
        let items = list.into_iter().flat_map(|l| l.partition_items());
        items
            .map(|item| {
                let expr = item.expr();
                let column = match &expr {
                    Some(ast::Expr::NameRef(name)) => Some(normalize_name_node(name.syntax())),
                    _ => None,
                };
                let label = expr.as_ref().map(|e| label(&self.expr(e))).unwrap_or_default();
                let written = expr.map(|e| text(e.syntax())).unwrap_or_default();
                Key {
                    span: self.span(item.syntax()),
                    text: column.clone().unwrap_or(written),
                    column,
                    label,
                    descending: matches!(item.sort_order(), Some(ast::SortOrder::SortDesc(_))),
                }
            })
            .collect()
    }

    pub fn create_view(&self, view: &ast::CreateView) -> Body {
        let query = view.query();
        Body::CreateView(Box::new(CreateView {
            name: self.name_of(view.view()),
            materialized: false,
            or_replace: view.or_replace().is_some(),
            if_not_exists: false,
            temporary: is_temporary(view.persistence().as_ref()),
            columns: columns(view.column_list()),
            definition: query.as_ref().map(|q| text(q.syntax())).unwrap_or_default(),
            query: query.map(|q| self.query(&q)),
        }))
    }

    pub fn create_materialized_view(&self, view: &ast::CreateMaterializedView) -> Body {
        let query = view.query();
        Body::CreateView(Box::new(CreateView {
            name: self.name_of(view.view()),
            materialized: true,
            or_replace: false,
            if_not_exists: view.if_not_exists().is_some(),
            temporary: false,
            columns: columns(view.column_list()),
            definition: query.as_ref().map(|q| text(q.syntax())).unwrap_or_default(),
            query: query.map(|q| self.query(&q)),
        }))
    }

    pub fn create_sequence(&self, sequence: &ast::CreateSequence) -> Body {
        Body::CreateSequence(Box::new(CreateSequence {
            name: self.name_of(sequence.sequence()),
            if_not_exists: sequence.if_not_exists().is_some(),
            temporary: is_temporary(sequence.persistence().as_ref()),
        }))
    }

    pub fn create_type(&self, made: &ast::CreateType) -> Body {
        let values = match made.kind() {
            Some(ast::CreateTypeKind::EnumType(e)) => {
                let literals = e.variant_list().into_iter().flat_map(|l| l.variants());
                Some(literals.filter_map(|v| v.literal()?.string_value()).collect())
            }
            _ => None,
        };
        let definition = text(made.syntax());
        Body::CreateType(Box::new(CreateType {
            name: self.name_of(made.type_name()),
            values,
            definition,
        }))
    }

    pub fn create_domain(&self, domain: &ast::CreateDomain) -> Body {
        Body::CreateType(Box::new(CreateType {
            name: self.name_of(domain.domain()),
            values: None,
            definition: text(domain.syntax()),
        }))
    }

    /// CREATE FUNCTION and CREATE PROCEDURE.
    pub fn create_function(&self, node: &SyntaxNode, name: Name, procedure: bool) -> Body {
        let options = child::<ast::FuncOptionList>(node);
        let options: Vec<_> = options.into_iter().flat_map(|l| l.options()).collect();
        let parameters = child::<ast::ParamList>(node).into_iter().flat_map(|l| l.params());
        let types: Vec<String> = parameters
            .filter(|p| !matches!(p.mode(), Some(ast::ParamMode::ParamOut(_))))
            .filter_map(|p| p.func_type())
            .map(|t| match ast::Type::cast(t.syntax().clone()) {
                Some(ty) => self.type_name(&ty).text,
                None => text(t.syntax()),
            })
            .collect();
        Body::CreateFunction(Box::new(CreateFunction {
            signature: format!("{}({})", name.name, types.join(", ")),
            name,
            procedure,
            or_replace: child::<ast::OrReplace>(node).is_some(),
            definition: text(node),
            security_definer: options
                .iter()
                .any(|o| matches!(o, ast::FuncOption::SecurityDefinerFuncOption(_))),
            sets_search_path: options.iter().any(|o| {
                matches!(o, ast::FuncOption::SetFuncOption(_))
                    && text(o.syntax()).to_lowercase().contains("search_path")
            }),
            body: None,
        }))
    }

    pub fn comment(&self, comment: &ast::CommentOn) -> Body {
        let Some(object) = comment.comment_object() else { return Body::Other };
        let node = object.syntax();
        let mut name = self.name_at_first_path(node);
        let mut member = String::new();
        let kind = match &object {
            ast::CommentObject::ObjectTable(_) => "table",
            ast::CommentObject::ObjectForeignTable(_) => "table",
            ast::CommentObject::ObjectView(_) => "view",
            ast::CommentObject::ObjectMaterializedView(_) => "materialized view",
            ast::CommentObject::ObjectIndex(_) => "index",
            ast::CommentObject::ObjectSequence(_) => "sequence",
            ast::CommentObject::ObjectSchema(s) => {
                name.name = self.ident_of(s.schema_ref()).name;
                "schema"
            }
            ast::CommentObject::ObjectType(_) | ast::CommentObject::ObjectDomain(_) => "type",
            ast::CommentObject::ObjectFunction(_) => "function",
            ast::CommentObject::ObjectProcedure(_) => "procedure",
            ast::CommentObject::ObjectColumn(_) => {
                // The last part is the column, what stands before it the table.
                member = std::mem::take(&mut name.name);
                name.name = std::mem::take(&mut name.schema);
                name.schema = std::mem::take(&mut name.database);
                "column"
            }
            ast::CommentObject::ObjectConstraint(c) => {
                member = self.last(c.constraint_name_ref()).name;
                name = self.name_of(c.table_name_ref());
                "constraint"
            }
            _ => "other",
        };
        let text = comment.literal().and_then(|l| l.string_value());
        Body::Comment(Box::new(Comment { kind, name, member, text }))
    }

    fn name_at_first_path(&self, node: &SyntaxNode) -> Name {
        match descendant::<ast::PathRef>(node) {
            // The first in document order is the outermost.
            Some(path) => self.name(&path),
            None => Name { span: self.span(node), ..Name::default() },
        }
    }

    pub fn truncate(&self, truncate: &ast::Truncate) -> Body {
        let tables = truncate.table_list().into_iter().flat_map(|l| l.table_relation_names());
        Body::Truncate(Box::new(Truncate {
            tables: self.names(tables),
            cascade: is_cascade(truncate.drop_behavior().as_ref()),
        }))
    }

    /// DROP kind name, name…
    pub fn drop<N: AstNode>(
        &self,
        node: &SyntaxNode,
        kind: &'static str,
        names: impl Iterator<Item = N>,
    ) -> Body {
        Body::Drop(Box::new(DropObjects {
            kind,
            names: self.names(names),
            table: None,
            if_exists: child::<ast::IfExists>(node).is_some(),
            cascade: is_cascade(child(node).as_ref()),
            concurrently: false,
        }))
    }

    /// DROP kind name ON table.
    pub fn drop_on<N: AstNode>(
        &self,
        node: &SyntaxNode,
        kind: &'static str,
        name: Option<N>,
        table: Name,
    ) -> Body {
        let Body::Drop(drop) = self.drop(node, kind, name.into_iter()) else { return Body::Other };
        Body::Drop(Box::new(DropObjects { table: Some(table), ..*drop }))
    }

    pub fn drop_index(&self, drop: &ast::DropIndex) -> Body {
        let Body::Drop(made) = self.drop(drop.syntax(), "index", drop.index_refs()) else {
            return Body::Other;
        };
        let concurrently = drop.concurrently_token().is_some();
        Body::Drop(Box::new(DropObjects { concurrently, ..*made }))
    }

    pub fn rename(&self, kind: &'static str, from: Name, to: Ident, if_exists: bool) -> Body {
        Body::Rename(Box::new(Rename { kind, from, to, if_exists }))
    }

    pub fn grant(&self, grant: &ast::Grant) -> Body {
        let to = grant.role_ref_list().into_iter().flat_map(|l| l.role_refs());
        let on = grant.on_privilege_objects_clause().map(|o| text(o.syntax()));
        let what = grant.privileges().map(|p| text(p.syntax())).unwrap_or_default();
        Body::Grant(Box::new(Grant {
            to: to.map(|r| self.role(&r)).collect(),
            what: format!("{what} {}", on.unwrap_or_default()).trim().to_owned(),
        }))
    }

    pub fn role(&self, role: &ast::RoleRef) -> String {
        match role.role_ref_value() {
            Some(ast::RoleRefValue::RoleNameRef(name)) => normalize_name_node(name.syntax()),
            Some(other) => text(other.syntax()).to_lowercase(),
            None => String::new(),
        }
    }

    /// CREATE or ALTER ROLE, USER: whether a password stands in it.
    pub fn role_password(&self, node: &SyntaxNode, role: Option<String>) -> Body {
        let literal = node
            .descendants()
            .find(|n| {
                ast::RoleOptionPassword::can_cast(n.kind())
                    || ast::RoleOptionEncryptedPassword::can_cast(n.kind())
            })
            .and_then(|n| child::<ast::Literal>(&n));
        match literal.filter(|l| l.string_value().is_some()) {
            Some(literal) => Body::RolePassword {
                role: role.unwrap_or_default(),
                password: self.span(literal.syntax()),
            },
            None => Body::Other,
        }
    }

    /// The last part of a dotted name.
    pub fn last<N: AstNode>(&self, node: Option<N>) -> Ident {
        let name = self.name_of(node);
        Ident { name: name.name, span: name.span }
    }

    pub fn create_database(&self, database: &ast::CreateDatabase) -> Body {
        let (mut encoding, mut collation) = (None, None);
        let options = database.database_option_list();
        for option in options.into_iter().flat_map(|l| l.database_options()) {
            let node = option.syntax();
            let value =
                children::<ast::Literal>(node).find_map(|l| l.string_value()).or_else(|| {
                    child::<ast::ConfigValueName>(node).map(|n| normalize_name_node(n.syntax()))
                });
            let Some(name) = value else { continue };
            let ident = Ident { name, span: self.span(node) };
            let word = text(node).to_uppercase();
            match option {
                ast::DatabaseOption::DatabaseOptionEncoding(_) => encoding = Some(ident),
                _ if word.starts_with("LC_COLLATE") || word.starts_with("LOCALE") => {
                    collation = Some(ident);
                }
                _ => {}
            }
        }
        Body::CreateDatabase { name: self.ident_of(database.database()), encoding, collation }
    }
}

/// The server's word for an expression of an index.
fn label(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Call { name, .. } => name.clone(),
        ExprKind::Column(parts) => parts.last().cloned().unwrap_or_default(),
        ExprKind::Cast { operand, ty } => match label(operand) {
            inner if inner == "expr" => ty.name.split(' ').next().unwrap_or("expr").to_owned(),
            inner => inner,
        },
        _ => "expr".to_owned(),
    }
}

fn columns(list: Option<ast::ColumnList>) -> Vec<String> {
    let names = list.into_iter().flat_map(|l| l.column_names());
    names.map(|c| normalize_name_node(c.syntax())).collect()
}
