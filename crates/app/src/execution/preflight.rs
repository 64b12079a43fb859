//! What is found before the first statement of a change; each finding is in the log, and some stop it.

use std::time::Duration;

use base::{Error, Result};
use engine::{FindingLevel as Level, Preflight, Session};
use store::marks::Left;
use store::rows::{Finding, FindingLevel, Mark};

use super::fresh::Fresh;
use super::journal::Journal;
use crate::app::App;

/// Transactions open for longer are told when they hold what the change needs.
const BLOCKERS_OLDER_THAN: Duration = Duration::from_secs(10);

/// Asks the server. `script` is what will run.
#[tracing::instrument(name = "preflight", skip_all)]
pub async fn look(
    fresh: &Fresh,
    session: &mut dyn Session,
    journal: &mut Journal,
    script: &str,
) -> Result<()> {
    let dialect = fresh.engine.dialect();
    let statements = dialect.split(script);
    let texts = statements.iter().map(|s| s.text(script));
    let facts: Vec<_> = texts.clone().map(|t| dialect.classify(t)).collect();
    let asked: Vec<_> = texts.zip(&facts).collect();
    let ask = Preflight { statements: &asked, blockers_older_than: BLOCKERS_OLDER_THAN };
    let found = match session.preflight(&ask).await {
        Ok(found) => found.into_iter().map(kept).collect(),
        Err(failure) => vec![Finding {
            code: "PREFLIGHT_INCOMPLETE".to_owned(),
            level: FindingLevel::Warning,
            text: format!("The server could not be looked at before the change: {failure}"),
        }],
    };
    tell(journal, found).await
}

/// Compares the server's history and schema with what the last change left.
pub async fn history(
    app: &App,
    fresh: &Fresh,
    session: &mut dyn Session,
    journal: &mut Journal,
    schema_sha256: &str,
) -> Result<()> {
    let now = session.mark().await?;
    let now = kept_mark(now);
    let mut conn = app.store.read().await?;
    let left = store::marks::get(&mut conn, &fresh.task.instance, &fresh.task.database).await?;
    drop(conn);
    journal.run_mut().payload.mark = Some(now.clone());
    let mut found = left.and_then(|left| compare(&left, &now, schema_sha256));
    let environment = fresh.task.environment.as_deref();
    if environment.and_then(|id| fresh.environments.get(id)).is_some_and(|e| e.stop_on_drift) {
        found = found.map(guarded);
    }
    tell(journal, found.into_iter().collect()).await
}

/// Another history with another schema stops the change; a schema that somebody else changed is told. Pure.
fn compare(left: &Left, now: &Mark, schema_sha256: &str) -> Option<Finding> {
    let same_schema = left.schema_sha256.is_empty() || left.schema_sha256 == schema_sha256;
    let finding =
        |code: &str, level, text: String| Some(Finding { code: code.to_owned(), level, text });
    match (moved(&left.mark, now), same_schema) {
        (None, true) => None,
        (None, false) => finding(
            "DRIFT",
            FindingLevel::Warning,
            "The schema was changed outside Basalt since it was last recorded here, by a change or a baseline."
                .to_owned(),
        ),
        (Some(how), true) => finding(
            "HISTORY_CHANGED",
            FindingLevel::Info,
            format!("{how}. The schema is as the last change left it."),
        ),
        (Some(how), false) => finding(
            "TARGET_RESTORED",
            FindingLevel::Stop,
            format!(
                "{how}, and the schema is not the one that the last change left: changes recorded here may be missing there. Compare \
                 the database with its changelog; then sync the database to accept its present schema, and run again."
            ),
        ),
    }
}

/// Where the environment says that drift stops a change. Pure.
fn guarded(finding: Finding) -> Finding {
    if finding.code != "DRIFT" {
        return finding;
    }
    let text = format!(
        "{} Compare it with the changelog, sync the database to accept its present schema, and run again.",
        finding.text
    );
    Finding { level: FindingLevel::Stop, text, ..finding }
}

/// What is different about the server's history.
fn moved(before: &Mark, now: &Mark) -> Option<String> {
    let differs = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
    if differs(&before.identity, &now.identity) {
        return Some("Another server answers at this address than at the last change".to_owned());
    }
    if differs(&before.timeline, &now.timeline) {
        return Some(format!(
            "The server failed over or was restored since the last change (timeline {} then, {} now)",
            before.timeline, now.timeline
        ));
    }
    match (before.position, now.position) {
        (Some(then), Some(now)) if now < then => Some(
            "The server was restored to an earlier state: its log ends before the last change"
                .to_owned(),
        ),
        _ => None,
    }
}

/// Logs findings and keeps them with the run; those that stop it become the error.
pub async fn tell(journal: &mut Journal, found: Vec<Finding>) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let mut stops = Vec::new();
    for finding in &found {
        let word = match finding.level {
            FindingLevel::Info => "Note",
            FindingLevel::Warning => "Warning",
            FindingLevel::Stop => "Stop",
        };
        journal.note(format!("{word} ({}): {}", finding.code, finding.text)).await?;
        if finding.level == FindingLevel::Stop {
            stops.push(base::Blocker {
                reason: finding.code.clone(),
                subject: journal.name().to_owned(),
                message: finding.text.clone(),
            });
        }
    }
    journal.run_mut().payload.findings.extend(found);
    journal.save().await?;
    if stops.is_empty() {
        return Ok(());
    }
    let text: Vec<_> = stops.iter().map(|b| b.message.as_str()).collect();
    Err(Error::blocked(text.join(" "), stops))
}

pub fn kept_mark(mark: engine::Mark) -> Mark {
    Mark { identity: mark.identity, timeline: mark.timeline, position: mark.position }
}

fn kept(finding: engine::Finding) -> Finding {
    let level = match finding.level {
        Level::Info => FindingLevel::Info,
        Level::Warning => FindingLevel::Warning,
        Level::Stop => FindingLevel::Stop,
    };
    Finding { code: finding.code, level, text: finding.text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(timeline: &str, position: u64) -> Mark {
        Mark { identity: "7".into(), timeline: timeline.into(), position: Some(position) }
    }

    #[test]
    fn another_history_stops_only_with_another_schema() {
        let left = Left { mark: mark("1", 100), schema_sha256: "a".into() };
        let code =
            |now: Mark, schema: &str| compare(&left, &now, schema).map(|f| (f.code, f.level));
        assert_eq!(code(mark("1", 200), "a"), None);
        assert_eq!(code(mark("1", 200), "b"), Some(("DRIFT".into(), FindingLevel::Warning)));
        let drift = guarded(compare(&left, &mark("1", 200), "b").unwrap());
        assert_eq!((drift.code.as_str(), drift.level), ("DRIFT", FindingLevel::Stop));
        assert!(drift.text.contains("sync the database"), "{}", drift.text);
        assert_eq!(
            guarded(compare(&left, &mark("2", 200), "a").unwrap()).level,
            FindingLevel::Info,
            "only drift is guarded"
        );
        assert_eq!(code(mark("2", 200), "a"), Some(("HISTORY_CHANGED".into(), FindingLevel::Info)));
        for restored in
            [mark("2", 200), mark("1", 99), Mark { identity: "8".into(), ..mark("1", 200) }]
        {
            assert_eq!(code(restored, "b"), Some(("TARGET_RESTORED".into(), FindingLevel::Stop)));
        }
        assert_eq!(code(Mark::default(), "a"), None, "a server that does not tell");
    }
}
