//! SQL review of a script against one database, by the configuration that is in force there.
//!
//! The catalog is that of the last sync, so a database that cannot be reached is reviewed all the same. What the review
//! cannot read is one finding, and a warning: whether it runs is for the database to say.

use std::sync::Arc;

use base::{EngineKind, LineIndex, Result};
use review::{Advice, CAP, Report, RuleConfig, StatementLocks, Status, Suppressed};
use schema::Catalog;
use sql::{Dialect, LockForecast, LockWork};
use store::Conn;
use store::rows::{CheckLevel, CheckResult, Database, Instance};

use super::analyse::{CODE_INTERNAL, CODE_SYNTAX, Subject};
use crate::execution::redact;
use crate::review_config;

/// By what the scripts for one database are reviewed.
pub struct Reviewer {
    /// `reviewConfigs/{review_config}`
    config: String,
    rules: Vec<RuleConfig>,
    engine: EngineKind,
    dialect: &'static dyn Dialect,
    catalog: Option<Catalog>,
    version: Option<(u32, u32)>,
    prior_backup: bool,
}

/// What a review comes to.
#[derive(Default)]
pub struct Findings {
    /// Errors first, then warnings.
    pub advices: Vec<CheckResult>,
    /// For information: locks, and what comments in the script took away.
    pub told: Vec<CheckResult>,
}

impl Reviewer {
    /// None when no configuration is in force, or scripts of the engine cannot be reviewed.
    pub async fn find(
        conn: &mut Conn,
        instance: &Instance,
        database: &Database,
        prior_backup: bool,
    ) -> Result<Option<Arc<Self>>> {
        let Some(dialect) = review::dialect(instance.engine) else { return Ok(None) };
        let Some(config) = review_config::of_database(conn, database).await? else {
            return Ok(None);
        };
        let catalog = match &database.schema_sha256 {
            Some(_) => {
                Some(Catalog::from_objects(store::catalogs::objects(conn, &database.id).await?))
            }
            None => None,
        };
        Ok(Some(Arc::new(Self {
            config: config.name,
            rules: config.rules,
            engine: instance.engine,
            dialect,
            catalog,
            version: version(&instance.engine_version),
            prior_backup,
        })))
    }

    /// The work of up to seconds is done off the async threads.
    pub async fn review(self: &Arc<Self>, subject: &Subject<'_>) -> Findings {
        let (reviewer, script) = (Arc::clone(self), subject.script.to_owned());
        let today: String = subject.now.to_string().chars().take(10).collect();
        let done = tokio::task::spawn_blocking(move || reviewer.report(&script, &today)).await;
        match done {
            Ok(report) => self.findings(subject, &report),
            Err(e) => {
                let why = format!("The review itself failed: {e}");
                let advice =
                    subject.advice(CheckLevel::Warning, CODE_INTERNAL, "Not reviewed", &why, None);
                Findings { advices: vec![advice], told: Vec::new() }
            }
        }
    }

    fn report(&self, script: &str, today: &str) -> Report {
        review::review(&review::Input {
            engine: self.engine,
            dialect: self.dialect,
            script,
            catalog: self.catalog.as_ref(),
            version: self.version,
            rules: &self.rules,
            live: None,
            prior_backup: self.prior_backup,
            today: Some(today),
        })
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
        let locks = report.locks.iter().flat_map(|s| s.locks.iter().map(move |l| (s, l)));
        found.told.extend(locks.clone().take(CAP).map(|(s, l)| lock(subject, s, l)));
        let more = locks.count().saturating_sub(CAP);
        found.told.extend(left_out(subject, CheckLevel::Success, more, "locks"));
        found
    }

    fn advice(&self, subject: &Subject<'_>, advice: &Advice) -> CheckResult {
        let Some(rule) = advice.rule else { return unread(subject, advice) };
        let level = match advice.status {
            Status::Success => CheckLevel::Success,
            Status::Warning => CheckLevel::Warning,
            Status::Error => CheckLevel::Error,
        };
        let mut result =
            subject.advice(level, advice.code, &advice.title, &advice.content, advice.start);
        result.details.insert("rule".to_owned(), rule.as_str().to_owned());
        result.details.insert("review_config".to_owned(), self.config.clone());
        result
    }

    fn suppressed(&self, subject: &Subject<'_>, suppressed: &Suppressed) -> CheckResult {
        let Suppressed { advice, reason, until } = suppressed;
        let mut result = self.advice(subject, advice);
        result.details.insert("code".to_owned(), advice.code.to_string());
        result.details.insert("reason".to_owned(), reason.clone());
        let until = until.as_ref().map(|date| format!(", until {date}"));
        result.content = format!(
            "{}. The script says to ignore it: {reason}{}",
            advice.content.trim_end_matches('.'),
            until.unwrap_or_default()
        );
        result.title = format!("Ignored: {}", advice.title);
        (result.level, result.code) = (CheckLevel::Success, 0);
        result
    }
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

/// Major and minor number of what a server says about itself: `15.14 (Debian 15.14-1)`.
fn version(text: &str) -> Option<(u32, u32)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let number = |part: &str| {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..end].parse().ok()
    };
    let mut parts = text[start..].split('.');
    let major = number(parts.next()?)?;
    Some((major, parts.next().and_then(number).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "SELECT 1;\nSELECT 2;";

    fn reviewer() -> Reviewer {
        Reviewer {
            config: "reviewConfigs/strict".to_owned(),
            rules: Vec::new(),
            engine: EngineKind::Postgres,
            dialect: review::dialect(EngineKind::Postgres).expect("rules"),
            catalog: None,
            version: None,
            prior_backup: false,
        }
    }

    fn findings(report: &Report) -> Vec<(CheckLevel, String, i32)> {
        let reviewer = reviewer();
        let subject = Subject {
            target: "instances/a/databases/b",
            sheet: "",
            script: SCRIPT,
            dialect: reviewer.dialect,
            settings: &[],
            reviewer: None,
            synced_at: None,
            now: base::Time(0),
        };
        let found = reviewer.findings(&subject, report);
        let all = found.advices.into_iter().chain(found.told);
        all.map(|r| (r.level, r.title, r.code)).collect()
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

    #[test]
    fn versions() {
        assert_eq!(version("15.14 (Debian 15.14-0+deb12u1)"), Some((15, 14)));
        assert_eq!(version("PostgreSQL 18.0"), Some((18, 0)));
        assert_eq!(version("18beta1"), Some((18, 0)));
        assert_eq!(version(""), None);
    }
}
