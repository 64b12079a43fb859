//! Fixes: edits of a script that a machine can make, and what comes of several of them at once.
//!
//! Invariants: a fix is made as a whole or not at all; its edits are bytes of the script it was found in, in order and
//! without overlap; of two fixes that want different things of the same bytes the first one wins, and the other waits
//! for the next review, which sees the text as it is then.
//!
//! On the wire (our extension, for editors): `repeated basalt.v1.Fix fixes = 10001` of an advice, with
//! `string title = 1; bool safe = 2; repeated Edit edits = 3;` and `Edit { int32 start = 1; int32 end = 2; string text = 3; }`,
//! `start` and `end` in bytes of the script.

use base::Span;
use serde::{Deserialize, Serialize};

/// One change of a script that mends a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, for a button: `Create the index CONCURRENTLY`.
    pub title: String,
    pub safety: Safety,
    /// Never empty.
    pub edits: Vec<Edit>,
}

/// Whether a person has to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Safety {
    /// The script does the same as before, whatever is in the database.
    Safe,
    /// It may do something else: other rows, another order, no longer all or nothing.
    Look,
}

/// Bytes of a script, and what stands there instead. An empty span inserts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

/// A script with fixes made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub text: String,
    /// How many fixes are in it.
    pub made: usize,
}

impl Fix {
    pub fn new(title: impl Into<String>, safety: Safety, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), safety, edits }
    }
}

impl Edit {
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { span: Span::new(at, at), text: text.into() }
    }

    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    pub fn remove(span: Span) -> Self {
        Self { span, text: String::new() }
    }

    /// Whether both cannot be made. What touches does not overlap, but for two insertions at one place: which comes first?
    const fn excludes(&self, other: &Self) -> bool {
        let (a, b) = (self.span, other.span);
        (a.start < b.end && b.start < a.end) || (a.start == b.start && a.end == b.end)
    }
}

/// Makes as many of the fixes as go together, the earlier one where two do not. An edit that several want alike is made
/// once. A fix whose bytes are not in the script is left out.
pub fn apply<'f>(script: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> Fixed {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut made = 0;
    for fix in fixes {
        let fits = |e: &Edit| script.get(e.span.start..e.span.end).is_some();
        let goes = |e: &Edit| taken.iter().all(|t| *t == e || !t.excludes(e));
        if fix.edits.is_empty() || !fix.edits.iter().all(|e| fits(e) && goes(e)) {
            continue;
        }
        made += 1;
        for edit in &fix.edits {
            if !taken.contains(&edit) {
                taken.push(edit);
            }
        }
    }
    taken.sort_by_key(|e| (e.span.start, e.span.end));
    let mut text = String::with_capacity(script.len());
    let mut from = 0;
    for edit in taken {
        text.push_str(&script[from..edit.span.start]);
        text.push_str(&edit.text);
        from = edit.span.end;
    }
    text.push_str(&script[from..]);
    Fixed { text, made }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        let edit = |(start, end, text): &(usize, usize, &str)| {
            Edit::replace(Span::new(*start, *end), *text)
        };
        Fix::new("mend", Safety::Safe, edits.iter().map(edit).collect())
    }

    fn applied(script: &str, fixes: &[Fix]) -> (String, usize) {
        let fixed = apply(script, fixes);
        (fixed.text, fixed.made)
    }

    #[test]
    fn edits_are_made_in_the_order_of_the_text() {
        assert_eq!(
            applied("abcdef", &[fix(&[(4, 5, "E"), (0, 1, "")]), fix(&[(6, 6, "!")])]),
            ("bcdEf!".into(), 2)
        );
    }

    #[test]
    fn of_two_that_exclude_each_other_the_first_wins() {
        let (first, second) = (fix(&[(1, 3, "X")]), fix(&[(2, 4, "Y"), (5, 6, "")]));
        // As a whole or not at all: the second one's other edit is not made, either.
        assert_eq!(applied("abcdef", &[first.clone(), second.clone()]), ("aXdef".into(), 1));
        assert_eq!(applied("abcdef", &[second, first]), ("abYe".into(), 1));
        let (one, other) = (fix(&[(2, 2, "1")]), fix(&[(2, 2, "2")]));
        assert_eq!(applied("abcd", &[one, other]), ("ab1cd".into(), 1));
        // What touches does not overlap.
        assert_eq!(applied("abcd", &[fix(&[(0, 2, "x")]), fix(&[(2, 4, "y")])]), ("xy".into(), 2));
    }

    #[test]
    fn what_two_want_alike_is_made_once() {
        let (one, other) =
            (fix(&[(0, 0, "-- off\n"), (1, 2, "B")]), fix(&[(0, 0, "-- off\n"), (3, 3, "D")]));
        assert_eq!(applied("abc", &[one.clone(), other, one]), ("-- off\naBcD".into(), 3));
    }

    #[test]
    fn what_is_not_in_the_script_is_left_out() {
        assert_eq!(
            applied("é", &[fix(&[(1, 2, "x")]), fix(&[(0, 9, "x")]), fix(&[])]),
            ("é".into(), 0)
        );
    }
}
