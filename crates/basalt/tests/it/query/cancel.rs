//! Who hangs up stops their query, at the server too.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::environment::say;
use testkit::servers::{self, Product, Server};

use super::QUERY;
use crate::shop::{Shop, list};

const WITHIN: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn hanging_up_stops_the_statement_on_postgres() {
    let Some(server) = servers::postgres().await else { return };
    let slow =
        "SELECT count(*) FROM generate_series(1, 100000000) a, generate_series(1, 100000) marked";
    stopped(&server, slow).await;
}

#[tokio::test]
async fn hanging_up_stops_the_statement_on_mysql_and_mariadb() {
    for server in [servers::mariadb().await, servers::mysql97().await].into_iter().flatten() {
        let of = "information_schema.columns";
        let slow = format!(
            "SELECT max(CONCAT(a.table_name, b.table_name, c.table_name, marked.table_name)) FROM {of} a, {of} b, {of} c, {of} marked"
        );
        stopped(&server, &slow).await;
    }
}

async fn stopped(server: &Server, slow: &str) {
    let database = server.database().await;
    let shop = Shop::open().await;
    let name = shop.adopt("test", "test", &database).await;
    let (ada, body) = (shop.ada.clone(), json!({"name": name, "statement": slow}));
    let call = tokio::spawn(async move { ada.json(QUERY, body).await });
    let until = Instant::now() + PATIENCE;
    while !is_busy(server, &database.name).await {
        assert!(Instant::now() < until && !call.is_finished(), "never began");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let asked = Instant::now();
    call.abort();
    while is_busy(server, &database.name).await {
        assert!(asked.elapsed() < WITHIN, "{slow}: still running after {WITHIN:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    say(&format!("query stopped at {:?}: {} ms", server.product, asked.elapsed().as_millis()));
    // The server tells its history when the statement has ended.
    let parent = json!({"parent": "projects/shop"});
    let until = Instant::now() + PATIENCE;
    let entry: Value = loop {
        let page = shop.ada.json("QueryHistoryService/SearchQueryHistories", parent.clone()).await;
        if let Some(entry) = list(&page.expect("a page")["queryHistories"]).pop() {
            break entry;
        }
        assert!(Instant::now() < until, "no entry in the history");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(entry["status"], "CANCELED", "{entry}");
}

/// The long statement runs.
async fn is_busy(server: &Server, name: &str) -> bool {
    let sql = match server.product {
        Product::Postgres => format!(
            "SELECT 1 FROM pg_stat_activity WHERE datname = '{name}' AND state = 'active' AND query LIKE '%marked%' AND pid <> pg_backend_pid()"
        ),
        Product::MariaDb | Product::MySql => format!(
            "SELECT 1 FROM information_schema.processlist WHERE db = '{name}' AND info LIKE '%marked%' AND id <> connection_id()"
        ),
    };
    !server.rows(&sql).await.is_empty()
}
