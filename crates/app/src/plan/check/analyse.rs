//! What a script would do to one database: syntax, review, kinds, changed objects, estimated rows, and how it would be run.
//!
//! Reads only. What can't be found out is a finding of its own, never silence.

use std::collections::{BTreeMap, BTreeSet};

use base::{LineIndex, Position, Time};
use engine::Session;
use sql::{Dialect, Directives, Facts, Statement, StatementClass, TransactionRule};
use store::rows::{CheckLevel, CheckResult, CheckType};

use super::advice::{Findings, Review};
use crate::execution::redact::said;
use crate::sql_review::live::Answers;

/// Code of "this text is not the language", as existing clients know it.
pub const CODE_SYNTAX: i32 = 201;
/// Code of "this could not be checked".
pub const CODE_INTERNAL: i32 = 1;

/// Rows are estimated for at most this many statements of a script.
const ESTIMATED: usize = 50;
/// Statements handed to the server for a syntax check.
const SERVER_CHECKED: usize = 500;
/// Findings of one kind shown for one target.
const MAX_FINDINGS: usize = 50;

/// What is checked, and against what.
pub struct Subject<'a> {
    pub target: &'a str,
    pub sheet: &'a str,
    pub script: &'a str,
    pub dialect: &'static dyn Dialect,
    /// Session settings in force, for the reviewer.
    pub settings: &'a [engine::Setting],
    pub review: &'a Review,
    pub synced_at: Option<Time>,
    pub now: Time,
}

/// Checks the script. The session is None when the target could not be reached; `unreachable` then says why. One that is still
/// busy when its time is over is closed and taken away.
pub async fn analyse(
    subject: &Subject<'_>,
    session: &mut Option<Box<dyn Session>>,
    unreachable: Option<&str>,
) -> Vec<CheckResult> {
    let statements = subject.dialect.split(subject.script);
    let facts: Vec<Facts> =
        statements.iter().map(|s| subject.dialect.classify(s.text(subject.script))).collect();
    let mut results = Vec::new();
    if statements.is_empty() {
        results.push(subject.advice(
            CheckLevel::Error,
            CODE_SYNTAX,
            "Empty script",
            "The script holds no statement.",
            None,
        ));
        return results;
    }
    let directives = directives_of(subject, &statements, &mut results);
    let before = results.len();
    syntax(subject, &statements, session.as_mut(), &mut results).await;
    let is_right = results.len() == before;
    let mut answers = Answers::new(session, subject.dialect);
    let rows = match answers.is_connected() && results.is_empty() {
        true => Some(estimate(subject, &statements, &facts, &mut answers).await),
        false => None,
    };
    // A script that is no SQL has no more findings than that.
    let review = match is_right {
        true => subject.review.review(subject, &mut answers, unreachable).await,
        false => Findings::default(),
    };
    results.extend(review.advices);
    if let Some(why) = unreachable {
        results.push(subject.advice(
            CheckLevel::Warning,
            CODE_INTERNAL,
            "Not checked against the database",
            why,
            None,
        ));
    }
    results.sort_by_key(|r| std::cmp::Reverse(r.level));
    if results.is_empty() {
        results.push(subject.advice(CheckLevel::Success, 0, "OK", "", None));
    }
    results.extend(review.told);
    results.push(summary(subject, &facts, &directives, rows));
    results
}

/// Comments that say how the script is run, and cannot be followed.
fn directives_of(
    subject: &Subject<'_>,
    statements: &[Statement],
    results: &mut Vec<CheckResult>,
) -> Directives {
    let directives = sql::directives(subject.script, statements);
    let bad = |position: Position, message: &str| {
        subject.advice(CheckLevel::Error, CODE_SYNTAX, "Directive error", message, Some(position))
    };
    results
        .extend(directives.errors.iter().take(MAX_FINDINGS).map(|e| bad(e.position, &e.message)));
    for (number, batch) in &directives.batches {
        let Some(statement) = statements.get(*number) else { continue };
        let parts = subject.dialect.batch_parts(statement.text(subject.script), &batch.key);
        if let Err(why) = parts {
            let message = format!("This statement cannot run in batches: {why}.");
            results.push(bad(statement.start, &message));
        }
    }
    directives
}

/// By the dialect's own parser where it has one, else by asking the server statement by statement.
async fn syntax(
    subject: &Subject<'_>,
    statements: &[Statement],
    session: Option<&mut Box<dyn Session>>,
    results: &mut Vec<CheckResult>,
) {
    let bad = |position: Position, message: &str| {
        subject.advice(CheckLevel::Error, CODE_SYNTAX, "Syntax error", message, Some(position))
    };
    if let Some(errors) = subject.dialect.syntax_errors(subject.script) {
        for e in errors.iter().take(MAX_FINDINGS) {
            let within = statements.iter().find(|s| e.span.start <= s.span.end);
            let text = within.map_or("", |s| s.text(subject.script));
            results.push(bad(e.position, &said(subject.dialect, text, &e.message)));
        }
        return;
    }
    let Some(session) = session else { return };
    let lines = LineIndex::new(subject.script);
    for statement in statements.iter().take(SERVER_CHECKED) {
        match session.check_syntax(statement.text(subject.script)).await {
            Ok(errors) => {
                for e in errors.unwrap_or_default() {
                    let at = statement.span.start + e.span.start;
                    let said = said(subject.dialect, statement.text(subject.script), &e.message);
                    results.push(bad(lines.position(subject.script, at), &said));
                }
            }
            Err(e) => {
                results.push(subject.advice(
                    CheckLevel::Warning,
                    CODE_INTERNAL,
                    "Syntax not checked",
                    &e.to_string(),
                    Some(statement.start),
                ));
                return;
            }
        }
        if results.len() >= MAX_FINDINGS {
            return;
        }
    }
}

/// Rows that the script would touch, as far as the planner says.
struct Rows {
    total: i64,
    /// Statements that change rows but for which nobody could say how many.
    unknown: u32,
}

fn changes_rows(facts: &Facts) -> bool {
    facts.kind.class() == StatementClass::Dml
}

async fn estimate(
    subject: &Subject<'_>,
    statements: &[Statement],
    facts: &[Facts],
    answers: &mut Answers<'_>,
) -> Rows {
    let mut rows = unestimated(facts);
    let dml = statements.iter().zip(facts).filter(|(_, f)| changes_rows(f));
    for (statement, _) in dml.take(ESTIMATED) {
        // A statement about a table which an earlier statement of the script makes can't be explained yet.
        if let Ok(Some(n)) = answers.rows(statement.text(subject.script)).await {
            rows.total = rows.total.saturating_add(n);
            rows.unknown -= 1;
        }
        if answers.over().is_some() {
            break;
        }
    }
    rows
}

/// Nobody was asked yet.
fn unestimated(facts: &[Facts]) -> Rows {
    let dml = facts.iter().filter(|f| changes_rows(f)).count();
    Rows { total: 0, unknown: u32::try_from(dml).unwrap_or(u32::MAX) }
}

fn summary(
    subject: &Subject<'_>,
    facts: &[Facts],
    directives: &Directives,
    rows: Option<Rows>,
) -> CheckResult {
    let mut details = BTreeMap::new();
    details.insert("statements".to_owned(), facts.len().to_string());
    let run = match TransactionRule::for_script(subject.dialect, facts, directives) {
        TransactionRule::One => "in one transaction".to_owned(),
        TransactionRule::Each { because } => format!("statement by statement: {because}"),
        TransactionRule::Own { because } => {
            format!("as written, with its own transactions: {because}")
        }
    };
    details.insert("run".to_owned(), run);
    let settings: Vec<_> =
        subject.settings.iter().map(|s| format!("{} = {}", s.name, s.value)).collect();
    details.insert("settings".to_owned(), settings.join("; "));
    match subject.synced_at {
        Some(t) => details
            .insert("schema_age_seconds".to_owned(), subject.now.since(t).as_secs().to_string()),
        None => details.insert("schema_age_seconds".to_owned(), "never synced".to_owned()),
    };
    let rows = rows.unwrap_or_else(|| unestimated(facts));
    let said = match (rows.total, rows.unknown) {
        (_, 0) => None,
        (0, _) => Some("not estimated".to_owned()),
        (_, 1) => Some("1 more statement could not be estimated".to_owned()),
        (_, n) => Some(format!("{n} more statements could not be estimated")),
    };
    details.extend(said.map(|text| ("affected_rows".to_owned(), text)));
    let types: BTreeSet<_> = facts.iter().map(|f| f.kind.as_str().to_owned()).collect();
    let objects: BTreeSet<_> =
        facts.iter().flat_map(|f| f.objects.iter().map(object_text)).collect();
    CheckResult {
        kind: CheckType::StatementSummaryReport,
        level: CheckLevel::Success,
        title: "Summary".to_owned(),
        target: subject.target.to_owned(),
        sheet: subject.sheet.to_owned(),
        statement_types: types.into_iter().collect(),
        affected_rows: rows.total,
        unestimated: rows.unknown,
        changed_objects: objects.into_iter().collect(),
        details,
        ..CheckResult::default()
    }
}

pub(crate) fn object_text(o: &sql::ObjectRef) -> String {
    if o.schema.is_empty() {
        format!("{} {}", o.kind, o.name)
    } else {
        format!("{} {}.{}", o.kind, o.schema, o.name)
    }
}

impl Subject<'_> {
    pub fn advice(
        &self,
        level: CheckLevel,
        code: i32,
        title: &str,
        content: &str,
        start: Option<Position>,
    ) -> CheckResult {
        CheckResult {
            kind: CheckType::StatementAdvise,
            level,
            title: title.to_owned(),
            content: content.to_owned(),
            code,
            target: self.target.to_owned(),
            sheet: self.sheet.to_owned(),
            start,
            ..CheckResult::default()
        }
    }
}
