//! Views, after the views that they read.

use std::collections::{BTreeMap, BTreeSet};

use schema::{Shared, View};
use sql::lex::{Lexer, TokenKind};

use crate::parse::RULES;
use crate::quote_identifier;

pub(super) fn render(v: &View) -> String {
    if v.definition.is_empty() {
        let name = quote_identifier(&v.name).replace(char::is_control, " ");
        return format!("-- The query of view {name} could not be read.\n\n");
    }
    let options = if v.options.is_empty() { String::new() } else { format!("{} ", v.options) };
    let names: Vec<_> = v.columns.iter().map(|c| quote_identifier(&c.name)).collect();
    let columns = if names.is_empty() { String::new() } else { format!(" ({})", names.join(",")) };
    format!("CREATE {options}VIEW {}{columns} AS {};\n\n", quote_identifier(&v.name), v.definition)
}

/// By name, but each after those whose names its query holds. The server writes every name in backticks, so a name that
/// is only a column's costs nothing but an earlier place for the view it is mistaken for.
pub(super) fn in_order(views: &[Shared<View>]) -> Vec<&View> {
    let by_name: BTreeMap<&str, &View> = views.iter().map(|v| (v.name.as_str(), &**v)).collect();
    let mut placed = BTreeSet::new();
    let mut out = Vec::with_capacity(views.len());
    for view in by_name.values() {
        place(view, &by_name, &mut placed, &mut out);
    }
    out
}

/// Depth first, with a stack of its own: a chain of thousands of views must not end ours.
fn place<'a>(
    view: &'a View,
    by_name: &BTreeMap<&str, &'a View>,
    placed: &mut BTreeSet<&'a str>,
    out: &mut Vec<&'a View>,
) {
    if !placed.insert(&view.name) {
        return;
    }
    let mut stack = vec![(view, names(view, by_name))];
    while let Some((view, waiting)) = stack.last_mut() {
        match waiting.pop() {
            Some(next) if placed.insert(&next.name) => stack.push((next, names(next, by_name))),
            Some(_) => {}
            None => {
                out.push(view);
                stack.pop();
            }
        }
    }
}

fn names<'a>(view: &View, by_name: &BTreeMap<&str, &'a View>) -> Vec<&'a View> {
    let text = &view.definition;
    let mut found: Vec<_> = Lexer::new(text, RULES)
        .filter(|t| t.kind == TokenKind::Name)
        .filter_map(|t| {
            let name = t.text(text).trim_matches('`').replace("``", "`");
            by_name.get(name.as_str()).copied()
        })
        .filter(|v| v.name != view.name)
        .collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_comes_after_what_it_reads() {
        let view = |name: &str, definition: &str| {
            let (name, definition) = (name.to_owned(), definition.to_owned());
            Shared::new(View { name, definition, ..View::default() })
        };
        let mut views = vec![
            view("a", "select `c`.`x` AS `b` from `c`"),
            view("b", "select 1 AS `a`"),
            view("c", "select `d`.`x` AS `x` from `d`"),
            view("d", "select 1 AS `x`"),
        ];
        let order =
            |v: &[Shared<View>]| in_order(v).iter().map(|v| v.name.clone()).collect::<Vec<_>>();
        assert_eq!(order(&views), ["d", "c", "b", "a"]);
        views.extend(
            (0..20_000).map(|n| view(&format!("v{n:05}"), &format!("select `v{:05}`", n + 1))),
        );
        assert_eq!(order(&views).len(), 20_004);
    }
}
