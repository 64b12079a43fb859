//! The name that PostgreSQL gives to a column of a result without an alias.

use sql::lex::{Lexer, TokenKind};
use sql::tree::{Expr, ExprKind, Query, QueryBody, TypeName};

use super::columns::stored;
use super::scope::Scope;
use crate::split::RULES;

const NONE: &str = "?column?";

/// The server's inner names of types, where they are not those that it shows.
const INNER: &[(&str, &str)] = &[
    ("integer", "int4"),
    ("smallint", "int2"),
    ("bigint", "int8"),
    ("boolean", "bool"),
    ("character varying", "varchar"),
    ("character", "bpchar"),
    ("double precision", "float8"),
    ("real", "float4"),
    ("timestamp with time zone", "timestamptz"),
    ("timestamp without time zone", "timestamp"),
    ("time with time zone", "timetz"),
    ("time without time zone", "time"),
    ("bit varying", "varbit"),
];

pub fn result_name(expr: &Expr, scope: &Scope<'_>) -> String {
    figure(expr, scope).map_or_else(|| NONE.to_owned(), |(name, _)| name)
}

/// The name, and whether it is one that a cast does not cover.
fn figure(expr: &Expr, scope: &Scope<'_>) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    let text = scope.text(expr.span);
    match &expr.kind {
        ExprKind::Column(parts) => strong(parts.last()?),
        ExprKind::Keyword(word) => strong(&word.split(['(', ' ']).next()?.to_lowercase()),
        ExprKind::Call { name, .. } if name == "trim" => strong(trim(text)),
        ExprKind::Call { name, .. } if !name.is_empty() => strong(name),
        ExprKind::Cast { operand, ty } => match figure(operand, scope) {
            Some((name, true)) => Some((name, true)),
            _ => Some((inner_name(ty), false)),
        },
        ExprKind::Query(query) => first_target(query, scope),
        ExprKind::Operator { op, operands } => match op.as_str() {
            "EXISTS" => strong("exists"),
            "COLLATE" => figure(operands.first()?, scope),
            op if op.starts_with("AT TIME ZONE") || op == "AT LOCAL" => strong("timezone"),
            _ => None,
        },
        ExprKind::Literal | ExprKind::String(_) => {
            let bool = ["true", "false"].iter().any(|w| text.eq_ignore_ascii_case(w));
            bool.then(|| ("bool".to_owned(), false))
        }
        ExprKind::Other(inner) => other(inner, text, expr, scope),
        _ => None,
    }
}

fn other(inner: &[Expr], text: &str, expr: &Expr, scope: &Scope<'_>) -> Option<(String, bool)> {
    if let Some(field) = field_of(text) {
        return Some((field, true));
    }
    // a[1]: named like what stands before the bracket.
    if let Some(first) = inner.first()
        && first.span.start == expr.span.start
        && text.get(first.span.len()..).is_some_and(|rest| rest.trim_start().starts_with('['))
    {
        return figure(first, scope);
    }
    let head = Lexer::new(text, RULES).find(|t| !t.is_trivia())?;
    if head.kind != TokenKind::Word {
        let row = head.is(text, b'(') && inner.len() > 1;
        return row.then(|| ("row".to_owned(), true));
    }
    match head.text(text).to_lowercase().as_str() {
        "case" => match inner.last().and_then(|e| figure(e, scope)) {
            Some((name, true)) if has_else(text) => Some((name, true)),
            _ => Some(("case".to_owned(), false)),
        },
        word @ ("array" | "row") => Some((word.to_owned(), true)),
        word if text.get(head.span.end..).is_some_and(|r| r.trim_start().starts_with('(')) => {
            (inner.len() != 1 || !is_quantifier(word)).then(|| (word.to_owned(), true))
        }
        _ => None,
    }
}

fn is_quantifier(word: &str) -> bool {
    matches!(word, "any" | "all" | "some")
}

/// Whether a CASE ends in an ELSE of its own.
fn has_else(text: &str) -> bool {
    let mut depth = 0;
    let mut found = false;
    for token in Lexer::new(text, RULES) {
        if token.is_word(text, "case") {
            depth += 1;
        } else if token.is_word(text, "end") {
            depth -= 1;
        } else if token.is_word(text, "else") && depth == 1 {
            found = true;
        }
    }
    found
}

/// `trim(leading …)` is another function than `trim(…)`.
fn trim(text: &str) -> &'static str {
    let inside = Lexer::new(text, RULES).filter(|t| !t.is_trivia()).nth(2);
    match inside {
        Some(t) if t.is_word(text, "leading") => "ltrim",
        Some(t) if t.is_word(text, "trailing") => "rtrim",
        _ => "btrim",
    }
}

fn inner_name(ty: &TypeName) -> String {
    let inner = INNER.iter().find(|(shown, _)| *shown == ty.name);
    inner.map_or_else(|| ty.name.clone(), |(_, inner)| (*inner).to_owned())
}

/// A scalar subquery is named like its column.
fn first_target(query: &Query, scope: &Scope<'_>) -> Option<(String, bool)> {
    match &query.body {
        QueryBody::Select(select) => {
            let target = select.targets.first()?;
            match &target.alias {
                Some(alias) => Some((alias.name.clone(), true)),
                None => figure(&target.expr, scope),
            }
        }
        QueryBody::Set(parts) => first_target(parts.first()?, scope),
        QueryBody::Nested(inner) => first_target(inner, scope),
        QueryBody::Values { .. } => Some(("column1".to_owned(), true)),
        _ => None,
    }
}

/// `(row).field`: the field.
pub fn field_of(text: &str) -> Option<String> {
    let tokens: Vec<_> = Lexer::new(text, RULES).filter(|t| !t.is_trivia()).collect();
    let [.., close, dot, name] = &tokens[..] else { return None };
    let is_name = matches!(name.kind, TokenKind::Word | TokenKind::Name);
    let closes = close.is(text, b')') || close.is(text, b']');
    (is_name && dot.is(text, b'.') && closes && tokens[0].is(text, b'('))
        .then(|| stored(name.text(text)))
}
