//! An OpenID Connect provider that says what a test wants it to say, true or not.
//!
//! It has no pages: a test takes nonce and state out of the address that browsers are sent to, and asks for a code. What is
//! honest unless told otherwise: the discovery document, the keys, ID tokens signed with RS256, the answer about the person.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use openidconnect::core::{CoreHmacKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::posted::Posted;

/// Two pairs of keys that open nothing but doors of tests.
const KEYS: [&str; 2] = [include_str!("keys/one.pem"), include_str!("keys/two.pem")];
/// The public half of the first, as anybody can have it.
const PUBLIC: &str = include_str!("keys/one.pub.pem");

pub const CLIENT: &str = "basalt";
pub const SECRET: &str = "the-secret-of-the-client";

/// Makes an ID token of what an honest one would say.
pub type Forge = fn(&Value) -> String;

#[derive(Clone)]
pub struct Issuer {
    pub url: String,
    says: Arc<Mutex<Says>>,
}

/// What it answers. A test changes it at any time.
pub struct Says {
    /// Key ids that it publishes, each with its pair.
    pub keys: Vec<(&'static str, usize)>,
    pub forge: Forge,
    /// Of the person it tells about; the endpoint about the person tells of `about` instead when there is one.
    pub sub: String,
    pub email: String,
    pub about: Option<String>,
    /// A path that is answered by sending elsewhere.
    pub moved: Option<(&'static str, String)>,
    /// Its name in tokens.
    pub issuer: String,
    /// Put over the discovery document.
    pub description: Value,
    /// Paths that were asked for.
    pub asked: Vec<String>,
    nonce: String,
}

/// Something untrue in a token, and what must be said about it.
#[derive(Debug, Clone, Copy)]
pub struct Lie {
    pub what: &'static str,
    pub forge: Forge,
    pub reason: &'static str,
}

impl Issuer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let says = Says {
            keys: vec![("first", 0)],
            forge: honest,
            sub: "ann".to_owned(),
            email: "ann@example.com".to_owned(),
            about: None,
            moved: None,
            issuer: url.clone(),
            description: json!({}),
            asked: Vec::new(),
            nonce: String::new(),
        };
        let issuer = Self { url, says: Arc::new(Mutex::new(says)) };
        let own = issuer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        issuer
    }

    pub fn tell(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().expect("no panic"));
    }

    /// How often this path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.says.lock().expect("no panic").asked.iter().filter(|p| *p == path).count()
    }

    /// What a browser comes back with from `url`, where a person was signed in: code and state.
    pub fn code(&self, url: &str) -> (String, String) {
        let part = |name: &str| {
            let found = url.split(['?', '&']).find_map(|p| p.strip_prefix(name)?.strip_prefix('='));
            found.expect("a part of the address").to_owned()
        };
        self.tell(|says| says.nonce = part("nonce"));
        ("a-code".to_owned(), part("state"))
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some(posted) = Posted::read(&mut stream).await else { return };
        let path = posted.path.split('?').next().unwrap_or_default().to_owned();
        let text = {
            let mut says = self.says.lock().expect("no panic");
            says.asked.push(path.clone());
            match says.moved.as_ref().filter(|(from, _)| *from == path) {
                Some((_, to)) => {
                    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
                }
                None => {
                    let body = self.answer(&says, &path).to_string();
                    let length = body.len();
                    format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
                    )
                }
            }
        };
        // Who hung up needs no answer.
        let _ = stream.write_all(text.as_bytes()).await;
        let _ = stream.shutdown().await;
    }

    fn answer(&self, says: &Says, path: &str) -> Value {
        match path {
            "/keys" => {
                let public = |(kid, pair): &(&str, usize)| {
                    let key = serde_json::to_value(key(*pair, kid).as_verification_key());
                    key.expect("a key in JSON")
                };
                json!({"keys": says.keys.iter().map(public).collect::<Vec<_>>()})
            }
            "/token" => {
                let now = base::Clock::now(&base::System).seconds();
                let claims = json!({"iss": says.issuer, "sub": says.sub, "aud": CLIENT, "nonce": says.nonce,
                    "iat": now, "exp": now + 600, "email": says.email, "email_verified": true});
                json!({"access_token": "a-token", "token_type": "Bearer", "id_token": (says.forge)(&claims)})
            }
            "/person" => {
                json!({"sub": says.about.as_ref().unwrap_or(&says.sub), "email": says.email, "email_verified": true})
            }
            _ => {
                let at = |path: &str| format!("{}{path}", self.url);
                let mut all = json!({"issuer": self.url, "authorization_endpoint": at("/authorize"),
                    "token_endpoint": at("/token"), "userinfo_endpoint": at("/person"), "jwks_uri": at("/keys"),
                    "response_types_supported": ["code"], "subject_types_supported": ["public"],
                    // It would also sign so that everybody with the secret, or nobody at all, could have done it.
                    "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]});
                for (name, value) in says.description.as_object().into_iter().flatten() {
                    all[name] = value.clone();
                }
                all
            }
        }
    }
}

/// Everything that a provider, or somebody in between, can get wrong in a token that is otherwise as it should be.
pub fn lies() -> Vec<Lie> {
    const KEY: &str = "it is signed with a key that is none of the provider's";
    const KIND: &str = "it is not signed with a key of the provider's own";
    const CLIENT: &str = "it is for another client";
    const SIGN_IN: &str = "it is of another sign-in";
    const TIME: &str = "it is too old, or not valid yet";
    let lie = |what, reason, forge: Forge| Lie { what, forge, reason };
    vec![
        lie("alg none", KIND, |c| unsigned(&json!({"alg": "none"}), c)),
        lie("alg none with a known key", KIND, |c| {
            unsigned(&json!({"alg": "none", "kid": "first"}), c)
        }),
        lie("HS256 with the public key", KIND, |c| shared(PUBLIC, c)),
        lie("HS256 with the client's secret", KIND, |c| shared(SECRET, c)),
        lie("another key under a known name", KEY, |c| signed(1, &json!({"kid": "first"}), c)),
        lie("another key without a name", KEY, |c| signed(1, &json!({}), c)),
        lie("an unknown name", KEY, |c| signed(0, &json!({"kid": "second"}), c)),
        lie("a name that is a path", KEY, |c| signed(1, &json!({"kid": "../../dev/null"}), c)),
        lie("a key of its own in the header", KEY, |c| {
            let own = serde_json::to_value(key(1, "own").as_verification_key()).expect("JSON");
            signed(1, &json!({"kid": "own", "jwk": own, "jku": "http://127.0.0.1:9/"}), c)
        }),
        lie("other words than were signed", KEY, |c| {
            let (before, after) = (honest(c), honest(&with(c, "sub", json!("eve"))));
            let (before, after): (Vec<_>, Vec<_>) =
                (before.split('.').collect(), after.split('.').collect());
            format!("{}.{}.{}", before[0], after[1], before[2])
        }),
        lie("something critical that nobody knows", "it uses what is not known here", |c| {
            signed(0, &json!({"kid": "first", "crit": ["x"], "x": 1}), c)
        }),
        lie("another issuer", "it is of another issuer", |c| {
            honest(&with(c, "iss", json!("http://127.0.0.1:9")))
        }),
        lie("another client", CLIENT, |c| honest(&with(c, "aud", json!("other")))),
        lie("a second client", CLIENT, |c| honest(&with(c, "aud", json!(["basalt", "other"])))),
        lie("given to another client", CLIENT, |c| honest(&with(c, "azp", json!("other")))),
        lie("another nonce", SIGN_IN, |c| honest(&with(c, "nonce", json!("0".repeat(64))))),
        lie("no nonce", SIGN_IN, |c| honest(&with(c, "nonce", Value::Null))),
        lie("expired", TIME, |c| {
            let now = c["iat"].as_i64().expect("a time");
            honest(&with(&with(c, "iat", json!(now - 1200)), "exp", json!(now - 600)))
        }),
        lie("of the future", TIME, |c| honest(&with(c, "nbf", json!(c["exp"])))),
        lie("nobody", "it does not say who it is about", |c| honest(&with(c, "sub", json!("")))),
    ]
}

/// As it should be.
pub fn honest(claims: &Value) -> String {
    signed(0, &json!({"kid": "first"}), claims)
}

/// Without the name of the key.
pub fn unnamed(claims: &Value) -> String {
    signed(0, &json!({}), claims)
}

/// With the second pair, under its own name.
pub fn rotated(claims: &Value) -> String {
    signed(1, &json!({"kid": "second"}), claims)
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

fn key(pair: usize, kid: &str) -> CoreRsaPrivateSigningKey {
    let kid = Some(JsonWebKeyId::new(kid.to_owned()));
    CoreRsaPrivateSigningKey::from_pem(KEYS[pair], kid).expect("a key")
}

/// Signed with RS256, under a header of these fields.
fn signed(pair: usize, header: &Value, claims: &Value) -> String {
    let text = parts(&with(header, "alg", json!("RS256")), claims);
    let by = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    let signature = key(pair, "").sign(&by, text.as_bytes()).expect("a signature");
    format!("{text}.{}", B64.encode(signature))
}

fn shared(secret: &str, claims: &Value) -> String {
    let text = parts(&json!({"alg": "HS256", "kid": "first"}), claims);
    let by = CoreJwsSigningAlgorithm::HmacSha256;
    let signature = CoreHmacKey::new(secret).sign(&by, text.as_bytes()).expect("a signature");
    format!("{text}.{}", B64.encode(signature))
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.", parts(header, claims))
}

fn parts(header: &Value, claims: &Value) -> String {
    format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()))
}
