//! Whoever can take a step is told by mail, and the author what came of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::Client;
use tokio::net::TcpListener;

use super::{FREE, Governed, TWO, approve, vote};
use crate::mail::{email, set};
use crate::sink::{Sink, Taken};

async fn silence(by: &Client) {
    let off = json!({"values": {"mail.approvals": "off"}});
    by.json("basalt.v1.PreferenceService/UpdatePreferences", off).await.expect("a preference");
}

/// The last of `n` mails: for whom, and that it says all this.
async fn last(sink: &Sink, n: usize, to: &str, says: &[&str]) {
    let all = sink.wait(n).await;
    let Taken { to: found, text, .. } = &all[n - 1];
    assert!(found.contains(&format!("<{to}>")), "{found}: {text}");
    for part in says {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn those_whose_turn_it_is_are_told_and_the_author_what_came_of_it() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let dba = it.dba().await;
    let sink = Sink::start().await;
    set(&it.shop.ada, email(sink.port, &json!({"password": "x"}))).await.expect("a mail server");
    // Holds the role as well, and does not want to be told.
    silence(&it.shop.ada).await;

    let (_, issue) = it.filed("CREATE TABLE m (id int);", &[&it.test, &it.prod]).await;
    let asks = [
        "Subject: To approve: A change",
        "dev@example.com asks",
        "roles/projectOwner",
        "Stages: prod",
    ];
    last(&sink, 1, "owner@example.com", &asks).await;
    let no = json!({"comment": "the name is bad"});
    vote(&it.owner, "RejectIssue", &issue, no).await.expect("sent back");
    let back = ["Subject: Sent back: A change", "by owner@example.com", "the name is bad"];
    last(&sink, 2, "dev@example.com", &back).await;
    vote(&it.dev, "RequestIssue", &issue, json!({})).await.expect("asked again");
    last(&sink, 3, "owner@example.com", &["To approve"]).await;
    approve(&it.owner, &issue).await.expect("the first step");
    last(&sink, 4, "dba@example.com", &["To approve", "roles/workspaceDBA"]).await;
    approve(&dba, &issue).await.expect("the second step");
    last(&sink, 5, "dev@example.com", &["Subject: Approved: A change", "by dba@example.com"]).await;

    // Nobody was told anything else, such as the author of a step that is not theirs to take.
    silence(&it.dev).await;
    let (_, other) = it.filed("CREATE TABLE n (id int);", &[&it.prod]).await;
    last(&sink, 6, "owner@example.com", &["To approve"]).await;
    vote(&it.owner, "RejectIssue", &other, json!({})).await.expect("sent back");
    vote(&it.dev, "RequestIssue", &other, json!({})).await.expect("asked again");
    last(&sink, 7, "owner@example.com", &["To approve"]).await;
}

#[tokio::test]
async fn a_mail_server_that_says_nothing_delays_nothing() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    set(&it.shop.ada, email(port, &json!({"password": "x"}))).await.expect("a mail server");
    let (_, issue) = it.filed("CREATE TABLE o (id int);", &[&it.prod]).await;
    // It is being spoken to, and does not answer.
    let (_held, _) = silent.accept().await.expect("a call");
    let begun = Instant::now();
    let approved: Value = approve(&it.owner, &issue).await.expect("the first step");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(approved["approvalGates"][0]["pendingRole"], "roles/workspaceDBA");
}
