//! Queries: SELECT, VALUES, TABLE, set operations, FROM.

use base::Span;
use sql::tree::{
    Body, Cte, Expr, ExprKind, FromItem, Ident, Join, Query, QueryBody, Select, Target,
};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use super::{Lower, child, children};

impl Lower {
    pub fn query(&self, select: &ast::SelectVariant) -> Query {
        let span = self.span(select.syntax());
        self.deeper(|| self.query_at(select)).unwrap_or(Query { span, ..Query::default() })
    }

    fn query_at(&self, select: &ast::SelectVariant) -> Query {
        let node = select.syntax();
        let body = match select {
            ast::SelectVariant::Select(s) => {
                QueryBody::Select(Box::new(self.select(s.syntax(), None)))
            }
            ast::SelectVariant::SelectInto(s) => {
                let into = s.into_clause().and_then(|i| i.table_name()).map(|t| self.name(&t));
                QueryBody::Select(Box::new(self.select(s.syntax(), into)))
            }
            ast::SelectVariant::ParenSelect(p) => match p.select() {
                Some(inner) => QueryBody::Nested(Box::new(self.query(&inner))),
                None => QueryBody::Unknown,
            },
            ast::SelectVariant::Table(t) => QueryBody::Table(self.name_of(t.relation_name())),
            ast::SelectVariant::Values(v) => self.values(v),
            ast::SelectVariant::CompoundSelect(c) => QueryBody::Set(self.set_operands(c)),
        };
        let mut query = Query { span: self.span(node), body, ..Query::default() };
        let with = child::<ast::WithClause>(node);
        query.recursive = with.as_ref().is_some_and(|w| w.recursive_token().is_some());
        query.ctes = with.map(|w| self.ctes(&w)).unwrap_or_default();
        for tail in children::<ast::SelectTailClause>(node) {
            match tail {
                ast::SelectTailClause::OrderByClause(o) => {
                    query.order_by.extend(self.exprs_in(o.syntax()));
                }
                other => query.limit.extend(self.exprs_in(other.syntax())),
            }
        }
        query
    }

    /// The parts of a chain of set operations, left to right, at any length.
    fn set_operands(&self, compound: &ast::CompoundSelect) -> Vec<Query> {
        let mut reversed = Vec::new();
        let mut at = compound.clone();
        loop {
            reversed.extend(at.rhs().map(|r| self.query(&r)));
            match at.lhs() {
                // A part with clauses of its own is a query of its own.
                Some(ast::SelectVariant::CompoundSelect(left))
                    if left.tail_clauses().next().is_none() =>
                {
                    at = left;
                }
                lhs => {
                    reversed.extend(lhs.map(|l| self.query(&l)));
                    break;
                }
            }
        }
        reversed.reverse();
        reversed
    }

    fn values(&self, values: &ast::Values) -> QueryBody {
        let (mut rows, mut width) = (0, 0);
        let mut exprs = Vec::new();
        for row in values.row_list().into_iter().flat_map(|l| l.rows()) {
            rows += 1;
            for expr in row.exprs() {
                width += usize::from(rows == 1);
                if !matches!(expr, ast::Expr::Literal(_)) {
                    exprs.push(self.expr(&expr));
                }
            }
        }
        QueryBody::Values { rows, width, exprs }
    }

    fn select(&self, node: &SyntaxNode, into: Option<sql::tree::Name>) -> Select {
        let targets = child::<ast::SelectClause>(node).and_then(|c| c.target_list());
        let having = child::<ast::HavingClause>(node).and_then(|h| h.expr());
        Select {
            span: self.span(node),
            targets: targets.map(|l| self.targets(&l)).unwrap_or_default(),
            into,
            from: child::<ast::FromClause>(node)
                .map(|f| self.row_sources(f.items()))
                .unwrap_or_default(),
            filter: self.filter(child::<ast::WhereClause>(node)),
            group_by: child::<ast::GroupByClause>(node)
                .map(|g| self.exprs_in(g.syntax()))
                .unwrap_or_default(),
            having: self.expr_of(having),
            others: child::<ast::WindowClause>(node)
                .map(|w| self.exprs_in(w.syntax()))
                .unwrap_or_default(),
        }
    }

    pub fn filter(&self, clause: Option<ast::WhereClause>) -> Option<Expr> {
        self.expr_of(clause.and_then(|w| w.expr()))
    }

    pub fn targets(&self, list: &ast::TargetList) -> Vec<Target> {
        list.targets()
            .map(|target| {
                let alias = target.as_name().and_then(|a| a.name()).map(|n| self.ident(&n));
                let expr = match target.expr() {
                    Some(expr) => self.expr(&expr),
                    None => {
                        Expr { span: self.span(target.syntax()), kind: ExprKind::Star(Vec::new()) }
                    }
                };
                Target { expr, alias }
            })
            .collect()
    }

    pub fn ctes(&self, with: &ast::WithClause) -> Vec<Cte> {
        with.with_tables()
            .map(|table| Cte {
                name: self.ident_of(table.name()),
                columns: table
                    .column_list()
                    .into_iter()
                    .flat_map(|l| l.column_names())
                    .map(|c| self.ident(&c))
                    .collect(),
                body: table
                    .query()
                    .and_then(|q| self.deeper(|| self.statement(q.syntax())))
                    .unwrap_or(Body::Other),
            })
            .collect()
    }

    pub fn row_sources(&self, items: impl Iterator<Item = ast::FromListItem>) -> Vec<FromItem> {
        items.map(|i| self.row_source(&i)).collect()
    }

    pub fn row_source(&self, item: &ast::FromListItem) -> FromItem {
        self.deeper(|| match item {
            ast::FromListItem::JoinExpr(join) => self.join(join),
            ast::FromListItem::FromItem(item) => self.source(item),
        })
        .unwrap_or_else(|| nothing(self.span(item.syntax())))
    }

    fn join(&self, expr: &ast::JoinExpr) -> FromItem {
        let span = self.span(expr.syntax());
        let left = expr.from_list_item().map(|l| self.row_source(&l));
        let join = expr.join();
        let right = join.as_ref().and_then(ast::Join::from_list_item).map(|r| self.row_source(&r));
        let (mut using, mut on) = (Vec::new(), None);
        match join.as_ref().and_then(ast::Join::join_condition) {
            Some(ast::JoinCondition::OnClause(o)) => on = self.expr_of(o.expr()),
            Some(ast::JoinCondition::JoinUsingClause(u)) => {
                let columns = u.column_ref_list().into_iter().flat_map(|l| l.column_name_refs());
                using = columns.map(|c| self.ident(&c)).collect();
            }
            None => {}
        }
        FromItem::Join(Box::new(Join {
            left: left.unwrap_or_else(|| nothing(span)),
            right: right.unwrap_or_else(|| nothing(span)),
            natural: join.is_some_and(|j| j.natural_token().is_some()),
            using,
            on,
        }))
    }

    fn source(&self, item: &ast::FromItem) -> FromItem {
        let alias = item.alias();
        let columns: Vec<Ident> = alias
            .as_ref()
            .and_then(ast::FromAlias::columns)
            .into_iter()
            .flat_map(|c| c.column_names().collect::<Vec<_>>())
            .map(|c| self.ident(&c))
            .collect();
        let alias = alias.and_then(|a| a.name()).map(|n| self.ident(&n));
        match item {
            ast::FromItem::RelationFromItem(relation) => {
                FromItem::Table { name: self.name_of(relation.relation_name_ref()), alias, columns }
            }
            ast::FromItem::ParenFromItem(paren) => {
                let lateral = paren.lateral_token().is_some();
                if let Some(select) = paren.paren_select() {
                    let query = self.query(&ast::SelectVariant::ParenSelect(select));
                    return FromItem::Query { query: Box::new(query), alias, columns, lateral };
                }
                let inner = paren.paren_expr();
                // A join in parentheses; an alias would hide what is in it.
                if let (Some(join), None) =
                    (inner.as_ref().and_then(ast::ParenExpr::from_list_item), &alias)
                {
                    return self.row_source(&join);
                }
                let query = inner.and_then(|p| child::<ast::SelectVariant>(p.syntax()));
                match query {
                    Some(select) => FromItem::Query {
                        query: Box::new(self.query(&select)),
                        alias,
                        columns,
                        lateral,
                    },
                    None => self.rows(item.syntax(), alias, columns),
                }
            }
            _ => self.rows(item.syntax(), alias, columns),
        }
    }

    fn rows(&self, node: &SyntaxNode, alias: Option<Ident>, columns: Vec<Ident>) -> FromItem {
        let expr = Expr { span: self.span(node), kind: ExprKind::Other(self.exprs_in(node)) };
        FromItem::Expr { expr: Box::new(expr), alias, columns }
    }
}

fn nothing(span: Span) -> FromItem {
    FromItem::Expr {
        expr: Box::new(Expr { span, kind: ExprKind::TooDeep }),
        alias: None,
        columns: Vec::new(),
    }
}
