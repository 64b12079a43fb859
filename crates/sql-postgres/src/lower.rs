//! From squawk's syntax tree to the engine-free tree of [`sql::tree`].
//!
//! Works on one statement; positions come out as bytes of the script. Whatever has an error in it lowers as far as it
//! is understood. Recursion is bounded: below [`MAX_DEPTH`] levels an expression is `TooDeep`, a query `Unknown`.

mod alter;
mod expr;
mod name;
mod objects;
mod query;
mod rows;
mod statement;
mod table;
pub mod types;

use std::cell::Cell;

use base::Span;
use sql::tree::Body;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

/// Levels of expressions and queries that are followed.
const MAX_DEPTH: usize = 150;

/// The tree of the first statement of `file`, whose text starts at byte `base` of the script.
pub fn lower(file: &ast::SourceFile, base: usize) -> Body {
    let lower = Lower { base, depth: Cell::new(0) };
    file.stmts().next().map_or(Body::Unparsed, |stmt| lower.statement(stmt.syntax()))
}

struct Lower {
    base: usize,
    depth: Cell<usize>,
}

impl Lower {
    fn span(&self, node: &SyntaxNode) -> Span {
        let range = node.text_range();
        Span::new(self.base + usize::from(range.start()), self.base + usize::from(range.end()))
    }

    /// The same without the blanks that the grammar puts before a last part that is empty.
    fn trimmed(&self, node: &SyntaxNode) -> Span {
        let span = self.span(node);
        let text = node.text().to_string();
        Span::new(span.start, span.start + text.trim_end().len())
    }

    /// One level down, or None when that is too deep.
    fn deeper<T>(&self, f: impl FnOnce() -> T) -> Option<T> {
        let depth = self.depth.get();
        if depth >= MAX_DEPTH {
            return None;
        }
        self.depth.set(depth + 1);
        let value = f();
        self.depth.set(depth);
        Some(value)
    }
}

/// Text as written, without blanks around it.
fn text(node: &SyntaxNode) -> String {
    node.text().to_string().trim().to_owned()
}

fn child<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::cast)
}

fn children<N: AstNode>(node: &SyntaxNode) -> impl Iterator<Item = N> {
    node.children().filter_map(N::cast)
}

fn descendant<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    node.descendants().find_map(N::cast)
}
