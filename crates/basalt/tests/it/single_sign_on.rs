//! Single sign-on with a real OpenID Connect provider (the npm package oidc-provider), through HTTP.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use reqwest::redirect::Policy;
use serde_json::{Value, json};
use testkit::app::{Basalt, CallError, Client};

use crate::BASALT;

const NAME: &str = "idps/corp";
const CALLBACK: &str = "/oidc/callback";
const SECRET: &str = "the-secret-of-the-client";

/// Ends with the value.
struct Provider {
    issuer: String,
    child: Child,
    /// Held open: the provider says things there all the time, and dies when nobody can hear them.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        // Fails when it has ended already, which is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the provider that sends people back to `redirect`. Its package comes with those of the browser tests, which are
/// installed when it is not there; `None`, said aloud, when they cannot be had.
fn provider(redirect: &str) -> Option<Provider> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let e2e = root.join("e2e");
    if !e2e.join("node_modules/oidc-provider").exists() {
        let done = Command::new(root.join("scripts/e2e-packages.sh")).output();
        if !done.as_ref().is_ok_and(|done| done.status.success()) {
            assert!(!testkit::environment::is_judged(), "no packages: {done:?}");
            testkit::environment::say(
                "OIDC MISSING: no single sign-on is tested: scripts/e2e-packages.sh fails",
            );
            return None;
        }
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("it is there")
        .local_addr()
        .expect("it is there")
        .port();
    let mut child = Command::new("node")
        .arg(e2e.join("support/oidc-provider.mjs"))
        .args([&port.to_string(), redirect])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("node runs");
    let mut lines = BufReader::new(child.stdout.take().expect("it is there")).lines();
    let up = lines.by_ref().map_while(Result::ok).any(|line| line == "up");
    assert!(up, "the provider did not start");
    Some(Provider { issuer: format!("http://127.0.0.1:{port}"), child, _said: lines })
}

/// Somebody at a browser, with cookies.
struct Person {
    browser: reqwest::Client,
    api: Client,
}

/// What the provider sent a browser back with.
#[derive(Clone)]
struct Back {
    code: String,
    state: String,
}

impl Person {
    fn new(basalt: &Basalt) -> Self {
        let mut api = basalt.client();
        let stop = Policy::custom(|attempt| match attempt.url().path() == CALLBACK {
            true => attempt.stop(),
            false => attempt.follow(),
        });
        let browser = reqwest::Client::builder().no_proxy().cookie_store(true).redirect(stop);
        let browser = browser.build().expect("a client");
        api.http = browser.clone();
        Self { browser, api }
    }

    async fn begin(&self, test: bool) -> String {
        let begun = self.api.json(
            "basalt.v1.SingleSignOnService/BeginSingleSignOn",
            json!({"identityProvider": NAME, "test": test}),
        );
        begun.await.expect("begins")["authorizationUrl"].as_str().expect("a text").to_owned()
    }

    /// Signs in at the provider's own pages, and agrees there.
    async fn at_provider(&self, url: &str, login: &str) -> Back {
        let mut page = self.browser.get(url).send().await.expect("an answer");
        for _ in 0..4 {
            if let Some(to) = page.headers().get("location") {
                let to = reqwest::Url::parse(to.to_str().expect("a text")).expect("it is there");
                let part = |name: &str| {
                    to.query_pairs()
                        .find(|(n, _)| n == name)
                        .map(|(_, v)| v.into_owned())
                        .expect("it is there")
                };
                return Back { code: part("code"), state: part("state") };
            }
            let address = page.url().clone();
            let text = page.text().await.expect("a body");
            let prompt = if text.contains("name=\"login\"") { "login" } else { "consent" };
            let form = format!("prompt={prompt}&login={login}&password=x");
            let post = self.browser.post(address).body(form);
            let post = post.header("content-type", "application/x-www-form-urlencoded");
            page = post.send().await.expect("an answer");
        }
        panic!("the provider does not come to an end");
    }

    async fn finish(&self, back: &Back) -> Result<Value, CallError> {
        let context = json!({"oidcContext": {"code": back.code, "state": back.state}});
        let body = json!({"idpName": NAME, "idpContext": context, "web": true});
        self.api.json("AuthService/Login", body).await
    }

    async fn sign_in(&self, login: &str) -> Result<Value, CallError> {
        let url = self.begin(false).await;
        let back = self.at_provider(&url, login).await;
        self.finish(&back).await
    }
}

fn description(issuer: &str) -> Value {
    json!({"title": "Corp", "type": "OIDC", "config": {"oidcConfig": {
        "issuer": issuer, "clientId": "basalt", "clientSecret": SECRET,
        "scopes": ["openid", "email", "profile"],
        "fieldMapping": {"identifier": "email", "displayName": "name", "groups": "groups"},
    }}})
}

async fn create(ada: &Client, idp: Value) -> Result<Value, CallError> {
    let body = json!({"identityProviderId": "corp", "identityProvider": idp});
    ada.json("IdentityProviderService/CreateIdentityProvider", body).await
}

async fn update(ada: &Client, mut idp: Value, mask: &str) -> Result<Value, CallError> {
    idp["name"] = json!(NAME);
    let body = json!({"identityProvider": idp, "updateMask": mask});
    ada.json("IdentityProviderService/UpdateIdentityProvider", body).await
}

async fn profile(ada: &Client, field: &str, value: Value) -> Result<Value, CallError> {
    let setting = json!({"name": "settings/WORKSPACE_PROFILE", "value": {"workspaceProfile": {field: value}}});
    let body = json!({"setting": setting, "updateMask": field});
    ada.json("SettingService/UpdateSetting", body).await
}

/// A server whose administrator has set the provider up.
async fn open() -> Option<(Basalt, Provider, Client)> {
    let basalt = Basalt::start(BASALT, &["--allow-private-outbound"]).await;
    let provider = provider(&format!("{}{CALLBACK}", basalt.url))?;
    let ada = basalt.first_administrator().await;
    profile(&ada, "externalUrl", json!(basalt.url)).await.expect("an external URL");
    create(&ada, description(&provider.issuer)).await.expect("a provider");
    Some((basalt, provider, ada))
}

#[track_caller]
fn refused(answer: Result<Value, CallError>, reason: &str) -> CallError {
    let error = answer.expect_err("refused");
    assert_eq!(error.reason, reason, "{}", error.message);
    error
}

#[tokio::test]
async fn people_sign_in_by_the_provider_under_the_rules_of_the_workspace() {
    let Some((basalt, _provider, ada)) = open().await else { return };
    let group = json!({"group": {"name": "groups/dba@example.com", "title": "DBAs"}, "groupEmail": "dba@example.com"});
    ada.json("GroupService/CreateGroup", group).await.expect("a group");
    let ann = Person::new(&basalt);
    let closed = refused(ann.sign_in("ann").await, "SIGNUP_CLOSED");
    assert!(closed.message.contains("ann@example.com"), "{}", closed.message);
    profile(&ada, "disallowSignup", json!(false)).await.expect("an open door");
    let answer = ann.sign_in("ann").await.expect("in");
    assert_eq!(
        (&answer["token"], &answer["user"]["email"]),
        (&Value::Null, &json!("ann@example.com"))
    );
    assert_eq!(answer["user"]["title"], "ann of the provider");
    let who = ann.api.json("UserService/GetCurrentUser", json!({})).await.expect("a session");
    assert_eq!(who["name"], "users/ann@example.com");
    let group = ada.json("GroupService/GetGroup", json!({"name": "groups/dba@example.com"})).await;
    assert!(group.expect("a group")["members"].to_string().contains("users/ann@example.com"));

    // Whoever the provider does not vouch for, or who is of another domain, stays outside.
    refused(Person::new(&basalt).sign_in("unverified").await, "WRONG_CREDENTIALS");
    update(&ada, json!({"domain": "corp.example"}), "domain").await.expect("a domain");
    let outside = refused(ann.sign_in("ann").await, "WRONG_CREDENTIALS");
    assert!(outside.message.contains("corp.example"), "{}", outside.message);
    update(&ada, json!({"domain": "example.com"}), "domain").await.expect("a domain");
    ann.sign_in("ann").await.expect("in");
    // Who has no password here is not asked for a second factor here.
    profile(&ada, "requireMfa", json!(true)).await.expect("a second factor for all");
    ann.api.json("ProjectService/SearchProjects", json!({})).await.expect("no duty");
}

#[tokio::test]
async fn only_the_provider_and_administrators_by_password() {
    let Some((basalt, _provider, ada)) = open().await else { return };
    let bob = json!({"user": {"email": "bob@example.com", "password": "battery-staple-9"}});
    ada.json("UserService/CreateUser", bob).await.expect("a user");
    profile(&ada, "disallowPasswordSignin", json!(true)).await.expect("enforced");
    let restriction = ada.json("AuthService/GetAuthenticationRestriction", json!({})).await;
    assert_eq!(restriction.expect("it is there")["restriction"]["disallowPasswordSignin"], true);
    let login = |email: &str, password: &str| {
        let anybody = basalt.client();
        let body = json!({"email": email, "password": password});
        async move { anybody.json("AuthService/Login", body).await }
    };
    refused(login("bob@example.com", "battery-staple-9").await, "NOT_ALLOWED");
    refused(login("bob@example.com", "a guess").await, "WRONG_CREDENTIALS");
    login("ada@example.com", "correct-horse-9").await.expect("an administrator");
    let bob = Person::new(&basalt);
    assert_eq!(bob.sign_in("bob").await.expect("in")["user"]["name"], "users/bob@example.com");
    let last = json!({"name": NAME});
    let delete = "IdentityProviderService/DeleteIdentityProvider";
    refused(ada.json(delete, last.clone()).await, "RESOURCE_IN_USE");
    profile(&ada, "disallowPasswordSignin", json!(false)).await.expect("open");
    ada.json(delete, last).await.expect("gone");
    refused(profile(&ada, "disallowPasswordSignin", json!(true)).await, "INVALID_FIELD");
    let begin = json!({"identityProvider": NAME});
    let gone = bob.api.json("basalt.v1.SingleSignOnService/BeginSingleSignOn", begin).await;
    refused(gone, "RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn a_code_counts_once_and_only_in_the_browser_that_began() {
    let Some((basalt, provider, ada)) = open().await else { return };
    profile(&ada, "disallowSignup", json!(false)).await.expect("an open door");
    let eve = Person::new(&basalt);
    let url = eve.begin(false).await;
    for part in
        ["code_challenge_method=S256", "code_challenge=", "state=", "nonce=", "response_type=code"]
    {
        assert!(url.contains(part), "{part} in {url}");
    }
    assert!(!url.contains(SECRET));
    // An address that only begins like ours.
    let tricked = url.replace("%2Foidc%2Fcallback", "%2Foidc%2Fcallback.evil");
    assert_ne!(tricked, url);
    assert_eq!(eve.browser.get(&tricked).send().await.expect("an answer").status(), 400);
    let back = eve.at_provider(&url, "eve").await;
    for state in ["", "guessed", &"0".repeat(64)] {
        let state = Back { state: state.to_owned(), ..back.clone() };
        refused(eve.finish(&state).await, "WRONG_CREDENTIALS");
    }
    // A victim who is made to open Eve's callback has no cookie of that sign-in.
    refused(Person::new(&basalt).finish(&back).await, "WRONG_CREDENTIALS");
    // Nor does a sign-in of the victim's own fit.
    let victim = Person::new(&basalt);
    victim.begin(false).await;
    refused(victim.finish(&back).await, "WRONG_CREDENTIALS");
    // A test of the provider signs nobody in.
    eve.finish(&back).await.expect("in");
    refused(eve.finish(&back).await, "WRONG_CREDENTIALS");
    let begin = json!({"identityProvider": NAME, "test": true});
    let test = eve.api.json("basalt.v1.SingleSignOnService/BeginSingleSignOn", begin).await;
    refused(test, "PERMISSION_MISSING");
    // A code that was not made for this verifier is refused by the provider.
    let (one, other) = (eve.begin(false).await, eve.begin(false).await);
    let foreign = eve.at_provider(&one, "eve").await;
    let own = eve.at_provider(&other, "eve").await;
    let mixed = Back { code: foreign.code, state: own.state.clone() };
    refused(eve.finish(&mixed).await, "WRONG_CREDENTIALS");
    // A sign-in comes back once, whatever came of it.
    let twice = refused(eve.finish(&own).await, "WRONG_CREDENTIALS");
    assert!(twice.message.contains("once already"), "{}", twice.message);
    eve.sign_in("eve").await.expect("in");
    let log = basalt.log();
    for secret in [SECRET, &back.code, &own.code] {
        assert!(!log.contains(secret), "a secret in the log");
    }
    drop(provider);
    let dead = eve.finish(&own).await;
    refused(dead, "WRONG_CREDENTIALS");
}

#[tokio::test]
async fn administrators_set_a_provider_up_and_try_it() {
    let Some((basalt, provider, ada)) = open().await else { return };
    let get = ada.json("IdentityProviderService/GetIdentityProvider", json!({"name": NAME}));
    let seen = get.await.expect("a provider");
    assert!(!seen.to_string().contains(SECRET), "{seen}");
    let endpoint = format!("{}/auth", provider.issuer);
    assert_eq!(seen["config"]["oidcConfig"]["authEndpoint"], json!(endpoint));
    let stranger = basalt.client();
    let list = stranger.json("IdentityProviderService/ListIdentityProviders", json!({}));
    let list = list.await.expect("for the sign-in page");
    let button = json!({"name": NAME, "title": "Corp", "type": "OIDC"});
    assert_eq!(list["identityProviders"], json!([button]), "a stranger sees a button");

    let mut moved = description("http://127.0.0.1:9");
    moved["config"]["oidcConfig"]["clientSecret"] = json!("");
    let again = refused(update(&ada, moved, "config").await, "INVALID_FIELD");
    assert!(again.message.contains("client_secret"), "{}", again.message);
    refused(update(&ada, description("http://127.0.0.1:9"), "config").await, "CONNECTION_NETWORK");
    let other = format!("{}/", provider.issuer);
    refused(update(&ada, description(&other), "config").await, "CONNECTION_UNSUPPORTED");
    refused(update(&ada, description("http://169.254.169.254"), "config").await, "ADDRESS_REFUSED");
    for kind in ["OAUTH2", "LDAP"] {
        let idp = json!({"title": "x", "type": kind});
        let body = json!({"identityProviderId": "other", "identityProvider": idp});
        let create = ada.json("IdentityProviderService/CreateIdentityProvider", body).await;
        assert_eq!(refused(create, "NOT_IMPLEMENTED").code, "unimplemented");
    }
    let mut open = description(&provider.issuer);
    open["config"]["oidcConfig"]["skipTlsVerify"] = json!(true);
    refused(update(&ada, open, "config").await, "INVALID_FIELD");

    let test = |body: Value, who: &Client| {
        let who = who.clone();
        async move { who.json("IdentityProviderService/TestIdentityProvider", body).await }
    };
    let plain = json!({"identityProvider": description(&provider.issuer)});
    test(plain, &ada).await.expect("it answers");
    let mut admin = Person::new(&basalt);
    admin.api.token.clone_from(&ada.token);
    let url = admin.begin(true).await;
    let back = admin.at_provider(&url, "zoe").await;
    let context = json!({"code": back.code, "state": back.state});
    let found = test(json!({"identityProvider": seen, "oidcContext": context}), &admin.api).await;
    let found = found.expect("what the provider says");
    assert_eq!(found["userInfo"]["email"], "zoe@example.com");
    assert_eq!(found["claims"]["iss"], json!(provider.issuer));
    let users = ada.json("UserService/ListUsers", json!({})).await.expect("an answer");
    assert!(!users.to_string().contains("zoe@"), "a test makes nobody");

    let strict = Basalt::start(BASALT, &[]).await;
    let root = strict.first_administrator().await;
    let here = create(&root, description(&provider.issuer)).await;
    assert_eq!(here.expect_err("no TLS").reason, "INVALID_FIELD");
    let private = create(&root, description("https://127.0.0.1:9")).await;
    assert_eq!(private.expect_err("private").reason, "ADDRESS_REFUSED");
}
