//! Puts statements behind those that make what they need.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::quote::qualified;

/// A statement that makes one object.
pub(super) struct Node<'a> {
    pub schema: &'a str,
    pub name: &'a str,
    /// (schema, name) of what it is known to need; what is not among the nodes is there already.
    pub needs: Vec<(String, String)>,
    pub text: String,
}

/// The texts, each behind what it needs, otherwise in the order given. Beside the known needs, with `call` a text needs
/// every other node whose qualified name, followed by `call`, stands in it. Nodes that need each other in a circle (which the
/// catalog of a real database has only where the mention was no need) come in the order given.
pub(super) fn in_order(nodes: Vec<Node<'_>>, call: Option<&str>) -> Vec<String> {
    let mut by_name: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (n, node) in nodes.iter().enumerate() {
        by_name.entry((node.schema.to_owned(), node.name.to_owned())).or_default().push(n);
    }
    let mentions = call.map(|call| Mentions::new(&nodes, call));
    let mut waits: Vec<BTreeSet<usize>> = Vec::with_capacity(nodes.len());
    for (n, node) in nodes.iter().enumerate() {
        let known = node.needs.iter().filter_map(|need| by_name.get(need)).flatten().copied();
        let mut needs: BTreeSet<usize> = known.collect();
        if let Some(mentions) = &mentions {
            mentions.add(&node.text, &mut needs);
        }
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
    /// Last part of the name → the whole name and its nodes.
    by_last: BTreeMap<String, Vec<(String, usize)>>,
    call: String,
}

impl Mentions {
    fn new(nodes: &[Node<'_>], call: &str) -> Self {
        let mut by_last: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
        for (n, node) in nodes.iter().enumerate() {
            let whole = qualified(node.schema, node.name);
            by_last.entry(qualified("", node.name)).or_default().push((whole, n));
        }
        Self { by_last, call: call.to_owned() }
    }

    fn add(&self, text: &str, needs: &mut BTreeSet<usize>) {
        for token in sql::lex::Lexer::new(text, crate::split::RULES) {
            let Some(found) = self.by_last.get(token.text(text)) else { continue };
            let before = &text[..token.span.end];
            if text[token.span.end..].starts_with(self.call.as_str()) {
                needs.extend(found.iter().filter(|f| before.ends_with(&f.0)).map(|f| f.1));
            }
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
            text: text.to_owned(),
        }
    }

    #[test]
    fn needs_come_first_and_circles_end() {
        let nodes = vec![
            node("a", &["c", "elsewhere"], "a"),
            node("b", &[], "b calls s.d(1)"),
            node("c", &["b"], "c"),
            node("d", &[], "d"),
            node("x", &["y"], "x"),
            node("y", &["x"], "y"),
        ];
        assert_eq!(in_order(nodes, Some("(")), ["d", "b calls s.d(1)", "c", "a", "x", "y"]);
    }
}
