//! Puts statements behind those that make what they need.

use std::collections::{BTreeSet, HashMap};

use crate::quote::{identifier, qualified};

/// A statement that makes one object.
pub(super) struct Node<'a> {
    pub schema: &'a str,
    pub name: &'a str,
    /// (schema, name) of what it is known to need; what is not among the nodes is there already.
    pub needs: Vec<(String, String)>,
    /// How other texts show that they need it.
    pub shown: Shown,
    pub text: String,
}

/// What its qualified name in another node's text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing: who needs it says so in `needs`.
    InNeeds,
    /// That it is needed (types).
    ByName,
    /// That it is needed, when an opening parenthesis follows (routines).
    ByCall,
}

/// The texts, each behind what it needs, otherwise in the order given. Nodes that need each other in a circle (which the
/// catalog of a real database has only where the mention was no need) come in the order given.
pub(super) fn in_order(nodes: Vec<Node<'_>>) -> Vec<String> {
    let mut by_name: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (n, node) in nodes.iter().enumerate() {
        by_name.entry((node.schema.to_owned(), node.name.to_owned())).or_default().push(n);
    }
    let mentions = Mentions::new(&nodes);
    let mut waits: Vec<BTreeSet<usize>> = Vec::with_capacity(nodes.len());
    for (n, node) in nodes.iter().enumerate() {
        let known = node.needs.iter().filter_map(|need| by_name.get(need)).flatten().copied();
        let mut needs: BTreeSet<usize> = known.collect();
        mentions.add(&node.text, &mut needs);
        needs.remove(&n);
        waits.push(needs);
    }
    let mut wanted_by: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (n, needs) in waits.iter().enumerate() {
        needs.iter().for_each(|need| wanted_by[*need].push(n));
    }
    let mut ready: BTreeSet<usize> = (0..nodes.len()).filter(|n| waits[*n].is_empty()).collect();
    let mut left: BTreeSet<usize> = (0..nodes.len()).collect();
    let mut texts: Vec<Option<String>> = nodes.into_iter().map(|n| Some(n.text)).collect();
    let mut out = Vec::with_capacity(texts.len());
    // Each round takes one node off `left`.
    while let Some(n) = ready.pop_first().or_else(|| left.first().copied()) {
        left.remove(&n);
        out.extend(texts[n].take());
        for waiting in std::mem::take(&mut wanted_by[n]) {
            waits[waiting].remove(&n);
            if waits[waiting].is_empty() && left.contains(&waiting) {
                ready.insert(waiting);
            }
        }
    }
    out
}

/// Finds the names of nodes in a text in one pass over its words.
struct Mentions {
    /// Last part of the name → the whole name, its node, and whether it must be called.
    by_last: HashMap<String, Vec<(String, usize, bool)>>,
}

impl Mentions {
    fn new(nodes: &[Node<'_>]) -> Self {
        let mut by_last: HashMap<String, Vec<(String, usize, bool)>> = HashMap::new();
        for (n, node) in nodes.iter().enumerate().filter(|(_, n)| n.shown != Shown::InNeeds) {
            let whole = qualified(node.schema, node.name);
            let called = node.shown == Shown::ByCall;
            by_last.entry(identifier(node.name)).or_default().push((whole, n, called));
        }
        Self { by_last }
    }

    fn add(&self, text: &str, needs: &mut BTreeSet<usize>) {
        if self.by_last.is_empty() {
            return;
        }
        for token in sql::lex::Lexer::new(text, crate::split::RULES) {
            let Some(found) = self.by_last.get(token.text(text)) else { continue };
            let (before, after) = text.split_at(token.span.end);
            let fits = |called: bool| !called || after.starts_with('(');
            needs.extend(found.iter().filter(|f| fits(f.2) && before.ends_with(&f.0)).map(|f| f.1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &'static str, needs: &[&str], text: &str) -> Node<'static> {
        Node {
            schema: "s",
            name,
            needs: needs.iter().map(|n| ("s".to_owned(), (*n).to_owned())).collect(),
            shown: Shown::ByCall,
            text: text.to_owned(),
        }
    }

    #[test]
    fn needs_come_first_and_circles_end() {
        let nodes = vec![
            node("a", &["c", "elsewhere"], "a s.x s.y"),
            node("b", &[], "b calls s.d(1)"),
            node("c", &["b"], "c"),
            node("d", &[], "d"),
            node("x", &["y"], "x"),
            node("y", &["x"], "y"),
        ];
        assert_eq!(in_order(nodes), ["d", "b calls s.d(1)", "c", "a s.x s.y", "x", "y"]);
    }
}
