//! The tours of the documentation, run as a reader would run them: their blocks, in order, by bash and curl.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use testkit::app::{Basalt, Client};
use testkit::servers;

use crate::BASALT;
use crate::shop::{list, text};

const API: &str = include_str!("../../../../docs/tour-api.md");
const REST: &str = include_str!("../../../../docs/api.md");
const GITOPS: &str = include_str!("../../../../docs/tour-gitops.md");
const APPROVAL: &str = include_str!("../../../../docs/tour-approval.md");

/// Where a server is, as the tours read it: `PG_HOST`, `PG_PORT`, …
fn place(prefix: &str, server: &servers::Server) -> Vec<(String, String)> {
    [
        ("HOST", server.host.clone()),
        ("PORT", server.port.to_string()),
        ("USER", server.user.clone()),
        ("PASSWORD", server.password.clone()),
    ]
    .map(|(name, value)| (format!("{prefix}_{name}"), value))
    .to_vec()
}

/// Runs the blocks of a tour; a failure shows what they said.
async fn follow(tour: &str, basalt: &Basalt, env: Vec<(String, String)>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut bash = tokio::process::Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &blocks(tour, 5)]).current_dir(folder.path());
    bash.env("BASALT", &basalt.url).envs(env).stdin(Stdio::null()).kill_on_drop(true);
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
}

#[tokio::test]
async fn the_tour_by_api_works_and_does_what_it_says() {
    let (Some(pg), Some(my)) = (servers::postgres().await, servers::mariadb().await) else {
        return;
    };
    let (pg_test, pg_prod) = (pg.database().await, pg.database().await);
    let (my_test, my_prod) = (my.database().await, my.database().await);
    let basalt = Basalt::start(BASALT, &[]).await;
    let databases = [
        ("PG_TEST", &pg_test),
        ("PG_PROD", &pg_prod),
        ("MY_TEST", &my_test),
        ("MY_PROD", &my_prod),
    ];
    let mut env = [place("PG", &pg), place("MY", &my)].concat();
    env.extend(databases.map(|(name, database)| (name.to_owned(), database.name.clone())));
    follow(API, &basalt, env).await;

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

#[tokio::test]
async fn the_page_about_the_api_works_and_does_what_it_says() {
    let basalt = Basalt::start(BASALT, &[]).await;
    follow(REST, &basalt, Vec::new()).await;
    let mut ada = basalt.client();
    ada.sign_in("ada@example.com", "correct-horse-9").await;
    let project = ada.json("ProjectService/GetProject", json!({"name": "projects/shop"})).await;
    let project = project.expect("the project");
    assert_eq!(
        (text(&project["title"]).as_str(), &project["state"]),
        ("The shop", &json!("ACTIVE"))
    );
}

#[tokio::test]
async fn the_tour_of_approvals_works_and_does_what_it_says() {
    let Some(pg) = servers::postgres().await else { return };
    let databases = [pg.database().await, pg.database().await, pg.database().await];
    let basalt = Basalt::start(BASALT, &[]).await;
    let mut env = place("PG", &pg);
    for (name, database) in ["DB_TEST", "DB_STAGING", "DB_PROD"].iter().zip(&databases) {
        env.push(((*name).to_owned(), database.name.clone()));
    }
    follow(APPROVAL, &basalt, env).await;
    for database in &databases {
        assert_eq!(database.rows("SELECT count(*) FROM coupon").await, [[Some("0".to_owned())]]);
    }
}

/// The page is the same for every engine; `basalt` is in the path.
async fn tour_of_gitops(server: Option<servers::Server>, engine: &str) {
    let Some(server) = server else { return };
    let databases = [server.database().await, server.database().await, server.database().await];
    let basalt = Basalt::start(BASALT, &[]).await;
    let mut env = place("DB", &server);
    let folder = std::path::Path::new(BASALT).parent().expect("a folder").display();
    env.push(("PATH".to_owned(), format!("{folder}:/usr/local/bin:/usr/bin:/bin")));
    env.push(("DB_ENGINE".to_owned(), engine.to_owned()));
    for (name, database) in ["DB_TEST", "DB_STAGING", "DB_PROD"].iter().zip(&databases) {
        env.push(((*name).to_owned(), database.name.clone()));
    }
    follow(GITOPS, &basalt, env).await;
    // Production has what was approved; the rest waits there.
    let [test, staging, prod] = &databases;
    for database in [staging, prod] {
        let rows = database.rows("SELECT email FROM customer").await;
        assert_eq!(rows, [[Some("first@example.com".to_owned())]]);
    }
    assert_eq!(test.rows("SELECT count(amount) FROM orders").await, [[Some("0".to_owned())]]);
    for table in ["note", "invoice"] {
        let count =
            format!("SELECT count(*) FROM information_schema.tables WHERE table_name = '{table}'");
        let here = match engine {
            "POSTGRES" => count,
            _ => format!("{count} AND table_schema = database()"),
        };
        assert_eq!(test.rows(&here).await, [[Some("1".to_owned())]], "{table} in test");
        assert_eq!(prod.rows(&here).await, [[Some("0".to_owned())]], "{table} in prod");
    }
}

#[tokio::test]
async fn the_tour_of_gitops_works_on_postgres() {
    tour_of_gitops(servers::postgres().await, "POSTGRES").await;
}

#[tokio::test]
async fn the_tour_of_gitops_works_on_mariadb() {
    tour_of_gitops(servers::mariadb().await, "MARIADB").await;
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

/// The blocks marked `sh`, as one script; there are at least so many.
pub fn blocks(markdown: &str, least: usize) -> String {
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
    assert!(count >= least, "the page should have more blocks than {count}");
    script.join("\n")
}
