//! No space left under the metadata: said so, nothing that was acknowledged is lost, and reading goes on.

use serde_json::{Value, json};
use testkit::app::{Basalt, CallError, Client, read};

use crate::BASALT;

const PAGE: u64 = 4096;
/// Room for some changes, not for many.
const ROOM: u64 = 60;

async fn create(ada: &Client, id: &str) -> Result<Value, CallError> {
    let project = json!({"projectId": id, "project": {"title": "x".repeat(200)}});
    ada.json("ProjectService/CreateProject", project).await
}

async fn get(ada: &Client, id: &str) -> Result<Value, CallError> {
    ada.json("ProjectService/GetProject", json!({"name": format!("projects/{id}")})).await
}

#[tokio::test]
async fn a_full_disk_is_said_and_what_was_acknowledged_stays() {
    let data = tempfile::tempdir().expect("a folder");
    let before = Basalt::start_in(BASALT, data.path(), &[]).await;
    before.first_administrator().await;
    assert!(before.stop().await.success());
    let size = std::fs::metadata(data.path().join("basalt.db")).expect("the store").len();
    let pages = (size / PAGE + ROOM).to_string();

    let basalt = Basalt::start_in(BASALT, data.path(), &["--max-pages", &pages]).await;
    let mut ada = basalt.client();
    ada.sign_in("ada@example.com", "correct-horse-9").await;
    let mut kept = Vec::new();
    let full = loop {
        let id = format!("p{}", kept.len());
        match create(&ada, &id).await {
            Ok(_) => kept.push(id),
            Err(full) => break full,
        }
        assert!(kept.len() < 1_000, "it never gets full");
    };
    assert_eq!((full.code.as_str(), full.reason.as_str()), ("unavailable", "STORE_UNAVAILABLE"));
    assert!(full.message.contains("free space on its disk"), "what to do: {}", full.message);
    assert!(!kept.is_empty());

    for id in &kept {
        get(&ada, id).await.expect("reading goes on");
    }
    read(ada.request("GET", "/healthz")).await.expect("it lives");
    let again = create(&ada, "again").await.expect_err("it is still full");
    assert_eq!(again.reason, "STORE_UNAVAILABLE", "{again:?}");
    assert!(basalt.stop().await.success(), "a stop is no failure");

    let basalt = Basalt::start_in(BASALT, data.path(), &[]).await;
    let mut ada = basalt.client();
    ada.sign_in("ada@example.com", "correct-horse-9").await;
    for id in &kept {
        get(&ada, id).await.expect("it was acknowledged");
    }
    create(&ada, "again").await.expect("with space, writing goes on");
}
