//! `basalt rollout`, `release` and `why` against a real server and a real database.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::servers;

use super::{AGENT, Job, PATIENCE, Ran, account};
use crate::shop::{Shop, list, text};

const FIRST: (&str, &str) =
    ("migrations/0001_book.sql", "CREATE TABLE book (id bigint PRIMARY KEY);\n");
const SECOND: (&str, &str) = ("migrations/0002_ink.sql", "ALTER TABLE book ADD COLUMN ink text;\n");

#[tokio::test]
async fn files_reach_the_stage_that_is_asked_for_and_are_skipped_the_next_time() {
    let Some(pg) = servers::postgres().await else { return };
    let (test, prod) = (pg.database().await, pg.database().await);
    let shop = Shop::open().await;
    let (to_test, to_prod) =
        (shop.adopt("test", "test", &test).await, shop.adopt("prod", "prod", &prod).await);
    let agent = account(&shop, "ci", &[AGENT]).await;
    let job = Job::new(&[FIRST, SECOND]).of(&shop, &agent, &[&to_test, &to_prod]);

    let args = ["rollout", "--target-stage", "environments/test", "--output", "out.json"];
    job.run(&args).await.ended(0).says("test: 1 of 1 done");
    assert_eq!(test.rows("SELECT count(ink) FROM book").await, [[Some("0".to_owned())]]);
    let there = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'book'";
    assert_eq!(prod.rows(there).await, [[Some("0".to_owned())]], "prod waits");
    let output: Value = serde_json::from_str(&job.read("out.json")).expect("JSON");
    let release = text(&output["release"]);
    assert!(
        release.starts_with("projects/shop/releases/release_") && release.ends_with("-RC00"),
        "{release}"
    );
    assert_eq!(output["rollout"], json!(format!("{}/rollout", text(&output["plan"]))));
    let stages: Vec<_> = list(&output["stages"])
        .iter()
        .map(|s| format!("{} {}", text(&s["environment"]), text(&s["status"])))
        .collect();
    assert_eq!(stages, ["environments/test DONE", "environments/prod NOT_STARTED"]);

    // The plan goes on to production; test is done and is not run again.
    let plan = text(&output["plan"]);
    let on = ["rollout", "--plan", &plan, "--target-stage", "environments/prod"];
    job.run(&on).await.ended(0).says("prod: 1 of 1 done");
    assert_eq!(prod.rows("SELECT count(ink) FROM book").await, [[Some("0".to_owned())]]);

    // Again: a new release of which everything is applied.
    job.run(&args).await.ended(0);
    let listed = job.run(&["release", "list"]).await;
    // Pipelines may read a release, and not list them.
    listed.says("bb.releases.list");
    let output: Value = serde_json::from_str(&job.read("out.json")).expect("JSON");
    job.run(&["release", "show", &text(&output["release"])])
        .await
        .ended(0)
        .says("migrations/0002_ink.sql");
    job.run(&["rollout", "--target-stage", "environments/nowhere"])
        .await
        .ended(0)
        .says("no stage environments/nowhere");
}

#[tokio::test]
async fn what_fails_is_told_with_its_file_and_line_and_mending_it_goes_on() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let agent = account(&shop, "ci", &[AGENT]).await;
    let broken = ("migrations/0002_ink.sql", "-- Ink\n\nALTER TABLE pen ADD COLUMN ink text;\n");
    let job = Job::new(&[FIRST, broken])
        .of(&shop, &agent, &[&target])
        .with(&[("GITHUB_ACTIONS", "true")]);
    let args = ["rollout", "--target-stage", "environments/test"];
    let ran = job.run(&args).await.ended(1);
    ran.says(&format!("migrations/0002_ink.sql:3: {target}: ")).says("1 of 2 files were applied");
    ran.says("::error file=migrations/0002_ink.sql,line=3,title=Failed on ");
    job.write(&[SECOND]);
    job.run(&args).await.ended(0);
    assert_eq!(database.rows("SELECT count(ink) FROM book").await, [[Some("0".to_owned())]]);
}

#[tokio::test]
async fn a_signal_cancels_what_runs() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let agent = account(&shop, "ci", &[AGENT]).await;
    let slow = ("migrations/0001_slow.sql", "SELECT pg_sleep(600);\n");
    let job = Job::new(&[slow]).of(&shop, &agent, &[&target]);
    let child =
        job.command(&["rollout", "--target-stage", "environments/test"]).spawn().expect("it runs");
    let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid()";
    let until = Instant::now() + PATIENCE;
    while database.rows(sleeps).await == [[Some("0".to_owned())]] {
        assert!(Instant::now() < until, "it never began");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let pid = child.id().expect("it runs").to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output())
        .await
        .expect("it ends")
        .expect("a status");
    Ran::of(&output).ended(143).says("canceled");
    assert_eq!(database.rows(sleeps).await, [[Some("0".to_owned())]]);
    let runs = json!({"parent": "projects/shop/plans/-/rollout/stages/-/tasks/-"});
    // The plan's number is in what the command said.
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let plan = said.lines().find_map(|l| l.strip_prefix("plan ")).expect("the plan");
    let runs = json!({"parent": runs["parent"].as_str().expect("a text").replace("projects/shop/plans/-", plan)});
    let found = shop.ada.json("RolloutService/ListTaskRuns", runs).await.expect("runs");
    assert_eq!(found["taskRuns"][0]["status"], "CANCELED", "{found}");
}

#[tokio::test]
async fn a_gate_is_told_and_is_no_failure() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let change = json!({"project": {"name": "projects/shop", "requireIssueApproval": true}, "updateMask": "requireIssueApproval"});
    shop.ada.json("ProjectService/UpdateProject", change).await.expect("a project");
    let rule = json!({"source": "CHANGE_DATABASE", "condition": {"expression": "true"},
        "template": {"title": "A DBA", "flow": {"roles": ["roles/workspaceDBA"]}}});
    let setting = json!({"name": "settings/WORKSPACE_APPROVAL", "value": {"workspaceApproval": {"rules": [rule]}}});
    shop.ada
        .json("SettingService/UpdateSetting", json!({"setting": setting}))
        .await
        .expect("a rule");
    let agent = account(&shop, "ci", &[AGENT, "roles/projectDeveloper"]).await;
    let job = Job::new(&[FIRST]).of(&shop, &agent, &[&target]);
    let args = ["rollout", "--target-stage", "environments/test"];
    let ran = job.run(&args).await.ended(4);
    ran.says("--issue").says("basalt rollout --plan projects/shop/plans/");
    let ran = job.run(&[&args[..], &["--issue"]].concat()).await.ended(4);
    ran.says("roles/workspaceDBA").says("review projects/shop/issues/");
}

#[tokio::test]
async fn why_tells_of_each_database_what_would_happen() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let agent = account(&shop, "ci", &[AGENT, "roles/projectOwner"]).await;
    let stray = ("migrations/ink.sql", "SELECT 1;");
    let job = Job::new(&[FIRST, SECOND, stray, ("other/1.sql", "SELECT 1;")]).of(
        &shop,
        &agent,
        &[&target],
    );
    job.run(&["why", "migrations/0001_book.sql"]).await.ended(0).says("would run");
    job.run(&["rollout", "--target-stage", "environments/test"]).await.ended(0);
    job.run(&["why", "./migrations/0001_book.sql"])
        .await
        .ended(0)
        .says("is skipped (ALREADY_APPLIED)");
    job.run(&["why", "migrations/ink.sql"])
        .await
        .ended(0)
        .says("is left out: its name does not begin with a version");
    job.run(&["why", "other/1.sql"])
        .await
        .ended(0)
        .says("the pattern migrations/*.sql does not name it");
    job.run(&["why", "none.sql"]).await.ended(2).says("no such file");
    job.write(&[
        ("migrations/0001_book.sql", "CREATE TABLE other (id int);"),
        ("migrations/0001.5_late.sql", "SELECT 1;"),
    ]);
    job.run(&["why", "migrations/0001_book.sql"])
        .await
        .ended(0)
        .says("is refused (APPLIED_WITH_OTHER_CONTENT)");
    job.run(&["why", "migrations/0001.5_late.sql"])
        .await
        .ended(0)
        .says("would run")
        .says("comes after 0002");
    let listed = job.run(&["release", "list", "--limit", "1"]).await.ended(0);
    assert_eq!(listed.out.lines().count(), 1, "{}", listed.out);
}

#[tokio::test]
async fn a_workflow_is_written_once() {
    let job = Job::new(&[]);
    for (service, path) in [
        ("github", ".github/workflows/basalt.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("bitbucket", "bitbucket-pipelines.yml"),
        ("azure", "azure-pipelines.yml"),
    ] {
        let args = [
            "ci",
            "init",
            service,
            "--url",
            "https://basalt.example.com",
            "--project",
            "projects/shop",
            "--targets",
            "instances/test/databases/shop",
        ];
        job.run(&args).await.ended(0).says(path);
        assert!(job.read(path).contains("basalt check --check-release FAIL_ON_ERROR"));
        job.run(&args).await.ended(2).says("--force");
    }
}
