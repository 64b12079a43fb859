//! SELECT from tables and joins, and VALUES.

use sql::lex::TokenKind;
use sql::tree::{Expr, ExprKind, FromItem, Ident, Join, Query, QueryBody, Select, Target};

use super::cursor::Cursor;

impl Cursor<'_> {
    pub fn query(&mut self) -> Option<Query> {
        let start = self.start();
        self.expect("select")?;
        let mut select = Select { targets: self.list(Self::target)?, ..Select::default() };
        if self.eat("from") {
            select.from = self.list(Self::joined)?;
        }
        select.filter = self.filter()?;
        if self.eat("group") {
            self.expect("by")?;
            select.group_by = self.list(Self::expr)?;
        }
        let mut query = Query::default();
        if self.eat("order") {
            self.expect("by")?;
            query.order_by = self.list(|c| {
                let expr = c.expr()?;
                let _ = c.eat("desc") || c.eat("asc");
                Some(expr)
            })?;
        }
        if self.eat("limit") {
            let start = self.start();
            self.number()?;
            query.limit.push(Expr { span: self.span_from(start), kind: ExprKind::Literal });
        }
        query.span = self.span_from(start);
        select.span = query.span;
        query.body = QueryBody::Select(Box::new(select));
        Some(query)
    }

    /// WHERE, or nothing.
    pub fn filter(&mut self) -> Option<Option<Expr>> {
        if self.eat("where") { self.expr().map(Some) } else { Some(None) }
    }

    pub fn target(&mut self) -> Option<Target> {
        let start = self.start();
        if self.eat_punct(b'*') {
            let kind = ExprKind::Star(Vec::new());
            return Some(Target { expr: Expr { span: self.span_from(start), kind }, alias: None });
        }
        let expr = self.expr()?;
        let alias = if self.eat("as") { Some(self.ident()?) } else { None };
        Some(Target { expr, alias })
    }

    fn joined(&mut self) -> Option<FromItem> {
        let mut left = self.table()?;
        loop {
            let cross = self.eat("cross");
            if !cross && !self.is("join") {
                match () {
                    () if self.eat("inner") => {}
                    () if self.eat("left") || self.eat("right") || self.eat("full") => {
                        self.eat("outer");
                    }
                    () => return Some(left),
                }
            }
            self.expect("join")?;
            let right = self.table()?;
            let (mut on, mut using) = (None, Vec::new());
            match () {
                () if cross => {}
                () if self.eat("on") => on = Some(self.expr()?),
                () if self.eat("using") => using = self.parens(Self::ident)?,
                () => return None,
            }
            left = FromItem::Join(Box::new(Join { left, right, natural: false, using, on }));
        }
    }

    fn table(&mut self) -> Option<FromItem> {
        let name = self.name()?;
        let alias = self.alias()?;
        // Names of columns, or the arguments of a function.
        if self.is_punct(b'(') {
            return None;
        }
        Some(FromItem::Table { name, alias, columns: Vec::new() })
    }

    /// `AS a`, `a`, or nothing.
    fn alias(&mut self) -> Option<Option<Ident>> {
        if self.eat("as") {
            return self.ident().map(Some);
        }
        Some(self.ident())
    }

    /// VALUES and its rows. Literals are not kept.
    pub fn values(&mut self) -> Option<Query> {
        let start = self.start();
        self.expect("values")?;
        let (mut rows, mut width) = (0, 0);
        let mut exprs = Vec::new();
        loop {
            self.expect_punct(b'(')?;
            rows += 1;
            loop {
                width += usize::from(rows == 1);
                exprs.extend(self.value()?);
                if !self.eat_punct(b',') {
                    break;
                }
            }
            self.expect_punct(b')')?;
            if !self.eat_punct(b',') {
                break;
            }
        }
        exprs.shrink_to_fit();
        let body = QueryBody::Values { rows, width, exprs };
        Some(Query { span: self.span_from(start), body, ..Query::default() })
    }

    /// One of a row; Some(None) for a literal.
    fn value(&mut self) -> Option<Option<Expr>> {
        let token = self.peek()?;
        let stands_alone = matches!(token.kind, TokenKind::String | TokenKind::Number)
            && self.peek_second().is_some_and(|t| t.is(self.text, b',') || t.is(self.text, b')'));
        if stands_alone && token.kind == TokenKind::Number {
            self.number()?;
            return Some(None);
        }
        if stands_alone && token.text(self.text).starts_with('\'') {
            self.advance()?;
            return Some(None);
        }
        let start = self.start();
        if self.eat("default") {
            return Some(None);
        }
        let expr = self.expr()?;
        let is_literal = matches!(expr.kind, ExprKind::Literal | ExprKind::Null | ExprKind::String(_))
            // In parentheses it is something else.
            && expr.span == self.span_from(start);
        Some((!is_literal).then_some(expr))
    }
}
