//! What people see of a change whose server died between the target's COMMIT and our record: one changelog, one revision a file, and a
//! log that says so.

use serde_json::json;
use testkit::app::Basalt;
use testkit::environment::say;

use super::target::Target;
use super::{died_or_done, prepare};
use crate::BASALT;
use crate::change::{Change, changelogs, is_done, log};
use crate::shop::{list, text};

#[tokio::test]
async fn crash_between_commit_and_record_leaves_one_whole_changelog() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let target = Target::server(&server).await;
    let data = tempfile::tempdir().expect("a temporary folder");
    let (mut ada, database) = prepare(data.path(), &target).await;
    for (n, at) in ["after-commit:1", "unit-end:1", "before-record:1"].into_iter().enumerate() {
        let mut basalt = Basalt::start_in(BASALT, data.path(), &["--crash-at", at]).await;
        ada.url.clone_from(&basalt.url);
        let sql = format!("CREATE TABLE made{n} (a int);\nINSERT INTO ledger VALUES ({n}, 0);");
        let change = Change::make(&ada, &database, &sql).await;
        change.run(&ada).await;
        assert!(died_or_done(&mut basalt, &ada, &change).await, "{at}: it should have died");
        drop(basalt);
        let basalt = Basalt::start_in(BASALT, data.path(), &[]).await;
        ada.url.clone_from(&basalt.url);
        let run = change.ended(&ada).await;
        assert!(is_done(&run), "{at}: {run}");
        let n = u32::try_from(n).expect("a small number");
        assert_eq!(target.count(n, 0).await, 1, "{at}");
        assert!(log(&ada, &run).await.contains("Taken over"), "{at}");
        let all = changelogs(&ada, &database).await;
        let own: Vec<_> = all.iter().filter(|c| c["taskRun"] == run["name"]).collect();
        assert_eq!(own.len(), 1, "{at}: {all:?}");
        assert_eq!(own[0]["status"], "DONE", "{at}");
        let whole = json!({"name": own[0]["name"], "view": "CHANGELOG_VIEW_FULL"});
        let whole = ada.json("ChangelogService/GetChangelog", whole).await.expect("a changelog");
        let table = format!("made{n}");
        assert!(!text(&whole["prevSchema"]).contains(&table), "{at}: before");
        assert!(text(&whole["schema"]).contains(&table), "{at}: after");
    }
}

#[tokio::test]
async fn crash_in_a_release_applies_each_file_once() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let target = Target::server(&server).await;
    let data = tempfile::tempdir().expect("a temporary folder");
    let (mut ada, database) = prepare(data.path(), &target).await;
    let points = [
        "claim:1",
        "before-commit:2",
        "after-commit:1",
        "after-commit:3",
        "unit-end:2",
        "before-record:1",
    ];
    let mut kills = 0;
    for (n, at) in points.into_iter().enumerate() {
        let mut basalt = Basalt::start_in(BASALT, data.path(), &["--crash-at", at]).await;
        ada.url.clone_from(&basalt.url);
        let versions: Vec<_> = (1..=3).map(|file| format!("{n}.{file}")).collect();
        let sql = |file: usize| {
            format!("INSERT INTO ledger VALUES ({n}, {file});\nCREATE TABLE r{n}_{file} (a int);")
        };
        let files: Vec<_> =
            versions.iter().enumerate().map(|(i, v)| (v.as_str(), sql(i))).collect();
        let change = Change::release(&ada, &database, &files).await;
        change.run(&ada).await;
        kills += u32::from(died_or_done(&mut basalt, &ada, &change).await);
        drop(basalt);
        let basalt = Basalt::start_in(BASALT, data.path(), &[]).await;
        ada.url.clone_from(&basalt.url);
        let run = change.ended(&ada).await;
        assert!(is_done(&run), "{at}: {run}");
        for file in 0..3 {
            let n = u32::try_from(n).expect("a small number");
            assert_eq!(target.count(n, file).await, 1, "{at}: file {file}: {run}");
        }
        let page = json!({"parent": database, "pageSize": 100});
        let page = ada.json("RevisionService/ListRevisions", page).await.expect("revisions");
        let of_run = |v: &String| {
            list(&page["revisions"]).iter().filter(|r| text(&r["version"]) == *v).count()
        };
        let counts: Vec<_> = versions.iter().map(of_run).collect();
        assert_eq!(counts, [1, 1, 1], "{at}: {page}");
    }
    say(&format!(
        "release: kills {kills} double 0 lost 0 unknown 0 (of {} releases)",
        points.len()
    ));
    assert_eq!(kills, 6);
}
