//! How the server starts, and when it must not.

use std::time::Duration;

use serde_json::json;
use testkit::app::Basalt;

use crate::BASALT;
use crate::request::request;

#[tokio::test]
async fn a_second_server_on_the_same_data_is_refused_with_the_pid_of_the_first() {
    let data = tempfile::tempdir().expect("a folder");
    let first = Basalt::start_in(BASALT, data.path(), &[]).await;
    let (status, said) = refused_start(&data, "0").await;
    assert!(!status.success());
    assert!(said.contains(&format!("is in use by process {}", first.pid())), "{said}");
    assert!(said.contains("--data"), "what to do: {said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("basalt: "), "one line, at the end: {said}");

    assert!(first.stop().await.success(), "a stop is no failure");
    let again = Basalt::start_in(BASALT, data.path(), &[]).await;
    again.client().json("AuthService/Logout", json!({})).await.expect("the folder is free again");
}

#[tokio::test]
async fn a_server_killed_at_any_moment_of_its_first_start_starts_again() {
    for millis in [5, 15, 30, 50, 80, 120, 200, 400] {
        let data = tempfile::tempdir().expect("a folder");
        let place = data.path().to_str().expect("a path in UTF-8");
        let mut child = std::process::Command::new(BASALT)
            .args(["serve", "--port", "0", "--data", place])
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the binary runs");
        tokio::time::sleep(Duration::from_millis(millis)).await;
        child.kill().expect("SIGKILL");
        child.wait().expect("its end");
        let basalt = Basalt::start_in(BASALT, data.path(), &[]).await;
        basalt.first_administrator().await;
    }
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let data = tempfile::tempdir().expect("a folder");
    let (status, said) = refused_start(&data, &port).await;
    assert!(!status.success());
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
}

async fn refused_start(data: &tempfile::TempDir, port: &str) -> (std::process::ExitStatus, String) {
    let data = data.path().to_str().expect("a path in UTF-8");
    Basalt::run(BASALT, &["serve", "--data", data, "--port", port]).await
}

#[tokio::test]
async fn readonly_shows_everything_and_changes_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let before = Basalt::start_in(BASALT, data.path(), &[]).await;
    let ada = before.first_administrator().await;
    let project = json!({"projectId": "shop", "project": {"title": "Shop"}});
    ada.json("ProjectService/CreateProject", project.clone()).await.expect("a project");
    before.stop().await;

    let basalt = Basalt::start_in(BASALT, data.path(), &["--readonly"]).await;
    let mut ada = basalt.client();
    ada.sign_in("ada@example.com", "correct-horse-9").await;
    let about = ada.json("ActuatorService/GetActuatorInfo", json!({})).await.expect("facts");
    assert_eq!(about["readonly"], true, "for the banner: {about}");
    ada.json("ProjectService/GetProject", json!({"name": "projects/shop"}))
        .await
        .expect("reading works");
    let changes = api::facts::rpcs().iter().filter(|rpc| {
        let verb = ["Create", "Update", "Delete", "Set", "Undelete", "BatchRun", "Sync"];
        verb.iter().any(|verb| rpc.method.starts_with(verb)) && !rpc.streaming
    });
    let mut count = 0;
    for rpc in changes {
        let path = rpc.path.trim_start_matches("/bytebase.v1.");
        let error = ada.json(path, request(rpc, "shop")).await.expect_err(path);
        if error.code == "unimplemented" {
            continue;
        }
        assert_eq!(
            (error.code.as_str(), error.reason.as_str()),
            ("failed_precondition", "READONLY"),
            "{path}: {error:?}"
        );
        count += 1;
    }
    assert!(count > 30, "only {count} changing rpcs were tried");
}
