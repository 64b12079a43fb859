//! Finds out what became of a unit of which no end is recorded: by asking the target, never by guessing.

use base::Result;
use engine::{Outcome, Session, Verdict};
use store::rows::{OpenUnit, UnitKind};

use super::checkpoint;
use super::fresh::Fresh;
use super::journal::Journal;
use store::rows::LogKind;

/// Times that a transaction which is still open at the target is asked about again, each with its session ended before.
const ASK_AGAIN: u32 = 50;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);

/// Settles the open unit of the run's checkpoint, if there is one. True when it is known how the run goes on. The session holds
/// the lock of the database, so the session that began the unit is gone.
pub async fn settle(
    fresh: &Fresh,
    session: &mut dyn Session,
    journal: &mut Journal,
    script: &str,
) -> Result<bool> {
    let Some(open) = journal.checkpoint.open.clone() else { return Ok(true) };
    let verdict = ask(fresh, session, &open, script).await?;
    let applied = match verdict.outcome {
        Outcome::Applied => Some(true),
        Outcome::NotApplied => Some(false),
        Outcome::Open | Outcome::Unknown => None,
    };
    let proof = checkpoint::proof(&open);
    let line = LogKind::Note { text: sentence(&open, applied, &verdict) };
    checkpoint::settled(&mut journal.checkpoint, applied, verdict);
    journal.mark(Some(line)).await?;
    if applied.is_some()
        && let Err(failure) = session.forget(&proof).await
    {
        tracing::warn!(%failure, "what a proof left at the target could not be removed");
    }
    Ok(applied.is_some())
}

/// Without asking: what is certain from our own records alone.
pub fn certain(open: &OpenUnit) -> Option<Verdict> {
    match (open.kind, &open.facts) {
        (UnitKind::Session, _) => {
            Some(Verdict::new(Outcome::NotApplied, "it changes nothing but its own session"))
        }
        (UnitKind::Transaction, None) => {
            Some(Verdict::new(Outcome::NotApplied, "COMMIT was never sent: no proof was recorded"))
        }
        _ => None,
    }
}

async fn ask(
    fresh: &Fresh,
    session: &mut dyn Session,
    open: &OpenUnit,
    script: &str,
) -> Result<Verdict> {
    match open.kind {
        UnitKind::Session => Ok(certain(open).unwrap_or_else(unknown)),
        UnitKind::Transaction => {
            let proof = checkpoint::proof(open);
            let mut tries = 0;
            loop {
                let verdict = session.verdict(&proof).await?;
                if verdict.outcome != Outcome::Open || tries >= ASK_AGAIN {
                    return Ok(verdict);
                }
                tries += 1;
                session.evict(&open.backend).await?;
                tokio::time::sleep(PAUSE).await;
            }
        }
        UnitKind::Alone => {
            let statements = fresh.engine.dialect().split(script);
            let Some(statement) = statements.get(open.first) else { return Ok(unknown()) };
            let now = session.witness(statement.text(script)).await?;
            Ok(Verdict::of_witnesses(&checkpoint::witness(open), &now))
        }
    }
}

fn unknown() -> Verdict {
    Verdict::new(Outcome::Unknown, "nothing can be asked about it")
}

fn sentence(open: &OpenUnit, applied: Option<bool>, verdict: &Verdict) -> String {
    let what = match (&open.chunk, open.end - open.first) {
        (Some(chunk), _) => {
            format!("Chunk {} of statement {}", chunk.number, open.first + 1)
        }
        (None, 0 | 1) => format!("Statement {}", open.first + 1),
        (None, _) => format!("Statements {} to {}", open.first + 1, open.end),
    };
    let how = match applied {
        Some(true) => "took effect",
        Some(false) => "did not take effect",
        None => "may or may not have taken effect",
    };
    format!("{what} {how}: {}.", verdict.evidence.join("; ").trim_end_matches('.'))
}
