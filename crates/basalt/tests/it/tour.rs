//! `docs/tour-api.md`, run as a reader would run it: its blocks, in order, by bash and curl.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use testkit::app::{Basalt, Client};
use testkit::servers;

use crate::BASALT;
use crate::shop::{list, text};

const TOUR: &str = include_str!("../../../../docs/tour-api.md");

#[tokio::test]
async fn every_block_of_the_tour_works_and_does_what_it_says() {
    let (Some(pg), Some(my)) = (servers::postgres().await, servers::mariadb().await) else {
        return;
    };
    let (pg_test, pg_prod) = (pg.database().await, pg.database().await);
    let (my_test, my_prod) = (my.database().await, my.database().await);
    let basalt = Basalt::start(BASALT, &[]).await;

    let folder = tempfile::tempdir().expect("a folder");
    let port = |server: &servers::Server| server.port.to_string();
    let mut bash = tokio::process::Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &blocks(TOUR)]).current_dir(folder.path());
    bash.env("BASALT", &basalt.url);
    bash.envs([
        ("PG_HOST", &pg.host),
        ("PG_PORT", &port(&pg)),
        ("PG_USER", &pg.user),
        ("PG_PASSWORD", &pg.password),
    ]);
    bash.envs([
        ("MY_HOST", &my.host),
        ("MY_PORT", &port(&my)),
        ("MY_USER", &my.user),
        ("MY_PASSWORD", &my.password),
    ]);
    bash.envs([
        ("PG_TEST", &pg_test.name),
        ("PG_PROD", &pg_prod.name),
        ("MY_TEST", &my_test.name),
        ("MY_PROD", &my_prod.name),
    ]);
    bash.stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(120), bash.output())
        .await
        .expect("the tour ends")
        .expect("bash runs");
    let said = format!(
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{said}");

    for database in [&pg_test, &pg_prod, &my_test, &my_prod] {
        let rows = database.rows("SELECT email FROM customer").await;
        assert_eq!(
            rows,
            [[Some("first@example.com".to_owned())]],
            "{} of {:?}",
            database.name,
            database.server.product
        );
    }
    let mut ada = basalt.client();
    ada.sign_in("ada@example.com", "correct-horse-9").await;
    for (instance, database) in
        [("pg-test", &pg_test), ("pg-prod", &pg_prod), ("my-test", &my_test), ("my-prod", &my_prod)]
    {
        check_history(&ada, &format!("instances/{instance}/databases/{}", database.name)).await;
    }
}

/// A baseline, and above it one change with the schema before and after.
async fn check_history(ada: &Client, database: &str) {
    let request = json!({"parent": database, "view": "CHANGELOG_VIEW_FULL"});
    let history = list(
        &ada.json("ChangelogService/ListChangelogs", request).await.expect("a history")["changelogs"],
    );
    let kinds: Vec<String> = history.iter().map(|entry| text(&entry["type"])).collect();
    assert_eq!(kinds, ["MIGRATE", "BASELINE"], "{database}");
    let change = &history[0];
    assert_eq!(text(&change["status"]), "DONE");
    assert!(!text(&change["prevSchema"]).contains("customer"), "before: {change}");
    assert!(text(&change["schema"]).contains("customer"), "after: {change}");
    assert!(text(&change["statement"]).starts_with("CREATE TABLE customer"), "{change}");
    assert_eq!(text(&change["creator"]), "users/ada@example.com");
}

/// The blocks marked `sh`, as one script.
fn blocks(markdown: &str) -> String {
    let mut inside = false;
    let mut script = Vec::new();
    let mut count = 0;
    for line in markdown.lines() {
        match line {
            "```sh" => (inside, count) = (true, count + 1),
            "```" => inside = false,
            line if inside => script.push(line),
            _ => {}
        }
    }
    assert!(count > 10, "the tour should have more blocks than {count}");
    script.join("\n")
}
