//! A cancel reaches the server within two seconds, and the run says what stays.

use std::time::{Duration, Instant};

use testkit::environment::say;
use testkit::servers::{self, Product, Server};

use crate::change::{Change, is_over, log};
use crate::shop::{Shop, text};

const WITHIN: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_cancel_stops_a_sleep_and_a_long_alter() {
    let Some(server) = servers::postgres().await else { return };
    let slow = "CREATE FUNCTION slow(n int) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.05); RETURN n; END'";
    let table = "CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 1000)";
    canceled(
        &server,
        &format!("{slow}; {table}"),
        &[
            ("INSERT INTO t VALUES (0);\nSELECT pg_sleep(50);", "All was rolled back"),
            ("ALTER TABLE t ALTER COLUMN a TYPE bigint USING slow(a);", "All was rolled back"),
            (
                "-- txn-mode = off\nINSERT INTO t VALUES (0);\nSELECT pg_sleep(50);",
                "1 statement was applied and stays; 1 not.",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_cancel_stops_a_long_insert_on_mariadb() {
    let Some(server) = servers::mariadb().await else { return };
    let sql = "INSERT INTO t VALUES (0);\nINSERT INTO t SELECT SLEEP(50);";
    canceled(&server, "CREATE TABLE t (a int)", &[(sql, "All was rolled back")]).await;
}

/// Cancels each change while its last statement runs.
async fn canceled(server: &Server, before: &str, changes: &[(&str, &str)]) {
    let database = server.database().await;
    database.execute(before).await;
    let shop = Shop::open().await;
    let name = shop.adopt("test", "test", &database).await;
    for (sql, says) in changes {
        let ada = &shop.ada;
        let change = Change::make(ada, &name, sql).await;
        change.run(ada).await;
        let running = change.until(ada, |run| run["status"] == "RUNNING").await;
        let until = Instant::now() + Duration::from_secs(20);
        while !is_busy(server, &database.name).await {
            assert!(Instant::now() < until, "never began: {}", log(ada, &running).await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let asked = Instant::now();
        change.cancel(ada, &running).await;
        while is_busy(server, &database.name).await {
            assert!(asked.elapsed() < WITHIN, "{sql}: still running after {WITHIN:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        say(&format!(
            "cancel at {:?}: reached the server in {} ms",
            server.product,
            asked.elapsed().as_millis()
        ));
        let run = change.until(ada, is_over).await;
        assert_eq!(run["status"], "CANCELED", "{run}");
        assert!(text(&run["detail"]).contains(says), "{run}");
    }
}

/// The long statement runs.
async fn is_busy(server: &Server, name: &str) -> bool {
    let sql = match server.product {
        Product::Postgres => format!(
            "SELECT 1 FROM pg_stat_activity WHERE datname = '{name}' AND state = 'active' AND query ~ '(pg_sleep|slow)\\(' AND pid <> pg_backend_pid()"
        ),
        Product::MariaDb | Product::MySql => format!(
            "SELECT 1 FROM information_schema.processlist WHERE db = '{name}' AND info LIKE '%SLEEP(50)%' AND id <> connection_id()"
        ),
    };
    !server.rows(&sql).await.is_empty()
}
