//! The baseline that an adoption records: once, of the schema as it is, and refused with its reason where there is none to be had.

use serde_json::{Value, json};
use testkit::app::CallError;
use testkit::servers;

use super::{LATER, Taken, files, write};
use crate::change::findings;
use crate::shop::{Shop, list, text};

const CREATE: &str = "basalt.v1.BaselineService/CreateBaseline";

async fn create(shop: &Shop, target: &str, project: &str) -> Result<Value, CallError> {
    shop.ada.json(CREATE, json!({"parent": target, "project": project})).await
}

/// Adopts once and rolls out what comes next. Gives what was found before its first statement.
async fn next(taken: &Taken, by_hand: &str) -> Vec<String> {
    write(&taken.job, &files("dbmate/migrations", ".sql"));
    taken.adopt(&["--yes"]).await.ended(0).says("recorded 1 baseline");
    if let Some(database) = taken.database.as_ref().filter(|_| !by_hand.is_empty()) {
        database.execute(by_hand).await;
    }
    taken.job.write(&[("migrations/20240301090000_shelf.sql", LATER)]);
    let rollout = ["rollout", "--target-stage", "environments/test"];
    taken.job.run(&rollout).await.ended(0);
    assert_eq!(taken.changelogs().await, ["BASELINE DONE", "MIGRATE DONE"]);
    findings(&taken.last_run().await)
}

#[tokio::test]
async fn the_first_rollout_finds_the_schema_as_it_was_recorded() {
    let (Some(postgres), Some(mariadb)) = (servers::postgres().await, servers::mariadb().await)
    else {
        return;
    };
    for taken in [
        Taken::on(&postgres, "dbmate/postgres.sql").await,
        Taken::on(&mariadb, "dbmate/mariadb.sql").await,
        Taken::sqlite("dbmate/sqlite.sql").await,
    ] {
        let found = next(&taken, "").await;
        let told = ["DRIFT", "HISTORY_CHANGED", "TARGET_RESTORED"];
        assert!(!found.iter().any(|code| told.contains(&code.as_str())), "{found:?}");
    }
}

#[tokio::test]
async fn what_others_change_after_the_adoption_is_drift() {
    let (Some(postgres), Some(mariadb)) = (servers::postgres().await, servers::mariadb().await)
    else {
        return;
    };
    for taken in [
        Taken::on(&postgres, "dbmate/postgres.sql").await,
        Taken::on(&mariadb, "dbmate/mariadb.sql").await,
    ] {
        let found = next(&taken, "CREATE TABLE by_hand (id int)").await;
        assert!(found.contains(&"DRIFT".to_owned()), "{found:?}");
    }
}

#[tokio::test]
async fn a_database_whose_versions_were_marked_before_gets_its_baseline() {
    let Some(server) = servers::mariadb().await else { return };
    let taken = Taken::on(&server, "dbmate/mariadb.sql").await;
    write(&taken.job, &files("dbmate/migrations", ".sql"));
    let marks = ["20240101090000", "20240102090000"]
        .map(|version| json!({"revision": {"version": version, "type": "VERSIONED"}}));
    let marks = json!({"parent": taken.target, "requests": marks});
    let marked = taken.shop.ada.json("RevisionService/BatchCreateRevisions", marks).await;
    assert_eq!(list(&marked.expect("marks")["revisions"]).len(), 2);
    let ran = taken.adopt(&["--dry-run"]).await.ended(0);
    ran.says("0 versions on 0 databases").says("record  baseline").says("1 baseline to record");
    assert_eq!((taken.baseline().as_str(), taken.changelogs().await.len()), ("NEW", 0));
    let ran = taken.adopt(&["--yes"]).await.ended(0);
    ran.says("recorded 1 baseline");
    assert!(!ran.out.contains("marked"), "{}", ran.out);
    assert_eq!(taken.baseline(), "WRITTEN");
    assert_eq!(taken.changelogs().await, ["BASELINE DONE"]);
}

#[tokio::test]
async fn it_is_recorded_once_with_the_schema_as_it_is() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    // Basalt has not seen this table.
    database.execute("CREATE TABLE since_the_sync (id int)").await;
    let (a, b, c) = tokio::join!(
        create(&shop, &target, "projects/shop"),
        create(&shop, &target, ""),
        create(&shop, &target, "")
    );
    let made = [a, b, c].map(|one| one.expect("a baseline"));
    let recorded = made.iter().filter(|one| one["recorded"] == true).count();
    assert_eq!(recorded, 1, "{made:?}");
    assert!(made.iter().all(|one| one["changelog"] == made[0]["changelog"]), "{made:?}");
    let page = json!({"parent": target, "view": "CHANGELOG_VIEW_FULL"});
    let page = shop.ada.json("ChangelogService/ListChangelogs", page).await.expect("changelogs");
    let all = list(&page["changelogs"]);
    assert_eq!((all.len(), &all[0]["name"]), (1, &made[0]["changelog"]));
    assert_eq!(
        (&all[0]["type"], &all[0]["creator"]),
        (&json!("BASELINE"), &json!("users/ada@example.com"))
    );
    assert!(text(&all[0]["schema"]).contains("since_the_sync"), "{page}");
    let log = json!({"parent": "projects/shop", "filter": format!("method == \"/{CREATE}\"")});
    let log = shop.ada.json("AuditLogService/SearchAuditLogs", log).await.expect("the log");
    assert!(list(&log["auditLogs"]).len() >= 3, "{log}");
    // After a change it is that of before still.
    let plan = shop.plan("CREATE TABLE changed (id int);", &[&target]).await;
    assert_eq!(shop.roll_out(&plan).await[0]["status"], "DONE");
    let again = create(&shop, &target, "").await.expect("an answer");
    assert_eq!((&again["changelog"], again["recorded"] == true), (&made[0]["changelog"], false));
}

#[tokio::test]
async fn where_there_is_none_to_be_had_the_reason_is_said() {
    let Some(server) = servers::postgres().await else { return };
    let (database, dropped) = (server.database().await, server.database().await);
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let gone = shop.adopt("gone", "test", &dropped).await;
    let other = json!({"projectId": "other", "project": {"title": "Other"}});
    shop.ada.json("ProjectService/CreateProject", other).await.expect("a project");

    let error = create(&shop, &target, "projects/other").await.expect_err("another project");
    assert_eq!(error.code, "failed_precondition", "{error:?}");
    assert!(error.message.contains("belongs to projects/shop"), "{error:?}");
    for (target, project, field) in [("instances/test", "", "parent"), (&target, "shop", "project")]
    {
        let error = create(&shop, target, project).await.expect_err("no name");
        assert_eq!(error.code, "invalid_argument", "{error:?}");
        assert!(error.message.starts_with(field), "{error:?}");
    }
    let error = create(&shop, "instances/test/databases/nothing", "").await.expect_err("nothing");
    assert_eq!(error.code, "not_found", "{error:?}");

    drop(dropped);
    let sync = json!({"name": "instances/gone"});
    shop.ada.json("InstanceService/SyncInstance", sync).await.expect("a sync");
    let error = create(&shop, &gone, "").await.expect_err("it is gone");
    assert_eq!(error.reason, "RESOURCE_DELETED", "{error:?}");

    let nowhere = json!({"name": "instances/test", "updateMask": "port",
        "dataSource": {"id": "admin", "type": "ADMIN", "port": "1"}});
    shop.ada.json("InstanceService/UpdateDataSource", nowhere).await.expect("a change");
    let error = create(&shop, &target, "").await.expect_err("nobody answers there");
    let told = (error.code.as_str(), error.reason.as_str());
    assert_eq!(told, ("failed_precondition", "CONNECTION_NETWORK"));
    let page = shop.ada.json("ChangelogService/ListChangelogs", json!({"parent": target})).await;
    assert_eq!(list(&page.expect("changelogs")["changelogs"]), Vec::<Value>::new());

    let developer =
        shop.member("dan@example.com", &[("projects/shop", "roles/projectDeveloper")]).await;
    let error = developer.json(CREATE, json!({"parent": target})).await.expect_err("no permission");
    assert_eq!(error.code, "permission_denied");
    assert!(error.body.contains("bb.revisions.create"), "{error:?}");
}
