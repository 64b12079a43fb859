//! Attacks by addresses that the server is asked to reach, and by what answers there; and what the audit log keeps of attacks.

use serde_json::{Value, json};
use testkit::app::{Basalt, CallError, Client};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::BASALT;

const CREATE_IDP: &str = "IdentityProviderService/CreateIdentityProvider";
const CREATE_INSTANCE: &str = "InstanceService/CreateInstance";
const SECRET: &str = "s3cret-of-the-attack";

fn instance(host: &str, more: &Value) -> Value {
    let mut source = json!({"id": "admin", "type": "ADMIN", "host": host, "port": "5432",
        "username": "x", "password": SECRET});
    for (key, value) in more.as_object().expect("an object") {
        source[key] = value.clone();
    }
    json!({"instanceId": "evil", "validateOnly": true, "instance": {"title": "Evil", "engine": "POSTGRES",
        "environment": "environments/test", "activation": true, "dataSources": [source]}})
}

fn provider(issuer: &str) -> Value {
    json!({"identityProviderId": "evil", "identityProvider": {"title": "Evil", "type": "OIDC", "config": {"oidcConfig": {
        "issuer": issuer, "clientId": "x", "clientSecret": SECRET, "fieldMapping": {"identifier": "email"}}}}})
}

#[track_caller]
fn refused(answer: Result<Value, CallError>, reasons: &[&str], what: &str) {
    let error = answer.expect_err(what);
    assert!(reasons.contains(&error.reason.as_str()), "{what}: {} {}", error.reason, error.message);
    assert!((400..500).contains(&error.status), "{what}: {}", error.status);
}

#[tokio::test]
async fn instances_are_refused_by_the_address_that_a_name_comes_to() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    for host in [
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "::ffff:169.254.169.254",
        "fe80::1",
        "0.0.0.0",
        "100.100.100.200",
    ] {
        let answer = ada.json(CREATE_INSTANCE, instance(host, &json!({}))).await;
        refused(answer, &["ADDRESS_REFUSED"], host);
    }
    for host in [
        "/var/run/postgresql",
        "x?sslmode=disable",
        "options=-c search_path=evil",
        "service=prod",
        "passfile=/etc/passwd",
        "user@127.0.0.1",
        "127.0.0.1:22",
    ] {
        let answer = ada.json(CREATE_INSTANCE, instance(host, &json!({}))).await;
        refused(answer, &["INVALID_FIELD"], host);
    }
    let jump = |host: &str| json!({"sshHost": host, "sshPort": "22", "sshUser": "x", "sshPassword": SECRET});
    let inside = ada.json(CREATE_INSTANCE, instance("db.example", &jump("169.254.169.254"))).await;
    refused(inside, &["ADDRESS_REFUSED"], "the jump host");
    let option =
        ada.json(CREATE_INSTANCE, instance("db.example", &jump("-oProxyCommand=id"))).await;
    refused(
        option,
        &["INVALID_FIELD", "ADDRESS_REFUSED", "CONNECTION_NETWORK"],
        "an option of ssh",
    );
}

#[tokio::test]
async fn identity_providers_are_refused_by_the_address_that_a_name_comes_to() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    for issuer in [
        "https://169.254.169.254",
        "https://127.0.0.1:9",
        "https://[::1]:9",
        "https://[::ffff:127.0.0.1]:9",
        "https://0x7f000001:9",
        "https://2130706433:9",
        "https://localhost.:9",
        "https://0.0.0.0:9",
    ] {
        refused(ada.json(CREATE_IDP, provider(issuer)).await, &["ADDRESS_REFUSED"], issuer);
    }
    for issuer in [
        "http://id.example.com",
        "https://id.example.com@127.0.0.1/",
        "gopher://127.0.0.1/",
        "file:///etc/passwd",
        "https://",
    ] {
        refused(ada.json(CREATE_IDP, provider(issuer)).await, &["INVALID_FIELD"], issuer);
    }
}

/// Answers every request with this.
async fn answers(head: &'static str, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // The other side may hang up at any time: it is the one that is attacked.
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
        }
    });
    url
}

/// The most memory that a process ever had, in KiB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("Linux");
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).expect("it is there");
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number")
}

#[tokio::test]
async fn what_answers_there_costs_little_and_is_not_followed() {
    let basalt = Basalt::start(BASALT, &["--allow-private-outbound"]).await;
    let ada = basalt.first_administrator().await;
    let before = peak(basalt.pid());
    let deep = [vec![b'['; 5_000_000], vec![b']'; 5_000_000]].concat();
    let json_type =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
    let zipped = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/meta-data\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    for (what, head, body) in [
        ("deep", json_type, deep),
        ("endless", json_type, vec![b' '; 200_000_000]),
        ("zipped", zipped, vec![0x1f; 1_000_000]),
        ("moved", moved, Vec::new()),
    ] {
        let answer = ada.json(CREATE_IDP, provider(&answers(head, body).await)).await;
        let error = answer.expect_err(what);
        let reasons = ["CONNECTION_UNSUPPORTED", "CONNECTION_NETWORK"];
        assert!(reasons.contains(&error.reason.as_str()), "{what}: {error:?}");
        assert!(!error.body.contains("169.254"), "what was answered is not told: {}", error.body);
    }
    // What comes in is held to the same.
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{{\"identityProviderId\":{nested}}}");
    for encoding in ["identity", "gzip"] {
        let request = ada
            .request("POST", &format!("/bytebase.v1.{CREATE_IDP}"))
            .header("content-type", "application/json")
            .header("content-encoding", encoding)
            .body(deep.clone());
        let status = request.send().await.expect("an answer").status().as_u16();
        assert!((400..500).contains(&status), "{encoding}: {status}");
    }
    let grown = peak(basalt.pid()).saturating_sub(before);
    assert!(grown < 100 * 1024, "{grown} KiB");
}

/// Who, how, with what, and of which the log must say that it was refused.
async fn attacks(basalt: &Basalt, ada: &Client) -> Vec<(&'static str, &'static str)> {
    let bob = json!({"user": {"email": "bob@example.com", "password": "battery-staple-9"}});
    ada.json("UserService/CreateUser", bob).await.expect("a user");
    let project = json!({"projectId": "b", "project": {"title": "B"}});
    ada.json("ProjectService/CreateProject", project).await.expect("a project");
    let mut bob = basalt.client();
    bob.sign_in("bob@example.com", "battery-staple-9").await;
    let nobody = basalt.client();
    let owner = json!([{"role": "roles/projectOwner", "members": ["user:bob@example.com"]}]);
    let grant = json!({"resource": "projects/b", "policy": {"bindings": owner}});
    let login = json!({"email": "ada@example.com", "password": SECRET});
    let back = json!({"oidcContext": {"code": SECRET, "state": SECRET}});
    let sign_on = json!({"idpName": "idps/corp", "idpContext": back});
    let webhook = json!({"type": "SLACK", "title": "x", "url": format!("http://hooks.slack.com@127.0.0.1/{SECRET}")});
    let webhook = json!({"project": "projects/b", "webhook": webhook});
    let calls = [
        (
            &bob,
            "users/bob@example.com",
            "ProjectService/DeleteProject",
            json!({"name": "projects/b"}),
        ),
        (&bob, "users/bob@example.com", "ProjectService/SetIamPolicy", grant),
        (&bob, "users/bob@example.com", "RoleService/DeleteRole", json!({"name": "roles/x"})),
        (ada, "users/ada@example.com", CREATE_INSTANCE, instance("169.254.169.254", &json!({}))),
        (ada, "users/ada@example.com", CREATE_IDP, provider("https://127.0.0.1:9")),
        (ada, "users/ada@example.com", "ProjectService/AddWebhook", webhook),
        (&nobody, "", "AuthService/Login", login),
        (&nobody, "", "AuthService/Login", sign_on),
    ];
    let mut made = Vec::new();
    for (by, who, method, body) in calls {
        by.json(method, body).await.expect_err(method);
        made.push((who, method));
    }
    made
}

#[tokio::test]
async fn each_attack_leaves_one_record_without_a_secret() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let made = attacks(&basalt, &ada).await;
    let ask = json!({"parent": "workspaces/default", "pageSize": 200});
    let log = ada.json("AuditLogService/SearchAuditLogs", ask).await.expect("the log");
    let all = log["auditLogs"].as_array().expect("records");
    for (who, method) in &made {
        let wanted = made.iter().filter(|one| **one == (*who, *method)).count();
        let path = format!("/bytebase.v1.{method}");
        let found: Vec<_> = all
            .iter()
            .filter(|r| r["method"] == path && r["status"]["code"].as_i64().unwrap_or(0) != 0)
            .collect();
        assert_eq!(found.len(), wanted, "{method}: {found:?}");
        for record in found {
            assert!(record["resource"].is_string(), "{record}");
            let user = record["user"].as_str().unwrap_or_default();
            assert!(who.is_empty() || user == *who, "{method}: {record}");
            assert!(record["status"]["message"].is_string(), "why: {record}");
        }
    }
    let text = log.to_string();
    for secret in [SECRET, "battery-staple-9", "correct-horse-9"] {
        assert!(!text.contains(secret), "{secret}");
        assert!(!basalt.log().contains(secret), "{secret}");
    }
}
