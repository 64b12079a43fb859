//! `basalt verify-audit` names the first bad record, whatever was done to the store behind the server's back; and what of the
//! log goes to standard output.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::Basalt;
use testkit::servers::{self, TestDatabase};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::BASALT;

/// What is done, what puts it right again, and which record is named.
const DEEDS: [(&str, &str, &str); 5] = [
    (
        "UPDATE audit SET actor = 'users/eve@example.com' WHERE seq = 3",
        "UPDATE audit SET actor = 'anonymous' WHERE seq = 3",
        "Record 3 of the audit log: the record was altered.",
    ),
    (
        "CREATE TABLE kept AS SELECT * FROM audit WHERE seq = 2; DELETE FROM audit WHERE seq = 2",
        "INSERT INTO audit SELECT * FROM kept; DROP TABLE kept",
        "Record 2 of the audit log: the record is missing; the next one is 3.",
    ),
    (
        "UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = -1",
        "UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = -1",
        "Record 2 of the audit log: the record does not follow the one before it.",
    ),
    (
        "CREATE TABLE kept AS SELECT * FROM audit WHERE seq > 4; DELETE FROM audit WHERE seq > 4",
        "INSERT INTO audit SELECT * FROM kept; DROP TABLE kept",
        "Record 5 of the audit log: the log ends here, but was written up to 6.",
    ),
    (
        "CREATE TABLE kept AS SELECT * FROM meta WHERE key = 'audit_head'; DELETE FROM meta WHERE key = 'audit_head'",
        "INSERT INTO meta SELECT * FROM kept; DROP TABLE kept",
        "Record 1 of the audit log: where the log ends was taken away.",
    ),
];

/// Exit status and standard output.
fn verify(args: &[&str]) -> (Option<i32>, String) {
    let ran = Command::new(BASALT).arg("verify-audit").args(args).output().expect("it runs");
    (ran.status.code(), String::from_utf8_lossy(&ran.stdout).trim().to_owned())
}

/// What whoever can write the file can do.
fn tamper_sqlite(data: &Path, sql: &str) {
    let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.close()";
    let file = data.join("basalt.db");
    assert!(file.exists(), "{}", file.display());
    let done = Command::new("python3").args(["-c", script]).arg(file).arg(sql).status();
    assert!(done.expect("python3, which apt-get install python3 brings").success(), "{sql}");
}

/// Six records, written by a server that then stopped.
async fn fill(data: &Path, more: &[&str]) {
    let basalt = Basalt::start_in(BASALT, data, more).await;
    let ada = basalt.first_administrator().await;
    let project = json!({"projectId": "shop", "project": {"title": "Shop"}});
    ada.json("ProjectService/CreateProject", project).await.expect("a project");
    assert!(basalt.stop().await.success());
}

#[tokio::test]
async fn the_first_bad_record_is_named_on_sqlite() {
    let dir = tempfile::tempdir().expect("a folder");
    fill(dir.path(), &[]).await;
    let args = ["--data", dir.path().to_str().expect("UTF-8")];
    let whole = "Records 1 to 6 of the audit log are as they were written.";
    assert_eq!(verify(&args), (Some(0), whole.to_owned()));
    for (deed, mend, named) in DEEDS {
        tamper_sqlite(dir.path(), deed);
        assert_eq!(verify(&args), (Some(1), named.to_owned()), "{deed}");
        tamper_sqlite(dir.path(), mend);
        assert_eq!(verify(&args), (Some(0), whole.to_owned()), "{mend}");
    }
}

#[tokio::test]
async fn the_first_bad_record_is_named_on_postgresql() {
    let Some(server) = servers::postgres().await else { return };
    let database: TestDatabase = server.database().await;
    let dir = tempfile::tempdir().expect("a folder");
    let url = database.url().to_owned();
    fill(dir.path(), &["--pg", &url]).await;
    let args = ["--data", dir.path().to_str().expect("UTF-8"), "--pg", &url];
    assert_eq!(verify(&args).0, Some(0));
    for (deed, mend, named) in DEEDS {
        database.execute(deed).await;
        assert_eq!(verify(&args), (Some(1), named.to_owned()), "{deed}");
        database.execute(mend).await;
        assert_eq!(verify(&args).0, Some(0), "{mend}");
    }
}

#[tokio::test]
async fn records_go_to_standard_output_as_json_without_secrets() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut serve = tokio::process::Command::new(BASALT);
    serve.args(["serve", "--port", "0", "--audit-stdout", "--data"]).arg(dir.path());
    serve.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = serve.spawn().expect("the binary runs");
    let mut log = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let url = loop {
        let line = log.next_line().await.expect("readable").expect("an address");
        if let Some((_, rest)) = line.split_once(" serves ") {
            break rest.split(' ').next().unwrap_or_default().to_owned();
        }
    };
    let signup = json!({"email": "ada@example.com", "password": "correct-horse-9", "title": "Ada"});
    let client = testkit::app::Client::new(&url);
    client.json("AuthService/Signup", signup).await.expect("a sign-up");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let until = Instant::now() + Duration::from_secs(30);
    for (number, verdict) in [(1, "STARTED"), (2, "SUCCEEDED")] {
        let line = tokio::time::timeout_at(until.into(), lines.next_line()).await.expect("in time");
        let line = line.expect("readable").expect("a line");
        assert!(!line.contains("correct-horse-9"), "{line}");
        let record: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&record["audit"], &record["verdict"]), (&json!(number), &json!(verdict)));
        assert_eq!(record["method"], "/bytebase.v1.AuthService/Signup");
        assert_eq!(record["hash"].as_str().map(str::len), Some(64), "{record}");
    }
}
