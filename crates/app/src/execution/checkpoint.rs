//! Between the engine's units and what the store keeps of them. Pure.

use engine::units::{How, Unit};
use engine::{Proof, Transaction, Verdict, Witness};
use store::rows::{Checkpoint, Chunk, OpenUnit, UnitKind};

/// The unit that begins now, in session `backend`.
pub fn open(
    unit: &Unit,
    backend: &str,
    transaction: Option<&Transaction>,
    witness: Option<&Witness>,
) -> OpenUnit {
    let kind = match unit.how {
        How::Ours | How::Theirs { .. } | How::Batch(_) => UnitKind::Transaction,
        How::Alone => UnitKind::Alone,
        How::Session => UnitKind::Session,
    };
    OpenUnit {
        first: unit.statements.start,
        end: unit.statements.end,
        backend: backend.to_owned(),
        kind,
        transaction: transaction.map(|t| t.id.clone()).unwrap_or_default(),
        facts: None,
        witness: witness.map(|w| w.text.clone()).unwrap_or_default(),
        decisive: witness.is_some_and(|w| w.decisive),
        chunk: None,
    }
}

/// About to commit.
pub fn committing(checkpoint: &mut Checkpoint, proof: &Proof, chunk: Option<&engine::Chunk>) {
    if let Some(open) = &mut checkpoint.open {
        open.transaction.clone_from(&proof.id);
        open.facts.clone_from(&proof.facts);
        open.chunk = chunk.map(kept);
    }
}

/// It is known how the open unit ended. `whole` tells a batch's end from that of one of its chunks.
pub fn ended(
    checkpoint: &mut Checkpoint,
    unit: &Unit,
    applied: bool,
    chunk: Option<&engine::Chunk>,
) {
    checkpoint.open = None;
    if !applied {
        return;
    }
    match chunk {
        Some(chunk) => checkpoint.chunk = Some(kept(chunk)),
        None => {
            checkpoint.applied = unit.statements.end;
            checkpoint.chunk = None;
        }
    }
}

/// The target answered what became of the open unit: `Some(true)` applied, `Some(false)` not, None unknown.
pub fn settled(checkpoint: &mut Checkpoint, applied: Option<bool>, verdict: Verdict) {
    checkpoint.evidence = verdict.evidence;
    checkpoint.unknown = applied.is_none();
    let Some(applied) = applied else { return };
    let Some(open) = checkpoint.open.take() else { return };
    if !applied {
        return;
    }
    match open.chunk {
        Some(chunk) => checkpoint.chunk = Some(chunk),
        None => {
            checkpoint.applied = open.end;
            checkpoint.chunk = None;
        }
    }
}

/// Where a batch goes on.
pub fn after(checkpoint: &Checkpoint) -> Option<engine::Chunk> {
    checkpoint.chunk.as_ref().map(|c| engine::Chunk {
        number: c.number,
        upto: c.upto.clone(),
        rows: c.rows,
        ..engine::Chunk::default()
    })
}

pub fn proof(open: &OpenUnit) -> Proof {
    Proof { id: open.transaction.clone(), facts: open.facts.clone() }
}

pub fn witness(open: &OpenUnit) -> Witness {
    Witness { text: open.witness.clone(), decisive: open.decisive, broken: None }
}

fn kept(chunk: &engine::Chunk) -> Chunk {
    Chunk { number: chunk.number, upto: chunk.upto.clone(), rows: chunk.rows }
}

#[cfg(test)]
mod tests {
    use engine::Outcome;
    use sql::Batch;

    use super::*;

    fn unit(first: usize, end: usize, how: How) -> Unit {
        Unit { statements: first..end, how }
    }

    #[test]
    fn a_unit_counts_when_it_is_known_to_be_applied() {
        let mut at = Checkpoint { applied: 2, count: 5, ..Checkpoint::default() };
        let three = unit(2, 3, How::Alone);
        at.open = Some(open(&three, "77", None, Some(&Witness::default())));
        ended(&mut at, &three, false, None);
        assert_eq!((at.applied, at.open.is_none()), (2, true));
        at.open = Some(open(&three, "77", None, None));
        settled(&mut at, None, Verdict::new(Outcome::Unknown, "who knows"));
        assert!(at.unknown && at.open.is_some(), "an unknown unit stays open");
        settled(&mut at, Some(true), Verdict::new(Outcome::Applied, "it is there"));
        assert_eq!((at.applied, at.unknown), (3, false));
    }

    #[test]
    fn a_batch_goes_on_after_its_last_chunk() {
        let batch = Batch { key: "id".into(), rows: 10, pause_ms: 0, max_lag_s: None };
        let one = unit(0, 1, How::Batch(batch));
        let chunk = engine::Chunk { number: 3, upto: "30".into(), rows: 30, ..Default::default() };
        let mut at = Checkpoint { count: 1, ..Checkpoint::default() };
        let transaction = Transaction { id: "t-3".into(), isolation: None };
        at.open = Some(open(&one, "77", Some(&transaction), None));
        let proof = Proof { id: "t-3".into(), facts: Some([("xid".into(), "9".into())].into()) };
        committing(&mut at, &proof, Some(&chunk));
        settled(&mut at, Some(true), Verdict::new(Outcome::Applied, "committed"));
        assert_eq!(at.applied, 0, "the statement is not over");
        assert_eq!(after(&at).map(|c| (c.number, c.upto)), Some((3, "30".to_owned())));
        ended(&mut at, &one, true, None);
        assert_eq!((at.applied, at.chunk), (1, None));
    }
}
