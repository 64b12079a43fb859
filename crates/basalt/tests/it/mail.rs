//! Mail: the setting and its password, invites, and codes by mail, for people who are there and for people who are not.

use serde_json::{Value, json};
use testkit::app::{Basalt, CallError, Client};

use crate::BASALT;
use crate::sink::Sink;

const OLD: &str = "battery-staple-9";
const NEW: &str = "chestnut-lantern-7";

pub fn email(port: u16, more: &Value) -> Value {
    let mut smtp = json!({
        "host": "127.0.0.1",
        "port": port,
        "username": "basalt",
        "encryption": "ENCRYPTION_NONE",
        "authentication": "PLAIN",
    });
    for (key, value) in more.as_object().expect("an object") {
        smtp[key] = value.clone();
    }
    json!({"from": "basalt@example.com", "fromName": "Basalt", "type": "SMTP", "smtp": smtp})
}

pub async fn set(by: &Client, email: Value) -> Result<Value, CallError> {
    let setting = json!({"name": "settings/EMAIL", "value": {"email": email}});
    by.json("SettingService/UpdateSetting", json!({"setting": setting})).await
}

/// A server with mail, its administrator, and where the mail goes.
async fn world() -> (Basalt, Client, Sink) {
    let basalt =
        Basalt::start(BASALT, &["--external-url=https://b.example", "--retry-after", "20"]).await;
    let ada = basalt.first_administrator().await;
    let sink = Sink::start().await;
    set(&ada, email(sink.port, &json!({"password": "hunter2"}))).await.expect("a mail server");
    (basalt, ada, sink)
}

async fn user(by: &Client, address: &str, password: &str) {
    let user = json!({"email": address, "password": password, "title": "Bo"});
    by.json("UserService/CreateUser", json!({"user": user})).await.expect("a user");
}

/// The eight digits in a mail.
fn code(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_digit());
    words.filter(|w| w.len() == 8).map(str::to_owned).next().unwrap_or_else(|| panic!("{text}"))
}

#[tokio::test]
async fn the_password_of_the_mail_server_is_written_and_never_read() {
    let (_basalt, ada, sink) = world().await;
    let shown = ada.json("SettingService/GetSetting", json!({"name": "settings/EMAIL"})).await;
    let shown = shown.expect("the setting");
    assert_eq!(shown["value"]["email"]["passwordSet"], json!(true));
    assert!(!shown.to_string().contains("hunter2"), "{shown}");
    let all = ada.json("SettingService/ListSettings", json!({})).await.expect("settings");
    assert!(!all.to_string().contains("hunter2"), "{all}");
    let log = ada.json("AuditLogService/SearchAuditLogs", json!({"pageSize": 100})).await;
    let log = log.expect("the log").to_string();
    assert!(log.contains("settings/EMAIL") && !log.contains("hunter2"), "{log}");

    // It stays for this server and user, and goes to no other.
    set(&ada, email(sink.port, &json!({}))).await.expect("unchanged");
    let refused = set(&ada, email(25, &json!({"host": "mail.evil.example"}))).await;
    let refused = refused.expect_err("refused");
    assert!(refused.body.contains("setting.value.email.smtp.password"), "{}", refused.body);
    let refused =
        set(&ada, email(0, &json!({"password": "x", "authentication": "CRAM_MD5"}))).await;
    assert!(refused.expect_err("refused").message.contains("PLAIN or LOGIN"));
}

#[tokio::test]
async fn a_test_says_what_came_of_it_and_nothing_of_what_was_answered() {
    let (_basalt, ada, sink) = world().await;
    let test = async |email: Value, to: &str| {
        let request = json!({"parent": "workspaces/default", "emailSetting": email, "to": to});
        ada.json("SettingService/TestEmailSetting", request).await
    };
    // By the stored password.
    let answer = test(email(sink.port, &json!({})), "bo@example.com").await.expect("a test");
    assert_eq!(answer["success"], json!(true), "{answer}");
    let mail = sink.wait(1).await.remove(0);
    assert_eq!(mail.login, Some(("basalt".to_owned(), "hunter2".to_owned())));
    assert!(mail.to.contains("<bo@example.com>"), "{}", mail.to);
    assert!(mail.text.contains("From: Basalt <basalt@example.com>"), "{}", mail.text);
    sink.refuse(true);
    let answer = test(email(sink.port, &json!({})), "bo@example.com").await.expect("a test");
    assert_eq!(answer["error"], "the mail server refused user name or password (535)");
    let elsewhere = email(25, &json!({"host": "169.254.169.254", "password": "x"}));
    let answer = test(elsewhere, "bo@example.com").await.expect("a test");
    assert!(answer["error"].as_str().is_some_and(|e| e.contains("is refused")), "{answer}");
    let refused = test(email(sink.port, &json!({})), "bo@example.com, eve@example.com").await;
    assert_eq!(refused.expect_err("two addresses").code, "invalid_argument");
}

#[tokio::test]
async fn who_gets_an_account_is_told() {
    let (_basalt, ada, sink) = world().await;
    user(&ada, "bo@example.com", "").await;
    let mail = sink.wait(1).await.remove(0);
    assert!(mail.text.contains("ada@example.com made an account for you"), "{}", mail.text);
    assert!(mail.text.contains("https://b.example/auth/signin"), "{}", mail.text);
    assert!(mail.to.contains("<bo@example.com>"));
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_code_that_fits_once() {
    let (basalt, ada, sink) = world().await;
    user(&ada, "bo@example.com", OLD).await;
    sink.wait(1).await;
    let anybody = basalt.client();
    let info = anybody.json("AuthService/GetAuthenticationRestriction", json!({})).await;
    assert_eq!(info.expect("facts")["restriction"]["passwordResetEnabled"], json!(true));
    let mut bo = basalt.client();
    bo.sign_in("bo@example.com", OLD).await;
    let ask = async |email: &str| {
        anybody.json("AuthService/RequestPasswordReset", json!({"email": email})).await
    };
    let reset = async |email: &str, code: &str| {
        let request = json!({"email": email, "code": code, "newPassword": NEW});
        anybody.json("AuthService/ResetPassword", request).await
    };
    // The same answer whether somebody has the address or not.
    assert_eq!(ask("bo@example.com").await.expect("an answer"), json!({}));
    assert_eq!(ask("nobody@example.com").await.expect("an answer"), json!({}));
    // At once again: the same answer, and no second mail.
    assert_eq!(ask("BO@example.com").await.expect("an answer"), json!({}));
    let mails = sink.wait(2).await;
    let code = code(&mails[1].text);
    for email in ["bo@example.com", "nobody@example.com"] {
        let wrong = if code == "00000000" { "00000001" } else { "00000000" };
        let refused = reset(email, wrong).await.expect_err("a wrong code");
        assert_eq!(
            (&*refused.reason, &*refused.message),
            ("WRONG_CREDENTIALS", "the code is wrong, too old or used; ask for a new one")
        );
    }
    let weak = json!({"email": "bo@example.com", "code": code, "newPassword": "short"});
    let refused = anybody.json("AuthService/ResetPassword", weak).await.expect_err("too short");
    assert!(refused.body.contains("new_password"), "{}", refused.body);
    reset("bo@example.com", &code).await.expect("a new password");
    assert_eq!(reset("bo@example.com", &code).await.expect_err("used").reason, "WRONG_CREDENTIALS");
    let me = bo.json("UserService/GetCurrentUser", json!({})).await;
    assert!(me.is_err() || me.expect("an answer").get("name").is_none(), "sessions ended");
    basalt.client().sign_in("bo@example.com", NEW).await;
    // Only Bo was written to.
    assert!(sink.taken().iter().all(|m| m.to.contains("bo@example.com")), "{:?}", sink.taken());
    let log = ada.json("AuditLogService/SearchAuditLogs", json!({"pageSize": 200})).await;
    let log = log.expect("the log").to_string();
    assert!(log.contains("ResetPassword") && !log.contains(&code) && !log.contains(NEW), "{log}");
}

#[tokio::test]
async fn a_code_takes_five_guesses() {
    let (basalt, ada, sink) = world().await;
    user(&ada, "bo@example.com", OLD).await;
    sink.wait(1).await;
    let anybody = basalt.client();
    let ask = json!({"email": "bo@example.com"});
    anybody.json("AuthService/RequestPasswordReset", ask).await.expect("an answer");
    let code = code(&sink.wait(2).await[1].text);
    for i in 0..5 {
        let wrong = format!("{:08}", (code.parse::<u32>().expect("digits") + 1 + i) % 100_000_000);
        let request = json!({"email": "bo@example.com", "code": wrong, "newPassword": NEW});
        anybody.json("AuthService/ResetPassword", request).await.expect_err("wrong");
    }
    let request = json!({"email": "bo@example.com", "code": code, "newPassword": NEW});
    let refused = anybody.json("AuthService/ResetPassword", request).await.expect_err("spent");
    assert_eq!(refused.reason, "WRONG_CREDENTIALS");
}

#[tokio::test]
async fn a_source_asks_for_twenty_addresses_and_no_more() {
    let (basalt, ..) = world().await;
    let anybody = basalt.client();
    let mut answers = Vec::new();
    for i in 0..22 {
        let ask = json!({"email": format!("x{i}@example.com")});
        let answer = anybody.json("AuthService/RequestPasswordReset", ask).await;
        answers.push(answer.map_or_else(|e| e.reason, |_| "fine".to_owned()));
    }
    assert!(answers[..20].iter().all(|a| a == "fine"), "{answers:?}");
    assert!(answers[20..].iter().all(|a| a == "TOO_MANY_ATTEMPTS"), "{answers:?}");
}

#[tokio::test]
async fn without_a_mail_server_nobody_is_promised_a_mail() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    user(&ada, "bo@example.com", OLD).await;
    let ask = json!({"email": "bo@example.com"});
    let refused = basalt.client().json("AuthService/RequestPasswordReset", ask).await;
    assert_eq!(refused.expect_err("no mail").reason, "NOT_ALLOWED");
    let ask = json!({"email": "bo@example.com"});
    let refused = basalt.client().json("AuthService/SendEmailLoginCode", ask).await;
    assert_eq!(refused.expect_err("not switched on").reason, "NOT_ALLOWED");
}

#[tokio::test]
async fn a_code_signs_in_once_where_the_workspace_allows_it() {
    let (basalt, ada, sink) = world().await;
    user(&ada, "bo@example.com", OLD).await;
    sink.wait(1).await;
    let profile = json!({"workspaceProfile": {"allowEmailCodeSignin": true}});
    let setting = json!({"name": "settings/WORKSPACE_PROFILE", "value": profile});
    let mask = "value.workspaceProfile.allowEmailCodeSignin";
    let change = json!({"setting": setting, "updateMask": mask});
    ada.json("SettingService/UpdateSetting", change).await.expect("allowed");
    let anybody = basalt.client();
    for email in ["bo@example.com", "nobody@example.com"] {
        let answer = anybody.json("AuthService/SendEmailLoginCode", json!({"email": email})).await;
        assert_eq!(answer.expect("an answer"), json!({}));
    }
    let code = code(&sink.wait(2).await[1].text);
    let enter = async |email: &str, code: &str| {
        anybody.json("AuthService/Login", json!({"email": email, "emailCode": code})).await
    };
    for email in ["bo@example.com", "nobody@example.com"] {
        let wrong = if code == "00000000" { "00000001" } else { "00000000" };
        let refused = enter(email, wrong).await.expect_err("a wrong code");
        assert_eq!(refused.reason, "WRONG_CREDENTIALS");
    }
    // A code to sign in is none to choose a password.
    let request = json!({"email": "bo@example.com", "code": code, "newPassword": NEW});
    let refused = anybody.json("AuthService/ResetPassword", request).await.expect_err("another");
    assert_eq!(refused.reason, "WRONG_CREDENTIALS");
    let answer = enter("bo@example.com", &code).await.expect("in");
    assert!(answer["token"].as_str().is_some_and(|t| !t.is_empty()), "{answer}");
    assert_eq!(enter("bo@example.com", &code).await.expect_err("used").reason, "WRONG_CREDENTIALS");
}
