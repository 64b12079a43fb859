//! A provider of OpenID Connect that lies, moves, changes its keys, and hides behind a name that changes its address.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base::Time;
use integrations::http::Http;
use integrations::idp::{self, Claims, IdpError, Provider, Providers, Seed};
use integrations::outbound::{Lookup, Outbound};
use serde_json::json;
use testkit::issuer::{self, Issuer};

/// Our side of a sign-in.
struct Ours {
    http: Http,
    providers: Providers,
    provider: Provider,
    now: Time,
}

impl Ours {
    fn new(issuer: &str, names: Arc<dyn Lookup>) -> Self {
        let outbound = Outbound { allow_private: true, names, ..Outbound::default() };
        let provider = Provider {
            issuer: issuer.to_owned(),
            client_id: issuer::CLIENT.to_owned(),
            client_secret: issuer::SECRET.into(),
            scopes: vec!["email".to_owned()],
            secret_in_body: false,
            redirect: "http://127.0.0.1:9/oidc/callback".to_owned(),
        };
        let now = base::Clock::now(&base::System);
        Self { http: Http::new(outbound), providers: Providers::default(), provider, now }
    }

    async fn sign_in(&self, issuer: &Issuer) -> Result<Claims, IdpError> {
        let seed = Seed("a random text".into());
        let (http, known, now) = (&self.http, &self.providers, self.now);
        let url = idp::authorization_url(http, known, &self.provider, &seed, now).await?;
        let (code, state) = issuer.code(&url);
        assert_eq!(state, seed.state());
        idp::claims(http, known, &self.provider, &code, &seed, now).await
    }

    fn wait(&mut self, seconds: u64) {
        self.now = self.now.plus(Duration::from_secs(seconds));
    }
}

fn plain(issuer: &Issuer) -> Ours {
    Ours::new(&issuer.url, Outbound::default().names)
}

#[track_caller]
fn refused(answer: Result<Claims, IdpError>, reason: &str, what: &str) {
    let error = answer.expect_err(what).to_string();
    assert!(error.contains(reason), "{what}: {error}");
}

#[tokio::test]
async fn each_lie_is_refused_and_named() {
    let issuer = Issuer::start().await;
    let ours = plain(&issuer);
    let claims = ours.sign_in(&issuer).await.expect("an honest token");
    assert_eq!(claims.get("email"), Some(&json!("ann@example.com")));
    let mut wrong = Vec::new();
    for lie in issuer::lies() {
        issuer.tell(|says| says.forge = lie.forge);
        let said = ours.sign_in(&issuer).await.map_err(|e| e.to_string());
        if !said.as_ref().is_err_and(|text| text.contains(lie.reason)) {
            wrong.push((lie.what, said));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    issuer.tell(|says| says.forge = issuer::honest);
    issuer.tell(|says| says.about = Some("eve".to_owned()));
    refused(ours.sign_in(&issuer).await, "tells about another person", "another person");
    issuer.tell(|says| says.about = None);
    ours.sign_in(&issuer).await.expect("honest again");
}

#[tokio::test]
async fn a_key_that_does_not_say_which_counts_only_when_there_is_one() {
    let issuer = Issuer::start().await;
    let ours = plain(&issuer);
    issuer.tell(|says| says.forge = issuer::unnamed);
    ours.sign_in(&issuer).await.expect("there is one key");
    let ours = plain(&issuer);
    issuer.tell(|says| says.keys = vec![("first", 0), ("second", 1)]);
    refused(ours.sign_in(&issuer).await, "with which of the provider's keys", "two keys");
}

#[tokio::test]
async fn new_keys_are_fetched_when_they_are_needed_and_not_more_often() {
    let issuer = Issuer::start().await;
    let mut ours = plain(&issuer);
    ours.sign_in(&issuer).await.expect("an honest token");
    assert_eq!(issuer.asked("/keys"), 1);
    issuer.tell(|says| (says.keys, says.forge) = (vec![("second", 1)], issuer::rotated));
    const KEY: &str = "a key that is none of the provider's";
    for _ in 0..5 {
        refused(ours.sign_in(&issuer).await, KEY, "asked a moment ago");
    }
    assert_eq!(issuer.asked("/keys"), 1, "not asked again so soon");
    ours.wait(31);
    ours.sign_in(&issuer).await.expect("the new key");
    assert_eq!(issuer.asked("/keys"), 2);
    issuer.tell(|says| says.forge = issuer::honest);
    for _ in 0..5 {
        refused(ours.sign_in(&issuer).await, KEY, "the old key is gone");
    }
    assert_eq!(issuer.asked("/keys"), 2, "nobody makes us ask without end");
}

#[tokio::test]
async fn nobody_is_sent_elsewhere() {
    let elsewhere = Issuer::start().await;
    for path in ["/.well-known/openid-configuration", "/keys", "/token", "/person"] {
        let issuer = Issuer::start().await;
        let target = format!("{}{path}", elsewhere.url);
        issuer.tell(|says| says.moved = Some((path, target)));
        plain(&issuer).sign_in(&issuer).await.expect_err(path);
        assert_eq!(issuer.asked(path), 1, "{path}");
        assert_eq!(elsewhere.asked(path), 0, "{path} was followed");
    }
}

#[tokio::test]
async fn a_description_of_another_issuer_or_without_tls_is_none() {
    let issuer = Issuer::start().await;
    for description in [
        json!({"issuer": "https://id.example.com"}),
        json!({"issuer": format!("{}/", issuer.url)}),
        json!({"jwks_uri": "file:///etc/passwd"}),
        json!({"token_endpoint": "http://169.254.169.254/latest/meta-data"}),
        json!({"jwks_uri": "http://169.254.169.254/latest/meta-data"}),
        json!({"userinfo_endpoint": "http://169.254.169.254/latest/meta-data"}),
    ] {
        issuer.tell(|says| says.description = description.clone());
        plain(&issuer).sign_in(&issuer).await.expect_err(&description.to_string());
    }
}

/// A name whose address changes after it was looked up so often.
#[derive(Debug)]
struct Rebinding {
    first: SocketAddr,
    then: SocketAddr,
    honest: usize,
    asked: Mutex<usize>,
}

#[async_trait::async_trait]
impl Lookup for Rebinding {
    async fn lookup(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let mut asked = self.asked.lock().expect("no panic");
        *asked += 1;
        let of = if *asked > self.honest { self.then } else { self.first };
        Ok(vec![SocketAddr::new(of.ip(), port)])
    }
}

#[tokio::test]
async fn a_name_that_changes_its_address_is_judged_each_time() {
    // Discovery, keys, code, person: the name turns to the metadata service of a cloud before each of them.
    for honest in 0..=4 {
        let issuer = Issuer::start().await;
        let port = issuer.url.rsplit(':').next().expect("a port").to_owned();
        let named = format!("http://id.example.com:{port}");
        let at = |path: &str| format!("{named}{path}");
        let description = json!({"issuer": named, "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"), "userinfo_endpoint": at("/person"), "jwks_uri": at("/keys")});
        issuer.tell(|says| (says.description, says.issuer) = (description, named.clone()));
        let names = Arc::new(Rebinding {
            first: "127.0.0.1:1".parse().expect("an address"),
            then: "169.254.169.254:1".parse().expect("an address"),
            honest,
            asked: Mutex::new(0),
        });
        let ours = Ours::new(&named, Arc::<Rebinding>::clone(&names) as Arc<dyn Lookup>);
        let answer = ours.sign_in(&issuer).await;
        let asked = *names.asked.lock().expect("no panic");
        if honest == 4 {
            answer.expect("a name that stays");
            assert_eq!(asked, 4, "one look a request: what was judged is what was connected to");
        } else {
            refused(answer, "metadata service", &format!("after {honest}"));
            assert_eq!(asked, honest + 1);
        }
    }
}
