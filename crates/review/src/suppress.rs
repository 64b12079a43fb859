//! Suppressions: `-- basalt:ignore RULE reason` above a statement takes that rule's advices about it away, and says so.
//!
//! `RULE` may be several, with commas and no blanks. A reason is obligatory. `until 2026-01-31` at its end lets it
//! expire. Comments are looked for between statements only, where nothing but comments can stand.

use sql::tree::Script;

use crate::advice::Advice;
use crate::rule_type::RuleType;

const MARK: &str = "-- basalt:ignore ";

/// An advice that was taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    pub advice: Advice,
    pub by: By,
    pub reason: String,
    pub until: Option<String>,
}

/// What took an advice away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A comment in the script.
    Comment,
    /// An exception of the configuration.
    Exception,
}

struct Comment {
    rules: Vec<RuleType>,
    reason: String,
    until: Option<String>,
}

/// Whether a comment may take something away.
pub fn is_asked_for(text: &str) -> bool {
    text.contains(MARK)
}

/// Takes the advices away about which comments speak.
pub fn apply(
    advices: &mut Vec<Advice>,
    script: &Script,
    text: &str,
    today: Option<&str>,
) -> Vec<Suppressed> {
    let mut suppressed = Vec::new();
    each(script, text, today, |comment, about| {
        for advice in advices.extract_if(.., |a| about(a)) {
            let (reason, until) = (comment.reason.clone(), comment.until.clone());
            suppressed.push(Suppressed { advice, by: By::Comment, reason, until });
        }
    });
    suppressed
}

/// Leaves them, and says that a comment asks otherwise.
pub fn refuse(
    advices: &mut [Advice],
    script: &Script,
    text: &str,
    today: Option<&str>,
) -> Vec<Suppressed> {
    each(script, text, today, |comment, about| {
        for advice in advices.iter_mut().filter(|a| about(a)) {
            let said = format!(
                "{}. A comment asks to ignore it ({}), which the configuration refuses",
                advice.content.trim_end_matches('.'),
                comment.reason
            );
            advice.content = said;
        }
    });
    Vec::new()
}

/// Every comment that is in force, with what it is about. A statement inside another comes behind that one.
fn each(
    script: &Script,
    text: &str,
    today: Option<&str>,
    mut f: impl FnMut(&Comment, &dyn Fn(&Advice) -> bool),
) {
    if !is_asked_for(text) {
        return;
    }
    let (mut gap, mut inner_gap) = (0, 0);
    for statement in &script.statements {
        let span = statement.span();
        let is_inner = span.start < gap;
        let from = if is_inner { inner_gap } else { gap };
        let comments = text.get(from..span.start).unwrap_or("").lines().filter_map(parse);
        for comment in comments.filter(|c| is_in_force(c, today)) {
            f(&comment, &|a: &Advice| {
                a.rule.is_some_and(|r| comment.rules.contains(&r))
                    && a.span.is_some_and(|s| s.start >= span.start && s.start <= span.end)
            });
        }
        if is_inner {
            inner_gap = span.end;
        } else {
            (gap, inner_gap) = (span.end, span.start);
        }
    }
}

fn parse(line: &str) -> Option<Comment> {
    let rest = line.trim().strip_prefix(MARK)?.trim();
    let (rules, reason) = rest.split_once(char::is_whitespace)?;
    let rules: Option<Vec<RuleType>> = rules.split(',').map(RuleType::from_name).collect();
    let (reason, until) = match reason.rsplit_once("until ") {
        Some((reason, date)) if is_date(date.trim()) => (reason, Some(date.trim().to_owned())),
        _ => (reason, None),
    };
    let reason = reason.trim().to_owned();
    // Nobody takes a finding away without saying why.
    if reason.is_empty() {
        return None;
    }
    Some(Comment { rules: rules?, reason, until })
}

/// Dates in this form sort as text.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(n, b)| match n {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        })
}

fn is_in_force(comment: &Comment, today: Option<&str>) -> bool {
    match (&comment.until, today) {
        (Some(until), Some(today)) => until.as_str() >= today,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_obligatory() {
        assert!(parse("-- basalt:ignore TABLE_REQUIRE_PK").is_none());
        assert!(parse("-- basalt:ignore TABLE_REQUIRE_PK until 2026-01-31").is_none());
        assert!(parse("-- basalt:ignore NO_SUCH_RULE because").is_none());
        let found =
            parse("  -- basalt:ignore TABLE_REQUIRE_PK,table.comment a queue until 2026-01-31");
        let found = found.expect("a suppression");
        assert_eq!(found.rules, [RuleType::TableRequirePk, RuleType::TableComment]);
        assert_eq!(
            (found.reason.as_str(), found.until.as_deref()),
            ("a queue", Some("2026-01-31"))
        );
        assert!(
            is_in_force(&found, Some("2026-01-31")) && !is_in_force(&found, Some("2026-02-01"))
        );
    }
}
