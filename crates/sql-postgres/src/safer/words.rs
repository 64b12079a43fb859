//! CONCURRENTLY, where one word is all it takes.

use sql::Edit;
use sql::lex::{Lexer, Token};
use sql::tree::{DropObjects, Parsed};

use super::{Known, Rewrite};
use crate::head::Head;
use crate::split::RULES;

/// CONCURRENTLY behind the first such word of the statement.
pub fn after(
    known: &Known<'_>,
    statement: &Parsed,
    word: &str,
    title: &'static str,
) -> Option<Rewrite> {
    let at = end_of(known.text_of(statement), word)?;
    Some(concurrently(statement.span().start + at, title))
}

/// CONCURRENTLY takes one index at a time.
pub fn drop_index(known: &Known<'_>, statement: &Parsed, drop: &DropObjects) -> Option<Rewrite> {
    let title = "Drop the index CONCURRENTLY";
    let [first, others @ ..] = &drop.names[..] else { return None };
    let mut rewrite = after(known, statement, "INDEX", title)?;
    if let (Some(last), false) = (others.last(), others.is_empty()) {
        let exists = if drop.if_exists { "IF EXISTS " } else { "" };
        let names = drop.names.iter().map(|n| n.span.of(known.text));
        let all: Vec<String> =
            names.map(|n| format!("DROP INDEX CONCURRENTLY {exists}{n}")).collect();
        let span = base::Span::new(statement.span().start, last.span.end);
        // A word behind the names would be lost between the statements.
        let nothing_behind = known.text.get(last.span.end..statement.span().end)?.trim().is_empty();
        if first.span.is_empty() || !nothing_behind {
            return None;
        }
        rewrite.edits = vec![Edit::replace(span, all.join(";\n"))];
    }
    Some(rewrite)
}

/// REINDEX and REFRESH.
pub fn maintenance(known: &Known<'_>, statement: &Parsed) -> Option<Rewrite> {
    let text = known.text_of(statement);
    let mut head = Head::new(text);
    match head.word().as_str() {
        "REINDEX" if known.version >= 12 => {
            head.next();
            // With options in parentheses it stands among them.
            let what = head.word();
            let behind = head.peek(1)?;
            if !matches!(what.as_str(), "TABLE" | "INDEX") || behind.is_word(text, "concurrently") {
                return None;
            }
            after(known, statement, &what, "Reindex CONCURRENTLY")
        }
        "REFRESH" => {
            let of_view = head.eat_all(&["REFRESH", "MATERIALIZED", "VIEW"]);
            if !of_view || head.is("CONCURRENTLY") {
                return None;
            }
            let name = head.qualified();
            let (_, no_data) = (name, head.eat_all(&["WITH", "NO", "DATA"]));
            // It needs a unique index over all rows, and rows to compare with.
            let mut rewrite = after(known, statement, "VIEW", "Refresh the view CONCURRENTLY")?;
            rewrite.look = true;
            (!no_data).then_some(rewrite)
        }
        _ => None,
    }
}

fn concurrently(at: usize, title: &'static str) -> Rewrite {
    Rewrite {
        title,
        edits: vec![Edit::insert(at, " CONCURRENTLY")],
        needs_own_transactions: false,
        look: false,
    }
}

/// Where the first such word ends.
fn end_of(text: &str, word: &str) -> Option<usize> {
    let word = |t: &Token| t.is_word(text, word);
    Lexer::new(text, RULES).find(word).map(|t| t.span.end)
}
