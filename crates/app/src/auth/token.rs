//! Access tokens and their like: JWT, HS256, readable by the tools that read the peer's.
//!
//! A token only says who was signed in, when and by which session. Whether that still counts (account deleted, password
//! changed, session ended) is looked up on every call, by crate::access.

use std::time::Duration;

use base::{Error, Result, Secret, Time};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

const ISSUER: &str = "bytebase";
const KEY_ID: &str = "v1";
const WORKSPACE: &str = "default";
/// Bytes. Ours have about 400.
const LONGEST: usize = 4096;

/// What a token is for. One of a purpose is none of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Access,
    /// The password was right, and the second factor is to follow.
    SecondFactor,
    /// A browser that somebody signed in with before.
    Device,
    /// A browser that somebody went to an identity provider with.
    SignOn,
}

impl Purpose {
    const fn audience(self) -> &'static str {
        match self {
            Self::Access => "bb.user.access",
            Self::SecondFactor => "bb.user.mfa-temp",
            Self::Device => "bb.user.device",
            Self::SignOn => "bb.user.sign-on",
        }
    }
}

/// What a valid token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// E-mail of a user or service account.
    pub subject: String,
    pub issued_at: Time,
    pub expires_at: Time,
    /// Never set by us; a token with it is not used before.
    pub not_before: Option<Time>,
    /// Of a browser, the family of its sessions; of a service account, the generation of its key; of a device, its id;
    /// of a sign-in elsewhere, its seed; else `None`.
    pub session: Option<String>,
}

/// Names on the wire.
#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: Vec<String>,
    sub: String,
    workspace_id: String,
    iat: i64,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    /// `iat` in microseconds: a password change ends what was issued before it, to the moment.
    iat_us: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
}

/// A new token for `subject`.
pub fn issue(
    key: &Secret<Vec<u8>>,
    purpose: Purpose,
    subject: &str,
    session: Option<&str>,
    now: Time,
    lifetime: Duration,
) -> Result<Secret> {
    let claims = Wire {
        iss: ISSUER.to_owned(),
        aud: vec![purpose.audience().to_owned()],
        sub: subject.to_owned(),
        workspace_id: WORKSPACE.to_owned(),
        iat: now.seconds(),
        exp: now.plus(lifetime).seconds(),
        nbf: None,
        iat_us: now.micros(),
        sid: session.map(str::to_owned),
    };
    let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::HS256) };
    encode(&header, &claims, &EncodingKey::from_secret(key.expose()))
        .map(Secret::new)
        .map_err(|e| Error::internal("a token could not be signed").with_source(e))
}

/// What the token says, when it is one of ours; `None` else. An expired one is ours too: compare `expires_at`.
pub fn read(key: &Secret<Vec<u8>>, purpose: Purpose, token: &str) -> Option<Claims> {
    if token.len() > LONGEST {
        return None;
    }
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[purpose.audience()]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // By our own clock instead, without leeway: see `is_live`.
    rules.validate_exp = false;
    let token = decode::<Wire>(token, &DecodingKey::from_secret(key.expose()), &rules).ok()?;
    let ours =
        token.header.kid.as_deref() == Some(KEY_ID) && token.claims.workspace_id == WORKSPACE;
    let claims = token.claims;
    ours.then(|| Claims {
        subject: claims.sub,
        issued_at: Time::from_micros(claims.iat_us),
        expires_at: Time::from_parts(claims.exp, 0),
        not_before: claims.nbf.map(|nbf| Time::from_parts(nbf, 0)),
        session: claims.sid,
    })
}

impl Claims {
    /// Whether the token can be used at `now`.
    pub fn is_live(&self, now: Time) -> bool {
        now < self.expires_at && self.not_before.is_none_or(|from| from <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;

    const NOW: Time = Time::from_micros(1_800_000_000_000_001);

    fn key() -> Secret<Vec<u8>> {
        Secret::new(vec![7; 32])
    }

    fn signed(header: &str, claims: &str) -> String {
        let message = format!("{}.{}", B64.encode(header), B64.encode(claims));
        let signature = jsonwebtoken::crypto::sign(
            message.as_bytes(),
            &EncodingKey::from_secret(key().expose()),
            Algorithm::HS256,
        );
        format!("{message}.{}", signature.unwrap())
    }

    const HEADER: &str = r#"{"typ":"JWT","alg":"HS256","kid":"v1"}"#;
    const CLAIMS: &str = r#"{"iss":"bytebase","aud":["bb.user.access"],"sub":"a@x.io","workspace_id":"default","iat":1,"exp":2,"iat_us":1000000}"#;

    #[test]
    fn goes_both_ways_and_expires() {
        let hour = Duration::from_secs(3600);
        let token = issue(&key(), Purpose::Access, "ann@x.io", Some("f1"), NOW, hour).unwrap();
        let claims = read(&key(), Purpose::Access, token.expose()).unwrap();
        assert_eq!(
            (claims.subject.as_str(), claims.issued_at, claims.session.as_deref()),
            ("ann@x.io", NOW, Some("f1"))
        );
        assert!(claims.is_live(NOW.plus(Duration::from_secs(3599))));
        assert!(!claims.is_live(NOW.plus(Duration::from_secs(3600))));
        assert_eq!(read(&Secret::new(vec![8; 32]), Purpose::Access, token.expose()), None);
        for other in [Purpose::SecondFactor, Purpose::Device, Purpose::SignOn] {
            assert_eq!(read(&key(), other, token.expose()), None);
        }
    }

    #[test]
    fn what_was_tampered_with_is_not_ours() {
        let read = |token: &str| read(&key(), Purpose::Access, token);
        assert!(read(&signed(HEADER, CLAIMS)).is_some());
        let later = CLAIMS.replace("\"exp\":2,", "\"exp\":200,\"nbf\":100,");
        let later = read(&signed(HEADER, &later)).unwrap();
        assert!(!later.is_live(Time::from_parts(99, 0)) && later.is_live(Time::from_parts(100, 0)));
        for (header, claims) in [
            (r#"{"typ":"JWT","alg":"none","kid":"v1"}"#, CLAIMS.to_owned()),
            (r#"{"typ":"JWT","alg":"HS384","kid":"v1"}"#, CLAIMS.to_owned()),
            (r#"{"typ":"JWT","alg":"RS256","kid":"v1"}"#, CLAIMS.to_owned()),
            (r#"{"typ":"JWT","alg":"HS256","kid":"../../v1"}"#, CLAIMS.to_owned()),
            (r#"{"typ":"JWT","alg":"HS256"}"#, CLAIMS.to_owned()),
            (HEADER, CLAIMS.replace("bb.user.access", "bb.user.mfa-temp")),
            (HEADER, CLAIMS.replace("bytebase", "mallory")),
            (HEADER, CLAIMS.replace("\"default\"", "\"other\"")),
            (HEADER, CLAIMS.replace("\"exp\":2,", "")),
            (HEADER, "{}".to_owned()),
        ] {
            assert_eq!(read(&signed(header, &claims)), None, "{header} {claims}");
        }
        for text in ["", ".", "..", "a.b.c", &"x".repeat(1_000_000)] {
            assert_eq!(read(text), None);
        }
        let unsigned =
            format!("{}.{}.", B64.encode(r#"{"alg":"none","kid":"v1"}"#), B64.encode(CLAIMS));
        assert_eq!(read(&unsigned), None);
    }
}
