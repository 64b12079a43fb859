//! Tokens that CI systems give to their pipelines: who one is for, once everything about it was checked.
//!
//! Such issuers describe themselves by OpenID Connect, but sign nobody in, so they have no address for that. Invariants: the keys are
//! asked for at the issuer that was configured, never at one that a token names; a token is signed by RS256 or ES256 with one of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::Time;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Map, Value};

use super::{IdpError, wire};
use crate::http::{Http, Method, Request};

/// How long keys count.
const FRESH: Duration = Duration::from_secs(3_600);
/// A key that is not among the known ones is looked for again, and an issuer that did not tell its keys is asked again, but not more
/// often than this: whoever sends tokens must not make us ask all the time.
const AGAIN: Duration = Duration::from_secs(30);
/// Clocks may differ by as much, in seconds.
const LEEWAY: i64 = 60;
/// Bytes. Those of GitHub and GitLab have about 2,000.
const LONGEST: usize = 16 << 10;

/// Which tokens are taken.
#[derive(Debug, Clone)]
pub struct Expected {
    pub issuer: String,
    /// One of them must be the token's; none: any.
    pub audiences: Vec<String>,
    /// The subject itself, or how it begins and then `*`.
    pub subject: String,
}

/// A token that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    pub subject: String,
    /// What was signed: the same for every way to write the signature.
    pub signed: String,
    pub expires_at: Time,
}

/// The keys of issuers. Cheap to clone; one for the process.
#[derive(Debug, Clone, Default)]
pub struct Issuers(Arc<Mutex<HashMap<String, Known>>>);

#[derive(Debug, Clone, Default)]
struct Known {
    keys: Vec<Jwk>,
    /// When they were told; none yet.
    at: Option<Time>,
    /// Why the last question, asked then, was not answered.
    failed: Option<(Time, IdpError)>,
}

impl Known {
    fn is_younger(&self, age: Duration, now: Time) -> bool {
        self.at.is_some_and(|at| now.since(at) < age)
    }
}

impl Issuers {
    /// Signature, issuer, audience, subject and times. Errors say which of them is wrong.
    pub async fn check(
        &self,
        http: &Http,
        token: &str,
        expected: &Expected,
        now: Time,
    ) -> Result<Workload, IdpError> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, claims, _] = parts[..] else {
            return Err(IdpError::Token("it is no JWT"));
        };
        if token.len() > LONGEST {
            return Err(IdpError::Token("it is too long"));
        }
        let header = object(header)?;
        let algorithm = match header.get("alg").and_then(Value::as_str) {
            Some("RS256") => Algorithm::RS256,
            Some("ES256") => Algorithm::ES256,
            _ => return Err(IdpError::Token("it is not signed by RS256 or ES256")),
        };
        if header.contains_key("crit") {
            return Err(IdpError::Token("it uses what is not known here"));
        }
        // Before anybody is asked for keys.
        if object(claims)?.get("iss").and_then(Value::as_str) != Some(&expected.issuer) {
            return Err(IdpError::Token("it is of another issuer"));
        }
        let kid = header.get("kid").and_then(Value::as_str);
        let key = self.key(http, &expected.issuer, kid, now).await?;
        let claims = verified(token, &key, algorithm)?;
        let expires_at = times(&claims, now)?;
        if !expected.audiences.is_empty() && !audience(&claims, &expected.audiences) {
            return Err(IdpError::Token("it is for another audience"));
        }
        let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
        if !matches(&expected.subject, subject) {
            return Err(IdpError::Token("its subject is another"));
        }
        let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
        Ok(Workload { subject: subject.to_owned(), signed: signed.to_owned(), expires_at })
    }

    async fn key(
        &self,
        http: &Http,
        issuer: &str,
        kid: Option<&str>,
        now: Time,
    ) -> Result<Jwk, IdpError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned();
        let mut known = known.unwrap_or_default();
        if known.is_younger(FRESH, now)
            && let Some(key) = find(&known.keys, kid)
        {
            return Ok(key);
        }
        let unknown = IdpError::Token("it is signed with a key that is none of its issuer's");
        if known.is_younger(AGAIN, now) {
            return Err(unknown);
        }
        if let Some((at, why)) = &known.failed
            && now.since(*at) < AGAIN
        {
            return Err(why.clone());
        }
        let answer = fetch(http, issuer).await;
        known.failed = answer.as_ref().err().map(|why| (now, why.clone()));
        if let Ok(keys) = &answer {
            known.keys.clone_from(keys);
            known.at = Some(now);
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(issuer.to_owned(), known);
        find(&answer?, kid).ok_or(unknown)
    }
}

/// An issuer with one key need not name it.
fn find(keys: &[Jwk], kid: Option<&str>) -> Option<Jwk> {
    match (kid, keys) {
        (Some(kid), _) => keys.iter().find(|k| k.common.key_id.as_deref() == Some(kid)).cloned(),
        (None, [one]) => Some(one.clone()),
        (None, _) => None,
    }
}

/// The keys of an issuer, where its description of itself says that they are.
async fn fetch(http: &Http, issuer: &str) -> Result<Vec<Jwk>, IdpError> {
    let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let about = read(http, issuer, &place).await?;
    let is = about.get("issuer").and_then(Value::as_str);
    let keys = about.get("jwks_uri").and_then(Value::as_str).filter(|_| is == Some(issuer));
    let keys = keys.ok_or_else(|| IdpError::Discovery(issuer.to_owned()))?;
    let mut found = read(http, issuer, keys).await?;
    let Some(Value::Array(found)) = found.remove("keys") else {
        return Err(IdpError::Answer("it holds no keys"));
    };
    // Keys of a kind that is not known here are for others.
    Ok(found.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
}

async fn read(http: &Http, issuer: &str, address: &str) -> Result<Map<String, Value>, IdpError> {
    let headers = vec![("accept", "application/json".to_owned())];
    let url = wire::url(issuer, address)?;
    let answer = http.send(Request { method: Method::GET, url, headers, body: Vec::new() }).await?;
    if answer.status != 200 || answer.cut {
        return Err(IdpError::Answer("it does not tell its keys"));
    }
    serde_json::from_slice(&answer.body).map_err(|_| IdpError::Answer("it is not JSON"))
}

fn verified(token: &str, key: &Jwk, algorithm: Algorithm) -> Result<Map<String, Value>, IdpError> {
    let wrong = || IdpError::Token("its signature is wrong");
    let key = DecodingKey::from_jwk(key).map_err(|_| wrong())?;
    let mut rules = Validation::new(algorithm);
    // What else there is to check is checked here, by our own clock and with a reason for each.
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    Ok(decode::<Map<String, Value>>(token, &key, &rules).map_err(|_| wrong())?.claims)
}

/// When the token is over, with what clocks may differ by.
fn times(claims: &Map<String, Value>, now: Time) -> Result<Time, IdpError> {
    let at = |name: &str| claims.get(name).and_then(Value::as_f64);
    let now = now.seconds() as f64;
    let leeway = LEEWAY as f64;
    let exp = at("exp").ok_or(IdpError::Token("it never ends"))?;
    if exp + leeway <= now {
        return Err(IdpError::Token("it is over"));
    }
    if at("nbf").is_some_and(|nbf| nbf - leeway > now) {
        return Err(IdpError::Token("it is not valid yet"));
    }
    // A number of seconds that no clock reaches is one that never passes.
    let over = Duration::try_from_secs_f64((exp + leeway).ceil()).map_or(u64::MAX, |d| d.as_secs());
    Ok(Time::from_parts(i64::try_from(over).unwrap_or(i64::MAX), 0))
}

fn audience(claims: &Map<String, Value>, allowed: &[String]) -> bool {
    let is = |value: &Value| value.as_str().is_some_and(|aud| allowed.iter().any(|a| a == aud));
    match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(is),
        Some(one) => is(one),
        None => false,
    }
}

fn matches(pattern: &str, subject: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => subject.starts_with(beginning),
        None => subject == pattern,
    }
}

fn object(part: &str) -> Result<Map<String, Value>, IdpError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok();
    let object = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    object.ok_or(IdpError::Token("it is no JWT"))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// Opens nothing but this test.
    const PAIR: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXoRO4ekla8EoIu1N\
        IN59quJDWnU4SMMHs9VEJMB2bNahRANCAATVkdvGm5enlprCOJ01hl5qMJsGC0YC\
        YgUXPAuhCLUE5WwyrhjZmuleGc9K2xrtqqyXHkI0W0rPCw2RTSS1WByR";
    const PUBLIC: &str = r#"{"kty":"EC","crv":"P-256","x":"1ZHbxpuXp5aawjidNYZeajCbBgtGAmIFFzwLoQi1BOU",
        "y":"bDKuGNma6V4Zz0rbGu2qrJceQjRbSs8LDZFNJLVYHJE"}"#;

    #[test]
    fn es256_is_verified_and_no_other_algorithm_with_its_key() {
        let pair = STANDARD.decode(PAIR).unwrap();
        let pair = jsonwebtoken::EncodingKey::from_ec_der(&pair);
        let claims: Map<String, Value> = serde_json::from_str(r#"{"sub":"ann"}"#).unwrap();
        let header = jsonwebtoken::Header::new(Algorithm::ES256);
        let token = jsonwebtoken::encode(&header, &claims, &pair).unwrap();
        let key: Jwk = serde_json::from_str(PUBLIC).unwrap();
        assert_eq!(verified(&token, &key, Algorithm::ES256).unwrap(), claims);
        assert!(verified(&token, &key, Algorithm::RS256).is_err());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let forged = signed.replace(signed.split('.').nth(1).unwrap(), "eyJzdWIiOiJldmUifQ");
        assert!(verified(&format!("{forged}.{signature}"), &key, Algorithm::ES256).is_err());
    }

    #[test]
    fn a_subject_is_exact_or_begins_so() {
        assert!(matches(
            "repo:acme/shop:ref:refs/heads/main",
            "repo:acme/shop:ref:refs/heads/main"
        ));
        assert!(matches("repo:acme/shop:*", "repo:acme/shop:pull_request"));
        for (pattern, subject) in [
            ("repo:acme/shop", "repo:acme/shop:x"),
            ("repo:acme/shop:*", "repo:acme/shop2:x"),
            ("", "a"),
        ] {
            assert!(!matches(pattern, subject), "{pattern} {subject}");
        }
    }

    #[test]
    fn audiences_may_be_one_or_many() {
        let allowed = ["basalt".to_owned()];
        for (claims, fits) in [
            (r#"{"aud":"basalt"}"#, true),
            (r#"{"aud":["x","basalt"]}"#, true),
            (r#"{"aud":["x"]}"#, false),
            (r#"{"aud":7}"#, false),
            ("{}", false),
        ] {
            assert_eq!(
                audience(&serde_json::from_str(claims).unwrap(), &allowed),
                fits,
                "{claims}"
            );
        }
    }

    #[test]
    fn a_token_ends_and_begins() {
        let now = Time::from_parts(1_000_000, 0);
        let at = |text: &str| {
            times(&serde_json::from_str(text).unwrap(), now).map_err(|e| e.to_string())
        };
        assert!(at(r#"{"exp":1000001,"nbf":1000000}"#).is_ok());
        assert!(at(r#"{"exp":999900}"#).unwrap_err().contains("it is over"));
        assert!(at(r#"{"exp":1000100,"nbf":1000100}"#).unwrap_err().contains("not valid yet"));
        assert!(at("{}").unwrap_err().contains("never ends"));
        let over = Time::from_parts(1_000_100 + LEEWAY, 0);
        assert_eq!(at(r#"{"exp":1000100}"#).unwrap(), over);
        // The next whole second: it is kept as exchanged for as long as it counts.
        assert_eq!(at(r#"{"exp":1000099.5}"#).unwrap(), over);
        assert!(at(r#"{"exp":1e300}"#).unwrap() > over);
    }
}
