//! One UPDATE or DELETE in ranges of a key: each chunk is a transaction with its own checkpoint, so that the rest can be taken up.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sql::{Batch, BatchParts};

use super::{Event, ExecuteError, Run};
use crate::failure::{FailureKind, PlacedFailure, StatementFailure};
use crate::units::Unit;

/// How often a replica that is behind is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A range of keys: above `after`, up to and with `upto`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Chunk {
    /// From 1.
    pub number: u64,
    /// None: from the lowest key.
    pub after: Option<String>,
    pub upto: String,
    /// Rows changed by this chunk and those before it; known once it ran.
    pub rows: i64,
    /// What is sent.
    #[serde(skip)]
    pub sql: String,
}

impl Run<'_> {
    /// Runs a batch after chunk `last`, or from its beginning.
    pub(super) async fn batch(
        &mut self,
        unit: &Unit,
        batch: &Batch,
        mut last: Option<Chunk>,
    ) -> Result<(), ExecuteError> {
        let index = unit.statements.start;
        let text = self.statements[index].text(self.script);
        let parts = self.dialect.batch_parts(text, &batch.key).map_err(|why| {
            self.refuse(unit, format!("this statement cannot run in batches: {why}"))
        })?;
        let key = self.dialect.quote_identifier(&batch.key);
        self.refuse_null_keys(unit, &parts, &key).await?;
        // A batch is one statement, however many chunks it has.
        let statements = self.done.statements;
        let mut retries = 0;
        loop {
            let Some(mut chunk) = self.next_chunk(unit, batch, &parts, &key, last.as_ref()).await?
            else {
                break;
            };
            let rows = self.done.rows;
            match self.ours(unit, Some(&chunk)).await {
                Ok(()) => {}
                Err(ended) => {
                    self.done.rows = rows;
                    self.try_again(unit, ended, &mut retries).await?;
                    continue;
                }
            }
            retries = 0;
            chunk.rows += self.done.rows - rows;
            last = Some(chunk);
            self.rest(unit, batch).await?;
        }
        self.done.statements = statements + 1;
        let ended = Event::UnitEnd { unit, applied: true, chunk: None };
        let applied = unit.statements.end;
        self.observer.observe(ended).await.map_err(|error| ExecuteError::Stopped { error, applied })
    }

    /// The range that follows `last`; None when no row is left.
    async fn next_chunk(
        &mut self,
        unit: &Unit,
        batch: &Batch,
        parts: &BatchParts,
        key: &str,
        last: Option<&Chunk>,
    ) -> Result<Option<Chunk>, ExecuteError> {
        let after = last.map(|c| c.upto.clone());
        let above = match &after {
            Some(value) => format!("{key} > {}", self.literal(unit, value)?),
            None => format!("{key} IS NOT NULL"),
        };
        let matching = match &parts.condition {
            Some(condition) => format!("({condition}) AND {above}"),
            None => above.clone(),
        };
        let table = &parts.table;
        let full = format!(
            "SELECT {key} FROM {table} WHERE {matching} ORDER BY {key} LIMIT 1 OFFSET {}",
            batch.rows - 1
        );
        let upto = match self.one_value(unit, &full).await? {
            Some(value) => Some(value),
            // Fewer rows than a chunk are left.
            None => {
                self.one_value(unit, &format!("SELECT max({key}) FROM {table} WHERE {matching}"))
                    .await?
            }
        };
        let Some(upto) = upto else { return Ok(None) };
        let range = format!("{above} AND {key} <= {}", self.literal(unit, &upto)?);
        let condition = match &parts.condition {
            Some(condition) => format!("({condition}) AND {range}"),
            None => range,
        };
        Ok(Some(Chunk {
            number: last.map_or(1, |c| c.number + 1),
            after,
            upto,
            rows: last.map_or(0, |c| c.rows),
            sql: format!("{} WHERE {condition}", parts.head),
        }))
    }

    /// Pauses between chunks, and for as long as a replica is too far behind.
    async fn rest(&mut self, unit: &Unit, batch: &Batch) -> Result<(), ExecuteError> {
        let applied = unit.statements.start;
        let stopped = |error| ExecuteError::Stopped { error, applied };
        if batch.pause_ms > 0 {
            let pause = Duration::from_millis(batch.pause_ms.into());
            self.observer.wait(pause).await.map_err(stopped)?;
        }
        let Some(limit) = batch.max_lag_s else { return Ok(()) };
        let limit = Duration::from_secs(limit.into());
        loop {
            let lag = self.session.replica_lag().await.map_err(|failure| {
                let failure = StatementFailure::new(failure.kind, failure.message);
                self.failure(unit, failure)
            })?;
            let Some(lag) = lag.filter(|lag| *lag > limit) else { return Ok(()) };
            let because = format!("a replica is {} s behind", lag.as_secs());
            let event = Event::Rest { wait: LOOK_AGAIN, because: &because };
            self.observer.observe(event).await.map_err(stopped)?;
            self.observer.wait(LOOK_AGAIN).await.map_err(stopped)?;
        }
    }

    /// A row without a key would be left out.
    async fn refuse_null_keys(
        &mut self,
        unit: &Unit,
        parts: &BatchParts,
        key: &str,
    ) -> Result<(), ExecuteError> {
        let sql = format!("SELECT 1 FROM {} WHERE {key} IS NULL LIMIT 1", parts.table);
        match self.one_value(unit, &sql).await? {
            None => Ok(()),
            Some(_) => Err(self.refuse(
                unit,
                format!(
                    "rows of {} have no {key}: name a key that every row has",
                    parts.table.trim()
                ),
            )),
        }
    }

    async fn one_value(&mut self, unit: &Unit, sql: &str) -> Result<Option<String>, ExecuteError> {
        match self.session.fetch(sql, 1).await {
            Ok(rows) => {
                Ok(rows.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
            }
            Err(mut failure) => {
                (failure.offset, failure.line) = (None, None);
                Err(self.failure(unit, failure))
            }
        }
    }

    /// Every engine reads a quoted constant as the type of the column that it is compared with.
    fn literal(&self, unit: &Unit, value: &str) -> Result<String, ExecuteError> {
        if value.contains(['\\', '\0']) {
            // Engines differ in how they read a backslash, and by mode.
            return Err(self.refuse(
                unit,
                "a key holds a backslash or NUL, so that its range cannot be written; name another key",
            ));
        }
        Ok(format!("'{}'", value.replace('\'', "''")))
    }

    fn refuse(&self, unit: &Unit, why: impl Into<String>) -> ExecuteError {
        self.failure(unit, StatementFailure::new(FailureKind::Unsupported, why))
    }

    fn failure(&self, unit: &Unit, failure: StatementFailure) -> ExecuteError {
        let index = unit.statements.start;
        let position = self.statements[index].start;
        let failure = Box::new(PlacedFailure { failure, statement: index, position });
        if failure.failure.connection_lost {
            return ExecuteError::Lost { failure, unit: unit.clone() };
        }
        ExecuteError::Statement { failure, applied: index }
    }
}
