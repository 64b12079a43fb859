//! INSERT, UPDATE, DELETE, MERGE.

use sql::tree::{Body, Cte, Delete, Expr, FromItem, Ident, Insert, Merge, Target, Update};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use super::{Lower, child, descendant};

impl Lower {
    fn with(&self, node: &SyntaxNode) -> Vec<Cte> {
        child::<ast::WithClause>(node).map(|w| self.ctes(&w)).unwrap_or_default()
    }

    fn returning(&self, clause: Option<ast::ReturningClause>) -> Vec<Target> {
        clause.and_then(|c| c.target_list()).map(|l| self.targets(&l)).unwrap_or_default()
    }

    pub fn insert(&self, insert: &ast::Insert) -> Body {
        let source = match insert.insert_source() {
            Some(ast::InsertSource::SelectVariant(select)) => Some(self.query(&select)),
            _ => None,
        };
        let (mut conflict_set, mut conflict_filter) = (Vec::new(), None);
        match insert.on_conflict_clause().and_then(|c| c.conflict_action()) {
            Some(ast::ConflictAction::ConflictDoUpdateSet(update)) => {
                conflict_set = self.assigned(update.set_clause());
                conflict_filter = self.filter(update.where_clause());
            }
            Some(ast::ConflictAction::ConflictDoSelect(select)) => {
                conflict_filter = self.filter(select.where_clause());
            }
            _ => {}
        }
        let columns = insert.column_target_list().into_iter().flat_map(|l| l.column_targets());
        Body::Insert(Box::new(Insert {
            ctes: self.with(insert.syntax()),
            table: self.name_of(insert.relation_name_ref()),
            alias: insert.alias().and_then(|a| a.name()).map(|n| self.ident(&n)),
            columns: columns.map(|c| self.ident_of(c.name())).collect(),
            source,
            conflict_set,
            conflict_filter,
            returning: self.returning(insert.returning_clause()),
        }))
    }

    pub fn update(&self, update: &ast::Update) -> Body {
        let condition = update.where_clause_or_current_of();
        Body::Update(Box::new(Update {
            ctes: self.with(update.syntax()),
            table: self.name_of(update.relation_name()),
            alias: update.alias().and_then(|a| a.name()).map(|n| self.ident(&n)),
            columns: self.targets_of(update.set_clause()),
            values: self.assigned(update.set_clause()),
            from: update.from_clause().map(|f| self.row_sources(f.items())).unwrap_or_default(),
            current_of: is_current_of(condition.as_ref()),
            filter: self.condition(condition),
            returning: self.returning(update.returning_clause()),
        }))
    }

    pub fn delete(&self, delete: &ast::Delete) -> Body {
        let condition = delete.where_clause_or_current_of();
        Body::Delete(Box::new(Delete {
            ctes: self.with(delete.syntax()),
            table: self.name_of(delete.relation_name()),
            alias: delete.alias().and_then(|a| a.name()).map(|n| self.ident(&n)),
            using: delete.using_clause().map(|u| self.row_sources(u.items())).unwrap_or_default(),
            current_of: is_current_of(condition.as_ref()),
            filter: self.condition(condition),
            returning: self.returning(delete.returning_clause()),
        }))
    }

    pub fn merge(&self, merge: &ast::Merge) -> Body {
        let (mut conditions, mut values) = (Vec::new(), Vec::new());
        for when in merge.merge_when_clauses() {
            let condition = child::<ast::MergeCondition>(when.syntax());
            conditions.extend(self.expr_of(condition.and_then(|c| c.expr())));
            let action = child::<ast::MergeAction>(when.syntax());
            values.extend(action.map(|a| self.exprs_in(a.syntax())).unwrap_or_default());
        }
        let using = merge.using_on_clause();
        let source = using
            .as_ref()
            .and_then(ast::UsingOnClause::from_list_item)
            .map(|s| self.row_source(&s));
        let span = self.span(merge.syntax());
        Body::Merge(Box::new(Merge {
            ctes: self.with(merge.syntax()),
            table: self.name_of(merge.table_relation_name()),
            alias: merge.alias().and_then(|a| a.name()).map(|n| self.ident(&n)),
            source: source.unwrap_or_else(|| FromItem::Expr {
                expr: Box::new(Expr { span, ..Expr::default() }),
                alias: None,
                columns: Vec::new(),
            }),
            on: self.expr_of(using.and_then(|u| u.on_clause()).and_then(|o| o.expr())),
            conditions,
            values,
            returning: self.returning(merge.returning_clause()),
        }))
    }

    fn condition(&self, condition: Option<ast::WhereClauseOrCurrentOf>) -> Option<Expr> {
        match condition {
            Some(ast::WhereClauseOrCurrentOf::WhereClause(w)) => self.filter(Some(w)),
            _ => None,
        }
    }

    /// The columns that SET assigns.
    fn targets_of(&self, set: Option<ast::SetClause>) -> Vec<Ident> {
        let Some(set) = set else { return Vec::new() };
        let targets = set.syntax().descendants().filter_map(ast::ColumnTarget::cast);
        targets.map(|t| self.ident_of(t.name())).collect()
    }

    /// What SET assigns.
    fn assigned(&self, set: Option<ast::SetClause>) -> Vec<Expr> {
        set.map(|s| self.exprs_in(s.syntax())).unwrap_or_default()
    }
}

fn is_current_of(condition: Option<&ast::WhereClauseOrCurrentOf>) -> bool {
    condition.is_some_and(|c| descendant::<ast::WhereCurrentOf>(c.syntax()).is_some())
}
