//! `basalt move-to-git` and `basalt schema export`: from a project of the console to a repository.

use serde_json::{Value, json};
use testkit::servers::{self, Server};

use crate::pipeline::{AGENT, Job, account};
use crate::shop::{Shop, list, text};

const BOOK: &str = "CREATE TABLE book (id int NOT NULL PRIMARY KEY);\n";
const FILL: &str = "INSERT INTO book VALUES (1);\n";
const BROKEN: &str = "ALTER TABLE pen ADD COLUMN ink int;\n";

async fn moved(server: Option<Server>) {
    let Some(server) = server else { return };
    let (test, prod) = (server.database().await, server.database().await);
    let shop = Shop::open().await;
    let (to_test, to_prod) =
        (shop.adopt("test", "test", &test).await, shop.adopt("prod", "prod", &prod).await);
    let run = async |sql: &str, targets: &[&str], ends: &str| {
        let plan = shop.plan(sql, targets).await;
        let runs = shop.roll_out(&plan).await;
        assert!(runs.iter().all(|r| text(&r["status"]) == ends), "{sql}: {runs:?}");
    };
    // The same text by two plans, one on both at once, one that has reached test only, one that failed.
    run(BOOK, &[&to_test], "DONE").await;
    run(BOOK, &[&to_prod], "DONE").await;
    run("ALTER TABLE book ADD COLUMN title varchar(20);\n", &[&to_test, &to_prod], "DONE").await;
    run("INSERT INTO book (id) VALUES (1);\n", &[&to_test], "DONE").await;
    run(BROKEN, &[&to_test], "FAILED").await;

    let owner = account(&shop, "owner", &["roles/projectOwner", AGENT]).await;
    let job = Job::new(&[]).of(&shop, &owner, &[&to_test, &to_prod]);
    let args = ["move-to-git", "--output", "out.json"];
    let ran = job.run(&[&args[..], &["--dry-run"]].concat()).await.ended(0);
    ran.says("3 files to write, 5 marks to set")
        .says(&format!("would run  {to_prod}"))
        .says("(FAILED)");
    assert!(!job.path().join("migrations").exists(), "a dry run writes nothing");
    job.run(&args).await.ended(2).says("nothing was written");
    job.run(&[&args[..], &["--yes"]].concat()).await.ended(0).says("wrote 3 files and set 5 marks");

    let output: Value = serde_json::from_str(&job.read("out.json")).expect("JSON");
    let files = list(&output["files"]);
    let paths: Vec<String> = files.iter().map(|f| text(&f["path"])).collect();
    assert!(
        paths.iter().all(|p| p.starts_with("migrations/20") && p.ends_with("_a_change.sql")),
        "{paths:?}"
    );
    assert_eq!(job.read(&paths[0]), BOOK);
    assert_eq!(files[0]["databases"].as_array().map(Vec::len), Some(2), "{output}");
    assert_eq!(text(&output["left"][0]["reason"]), "FAILED");

    // Once more: nothing new. A file that somebody renamed is known by its text.
    std::fs::rename(
        job.path().join(&paths[0]),
        job.path().join(paths[0].replace("a_change", "books")),
    )
    .expect("renamed");
    job.run(&[&args[..], &["--yes"]].concat())
        .await
        .ended(0)
        .says("0 files to write, 0 marks to set");

    // From Git: test has everything, and prod gets what it lacks.
    job.run(&["rollout", "--target-stage", "environments/prod"]).await.ended(0);
    assert_eq!(test.rows("SELECT count(*) FROM book").await, [[Some("1".to_owned())]]);
    assert_eq!(prod.rows("SELECT count(*) FROM book").await, [[Some("1".to_owned())]]);
    job.run(&["rollout", "--target-stage", "environments/prod"])
        .await
        .ended(0)
        .says("All 3 files were applied before");
    // What came from a release is not written a second time.
    job.run(&[&args[..], &["--yes"]].concat())
        .await
        .ended(0)
        .says("0 files to write, 0 marks to set")
        .says("(RELEASE)");

    job.run(&["move-to-git", "--folder", "../out", "--yes"]).await.ended(2).says("--folder");
    let pipeline = account(&shop, "pipeline", &[AGENT]).await;
    let (email, key) = (text(&pipeline["email"]), text(&pipeline["serviceKey"]));
    job.run(&["move-to-git", "--service-account", &email, "--service-account-secret", &key])
        .await
        .ended(3)
        .says("bb.changelogs.list");
}

#[tokio::test]
async fn the_history_of_a_project_becomes_files_on_postgres() {
    moved(servers::postgres().await).await;
}

#[tokio::test]
async fn the_history_of_a_project_becomes_files_on_mariadb() {
    moved(servers::mariadb().await).await;
}

#[tokio::test]
async fn a_plan_that_was_mended_is_written_with_the_text_that_ended_well() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let plan = shop.plan(FILL, &[&target]).await;
    assert_eq!(shop.roll_out(&plan).await[0]["status"], "FAILED");
    let owner = account(&shop, "owner", &["roles/projectOwner", AGENT]).await;
    let job = Job::new(&[]).of(&shop, &owner, &[&target]);
    job.run(&["move-to-git", "--yes"]).await.ended(0).says("0 files to write").says("(FAILED)");
    database.execute(BOOK).await;
    let tasks = shop
        .ada
        .json(
            "RolloutService/GetRollout",
            json!({"name": format!("{}/rollout", text(&plan["name"]))}),
        )
        .await
        .expect("a rollout");
    let stage = &tasks["stages"][0];
    let again = json!({"parent": stage["name"], "tasks": [stage["tasks"][0]["name"]]});
    shop.ada.json("RolloutService/BatchRunTasks", again).await.expect("a run");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while database.rows("SELECT count(*) FROM book").await != [[Some("1".to_owned())]] {
        assert!(std::time::Instant::now() < until, "the run does not end");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let written = async || job.run(&["move-to-git", "--yes"]).await.ended(0);
    let mut ran = written().await;
    while ran.out.contains("(RUNNING)") {
        assert!(std::time::Instant::now() < until, "the run does not end");
        ran = written().await;
    }
    ran.says("wrote 1 file and set 1 mark").says("(RETRIED)");
}

#[tokio::test]
async fn schemas_are_files_and_a_check_says_which_differ() {
    let Some(server) = servers::postgres().await else { return };
    let (test, prod) = (server.database().await, server.database().await);
    test.execute(BOOK).await;
    let shop = Shop::open().await;
    let (to_test, to_prod) =
        (shop.adopt("test", "test", &test).await, shop.adopt("prod", "prod", &prod).await);
    let agent = account(&shop, "ci", &[AGENT, "roles/projectViewer"]).await;
    let job = Job::new(&[]).of(&shop, &agent, &[&to_test]);
    let export = async |args: &[&str]| job.run(&[&["schema", "export"], args].concat()).await;

    export(&[]).await.ended(0).says("CREATE TABLE");
    export(&["--out", "schema.sql"]).await.ended(0).says("wrote schema.sql");
    assert!(job.read("schema.sql").contains("book"));
    export(&["--out", "schema.sql"]).await.ended(0).says("schema.sql is as instances/test");
    export(&["--out", "schema.sql", "--check"]).await.ended(0).says("1 file as the databases are");
    export(&["--check"]).await.ended(2).says("--out");

    let both = [to_test.as_str(), &to_prod].join(",");
    export(&["--targets", &both]).await.ended(2).says("2 schemas need a folder");
    export(&["--targets", &both, "--out", "schema.sql"]).await.ended(2).says("name a folder");
    // Without targets: every database of the project.
    let all = Job::new(&[]).with(&[
        ("BASALT_URL", &shop.basalt.url),
        ("BASALT_PROJECT", "projects/shop"),
        ("BASALT_SERVICE_ACCOUNT", &text(&agent["email"])),
        ("BASALT_SERVICE_ACCOUNT_SECRET", &text(&agent["serviceKey"])),
    ]);
    let export = async |args: &[&str]| all.run(&[&["schema", "export"], args].concat()).await;
    export(&["--out", "schema"]).await.ended(0);
    let (of_test, of_prod) =
        (format!("schema/test/{}.sql", test.name), format!("schema/prod/{}.sql", prod.name));
    assert!(all.read(&of_test).contains("book") && !all.read(&of_prod).contains("book"));
    export(&["--out", "schema", "--check"]).await.ended(0).says("2 files as the databases are");

    // A change by Basalt, which syncs; a file that somebody edited; one that no database has.
    let plan = shop.plan("ALTER TABLE book ADD COLUMN title text;", &[&to_test]).await;
    assert_eq!(shop.roll_out(&plan).await[0]["status"], "DONE");
    all.write(&[(&of_prod, "edited\n"), ("schema/test/gone.sql", "x\n")]);
    let ran = export(&["--out", "schema", "--check"]).await.ended(1);
    ran.says("3 files differ")
        .says(&format!("{of_prod}:1: differs"))
        .says("gone.sql is of no database")
        .says("title");
    export(&["--out", "schema"]).await.ended(0).says(&format!("wrote {of_test}"));
    std::fs::remove_file(all.path().join("schema/test/gone.sql")).expect("removed");
    export(&["--out", "schema", "--check"]).await.ended(0);
    // What Basalt did not do is seen after a sync.
    test.execute("CREATE TABLE aside (id int)").await;
    export(&["--out", "schema", "--check"]).await.ended(0);
    let ran = export(&["--out", "schema", "--check", "--sync"]).await;
    ran.ended(3).says("roles/sqlEditorReadUser has bb.databases.sync");

    let pipeline = account(&shop, "pipeline", &[AGENT]).await;
    let (email, key) = (text(&pipeline["email"]), text(&pipeline["serviceKey"]));
    job.run(&["schema", "export", "--service-account", &email, "--service-account-secret", &key])
        .await
        .ended(3)
        .says("roles/projectViewer has bb.databases.getSchema");
    let stranger = account(&shop, "stranger", &[]).await;
    let (email, key) = (text(&stranger["email"]), text(&stranger["serviceKey"]));
    job.run(&["schema", "export", "--service-account", &email, "--service-account-secret", &key])
        .await
        .ended(3);
}

#[tokio::test]
async fn the_page_about_it_works_as_it_is_written() {
    let Some(server) = servers::postgres().await else { return };
    let (test, prod) = (server.database().await, server.database().await);
    let shop = Shop::open().await;
    let (to_test, to_prod) =
        (shop.adopt("test", "test", &test).await, shop.adopt("prod", "prod", &prod).await);
    let plan = shop.plan(BOOK, &[&to_test, &to_prod]).await;
    assert!(shop.roll_out(&plan).await.iter().all(|r| r["status"] == "DONE"));
    let owner = account(&shop, "owner", &["roles/projectOwner", AGENT]).await;
    let job = Job::new(&[]).of(&shop, &owner, &[&to_test, &to_prod]).with(&[
        ("GIT_AUTHOR_NAME", "Ada"),
        ("GIT_AUTHOR_EMAIL", "ada@example.com"),
        ("GIT_COMMITTER_NAME", "Ada"),
        ("GIT_COMMITTER_EMAIL", "ada@example.com"),
    ]);
    let made =
        std::process::Command::new("git").args(["init", "-q"]).current_dir(job.path()).status();
    assert!(made.expect("git runs").success());
    let ran = job.follow(include_str!("../../../../docs/howto/move-to-git.md")).await.ended(0);
    ran.says("wrote 1 file and set 2 marks").says("1 file is applied already");
    ran.says("wrote schema.sql").says("2 files as the databases are");
    assert!(job.read(".github/workflows/basalt.yml").contains("basalt check"));
}
