//! A language of one statement a line, and a session and an observer that note what they hear and fail where they are told to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base::{Error, LineIndex, Span};
use schema::Catalog;
use sql::{BatchParts, CreateDatabase, Dialect, Facts, Statement, StatementKind, SyntaxError};

use super::{Event, Observer};
use crate::failure::{Failure, FailureKind, StatementFailure};
use crate::proof::{Transaction, Witness};
use crate::session::{Cancel, InstanceInfo, Reply, Row, ServerInfo, Session, SessionActivity};
use crate::settings::Setting;

/// `transactional`: whether its DDL takes part in transactions.
pub struct Lines {
    pub transactional: bool,
}

impl Dialect for Lines {
    fn split(&self, script: &str) -> Vec<Statement> {
        let lines = LineIndex::new(script);
        let mut at = 0;
        let mut found = Vec::new();
        for line in script.split_inclusive('\n') {
            let text = line.trim_end();
            if !text.is_empty() && !text.starts_with("--") {
                let span = Span { start: at, end: at + text.len() };
                found.push(Statement::new(span, script, &lines));
            }
            at += line.len();
        }
        found
    }

    fn classify(&self, statement: &str) -> Facts {
        use StatementKind as Kind;
        let word = statement.split(' ').next().unwrap_or_default();
        let kind = match word {
            "insert" => Kind::Insert,
            "update" => Kind::Update,
            "create" => Kind::CreateTable,
            "set" => Kind::Set,
            "begin" => Kind::Begin,
            "commit" => Kind::Commit,
            "rollback" => Kind::Rollback,
            "call" => Kind::Call,
            "vacuum" => Kind::Maintenance,
            _ => Kind::Unknown,
        };
        Facts { outside_transaction: word == "vacuum", ..Facts::of(kind) }
    }

    fn syntax_errors(&self, _: &str) -> Option<Vec<SyntaxError>> {
        None
    }

    fn render(&self, _: &Catalog) -> String {
        String::new()
    }

    fn quote_identifier(&self, name: &str) -> String {
        name.to_owned()
    }

    fn create_database(&self, spec: &CreateDatabase) -> Result<String, Error> {
        Ok(format!("create {}", spec.name))
    }

    fn batch_parts(&self, statement: &str, _: &str) -> Result<BatchParts, String> {
        Ok(BatchParts { head: statement.to_owned(), table: "t".to_owned(), condition: None })
    }

    fn secrets(&self, _: &str) -> Vec<Span> {
        Vec::new()
    }

    fn transactional_ddl(&self) -> bool {
        self.transactional
    }
}

/// Numbers the keys 1 to `keys` of a table; each chunk changes a row for each key.
#[derive(Default)]
pub struct Target {
    /// What was sent.
    pub sent: Vec<String>,
    /// What fails, each once, the next time that it is sent.
    pub fails: VecDeque<(&'static str, StatementFailure)>,
    /// Highest keys of the chunks that are still to come.
    pub chunks: VecDeque<&'static str>,
}

pub fn failure(text: &str) -> StatementFailure {
    StatementFailure::new(FailureKind::Server, text)
}

pub fn lost() -> StatementFailure {
    StatementFailure { connection_lost: true, ..failure("reset by peer") }
}

pub fn lock_timeout() -> StatementFailure {
    StatementFailure { lock_timeout: true, ..failure("lock timeout") }
}

impl Target {
    pub fn failing(fails: &[(&'static str, StatementFailure)]) -> Self {
        Self { fails: fails.iter().cloned().collect(), ..Self::default() }
    }

    fn send(&mut self, text: &str) -> Result<(), StatementFailure> {
        self.sent.push(text.to_owned());
        let next = self.fails.front().is_some_and(|(what, _)| *what == text);
        match self.fails.pop_front_if(|_| next) {
            Some((_, failure)) => Err(failure),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Session for Target {
    async fn ping(&mut self) -> Result<ServerInfo, Failure> {
        Ok(ServerInfo::default())
    }

    async fn sync_instance(&mut self) -> Result<InstanceInfo, Failure> {
        Ok(InstanceInfo::default())
    }

    async fn sync_database(&mut self) -> Result<Catalog, Failure> {
        Ok(Catalog::default())
    }

    async fn apply_settings(&mut self, _: &[Setting]) -> Result<(), Failure> {
        Ok(())
    }

    async fn statement(&mut self, sql: &str) -> Result<Reply, StatementFailure> {
        self.send(sql)?;
        Ok(Reply { rows: Some(10), notices: Vec::new() })
    }

    async fn fetch(&mut self, sql: &str, _: usize) -> Result<Vec<Row>, StatementFailure> {
        if sql.contains("IS NULL LIMIT") || sql.contains("max(") {
            return Ok(Vec::new());
        }
        Ok(self.chunks.pop_front().map(|key| vec![Some(key.to_owned())]).into_iter().collect())
    }

    async fn begin(&mut self, transaction: &Transaction) -> Result<(), StatementFailure> {
        self.send(&format!("BEGIN {}", transaction.id))
    }

    async fn prepare(
        &mut self,
        _: &Transaction,
    ) -> Result<BTreeMap<String, String>, StatementFailure> {
        self.send("PREPARE")?;
        Ok([("xid".to_owned(), "9".to_owned())].into())
    }

    async fn commit(&mut self) -> Result<(), StatementFailure> {
        self.send("COMMIT")
    }

    async fn rollback(&mut self) -> Result<(), StatementFailure> {
        self.send("ROLLBACK")
    }

    async fn witness(&mut self, statement: &str) -> Result<Witness, Failure> {
        Ok(Witness { text: statement.to_owned(), decisive: true, broken: None })
    }

    async fn check_syntax(&mut self, _: &str) -> Result<Option<Vec<SyntaxError>>, Failure> {
        Ok(None)
    }

    async fn estimate_rows(&mut self, _: &str) -> Result<Option<i64>, Failure> {
        Ok(None)
    }

    fn canceller(&self) -> Arc<dyn Cancel> {
        Arc::new(Nothing)
    }

    async fn activity(&mut self, _: &str) -> Result<Option<SessionActivity>, Failure> {
        Ok(None)
    }

    fn backend(&self) -> String {
        "7".to_owned()
    }

    async fn close(self: Box<Self>) {}
}

struct Nothing;

#[async_trait]
impl Cancel for Nothing {
    async fn cancel(&self) -> Result<(), Failure> {
        Ok(())
    }
}

/// Notes the events that are about units, and refuses the one that it is told to.
#[derive(Default)]
pub struct Notes {
    pub heard: Vec<String>,
    pub refuses: &'static str,
}

#[async_trait]
impl Observer for Notes {
    async fn observe(&mut self, event: Event<'_>) -> Result<(), Error> {
        let range = |unit: &crate::units::Unit| {
            format!("{}..{}", unit.statements.start, unit.statements.end)
        };
        let note = match event {
            Event::Plan { .. } | Event::Prepared { .. } => return Ok(()),
            Event::UnitStart { unit, witness, .. } => {
                format!("start {}{}", range(unit), if witness.is_some() { " witness" } else { "" })
            }
            Event::Begin { result } => format!("begin {}", result.is_ok()),
            Event::Start { index, .. } => format!("statement {index}"),
            Event::End { index, result, .. } => format!("end {index} {}", result.is_ok()),
            Event::EarlyProof { proof, .. } => format!("early {}", proof.id),
            Event::BeforeCommit { proof, chunk, .. } => match chunk {
                Some(c) => {
                    format!("proof {} chunk {} to {} rows {}", proof.id, c.number, c.upto, c.rows)
                }
                None => format!("proof {}", proof.id),
            },
            Event::Commit { result } => format!("commit {}", result.is_ok()),
            Event::Rollback { result } => format!("rollback {}", result.is_ok()),
            Event::UnitEnd { unit, applied, .. } => format!("unit {} {applied}", range(unit)),
            Event::Retry { retry, maximum, .. } => format!("retry {retry} of {maximum}"),
            Event::Rest { .. } => "rest".to_owned(),
        };
        let refused = note == self.refuses;
        self.heard.push(note);
        if refused { Err(Error::internal("refused")) } else { Ok(()) }
    }

    async fn wait(&mut self, _: Duration) -> Result<(), Error> {
        Ok(())
    }
}
