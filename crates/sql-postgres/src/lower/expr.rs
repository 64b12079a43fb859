//! Expressions.

use sql::tree::{Expr, ExprKind, Query};
use squawk_syntax::ast::{self, AstNode, BinOp, LitKind, PrefixOp, normalize_name_node};
use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::{Lower, text};

impl Lower {
    pub fn expr(&self, expr: &ast::Expr) -> Expr {
        let span = self.span(expr.syntax());
        let kind = self.deeper(|| self.kind(expr)).unwrap_or(ExprKind::TooDeep);
        match (expr, kind) {
            // Parentheses mean nothing in a tree.
            (ast::Expr::ParenExpr(_), ExprKind::Other(mut inner)) if inner.len() == 1 => {
                inner.pop().unwrap_or_default()
            }
            (_, kind) => Expr { span, kind },
        }
    }

    pub fn expr_of(&self, expr: Option<ast::Expr>) -> Option<Expr> {
        expr.map(|e| self.expr(&e))
    }

    fn kind(&self, expr: &ast::Expr) -> ExprKind {
        match expr {
            ast::Expr::NameRef(name) => name_kind(name),
            ast::Expr::FieldExpr(field) => self.field(field),
            ast::Expr::Literal(literal) => literal_kind(literal),
            ast::Expr::BinExpr(bin) => self.binary(bin),
            ast::Expr::PrefixExpr(prefix) => ExprKind::Operator {
                op: match prefix.op() {
                    Some(PrefixOp::Minus(_)) => "-".to_owned(),
                    Some(PrefixOp::Not(_)) => "NOT".to_owned(),
                    Some(PrefixOp::Plus(_)) => "+".to_owned(),
                    Some(PrefixOp::CustomOp(op)) => text(op.syntax()),
                    Some(PrefixOp::OperatorCall(op)) => text(op.syntax()),
                    None => String::new(),
                },
                operands: self.expr_of(prefix.expr()).into_iter().collect(),
            },
            ast::Expr::PostfixExpr(postfix) => ExprKind::Operator {
                op: postfix
                    .op()
                    .map(|op| words(&op.syntax_element().to_string()))
                    .unwrap_or_default(),
                operands: self.expr_of(postfix.expr()).into_iter().collect(),
            },
            ast::Expr::BetweenExpr(between) => ExprKind::Operator {
                op: "BETWEEN".to_owned(),
                operands: [between.target(), between.start(), between.end()]
                    .into_iter()
                    .flatten()
                    .map(|e| self.expr(&e))
                    .collect(),
            },
            ast::Expr::CastExpr(cast) => {
                let operand = self
                    .expr_of(cast.expr())
                    .or_else(|| cast.literal().map(|l| self.literal(&l)))
                    .unwrap_or_default();
                let ty = cast.ty().map(|t| self.type_name(&t)).unwrap_or_default();
                ExprKind::Cast { operand: Box::new(operand), ty: Box::new(ty) }
            }
            ast::Expr::CallExpr(call) => self.call(call),
            _ => ExprKind::Other(self.exprs_in(expr.syntax())),
        }
    }

    fn literal(&self, literal: &ast::Literal) -> Expr {
        Expr { span: self.span(literal.syntax()), kind: literal_kind(literal) }
    }

    /// `schema.table.column`, `t.*`, or a field of whatever stands before.
    fn field(&self, field: &ast::FieldExpr) -> ExprKind {
        let mut parts = Vec::new();
        let mut at = Some(ast::Expr::FieldExpr(field.clone()));
        let star = field.star_token().is_some();
        while let Some(expr) = at {
            match expr {
                ast::Expr::FieldExpr(f) => {
                    // Before a star the only name is the base.
                    let field = f.field().filter(|_| f.star_token().is_none());
                    parts.extend(field.map(|n| normalize_name_node(n.syntax())));
                    at = f.base();
                }
                ast::Expr::NameRef(name) => {
                    parts.push(normalize_name_node(name.syntax()));
                    break;
                }
                other => return ExprKind::Other(vec![self.expr(&other)]),
            }
        }
        parts.reverse();
        if star { ExprKind::Star(parts) } else { ExprKind::Column(parts) }
    }

    /// A chain of one operator comes out flat, however long: `a AND b AND c` has three operands.
    fn binary(&self, bin: &ast::BinExpr) -> ExprKind {
        let op = operator(bin);
        let mut reversed = Vec::new();
        let mut at = bin.clone();
        loop {
            reversed.extend(at.rhs().map(|e| self.expr(&e)));
            match at.lhs() {
                Some(ast::Expr::BinExpr(left)) if operator(&left) == op => at = left,
                lhs => {
                    reversed.extend(self.expr_of(lhs));
                    break;
                }
            }
        }
        reversed.reverse();
        ExprKind::Operator { op, operands: reversed }
    }

    fn call(&self, call: &ast::CallExpr) -> ExprKind {
        if let Some(exists) = call.exists_fn() {
            let query = exists.select_variant().map(|s| self.query(&s)).unwrap_or_default();
            return ExprKind::Operator {
                op: "EXISTS".to_owned(),
                operands: vec![self.query_expr(query)],
            };
        }
        let node = call.syntax();
        if call.any_fn().is_some() || call.all_fn().is_some() || call.some_fn().is_some() {
            return ExprKind::Other(self.exprs_in(node));
        }
        let Some(callee) = call.expr() else {
            let word = node
                .descendants_with_tokens()
                .filter_map(squawk_syntax::SyntaxElement::into_token)
                .find(|t| !t.kind().is_trivia());
            let name = word.map(|t| t.text().to_ascii_lowercase()).unwrap_or_default();
            return ExprKind::Call { name, args: self.exprs_in(node) };
        };
        let name = match self.expr(&callee).kind {
            ExprKind::Column(mut parts) => parts.pop().unwrap_or_default(),
            ExprKind::Keyword(word) => word.to_ascii_lowercase(),
            _ => String::new(),
        };
        let args = node.children().filter(|c| c != callee.syntax()).flat_map(|c| self.exprs_at(&c));
        ExprKind::Call { name, args: args.collect() }
    }

    /// The outermost expressions below a node, subqueries among them.
    pub fn exprs_in(&self, node: &SyntaxNode) -> Vec<Expr> {
        node.children().flat_map(|c| self.exprs_at(&c)).collect()
    }

    fn exprs_at(&self, node: &SyntaxNode) -> Vec<Expr> {
        if let Some(expr) = ast::Expr::cast(node.clone()) {
            return vec![self.expr(&expr)];
        }
        if let Some(select) = ast::SelectVariant::cast(node.clone()) {
            return vec![self.query_expr(self.query(&select))];
        }
        self.deeper(|| self.exprs_in(node)).unwrap_or_default()
    }

    pub fn query_expr(&self, query: Query) -> Expr {
        Expr { span: query.span, kind: ExprKind::Query(Box::new(query)) }
    }
}

fn name_kind(name: &ast::NameRef) -> ExprKind {
    let first = name
        .syntax()
        .children_with_tokens()
        .filter_map(squawk_syntax::SyntaxElement::into_token)
        .find(|t| !t.kind().is_trivia());
    match first.map(|t| t.kind()) {
        Some(
            SyntaxKind::CURRENT_CATALOG_KW
            | SyntaxKind::CURRENT_DATE_KW
            | SyntaxKind::CURRENT_ROLE_KW
            | SyntaxKind::CURRENT_SCHEMA_KW
            | SyntaxKind::CURRENT_TIME_KW
            | SyntaxKind::CURRENT_TIMESTAMP_KW
            | SyntaxKind::CURRENT_USER_KW
            | SyntaxKind::LOCALTIME_KW
            | SyntaxKind::LOCALTIMESTAMP_KW
            | SyntaxKind::SESSION_USER_KW
            | SyntaxKind::SYSTEM_USER_KW
            | SyntaxKind::USER_KW,
        ) => ExprKind::Keyword(text(name.syntax()).to_ascii_uppercase()),
        _ => ExprKind::Column(vec![normalize_name_node(name.syntax())]),
    }
}

fn literal_kind(literal: &ast::Literal) -> ExprKind {
    match literal.kind() {
        Some(LitKind::Null(_)) => ExprKind::Null,
        Some(LitKind::Default(_)) => ExprKind::Keyword("DEFAULT".to_owned()),
        Some(
            LitKind::IntNumber(_)
            | LitKind::NumericNumber(_)
            | LitKind::True(_)
            | LitKind::False(_)
            | LitKind::On(_)
            | LitKind::Off(_)
            | LitKind::PositionalParam(_),
        ) => ExprKind::Literal,
        _ => literal.string_value().map_or(ExprKind::Literal, ExprKind::String),
    }
}

fn operator(bin: &ast::BinExpr) -> String {
    match bin.op() {
        Some(BinOp::And(_)) => "AND".to_owned(),
        Some(BinOp::Or(_)) => "OR".to_owned(),
        Some(BinOp::Plus(_)) => "+".to_owned(),
        Some(BinOp::Minus(_)) => "-".to_owned(),
        Some(BinOp::Star(_)) => "*".to_owned(),
        Some(BinOp::Slash(_)) => "/".to_owned(),
        Some(BinOp::Percent(_)) => "%".to_owned(),
        Some(BinOp::Caret(_)) => "^".to_owned(),
        Some(BinOp::Eq(_)) => "=".to_owned(),
        Some(BinOp::Like(_)) => "LIKE".to_owned(),
        Some(BinOp::Ilike(_)) => "ILIKE".to_owned(),
        Some(BinOp::NotLike(_)) => "NOT LIKE".to_owned(),
        Some(BinOp::NotIlike(_)) => "NOT ILIKE".to_owned(),
        Some(BinOp::In(_)) => "IN".to_owned(),
        Some(BinOp::NotIn(_)) => "NOT IN".to_owned(),
        Some(BinOp::CustomOp(op)) => text(op.syntax()),
        // What stands between the two, in upper case.
        _ => {
            let (Some(lhs), Some(rhs)) = (bin.lhs(), bin.rhs()) else { return String::new() };
            let from =
                usize::from(lhs.syntax().text_range().end() - bin.syntax().text_range().start());
            let to =
                usize::from(rhs.syntax().text_range().start() - bin.syntax().text_range().start());
            words(bin.syntax().text().to_string().get(from..to).unwrap_or(""))
        }
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().map(str::to_uppercase).collect::<Vec<_>>().join(" ")
}
