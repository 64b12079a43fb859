//! SQL review of a script against one database, by the configuration that is in force there.
//!
//! The catalog is that of the last sync, so a database that cannot be reached is reviewed all the same. What the review
//! cannot read is one finding, and a warning: whether it runs is for the database to say.

use base::LineIndex;
use review::{
    Advice, By, CAP, Live, Needs, NotJudged, Report, RuleType, StatementLocks, Status, Suppressed,
};
use sql::{LockForecast, LockWork};
use store::rows::{CheckLevel, CheckResult};

use super::analyse::{CODE_INTERNAL, CODE_SYNTAX, Subject};
use crate::execution::redact;
use crate::sql_review::live::{self, Answers};
use crate::sql_review::{Reviewer, State};

/// By what a script for one database is reviewed, and against what.
#[derive(Clone)]
pub struct Review {
    pub reviewer: Reviewer,
    pub state: State,
    pub prior_backup: bool,
}

/// What a review comes to.
#[derive(Default)]
pub struct Findings {
    /// Errors first, then warnings.
    pub advices: Vec<CheckResult>,
    /// For information: locks, and what comments in the script took away.
    pub told: Vec<CheckResult>,
}

impl Review {
    /// The work of up to seconds is done off the async threads. `unreachable` says why nobody answers about the live database.
    pub async fn review(
        &self,
        subject: &Subject<'_>,
        answers: &mut Answers<'_>,
        unreachable: Option<&str>,
    ) -> Findings {
        let (review, script) = (self.clone(), subject.script.to_owned());
        let today = subject.now.date();
        let (asker, questions) = live::channel(self.state.moved);
        let is_connected = answers.is_connected();
        let work = tokio::task::spawn_blocking(move || {
            let live = is_connected.then_some(&asker as &dyn Live);
            let Review { reviewer, state, prior_backup } = &review;
            reviewer.report(&script, state, live, *prior_backup, &today)
        });
        let mut found = match answers.serve(questions, work).await {
            Ok(report) => self.findings(subject, &report.unwrap_or_default()),
            Err(e) => {
                let why = format!("The review itself failed: {e}");
                let advice =
                    subject.advice(CheckLevel::Warning, CODE_INTERNAL, "Not reviewed", &why, None);
                Findings { advices: vec![advice], told: Vec::new() }
            }
        };
        found.advices.extend(self.missing(subject));
        found.advices.extend(unreachable.and_then(|why| self.unanswered(subject, why)));
        found
    }

    /// What comes next is reviewed on the state after this script.
    pub async fn advance(&mut self, script: &str) {
        let (review, script) = (self.clone(), script.to_owned());
        let done = tokio::task::spawn_blocking(move || {
            let mut state = review.state;
            review.reviewer.advance(&mut state, &script);
            state
        });
        // When it cannot be followed, what comes next is reviewed on the state before.
        if let Ok(state) = done.await {
            self.state = state;
        }
    }

    /// Rules of the configuration that this version does not evaluate: one finding, so that nobody relies on them.
    fn missing(&self, subject: &Subject<'_>) -> Option<CheckResult> {
        let Reviewer { missing, config, engine, .. } = &self.reviewer;
        let what = format!(
            "{config} has rules that this version does not evaluate for {}",
            engine.title()
        );
        self.not_evaluated(subject, missing, &what)
    }

    /// Rules that ask the live database, when nobody answers.
    fn unanswered(&self, subject: &Subject<'_>, why: &str) -> Option<CheckResult> {
        let rules: Vec<_> =
            self.reviewer.rules.iter().map(|c| c.rule).filter(|r| asks_live(*r)).collect();
        let what = format!("{} These rules ask the live database", why.trim());
        self.not_evaluated(subject, &rules, &what)
    }

    fn not_evaluated(
        &self,
        subject: &Subject<'_>,
        rules: &[RuleType],
        what: &str,
    ) -> Option<CheckResult> {
        if rules.is_empty() {
            return None;
        }
        let names: Vec<_> = rules.iter().map(|r| r.as_str()).collect();
        let content = format!("{what}: {}.", names.join(", "));
        let level = CheckLevel::Warning;
        let mut result = subject.advice(level, CODE_INTERNAL, "Not evaluated", &content, None);
        result.details.insert("review_config".to_owned(), self.reviewer.config.clone());
        Some(result)
    }

    fn findings(&self, subject: &Subject<'_>, report: &Report) -> Findings {
        let mut found = Findings::default();
        found.advices.extend(report.advices.iter().map(|a| self.advice(subject, a)));
        for (level, count, kind) in [
            (CheckLevel::Error, report.errors_left_out, "errors"),
            (CheckLevel::Warning, report.warnings_left_out, "warnings"),
        ] {
            found.advices.extend(left_out(subject, level, count, kind));
        }
        found.advices.sort_by_key(|r| std::cmp::Reverse(r.level));
        let suppressed = report.suppressed.iter().take(CAP);
        found.told.extend(suppressed.map(|s| self.suppressed(subject, s)));
        let more = report.suppressed.len().saturating_sub(CAP);
        found.told.extend(left_out(subject, CheckLevel::Success, more, "suppressed findings"));
        let not_judged = report.not_judged.iter().take(CAP);
        found.told.extend(not_judged.map(|part| not_judged_part(subject, part)));
        let more = report.not_judged.len().saturating_sub(CAP);
        found.told.extend(left_out(
            subject,
            CheckLevel::Success,
            more,
            "parts that no rule looked at",
        ));
        let locks = report.locks.iter().flat_map(|s| s.locks.iter().map(move |l| (s, l)));
        found.told.extend(locks.clone().take(CAP).map(|(s, l)| lock(subject, s, l)));
        let more = locks.count().saturating_sub(CAP) + report.locks_left_out;
        found.told.extend(left_out(subject, CheckLevel::Success, more, "locks"));
        found
    }

    fn advice(&self, subject: &Subject<'_>, advice: &Advice) -> CheckResult {
        let Some(rule) = advice.rule else { return unread(subject, advice) };
        let level = match advice.status {
            // What the database did not answer is no mistake of the script.
            Status::Error if advice.code == CODE_INTERNAL && asks_live(rule) => CheckLevel::Warning,
            Status::Success => CheckLevel::Success,
            Status::Warning => CheckLevel::Warning,
            Status::Error => CheckLevel::Error,
        };
        let mut result =
            subject.advice(level, advice.code, &advice.title, &advice.content, advice.start);
        result.details.insert("rule".to_owned(), rule.as_str().to_owned());
        if !self.reviewer.config.is_empty() {
            let config = self.reviewer.config.clone();
            result.details.insert("review_config".to_owned(), config);
        }
        result
    }

    fn suppressed(&self, subject: &Subject<'_>, suppressed: &Suppressed) -> CheckResult {
        let Suppressed { advice, by, reason, until } = suppressed;
        let mut result = self.advice(subject, advice);
        result.details.insert("code".to_owned(), advice.code.to_string());
        result.details.insert("reason".to_owned(), reason.clone());
        let until = until.as_ref().map(|date| format!(", until {date}"));
        let (who, title) = match by {
            By::Comment => ("The script says to ignore it".to_owned(), "Ignored"),
            By::Exception => {
                (format!("An exception of {} holds", self.reviewer.config), "Excepted")
            }
        };
        result.content = format!(
            "{}. {who}: {reason}{}",
            advice.content.trim_end_matches('.'),
            until.unwrap_or_default()
        );
        result.title = format!("{title}: {}", advice.title);
        (result.level, result.code) = (CheckLevel::Success, 0);
        result
    }
}

fn asks_live(rule: RuleType) -> bool {
    review::rule(rule).is_some_and(|r| r.needs == Needs::Connection)
}

/// The syntax check, which ran before, found nothing wrong with this text.
fn unread(subject: &Subject<'_>, advice: &Advice) -> CheckResult {
    let statement = advice.span.and_then(|span| {
        let statements = subject.dialect.split(subject.script);
        statements.into_iter().find(|s| span.start <= s.span.end)
    });
    let text = statement.map_or("", |s| s.text(subject.script));
    let said = redact::said(subject.dialect, text, &advice.content);
    let content =
        format!("The rules were not applied, because the script was not understood: {said}");
    subject.advice(CheckLevel::Warning, CODE_SYNTAX, "Not reviewed", &content, advice.start)
}

/// Says how many findings are not shown; None when all are.
fn left_out(
    subject: &Subject<'_>,
    level: CheckLevel,
    count: usize,
    kind: &str,
) -> Option<CheckResult> {
    let code = if level == CheckLevel::Success { 0 } else { CODE_INTERNAL };
    let content = format!("{count} more {kind} of the review are not shown here.");
    (count > 0).then(|| subject.advice(level, code, "More findings", &content, None))
}

/// A body may do what the review would have refused: the reviewer is told where to look.
fn not_judged_part(subject: &Subject<'_>, part: &NotJudged) -> CheckResult {
    let start = LineIndex::new(subject.script).position(subject.script, part.span.start);
    subject.advice(CheckLevel::Success, 0, "Not judged", &format!("{}.", part.why), Some(start))
}

fn lock(subject: &Subject<'_>, statement: &StatementLocks, lock: &LockForecast) -> CheckResult {
    let relation = match lock.schema.as_str() {
        "" => lock.relation.clone(),
        schema => format!("{schema}.{}", lock.relation),
    };
    let waits = match (lock.blocks_reads, lock.blocks_writes) {
        (true, _) => "who reads or writes it waits",
        (false, true) => "who writes to it waits",
        (false, false) => "others go on",
    };
    let (work, during) = match lock.work {
        LockWork::Brief => ("BRIEF", "for a moment"),
        LockWork::Rows => ("ROWS", "while rows are changed"),
        LockWork::Scan => ("SCAN", "while all rows are read"),
        LockWork::Index => ("INDEX", "while an index is built"),
        LockWork::Rewrite => ("REWRITE", "while all rows are written anew"),
    };
    let safer = lock.safer.map(|safer| format!(" Blocks less: {safer}.")).unwrap_or_default();
    let content =
        format!("{} lock on {relation}: {waits} {during}; {}.{safer}", lock.mode, lock.because);
    let start = LineIndex::new(subject.script).position(subject.script, statement.statement.start);
    let mut result = subject.advice(CheckLevel::Success, 0, "Lock forecast", &content, Some(start));
    let mut detail = |name: &str, value: String| result.details.insert(name.to_owned(), value);
    detail("lock", lock.mode.to_owned());
    detail("table", relation);
    detail("work", work.to_owned());
    detail("blocks_reads", lock.blocks_reads.to_string());
    detail("blocks_writes", lock.blocks_writes.to_string());
    if let Some(rows) = lock.rows {
        detail("rows", rows.to_string());
    }
    if let Some(safer) = lock.safer {
        detail("safer", safer.to_owned());
    }
    result
}

#[cfg(test)]
mod tests {
    use base::EngineKind;
    use review::RuleConfig;

    use super::*;

    const SCRIPT: &str = "SELECT 1;\nSELECT 2;";

    fn review(rules: &[RuleConfig]) -> Review {
        let config = "reviewConfigs/strict".to_owned();
        let reviewer = Reviewer::new(config, rules, EngineKind::Postgres);
        Review { reviewer, state: State::default(), prior_backup: false }
    }

    fn subject(review: &Review) -> Subject<'_> {
        Subject {
            target: "instances/a/databases/b",
            sheet: "",
            script: SCRIPT,
            dialect: review.reviewer.dialect.expect("a dialect"),
            settings: &[],
            review,
            synced_at: None,
            now: base::Time(0),
        }
    }

    fn findings(report: &Report) -> Vec<(CheckLevel, String, i32)> {
        let review = review(&[]);
        let found = review.findings(&subject(&review), report);
        let all = found.advices.into_iter().chain(found.told);
        all.map(|r| (r.level, r.title, r.code)).collect()
    }

    #[tokio::test]
    async fn rules_that_are_not_evaluated_are_told_once() {
        let rules = [RuleType::ColumnDisallowDrop, RuleType::TableDisallowTrigger].map(|rule| {
            let (level, engine) = (review::Level::Error, EngineKind::Postgres);
            RuleConfig::new(rule, level, engine, review::Payload::None)
        });
        let review = review(&rules);
        let subject = subject(&review);
        let mut nobody = None;
        let mut answers = Answers::new(&mut nobody, subject.dialect);
        let found = review.review(&subject, &mut answers, None).await.advices;
        let told: Vec<_> = found.iter().map(|r| (r.level, r.content.as_str())).collect();
        let text = "reviewConfigs/strict has rules that this version does not evaluate for PostgreSQL: \
            COLUMN_DISALLOW_DROP, TABLE_DISALLOW_TRIGGER.";
        assert_eq!(told, [(CheckLevel::Warning, text)]);
    }

    #[test]
    fn what_is_not_understood_is_one_warning() {
        let advice = Advice {
            status: Status::Error,
            code: CODE_SYNTAX,
            title: "Syntax error".to_owned(),
            content: "what is this".to_owned(),
            start: Some(base::Position { line: 2, column: 1 }),
            span: Some(base::Span { start: 10, end: 11 }),
            rule: None,
            fix: None,
        };
        let report = Report { advices: vec![advice], ..Report::default() };
        assert_eq!(
            findings(&report),
            [(CheckLevel::Warning, "Not reviewed".to_owned(), CODE_SYNTAX)]
        );
    }

    #[test]
    fn what_the_cap_leaves_out_is_counted_by_level() {
        let report = Report { errors_left_out: 3, warnings_left_out: 1, ..Report::default() };
        let more = || "More findings".to_owned();
        assert_eq!(
            findings(&report),
            [
                (CheckLevel::Error, more(), CODE_INTERNAL),
                (CheckLevel::Warning, more(), CODE_INTERNAL)
            ]
        );
    }
}
