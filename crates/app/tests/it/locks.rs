//! A lock that somebody else holds: tried for again a few times, and then given up with nothing applied.

use std::time::Duration;

use app::rollout::RolloutView;
use policy::rollout::TaskStatus;
use store::rows::{Environment, LogKind};
use testkit::servers::{Product, Server};

use crate::environments::set;
use crate::rollouts::{Shop, number, on_both};

on_both!(a_lock_that_comes_free_is_taken, a_lock_that_does_not_is_given_up);

/// A table `held`, and a project that tries for a lock again `retries` times, after a second each.
async fn shop(server: &Server, retries: i32) -> Shop {
    let shop = Shop::open(server).await;
    let lock_timeout = Some(Duration::from_secs(1));
    set(&shop, Environment { lock_timeout, ..Environment::default() }).await;
    let mut tx = shop.world.app.store.begin().await.unwrap();
    let mut project = store::projects::get(&mut tx, "shop").await.unwrap().unwrap();
    project.payload.execution_retries = retries;
    store::projects::update(&mut tx, &mut project, shop.world.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    shop.test.execute("CREATE TABLE held (id int); INSERT INTO held VALUES (1)").await;
    shop
}

/// A statement that reads the table for so long.
fn holder(server: &Server, seconds: u32) -> String {
    match server.product {
        Product::Postgres => format!("SELECT cast(pg_sleep({seconds}) AS text) FROM held"),
        Product::MariaDb | Product::MySql => format!("SELECT sleep({seconds}) FROM held"),
    }
}

/// Waits until the holder reads, then runs a change of the table until it has ended.
async fn change(shop: &Shop, server: &Server, wanted: TaskStatus) -> RolloutView {
    let watch = match server.product {
        Product::Postgres => {
            "SELECT cast(count(*) AS text) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT cast(pg_sleep%'"
        }
        Product::MariaDb | Product::MySql => {
            "SELECT cast(count(*) AS char) FROM information_schema.processlist WHERE db = database() AND info LIKE 'SELECT sleep%'"
        }
    };
    for _ in 0..200 {
        if number(&shop.test, watch).await == "1" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let rollout = shop.rollout("ALTER TABLE held ADD COLUMN more int;").await;
    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", wanted).await;
    rollout
}

/// The tries again that the log tells of, as (number, most).
async fn retries(shop: &Shop, rollout: &RolloutView) -> Vec<(i32, i32)> {
    let log = shop.log(rollout, "test").await;
    let retry = |kind: &LogKind| match kind {
        LogKind::Retry { retry, maximum, error } => {
            assert!(error.contains("trying again in"), "{error}");
            Some((*retry, *maximum))
        }
        _ => None,
    };
    log.iter().filter_map(retry).collect()
}

async fn columns(shop: &Shop) -> String {
    let query = "SELECT cast(count(*) AS char(9)) FROM information_schema.columns WHERE table_name = 'held' AND column_name = 'more' AND (table_schema = 'public' OR table_schema = ";
    let schema = match shop.test.server.product {
        Product::Postgres => "'public'",
        Product::MariaDb | Product::MySql => "database()",
    };
    number(&shop.test, &format!("{query}{schema})")).await.trim().to_owned()
}

async fn a_lock_that_comes_free_is_taken(server: &Server) {
    let shop = shop(server, 3).await;
    let holder = holder(server, 2);
    let (rollout, ()) =
        tokio::join!(change(&shop, server, TaskStatus::Done), shop.test.execute(&holder));
    let told = retries(&shop, &rollout).await;
    assert!(!told.is_empty() && told[0] == (1, 3), "{told:?}");
    assert_eq!(columns(&shop).await, "1");
}

async fn a_lock_that_does_not_is_given_up(server: &Server) {
    let shop = shop(server, 2).await;
    let holder = holder(server, 9);
    let (rollout, ()) =
        tokio::join!(change(&shop, server, TaskStatus::Failed), shop.test.execute(&holder));
    assert_eq!(retries(&shop, &rollout).await, [(1, 2), (2, 2)]);
    let detail = shop.detail(&rollout, "test").await;
    assert!(detail.contains("othing of this change was applied"), "{detail}");
    assert_eq!(columns(&shop).await, "0");
}
