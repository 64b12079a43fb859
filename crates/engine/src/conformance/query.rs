//! Reading for people: values whole, limits kept, writing refused by the server, and a statement that ends when it should.

use std::time::{Duration, Instant};

use super::{Fixture, in_time};
use crate::failure::FailureKind;
use crate::query::{Cell, Cut, Reading, Table};
use crate::session::{Engine, Session};

/// More rows than anybody wants.
const ENDLESS: &str = "SELECT a.id, b.name FROM work a, work b, work c";
/// Reckons for hours before its only row. Some servers know how many rows there are without looking.
const SLOW: &str = "SELECT max(a.id + b.id + c.id + d.id) FROM work a, work b, work c, work d";
/// Longest time from asking to stop to the statement's end.
const STOPPED_WITHIN: Duration = Duration::from_secs(2);

/// After `run`, which made the table `work`.
pub(super) async fn check(engine: &dyn Engine, fixture: &Fixture<'_>) {
    values(engine, fixture).await;
    limits(engine, fixture).await;
    writing(engine, fixture).await;
    time(engine, fixture).await;
    if fixture.target.kind.capabilities().cancel {
        cancel(engine, fixture).await;
    }
}

async fn reading(
    engine: &dyn Engine,
    fixture: &Fixture<'_>,
    timeout: Duration,
) -> Box<dyn Session> {
    let mut target = fixture.at(2);
    target.read_only = true;
    let mut session =
        in_time("connect", engine.connect(&target)).await.expect("a read-only session");
    let early = session.query("SELECT 1", &mut Table::new(1, 1_000)).await;
    early.expect_err("a query outside a transaction that reads");
    let reading = Reading { timeout, schema: None };
    in_time("begin", session.begin_reading(&reading)).await.expect("a transaction that reads");
    session
}

async fn read(session: &mut dyn Session, sql: &str, rows: usize, bytes: usize) -> Table {
    let mut table = Table::new(rows, bytes);
    let done = in_time(sql, session.query(sql, &mut table)).await;
    done.unwrap_or_else(|e| panic!("{sql}: {e}"));
    table
}

async fn values(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = reading(engine, fixture, Duration::from_secs(60)).await;
    for (sql, type_name, cell) in fixture.values {
        let table = read(session.as_mut(), sql, 10, 1_000_000).await;
        assert_eq!(table.rows, [[cell.clone()]], "{sql}");
        assert_eq!(table.columns[0].type_name, *type_name, "{sql}");
    }
    let named =
        read(session.as_mut(), "SELECT id, name AS called FROM work WHERE id = 4", 10, 1_000).await;
    let names: Vec<_> = named.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!((names, named.rows.len(), named.cut), (vec!["id", "called"], 1, None));
    assert_eq!(named.rows[0][1], Cell::Text("name 4".to_owned()));
    let none = read(session.as_mut(), "SELECT id FROM work WHERE id < 0", 10, 1_000).await;
    assert_eq!((none.columns.len(), none.rows.len()), (1, 0), "columns are told without rows");
    session.close().await;
}

async fn limits(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = reading(engine, fixture, Duration::from_secs(60)).await;
    let began = Instant::now();
    let cut = read(session.as_mut(), ENDLESS, 10, 1_000_000).await;
    assert_eq!((cut.rows.len(), cut.cut), (10, Some(Cut::Rows)));
    let cut = read(session.as_mut(), ENDLESS, usize::MAX, 1_000_000).await;
    assert_eq!(cut.cut, Some(Cut::Bytes));
    assert!(cut.rows.len() > 5_000, "{}", cut.rows.len());
    assert!(began.elapsed() < Duration::from_secs(20), "they were stopped: {:?}", began.elapsed());
    let exact = read(session.as_mut(), "SELECT id FROM work WHERE id IN (4, 5)", 2, 1_000).await;
    assert_eq!(
        (exact.rows.len(), exact.cut),
        (2, None),
        "the session goes on, and all rows are here"
    );
    session.close().await;
}

/// Whoever judged the statement wrongly: the server does not write.
async fn writing(engine: &dyn Engine, fixture: &Fixture<'_>) {
    for sql in [
        "DELETE FROM work WHERE id = 4",
        "UPDATE work SET name = 'x' WHERE id = 4",
        "INSERT INTO work VALUES (5000, 'x')",
        "CREATE TABLE never (a int)",
        "DROP TABLE work",
    ] {
        let mut session = reading(engine, fixture, Duration::from_secs(60)).await;
        let done = in_time(sql, session.query(sql, &mut Table::new(10, 1_000))).await;
        done.expect_err("the server refuses to write");
        session.close().await;
    }
    let mut session = fixture.session(engine, 2).await;
    let rows = session.fetch("SELECT name FROM work WHERE id IN (4, 5000)", 10).await;
    assert_eq!(rows.expect("the table is there"), [[Some("name 4".to_owned())]]);
    let catalog = in_time("sync", session.sync_database()).await.expect("a catalog");
    assert!(!catalog.schemas.iter().flat_map(|s| &s.tables).any(|t| t.name == "never"));
    session.close().await;
}

async fn time(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = reading(engine, fixture, Duration::from_secs(1)).await;
    let began = Instant::now();
    let late = in_time("a slow query", session.query(SLOW, &mut Table::new(1, 1_000))).await;
    let failure = late.expect_err("it takes hours");
    assert_eq!(failure.kind, FailureKind::Timeout, "{failure}");
    assert!(began.elapsed() >= Duration::from_millis(900), "{:?}", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    session.close().await;
}

async fn cancel(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = reading(engine, fixture, Duration::from_secs(60)).await;
    let canceller = session.canceller();
    let running = tokio::spawn(async move {
        let result = session.query(SLOW, &mut Table::new(1, 1_000)).await;
        (session, result)
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let asked = Instant::now();
    in_time("cancel", canceller.cancel()).await.expect("cancel");
    let (session, result) = in_time("the cancelled query", running).await.expect("no panic");
    let failure = result.expect_err("a cancelled query fails");
    assert_eq!(failure.kind, FailureKind::Canceled, "{failure}");
    assert!(asked.elapsed() <= STOPPED_WITHIN, "stopped after {:?}", asked.elapsed());
    session.close().await;
}
