//! Names as the server stores them.

use sql::tree::{Ident, Name};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode, normalize_name_node};

use super::{Lower, descendant};

impl Lower {
    /// A name node of one part.
    pub fn ident(&self, node: &impl AstNode) -> Ident {
        Ident { name: normalize_name_node(node.syntax()), span: self.span(node.syntax()) }
    }

    pub fn ident_of<N: AstNode>(&self, node: Option<N>) -> Ident {
        node.map(|n| self.ident(&n)).unwrap_or_default()
    }

    /// The dotted name in or under `node`.
    pub fn name(&self, node: &impl AstNode) -> Name {
        self.name_at(node.syntax())
    }

    pub fn name_of<N: AstNode>(&self, node: Option<N>) -> Name {
        node.map(|n| self.name(&n)).unwrap_or_default()
    }

    pub fn names<N: AstNode>(&self, nodes: impl Iterator<Item = N>) -> Vec<Name> {
        nodes.map(|n| self.name(&n)).collect()
    }

    fn name_at(&self, node: &SyntaxNode) -> Name {
        let mut parts = path_parts(node);
        let span = self.span(node);
        let name = parts.pop().unwrap_or_else(|| normalize_name_node(node));
        let schema = parts.pop().unwrap_or_default();
        Name { database: parts.pop().unwrap_or_default(), schema, name, span }
    }

    pub fn constraint_name(&self, node: &SyntaxNode) -> Option<Ident> {
        let clause = node.children().find_map(ast::ConstraintNameClause::cast)?;
        clause.constraint_name().map(|n| self.ident(&n))
    }
}

/// The parts of the path at or below a node; none when it is a name without path.
pub fn path_parts(node: &SyntaxNode) -> Vec<String> {
    if let Some(path) = descendant::<ast::Path>(node) {
        let mut parts = path.qualifier().map(|q| ref_parts(&q)).unwrap_or_default();
        parts.extend(path.segment().map(|s| normalize_name_node(s.syntax())));
        return parts;
    }
    descendant::<ast::PathRef>(node).map(|p| ref_parts(&p)).unwrap_or_default()
}

fn ref_parts(path: &ast::PathRef) -> Vec<String> {
    let mut parts = Vec::new();
    let mut next = Some(path.clone());
    while let Some(path) = next {
        parts.extend(path.segment().map(|s| normalize_name_node(s.syntax())));
        next = path.qualifier();
    }
    parts.reverse();
    parts
}
