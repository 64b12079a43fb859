//! VACUUM, CLUSTER, REINDEX and others whose trees nobody reads: told from their first words.

use base::Span;
use sql::LockWork;
use sql::tree::Name;

use super::{Mode, placed};
use crate::head::Head;

type Found = (Name, Mode, LockWork, &'static str, Option<&'static str>);

/// The locks of a statement whose text starts at byte `start` of the script.
pub fn locks(text: &str, start: usize) -> Vec<Found> {
    let mut head = Head::new(text);
    let verb = head.word();
    head.next();
    let named = |head: &mut Head<'_>, mode, work, because, safer| -> Vec<Found> {
        let Some(first) = head.peek(0) else { return Vec::new() };
        let span = Span::new(start + first.span.start, start + first.span.end);
        let name = head.qualified();
        name.map(|(s, n)| (placed(s, n, span), mode, work, because, safer)).into_iter().collect()
    };
    match verb.as_str() {
        "VACUUM" => {
            let options = head.parens();
            let in_options = options.iter().any(|t| t.is_word(text, "full"));
            let mut full = in_options;
            while head.is("FULL") || head.is("FREEZE") || head.is("VERBOSE") || head.is("ANALYZE") {
                full |= head.is("FULL");
                head.next();
            }
            if full {
                let because = "VACUUM FULL writes the table anew";
                named(&mut head, Mode::AccessExclusive, LockWork::Rewrite, because, Some("VACUUM"))
            } else {
                let because = "VACUUM lets others read and write";
                named(&mut head, Mode::ShareUpdateExclusive, LockWork::Scan, because, None)
            }
        }
        "ANALYZE" | "ANALYSE" => {
            head.parens();
            head.eat("VERBOSE");
            let because = "ANALYZE lets others read and write";
            named(&mut head, Mode::ShareUpdateExclusive, LockWork::Scan, because, None)
        }
        "CLUSTER" => {
            head.parens();
            head.eat("VERBOSE");
            let because = "CLUSTER writes the table anew";
            named(&mut head, Mode::AccessExclusive, LockWork::Rewrite, because, None)
        }
        "REINDEX" => {
            let options = head.parens();
            let mut concurrently = options.iter().any(|t| t.is_word(text, "concurrently"));
            let what = head.word();
            head.next();
            concurrently |= head.eat("CONCURRENTLY");
            match (what.as_str(), concurrently) {
                ("TABLE" | "INDEX", true) => {
                    let because = "REINDEX CONCURRENTLY lets others read and write";
                    named(&mut head, Mode::ShareUpdateExclusive, LockWork::Index, because, None)
                }
                ("TABLE", false) => {
                    let because = "REINDEX keeps writers out while it builds";
                    let safer = Some("REINDEX TABLE CONCURRENTLY");
                    named(&mut head, Mode::Share, LockWork::Index, because, safer)
                }
                ("INDEX", false) => {
                    let because = "REINDEX keeps everybody off the index while it builds";
                    let safer = Some("REINDEX INDEX CONCURRENTLY");
                    named(&mut head, Mode::AccessExclusive, LockWork::Index, because, safer)
                }
                _ => Vec::new(),
            }
        }
        "REFRESH" => {
            let _ = head.eat_all(&["MATERIALIZED", "VIEW"]);
            if head.eat("CONCURRENTLY") {
                let because = "others read the old rows meanwhile";
                named(&mut head, Mode::Exclusive, LockWork::Scan, because, None)
            } else {
                let because = "the view is filled anew while nobody reads it";
                let safer = Some("REFRESH MATERIALIZED VIEW CONCURRENTLY");
                named(&mut head, Mode::AccessExclusive, LockWork::Rewrite, because, safer)
            }
        }
        "LOCK" => {
            head.eat("TABLE");
            head.eat("ONLY");
            let mode = lock_mode(text);
            named(&mut head, mode, LockWork::Brief, "LOCK takes what it says", None)
        }
        "CREATE" if head.is("POLICY") || head.is("RULE") => {
            if head.skip_to(&["ON", "TO"]) {
                let because = "the table changes for everybody at once";
                // A rule names its event after ON, its table after TO.
                let is_event = |h: &mut Head<'_>| {
                    h.next();
                    ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|w| h.is(w))
                };
                if is_event(&mut head) {
                    head.skip_to(&["TO"]);
                    head.next();
                }
                return named(&mut head, Mode::AccessExclusive, LockWork::Brief, because, None);
            }
            Vec::new()
        }
        "CREATE" if head.is("STATISTICS") => {
            if head.skip_to(&["FROM"]) {
                head.next();
                let because = "others read and write meanwhile";
                return named(
                    &mut head,
                    Mode::ShareUpdateExclusive,
                    LockWork::Brief,
                    because,
                    None,
                );
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// `LOCK TABLE t IN SHARE MODE`; without a mode the strongest.
fn lock_mode(text: &str) -> Mode {
    let upper = text.to_uppercase();
    let Some(at) = upper.find(" IN ") else { return Mode::AccessExclusive };
    let words: Vec<&str> =
        upper[at + 4..].split_whitespace().take_while(|w| *w != "MODE").collect();
    match words.join(" ").as_str() {
        "ACCESS SHARE" => Mode::AccessShare,
        "ROW SHARE" => Mode::RowShare,
        "ROW EXCLUSIVE" => Mode::RowExclusive,
        "SHARE UPDATE EXCLUSIVE" => Mode::ShareUpdateExclusive,
        "SHARE" => Mode::Share,
        "SHARE ROW EXCLUSIVE" => Mode::ShareRowExclusive,
        "EXCLUSIVE" => Mode::Exclusive,
        _ => Mode::AccessExclusive,
    }
}
