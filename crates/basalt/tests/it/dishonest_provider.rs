//! Single sign-on with a provider that lies. What each lie is called is tested in crate integrations; here nobody comes in.

use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};
use testkit::app::{Basalt, CallError, Client};
use testkit::issuer::{self, Issuer};

use crate::BASALT;

const NAME: &str = "idps/corp";

/// A server that trusts the provider, open to everybody whom it vouches for.
async fn open() -> (Basalt, Issuer, Client) {
    let basalt = Basalt::start(BASALT, &["--allow-private-outbound"]).await;
    let issuer = Issuer::start().await;
    let ada = basalt.first_administrator().await;
    for (field, value) in [("externalUrl", json!(basalt.url)), ("disallowSignup", json!(false))] {
        let setting = json!({"name": "settings/WORKSPACE_PROFILE", "value": {"workspaceProfile": {field: value}}});
        let body = json!({"setting": setting, "updateMask": field});
        ada.json("SettingService/UpdateSetting", body).await.expect("a setting");
    }
    create(&ada, &issuer.url).await.expect("a provider");
    (basalt, issuer, ada)
}

async fn create(ada: &Client, issuer: &str) -> Result<Value, CallError> {
    let config = json!({"issuer": issuer, "clientId": issuer::CLIENT, "clientSecret": issuer::SECRET,
        "fieldMapping": {"identifier": "email"}});
    let idp = json!({"title": "Corp", "type": "OIDC", "config": {"oidcConfig": config}});
    let body = json!({"identityProviderId": "corp", "identityProvider": idp});
    ada.json("IdentityProviderService/CreateIdentityProvider", body).await
}

/// What comes of a sign-in: what was answered, the cookie that began it, the code and the state.
struct Tried {
    answer: Result<Value, CallError>,
    cookie: String,
    back: (String, String),
    /// A session came with the answer.
    is_in: bool,
}

/// As a browser does it, with its cookies in our hands.
async fn sign_in(basalt: &Basalt, issuer: &Issuer) -> Tried {
    let begin = basalt.client().request("POST", "/basalt.v1.SingleSignOnService/BeginSingleSignOn");
    let begin = begin.header("content-type", "application/json");
    let begun = begin.body(json!({"identityProvider": NAME}).to_string()).send().await;
    let begun = begun.expect("an answer");
    let cookie = begun.headers()[SET_COOKIE].to_str().expect("a text");
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    let body: Value = serde_json::from_slice(&begun.bytes().await.expect("a body")).expect("JSON");
    let back = issuer.code(body["authorizationUrl"].as_str().expect("where to go"));
    come_back(basalt, cookie, back).await
}

async fn come_back(basalt: &Basalt, cookie: String, back: (String, String)) -> Tried {
    let context = json!({"oidcContext": {"code": back.0, "state": back.1}});
    let body = json!({"idpName": NAME, "idpContext": context, "web": true});
    let request = basalt.client().request("POST", "/bytebase.v1.AuthService/Login");
    let request = request.header("content-type", "application/json").header(COOKIE, &cookie);
    let response = request.body(body.to_string()).send().await.expect("an answer");
    let session = |text: &str| text.contains("access-token=") || text.contains("refresh");
    let cookies = response.headers().get_all(SET_COOKIE);
    let is_in = cookies.iter().filter_map(|c| c.to_str().ok()).any(session);
    let status = response.status().as_u16();
    let body = response.bytes().await.expect("a body");
    let answer = match status {
        200 => Ok(serde_json::from_slice(&body).expect("JSON")),
        _ => Err(CallError::of(status, &body)),
    };
    Tried { answer, cookie, back, is_in }
}

#[track_caller]
fn refused(tried: Tried, what: &str) -> CallError {
    assert!(!tried.is_in, "{what}: a session");
    let error = tried.answer.expect_err(what);
    assert_eq!((error.status, error.reason.as_str()), (401, "WRONG_CREDENTIALS"), "{what}");
    error
}

#[tokio::test]
async fn no_lie_signs_anybody_in_and_the_log_names_each() {
    let (basalt, issuer, ada) = open().await;
    for lie in issuer::lies() {
        issuer
            .tell(|says| (says.forge, says.email) = (issuer::honest, "ann@example.com".to_owned()));
        let honest = sign_in(&basalt, &issuer).await;
        assert!(honest.is_in, "{:?}", honest.answer);
        issuer.tell(|says| (says.forge, says.email) = (lie.forge, "eve@example.com".to_owned()));
        let count = || basalt.log().matches(lie.reason).count();
        let before = count();
        refused(sign_in(&basalt, &issuer).await, lie.what);
        // The answer may be here before the line in the log is.
        let until = Instant::now() + Duration::from_secs(60);
        while count() == before {
            assert!(Instant::now() < until, "{}: the log does not say {:?}", lie.what, lie.reason);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(count(), before + 1, "{}", lie.what);
    }
    let users = ada.json("UserService/ListUsers", json!({})).await.expect("users").to_string();
    assert!(users.contains("ann@example.com") && !users.contains("eve@example.com"), "{users}");
    for secret in [issuer::SECRET, "a-token"] {
        assert!(!basalt.log().contains(secret), "{secret} in the log");
    }
}

#[tokio::test]
async fn a_sign_in_comes_back_once_also_where_the_provider_takes_its_code_again() {
    let (basalt, issuer, _) = open().await;
    let first = sign_in(&basalt, &issuer).await;
    assert!(first.is_in);
    let (cookie, back) = (first.cookie, first.back);
    let again = come_back(&basalt, cookie.clone(), back.clone()).await;
    assert!(refused(again, "the same again").message.contains("once already"));
    let asked = issuer.asked("/token");
    let other = come_back(&basalt, cookie, (back.0.clone(), "0".repeat(64))).await;
    refused(other, "another state");
    refused(come_back(&basalt, String::new(), back).await, "no cookie");
    assert_eq!(issuer.asked("/token"), asked, "the provider is not even asked");
}

#[tokio::test]
async fn a_person_stays_who_they_are_at_the_provider() {
    let (basalt, issuer, ada) = open().await;
    let be = |sub: &str, email: &str| {
        issuer.tell(|says| (says.sub, says.email) = (sub.to_owned(), email.to_owned()));
    };
    let who = |tried: Tried| tried.answer.expect("in")["user"]["name"].clone();
    // An account that was there before is found by its address, the first time.
    let bob = json!({"user": {"email": "bob@example.com", "password": "battery-staple-9"}});
    ada.json("UserService/CreateUser", bob).await.expect("a user");
    be("1", "bob@example.com");
    assert_eq!(who(sign_in(&basalt, &issuer).await), "users/bob@example.com");
    // Then by the provider's name for the person, wherever their mail goes.
    be("1", "robert@example.com");
    assert_eq!(who(sign_in(&basalt, &issuer).await), "users/bob@example.com");
    // Whoever is given that address at the provider is somebody else.
    be("2", "bob@example.com");
    let other = refused(sign_in(&basalt, &issuer).await, "another person");
    assert!(other.message.contains("another account of this provider"), "{}", other.message);
    // A new address here moves the link along.
    let moved = json!({"name": "users/bob@example.com", "email": "bobby@example.com"});
    ada.json("UserService/UpdateEmail", moved).await.expect("another address");
    be("1", "robert@example.com");
    assert_eq!(who(sign_in(&basalt, &issuer).await), "users/bobby@example.com");
    // An administrator unties an account by deleting and restoring it.
    let name = json!({"name": "users/bobby@example.com"});
    ada.json("UserService/DeleteUser", name.clone()).await.expect("deleted");
    be("1", "bobby@example.com");
    assert!(refused(sign_in(&basalt, &issuer).await, "deleted").message.contains("deleted"));
    ada.json("UserService/UndeleteUser", name).await.expect("restored");
    be("3", "bobby@example.com");
    assert_eq!(who(sign_in(&basalt, &issuer).await), "users/bobby@example.com");
    // Names of another provider mean other people.
    let delete = json!({"name": NAME});
    ada.json("IdentityProviderService/DeleteIdentityProvider", delete).await.expect("gone");
    create(&ada, &issuer.url).await.expect("a provider");
    be("4", "bobby@example.com");
    assert_eq!(who(sign_in(&basalt, &issuer).await), "users/bobby@example.com");
}
