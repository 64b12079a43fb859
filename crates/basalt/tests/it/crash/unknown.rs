//! A statement of which nothing can tell whether it took effect: the run says so, and waits for a person.

use serde_json::json;
use testkit::app::Basalt;

use super::target::Target;
use super::{died_or_done, prepare};
use crate::BASALT;
use crate::change::{Change, is_done, is_over};
use crate::shop::{list, text};

#[tokio::test]
async fn crash_with_an_unknown_outcome_waits_for_a_person() {
    let Some(server) = testkit::servers::mysql97().await else { return };
    let target = Target::server(&server).await;
    let data = tempfile::tempdir().expect("a temporary folder");
    let (mut ada, database) = prepare(data.path(), &target).await;
    let mut basalt =
        Basalt::start_in(BASALT, data.path(), &["--crash-at", "statement-end:1"]).await;
    ada.url.clone_from(&basalt.url);
    let sql = "TRUNCATE TABLE ledger;\nINSERT INTO ledger VALUES (1, 1);";
    let change = Change::make(&ada, &database, sql).await;
    change.run(&ada).await;
    assert!(died_or_done(&mut basalt, &ada, &change).await, "it should have died");
    drop(basalt);
    let basalt = Basalt::start_in(BASALT, data.path(), &[]).await;
    ada.url.clone_from(&basalt.url);
    let run = change.ended(&ada).await;
    assert_eq!(
        (&run["status"], &run["waitingReason"]),
        (&json!("FAILED"), &json!("OUTCOME_UNKNOWN")),
        "{run}"
    );
    let at = &run["checkpoint"];
    assert_eq!((&at["unknown"], &at["openFirst"]), (&json!(true), &json!(1)), "{run}");
    assert!(!list(&at["evidence"]).is_empty(), "{run}");
    let blockers = change.blockers(&ada, &change.tasks[0]).await;
    assert!(blockers.iter().any(|b| b["reason"] == "OUTCOME_UNKNOWN"), "{blockers:?}");

    let error = change.ask(&ada, &change.tasks, json!({})).await.expect_err("blocked");
    assert!(error.reason == "BLOCKED" && error.body.contains("OUTCOME_UNKNOWN"), "{error:?}");
    let second = json!({"resume": "FROM_STATEMENT", "resumeStatement": 2});
    let error = change.ask(&ada, &change.tasks, second.clone()).await.expect_err("no reason");
    assert!(error.message.starts_with("reason: "), "{error:?}");
    let mut with_reason = second;
    with_reason["reason"] = json!("the table is empty");
    change.ask(&ada, &change.tasks, with_reason).await.expect("a run");
    let last = change.until(&ada, |r| is_over(r) && r["name"] != run["name"]).await;
    assert!(is_done(&last), "{last}");
    assert_eq!(target.count(1, 1).await, 1);
    assert!(text(&last["detail"]).contains("applied"), "{last}");
}
