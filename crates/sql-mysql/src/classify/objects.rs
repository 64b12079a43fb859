//! The names a statement gives for what it changes.

use sql::ObjectRef;

use crate::parse::{Qualified, Words};

/// The object named next.
pub(super) fn one(w: &mut Words<'_>, kind: &str) -> Vec<ObjectRef> {
    w.qualified().into_iter().map(|q| object(kind, q)).collect()
}

/// Objects with commas between.
pub(super) fn listed(w: &mut Words<'_>, kind: &str) -> Vec<ObjectRef> {
    let mut found = one(w, kind);
    while w.eat_punct(b',') {
        found.extend(one(w, kind));
    }
    found
}

/// Tables of `a, b AS c JOIN d ON …` as far as one of `until`; those in sub-queries are only read.
pub(super) fn tables_until(w: &mut Words<'_>, until: &[&str]) -> Vec<ObjectRef> {
    let mut found = Vec::new();
    loop {
        let mut depth = 0;
        while w.eat_punct(b'(') {
            depth += 1;
        }
        let word = w.peek();
        if until.contains(&word.as_str()) {
            return found;
        }
        if depth == 0 || !matches!(&*word, "SELECT" | "WITH" | "VALUES" | "TABLE") {
            found.extend(one(w, "table"));
            depth = 0;
        }
        // `DELETE a.* FROM a`
        if w.eat_punct(b'.') {
            w.eat_punct(b'*');
        }
        if !next_table(w, until, depth) {
            return found;
        }
    }
}

/// Steps to behind the comma or JOIN that brings the next table, out of `depth` parentheses. False when the list ends
/// before.
fn next_table(w: &mut Words<'_>, until: &[&str], mut depth: usize) -> bool {
    while w.peek_token().is_some() {
        if w.eat_punct(b'(') {
            depth += 1;
            continue;
        }
        if w.eat_punct(b')') {
            depth = depth.saturating_sub(1);
            continue;
        }
        if depth == 0 {
            let word = w.peek();
            if until.contains(&word.as_str()) {
                return false;
            }
            if w.eat_punct(b',') || w.eat_any(&["JOIN", "STRAIGHT_JOIN"]) {
                return true;
            }
        }
        w.next_token();
    }
    false
}

/// Tables beside its own that an ALTER TABLE changes: by `RENAME TO new`, by `EXCHANGE PARTITION p WITH TABLE other`.
pub(super) fn other_tables(w: &mut Words<'_>) -> Vec<ObjectRef> {
    let mut found = Vec::new();
    while let Some(word) = w.skip_to(&["RENAME", "EXCHANGE"]) {
        if word == "EXCHANGE" {
            if w.skip_to(&["WITH"]).is_some() && w.eat("TABLE") {
                found.extend(one(w, "table"));
            }
        } else if !matches!(&*w.peek(), "COLUMN" | "INDEX" | "KEY") {
            let _before_the_name = w.eat_any(&["TO", "AS"]) || w.eat_punct(b'=');
            found.extend(one(w, "table"));
        }
    }
    found
}

fn object(kind: &str, q: Qualified) -> ObjectRef {
    ObjectRef { kind: kind.to_owned(), schema: q.schema, name: q.name }
}
