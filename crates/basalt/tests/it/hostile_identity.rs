//! Attacks on sessions, tokens and the door, on the real binary.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Value, json};
use testkit::app::{Basalt, CallError, Client};

use crate::BASALT;

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "correct-horse-9";
const INFO: &str = "ActuatorService/GetActuatorInfo";

/// What the server answers to these bytes, until it hangs up or is silent for a second.
fn raw(basalt: &Basalt, request: &str) -> String {
    let mut stream =
        TcpStream::connect(basalt.url.trim_start_matches("http://")).expect("it is there");
    stream.set_read_timeout(Some(Duration::from_secs(1))).expect("it is there");
    stream.write_all(request.as_bytes()).expect("it is there");
    let (mut all, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(n) = stream.read(&mut piece)
        && n > 0
    {
        all.extend_from_slice(&piece[..n]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

fn login(client: &Client, email: &str, password: &str, forwarded: &str) -> reqwest::RequestBuilder {
    let request = client.request("POST", "/bytebase.v1.AuthService/Login");
    let body = json!({"email": email, "password": password}).to_string();
    request
        .header("content-type", "application/json")
        .header("x-forwarded-for", forwarded)
        .body(body)
}

/// A token of these parts, signed with nothing anybody has.
fn forged(header: &Value, claims: &Value, signature: &str) -> String {
    format!("{}.{}.{signature}", B64.encode(header.to_string()), B64.encode(claims.to_string()))
}

#[track_caller]
fn is_out(answer: Result<Value, CallError>, what: &str) {
    let error = answer.expect_err(what);
    assert_eq!((error.status, error.reason.as_str()), (401, "NOT_SIGNED_IN"), "{what}");
}

#[tokio::test]
async fn tokens_of_others_making_open_nothing() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let real = ada.token.clone().expect("it is there");
    let parts: Vec<&str> = real.split('.').collect();
    let header: Value =
        serde_json::from_slice(&B64.decode(parts[0]).expect("base 64")).expect("it is there");
    let claims: Value =
        serde_json::from_slice(&B64.decode(parts[1]).expect("base 64")).expect("it is there");
    let with = |of: &Value, field: &str, value: Value| {
        let mut changed = of.clone();
        changed[field] = value;
        changed
    };
    let mut tokens = vec![
        ("none", forged(&with(&header, "alg", json!("none")), &claims, "")),
        ("None", forged(&with(&header, "alg", json!("None")), &claims, parts[2])),
        ("HS512", forged(&with(&header, "alg", json!("HS512")), &claims, parts[2])),
        ("RS256", forged(&with(&header, "alg", json!("RS256")), &claims, parts[2])),
        ("kid", forged(&with(&header, "kid", json!("../../../dev/null")), &claims, parts[2])),
        ("jku", forged(&with(&header, "jku", json!("http://127.0.0.1:9/")), &claims, parts[2])),
        ("sub", forged(&header, &with(&claims, "sub", json!("eve@example.com")), parts[2])),
        ("exp", forged(&header, &with(&claims, "exp", json!(4_000_000_000_i64)), parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("no claims", format!("{}..{}", parts[0], parts[2])),
        ("cut", real[..real.len() - 2].to_owned()),
        ("long", "x".repeat(7_000)),
    ];
    // A key is no token, and neither is a password.
    tokens.push(("password", PASSWORD.to_owned()));
    for (what, token) in tokens {
        let mut client = basalt.client();
        client.token = Some(token);
        is_out(client.json(INFO, json!({})).await, what);
    }
    ada.json(INFO, json!({})).await.expect("the real one");
}

#[tokio::test]
async fn guessing_is_limited_whatever_the_source_says_of_itself() {
    let basalt = Basalt::start(BASALT, &[]).await;
    basalt.first_administrator().await;
    let client = basalt.client();
    let mut seen = Vec::new();
    for i in 0..12 {
        // One account and another, from addresses that nobody vouches for.
        let email = if i % 2 == 0 { ADA } else { "nobody@example.com" };
        let answer = login(&client, email, "a guess", &format!("203.0.113.{i}"))
            .send()
            .await
            .expect("an answer");
        seen.push((answer.status().as_u16(), answer.text().await.expect("a body")));
    }
    let limited = seen.iter().filter(|(status, _)| *status == 429).count();
    assert_eq!(limited, 2, "{seen:?}");
    let (known, unknown) = (&seen[0].1, &seen[1].1);
    assert_eq!(known, unknown, "the same words");
    // But for the time to wait, which goes by.
    let words = |body: &str| -> String {
        let body: Value = serde_json::from_str(body).expect("JSON");
        format!("{} {} {}", body["code"], body["message"], body["details"][0])
            .chars()
            .filter(|c| !c.is_ascii_digit())
            .collect()
    };
    let turned_away = words(&seen[10].1);
    assert!(turned_away.contains("try again in"), "{turned_away}");
    assert_eq!(turned_away, words(&seen[11].1), "also when turned away");
}

#[tokio::test]
async fn unknown_and_known_addresses_take_the_same_time() {
    let basalt = Basalt::start(BASALT, &[]).await;
    basalt.first_administrator().await;
    let client = basalt.client();
    let mut times = [Vec::new(), Vec::new()];
    for i in 0..8 {
        let email = if i % 2 == 0 { ADA } else { "nobody@example.com" };
        let begun = Instant::now();
        login(&client, email, "a guess", "").send().await.expect("an answer");
        times[i % 2].push(begun.elapsed());
    }
    // Without the hash of nobody the second would be a hundred times faster. Machines are busy, so the best of each counts.
    let best = times.map(|all| all.into_iter().min().expect("it is there").as_secs_f64());
    let ratio = best[0] / best[1];
    assert!((0.2..5.0).contains(&ratio), "{best:?}");
}

#[tokio::test]
async fn other_sites_cannot_make_a_browser_act() {
    let basalt = Basalt::start(BASALT, &[]).await;
    basalt.first_administrator().await;
    let jar = reqwest::Client::builder().no_proxy().cookie_store(true).build().expect("a client");
    let post = |headers: Vec<(&'static str, &'static str)>, path: &str, body: Value| {
        let mut request = jar.post(format!("{}/bytebase.v1.{path}", basalt.url));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.body(body.to_string()).send()
    };
    let json_type = ("content-type", "application/json");
    let body = json!({"email": ADA, "password": PASSWORD, "web": true});
    let answer = post(vec![json_type], "AuthService/Login", body.clone()).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    for cookie in answer.headers().get_all("set-cookie") {
        let cookie = cookie.to_str().expect("a text");
        assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
    }
    let project = json!({"projectId": "stolen", "project": {"title": "Stolen"}});
    for headers in [
        vec![json_type, ("origin", "https://evil.example")],
        vec![json_type, ("origin", "null")],
        vec![json_type, ("sec-fetch-site", "cross-site")],
        vec![("content-type", "text/plain")],
        vec![("content-type", "application/x-www-form-urlencoded")],
        vec![json_type, ("origin", "https://evil.example"), ("x-forwarded-host", "evil.example")],
    ] {
        for (path, body) in
            [("ProjectService/CreateProject", &project), ("AuthService/Login", &body)]
        {
            let answer = post(headers.clone(), path, body.clone()).await.expect("an answer");
            let status = answer.status().as_u16();
            assert!((400..500).contains(&status), "{headers:?} {path}: {status}");
        }
    }
    let get = format!(
        "{}/bytebase.v1.ProjectService/CreateProject?encoding=json&message=%7B%22projectId%22%3A%22stolen%22%7D",
        basalt.url
    );
    let status = jar.get(get).send().await.expect("an answer").status().as_u16();
    assert!((400..500).contains(&status), "GET with an effect: {status}");
    let read = json!({"name": "projects/stolen"});
    let absent = post(vec![json_type], "ProjectService/GetProject", read).await.expect("an answer");
    assert_eq!(absent.status(), 404);
}

#[tokio::test]
async fn headers_cannot_be_smuggled_and_a_host_is_not_believed() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let spoofed = raw(
        &basalt,
        "GET /api/bootstrap HTTP/1.1\r\nhost: evil.example\r\nx-forwarded-host: evil.example\r\nconnection: close\r\n\r\n",
    );
    assert!(spoofed.starts_with("HTTP/1.1 200"), "{spoofed}");
    assert!(!spoofed.contains("evil.example"), "{spoofed}");
    let split = raw(
        &basalt,
        "GET /api/bootstrap HTTP/1.1\r\nhost: x\r\nx-request-id: a%0d%0aset-cookie: b=1\r\nconnection: close\r\n\r\n",
    );
    assert!(!split.to_lowercase().contains("set-cookie"), "{split}");
    let bare = raw(
        &basalt,
        "GET /api/bootstrap HTTP/1.1\r\nhost: x\r\nx-request-id: a\rset-cookie: b=1\r\nconnection: close\r\n\r\n",
    );
    assert!(!bare.to_lowercase().contains("set-cookie"), "{bare}");
    let two = raw(
        &basalt,
        "POST /bytebase.v1.AuthService/Login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n",
    );
    assert!(two.matches("HTTP/1.1 ").count() <= 2 && !two.contains("evil"), "{two}");
}

#[tokio::test]
async fn greedy_clients_do_not_disturb_others() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let address = basalt.url.trim_start_matches("http://").to_owned();
    // Idle, and slow: half a request each.
    let mut idle = Vec::new();
    for i in 0..300 {
        let mut stream = TcpStream::connect(&address).expect("a connection");
        if i % 2 == 0 {
            stream
                .write_all(b"POST /bytebase.v1.AuthService/Login HTTP/1.1\r\nhost: x\r\nx-a: ")
                .expect("it is there");
        }
        idle.push(stream);
    }
    let begun = Instant::now();
    ada.json(INFO, json!({})).await.expect("others are served");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let huge = raw(
        &basalt,
        "POST /bytebase.v1.AuthService/Login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1073741824\r\nconnection: close\r\n\r\n{",
    );
    assert!(!huge.starts_with("HTTP/1.1 2"), "{huge}");
    let names: Vec<_> = (0..100_000).map(|i| format!("users/u{i}@example.com")).collect();
    let many = ada.json("UserService/BatchGetUsers", json!({"names": names})).await;
    assert_eq!(many.expect_err("too many").code, "invalid_argument");
    ada.json(INFO, json!({})).await.expect("still there");
    drop(idle);
}

#[tokio::test]
async fn a_role_that_is_taken_away_counts_at_once() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let bob = json!({"user": {"email": "bob@example.com", "password": "battery-staple-9"}});
    ada.json("UserService/CreateUser", bob).await.expect("a user");
    let mut bob = basalt.client();
    bob.sign_in("bob@example.com", "battery-staple-9").await;
    let admins = |members: Value| {
        let bindings = json!([
            {"role": "roles/workspaceAdmin", "members": members},
            {"role": "roles/workspaceMember", "members": ["allUsers"]},
        ]);
        json!({"resource": "workspaces/default", "policy": {"bindings": bindings}})
    };
    let set = "WorkspaceService/SetIamPolicy";
    ada.json(set, admins(json!(["user:ada@example.com", "user:bob@example.com"])))
        .await
        .expect("set");
    bob.json("SettingService/ListSettings", json!({})).await.expect("an administrator");
    ada.json(set, admins(json!(["user:ada@example.com"]))).await.expect("set");
    let over = bob.json("SettingService/ListSettings", json!({})).await.expect_err("no more");
    assert_eq!(over.reason, "PERMISSION_MISSING");
}

#[tokio::test]
async fn secrets_are_in_no_log_error_or_answer() {
    let basalt = Basalt::start(BASALT, &["--debug"]).await;
    let ada = basalt.first_administrator().await;
    let body = json!({"serviceAccountId": "ci", "serviceAccount": {"title": "CI"}});
    let made = ada.json("ServiceAccountService/CreateServiceAccount", body).await.expect("a key");
    let key = made["serviceKey"].as_str().expect("a text").to_owned();
    let name = made["name"].clone();
    let read = ada.json("ServiceAccountService/GetServiceAccount", json!({"name": name})).await;
    assert!(!read.expect("it is there").to_string().contains(&key), "shown once");
    let mut robot = basalt.client();
    robot.sign_in("ci@service.bytebase.com", &key).await;
    let begun = json!({"user": {"name": "users/ada@example.com"}, "regenerateTempMfaSecret": true});
    let shown = ada.json("UserService/UpdateUser", begun).await.expect("a secret");
    let secret = shown["tempOtpSecret"].as_str().expect("a text").to_owned();
    let recovery = shown["tempRecoveryCodes"][0].as_str().expect("a text").to_owned();
    let again = ada.json("UserService/GetUser", json!({"name": "users/ada@example.com"})).await;
    let malformed =
        ada.json("AuthService/Login", json!({"email": 7, "password": "hunter2-hunter2"})).await;
    let audit = ada.json("AuditLogService/SearchAuditLogs", json!({"pageSize": 100})).await;
    let answers = format!("{again:?} {malformed:?} {audit:?}");
    assert!(answers.contains("CreateServiceAccount"), "the audit log is in it");
    for (what, secret) in [
        ("password", PASSWORD),
        ("key", &key),
        ("token", ada.token.as_deref().expect("it is there")),
        ("app secret", &secret),
        ("recovery code", &recovery),
        ("bad password", "hunter2-hunter2"),
    ] {
        assert!(!answers.contains(secret), "{what} in an answer");
        assert!(!basalt.log().contains(secret), "{what} in the log");
    }
}
