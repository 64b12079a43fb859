//! Running scripts: to the end, to a failure in the middle, outside a transaction.

use async_trait::async_trait;
use base::Position;
use sql::{CreateDatabase, Dialect};

use super::{Fixture, in_time};
use crate::execute::{Event, ExecuteError, ExecuteOptions, Executed, Observer, execute};
use crate::failure::FailureKind;
use crate::session::{Engine, Session};

/// Writes down what it hears.
#[derive(Default)]
pub(super) struct Log(pub Vec<String>);

#[async_trait]
impl Observer for Log {
    async fn observe(&mut self, event: Event<'_>) -> Result<(), base::Error> {
        self.0.push(match event {
            Event::Plan { count, .. } => format!("plan {count}"),
            Event::EarlyProof { .. }
            | Event::Prepared { .. }
            | Event::UnitStart { .. }
            | Event::UnitEnd { .. }
            | Event::Retry { .. }
            | Event::Rest { .. } => {
                return Ok(());
            }
            Event::Begin { result } => format!("begin {}", result.is_ok()),
            Event::Start { index, .. } => format!("start {index}"),
            Event::End { index, result, .. } => format!("end {index} {}", result.is_ok()),
            Event::BeforeCommit { .. } => "before commit".to_owned(),
            Event::Commit { result } => format!("commit {}", result.is_ok()),
            Event::Rollback { result } => format!("rollback {}", result.is_ok()),
        });
        Ok(())
    }
}

pub(super) async fn must_run(
    session: &mut dyn Session,
    dialect: &dyn Dialect,
    script: &str,
) -> (Executed, Vec<String>) {
    let mut log = Log::default();
    let options = ExecuteOptions::default();
    let ran = in_time("a script", execute(session, dialect, script, &options, &mut log)).await;
    match ran {
        Ok(done) => (done, log.0),
        Err(ExecuteError::Statement { failure, .. }) => {
            let statements = dialect.split(script);
            let text = statements.get(failure.statement).map_or("", |s| s.text(script));
            panic!("{} at {:?} of\n{text}", failure.failure, failure.position)
        }
        Err(other) => panic!("{other:?} in\n{script}"),
    }
}

pub(super) async fn check(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let dialect = engine.dialect();
    let mut session = fixture.session(engine, 2).await;
    let session = session.as_mut();
    must_run(session, dialect, fixture.work).await;

    let (done, log) = must_run(
        session,
        dialect,
        "UPDATE work SET name = 'x' WHERE id <= 3;\nDELETE FROM work WHERE id > 998",
    )
    .await;
    assert_eq!((done.statements, done.rows), (2, 5), "three updated and two deleted");
    let expect = [
        "plan 2",
        "begin true",
        "start 0",
        "end 0 true",
        "start 1",
        "end 1 true",
        "before commit",
        "commit true",
    ];
    assert_eq!(log, expect);

    let read = session.statement("SELECT id FROM work WHERE id <= 10").await;
    assert_eq!(read.expect("a query").rows, Some(10), "rows of a query are counted");

    failing(session, dialect, fixture).await;
    if let Some(script) = fixture.alone {
        let (_, log) = must_run(session, dialect, script).await;
        let count = |word: &str| log.iter().filter(|e| e.starts_with(word)).count();
        assert!(count("begin") < count("start"), "no transaction around one of them: {log:?}");
    }
    if let Some((statement, rows)) = fixture.estimate {
        let estimate = in_time("estimate", session.estimate_rows(statement)).await;
        let estimate = estimate.expect("an estimate").expect("the engine gives estimates");
        assert!((rows / 2..=rows * 2).contains(&estimate), "{estimate} is not about {rows}");
        let still = session.statement(statement).await.expect("the statement itself").rows;
        assert_eq!(still, Some(rows), "estimating changed nothing");
        let none = session.estimate_rows("CREATE TABLE never (a int)").await;
        assert_eq!(none.expect("no estimate is no failure"), None);
    }
    if let Some(name) = &fixture.new_database {
        let spec = CreateDatabase { name: name.clone(), ..CreateDatabase::default() };
        let sql = dialect.create_database(&spec).expect("a statement");
        session.statement(&sql).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
        let instance = session.sync_instance().await.expect("sync_instance");
        assert!(instance.databases.iter().any(|d| d.name == *name), "{name} is there");
    }
    read_only(engine, fixture).await;
}

async fn failing(session: &mut dyn Session, dialect: &dyn Dialect, fixture: &Fixture<'_>) {
    let f = &fixture.failing;
    let mut log = Log::default();
    let options = ExecuteOptions::default();
    let ran = in_time("a failing script", execute(session, dialect, f.sql, &options, &mut log));
    let Err(ExecuteError::Statement { failure, applied }) = ran.await else {
        panic!("the last statement fails: {:?}", log.0)
    };
    assert_eq!(failure.statement, 2, "{}", failure.failure);
    assert_eq!(failure.failure.kind, FailureKind::Server, "{}", failure.failure);
    assert!(!failure.failure.code.is_empty(), "the engine's own code is kept");
    assert!(!failure.failure.connection_lost && !failure.failure.lock_timeout);
    let (line, column) = f.position;
    assert_eq!(failure.position, Position { line, column }, "{}", failure.failure);
    assert_eq!(applied, f.applied, "{:?}", log.0);
    let catalog = in_time("sync", session.sync_database()).await.expect("sync after a failure");
    let half = catalog.schemas.iter().flat_map(|s| &s.tables).any(|t| t.name == "half");
    assert_eq!(half, applied > 0, "what was said to be applied is what is there");
    session.statement("SELECT 1").await.expect("the session lives on");
}

/// The server itself refuses to write.
async fn read_only(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut target = fixture.at(2);
    target.read_only = true;
    let mut session =
        in_time("connect", engine.connect(&target)).await.expect("a read-only session");
    session.statement("SELECT id FROM work").await.expect("reading");
    session
        .statement("DELETE FROM work WHERE id = 1")
        .await
        .expect_err("a read-only session does not write");
    session.close().await;
}
