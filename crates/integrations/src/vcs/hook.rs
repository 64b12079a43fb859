//! Whether a message is one of a repository's host, and what it is about. Pure.
//!
//! Nothing of a message is believed but that a branch may have moved: what is there is asked for at the host afterwards.

use std::time::Duration;

use base::id::sha256_hex;
use base::{Secret, Time};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::Kind;
use crate::chat::generic;

/// How far the clocks of a host and this server may be apart; what was signed before that is refused.
const TOLERANCE: Duration = Duration::from_secs(300);
/// Bytes of a header that is looked at.
const LONGEST: usize = 200;

/// A message that was proved to be the host's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What the host calls it: once each.
    pub id: String,
    /// SHA-256 of what must never come a second time: the id, and what was signed.
    pub once: Vec<String>,
    pub about: About,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Commits came to a branch.
    Push(String),
    /// Something else; the host's word for it, as far as it is a word.
    Other(String),
}

/// Why a message is not believed. For our own records: who sent it is told nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the signature is missing")]
    NoSignature,
    #[error("the signature is wrong")]
    Signature,
    #[error("the message was signed more than 5 minutes ago, or in the future")]
    Late,
    #[error("the id of the message is missing")]
    NoId,
    #[error("the message is not JSON of a push")]
    Body,
}

#[derive(Deserialize)]
struct Push {
    #[serde(rename = "ref")]
    reference: String,
}

/// `header` gives the value of a header by its name in lower case.
pub fn read<'h>(
    kind: Kind,
    secret: &Secret,
    header: impl Fn(&str) -> Option<&'h str>,
    body: &[u8],
    now: Time,
) -> Result<Message, Refused> {
    let word = |name: &str| usable(header(name));
    if secret.is_empty() {
        return Err(Refused::Signature);
    }
    let (id, event, mut once) = match kind {
        Kind::Github => {
            signed(secret, word("x-hub-signature-256").ok_or(Refused::NoSignature)?, body)?;
            let id = word("x-github-delivery").ok_or(Refused::NoId)?;
            // The id is not signed: the same body under another id is the same message.
            (id, word("x-github-event"), vec![sha256_hex(body)])
        }
        Kind::Gitlab => {
            let id = match gitlab_signed(secret, &header, body, now) {
                // Signed with a token that GitLab made itself, or not signed: then the secret token may prove it, as it does for
                // whoever leaves the signature out.
                Err(why @ (Refused::NoSignature | Refused::Signature)) => {
                    let token = word("x-gitlab-token").ok_or(why)?;
                    if !is_same(token, secret.expose()) {
                        return Err(Refused::Signature);
                    }
                    let ids = ["x-gitlab-event-uuid", "idempotency-key"];
                    ids.iter().find_map(|name| word(name)).ok_or(Refused::NoId)?
                }
                signed => signed?,
            };
            (id, word("x-gitlab-event"), Vec::new())
        }
    };
    once.push(sha256_hex(id.as_bytes()));
    let is_push =
        matches!((kind, event), (Kind::Github, Some("push")) | (Kind::Gitlab, Some("Push Hook")));
    let about = match is_push {
        true => {
            let push: Push = serde_json::from_slice(body).map_err(|_| Refused::Body)?;
            match push.reference.strip_prefix("refs/heads/") {
                Some(branch) => About::Push(branch.to_owned()),
                None => About::Other("a push that is to no branch".to_owned()),
            }
        }
        false => About::Other(shown(event.unwrap_or_default())),
    };
    Ok(Message { id: shown(id), once, about })
}

fn usable(value: Option<&str>) -> Option<&str> {
    value.filter(|v| !v.is_empty() && v.len() <= LONGEST)
}

/// The id of a message with the signature of GitLab's signing token, which newer servers have.
fn gitlab_signed<'h>(
    secret: &Secret,
    header: impl Fn(&str) -> Option<&'h str>,
    body: &[u8],
    now: Time,
) -> Result<&'h str, Refused> {
    let word = |name: &str| usable(header(name));
    let given = header("webhook-signature").ok_or(Refused::NoSignature)?;
    let id = word("webhook-id").ok_or(Refused::NoId)?;
    let at = word("webhook-timestamp").ok_or(Refused::Late)?;
    stamped(secret, id, at, given, body)?;
    in_time(at, now)?;
    Ok(id)
}

/// `sha256=` and HMAC-SHA256 of the body, compared in constant time.
fn signed(secret: &Secret, given: &str, body: &[u8]) -> Result<(), Refused> {
    let given = given.strip_prefix("sha256=").ok_or(Refused::Signature)?;
    let given = hex::decode(given).map_err(|_| Refused::Signature)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
        .map_err(|_| Refused::Signature)?;
    mac.update(body);
    mac.verify_slice(&given).map_err(|_| Refused::Signature)
}

/// `v1,` and HMAC-SHA256 of `{id}.{timestamp}.{body}` in base64, as "Standard Webhooks" has it; one of several, while a secret changes.
fn stamped(secret: &Secret, id: &str, at: &str, given: &str, body: &[u8]) -> Result<(), Refused> {
    let wanted = generic::mac(secret, id, at, body).ok_or(Refused::Signature)?;
    let is_it = |one: &str| {
        let given = one.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
        given.is_some_and(|given| bool::from(given.as_slice().ct_eq(&wanted)))
    };
    if given.len() <= 5 * LONGEST && given.split(' ').any(is_it) {
        return Ok(());
    }
    Err(Refused::Signature)
}

fn in_time(at: &str, now: Time) -> Result<(), Refused> {
    let at: u32 = at.parse().map_err(|_| Refused::Late)?;
    let apart = now.seconds().abs_diff(i64::from(at));
    if apart <= TOLERANCE.as_secs() { Ok(()) } else { Err(Refused::Late) }
}

/// In a time that tells nothing of where they differ, nor of how long the secret is.
fn is_same(a: &str, b: &str) -> bool {
    Sha256::digest(a.as_bytes()).ct_eq(&Sha256::digest(b.as_bytes())).into()
}

/// For records: letters, digits and what stands between them.
fn shown(text: &str) -> String {
    let known = |c: &char| c.is_ascii_alphanumeric() || " _-.:".contains(*c);
    text.chars().filter(known).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"ref":"refs/heads/feature/x","after":"1"}"#;

    fn signature(body: &[u8], key: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(body);
        let bytes = mac.finalize().into_bytes();
        format!("sha256={}", bytes.iter().map(|b| format!("{b:02x}")).collect::<String>())
    }

    fn of(kind: Kind, headers: &[(&str, &str)], body: &[u8]) -> Result<Message, Refused> {
        let find = |name: &str| headers.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        read(kind, &Secret::from("key"), find, body, Time(0))
    }

    #[test]
    fn github_signs_the_body() {
        let good = signature(BODY, "key");
        let head = [("x-hub-signature-256", good.as_str()), ("x-github-delivery", "d-1")];
        let push = [head[0], head[1], ("x-github-event", "push")];
        let read = of(Kind::Github, &push, BODY).unwrap();
        assert_eq!((read.id.as_str(), read.about), ("d-1", About::Push("feature/x".into())));
        let again = [head[0], ("x-github-delivery", "d-2"), push[2]];
        let again = of(Kind::Github, &again, BODY).unwrap();
        assert!(read.once.iter().any(|hash| again.once.contains(hash)), "the same signature");
        assert_eq!(of(Kind::Github, &head[..1], BODY), Err(Refused::NoId));
        assert_eq!(of(Kind::Github, &push[1..], BODY), Err(Refused::NoSignature));
        assert_eq!(of(Kind::Github, &push, b"{}"), Err(Refused::Signature));
        let other = signature(BODY, "other");
        for bad in [other.as_str(), "sha256=", "sha1=aa", &good[..20], "sha256=zz", "a\u{e9}"] {
            let head = [("x-hub-signature-256", bad), push[1], push[2]];
            assert_eq!(of(Kind::Github, &head, BODY), Err(Refused::Signature), "{bad}");
        }
        let ping = [head[0], head[1], ("x-github-event", "ping<script>")];
        let ping = of(Kind::Github, &ping, BODY).unwrap().about;
        assert_eq!(ping, About::Other("pingscript".into()));
    }

    #[test]
    fn gitlab_shows_the_token() {
        let head = [
            ("x-gitlab-token", "key"),
            ("x-gitlab-event-uuid", "u"),
            ("x-gitlab-event", "Push Hook"),
        ];
        let read = of(Kind::Gitlab, &head, BODY).unwrap();
        assert_eq!(read.about, About::Push("feature/x".into()));
        assert_eq!(of(Kind::Gitlab, &head[..1], BODY), Err(Refused::NoId));
        assert_eq!(of(Kind::Gitlab, &head[1..], BODY), Err(Refused::NoSignature));
        let wrong = [("x-gitlab-token", "Key"), head[1], head[2]];
        assert_eq!(of(Kind::Gitlab, &wrong, BODY), Err(Refused::Signature));
        assert_eq!(of(Kind::Gitlab, &head, b"[1]"), Err(Refused::Body));
        let tag = of(Kind::Gitlab, &head, br#"{"ref":"refs/tags/1"}"#).unwrap();
        assert!(matches!(tag.about, About::Other(_)));
    }

    #[test]
    fn gitlab_signs_what_it_can() {
        let secret = Secret::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let of = |headers: &[(&str, &str)], now: i64| {
            let find = |name: &str| headers.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
            read(Kind::Gitlab, &secret, find, BODY, Time::from_parts(now, 0))
        };
        let mac = generic::mac(&secret, "m-1", "1000", BODY).unwrap();
        let good = format!("v1,{}", STANDARD.encode(mac));
        let (id, at) = (("webhook-id", "m-1"), ("webhook-timestamp", "1000"));
        let event = ("x-gitlab-event", "Push Hook");
        let read = of(&[id, at, event, ("webhook-signature", &good)], 1_300).unwrap();
        assert_eq!((read.id.as_str(), read.about), ("m-1", About::Push("feature/x".into())));
        assert_eq!(read.once, [sha256_hex(b"m-1")]);
        let two = format!("v1,AAAA {good}");
        assert!(of(&[id, at, event, ("webhook-signature", &two)], 700).is_ok(), "one of them");
        for now in [699, 1_301] {
            let late = of(&[id, at, event, ("webhook-signature", &good)], now);
            assert_eq!(late, Err(Refused::Late), "{now}");
        }
        for (id, at) in [("m-2", "1000"), ("m-1", "1001")] {
            let head =
                [("webhook-id", id), ("webhook-timestamp", at), ("webhook-signature", &good)];
            assert_eq!(of(&head, 1_000), Err(Refused::Signature), "{id} {at}");
        }
        assert_eq!(of(&[at, ("webhook-signature", &good)], 1_000), Err(Refused::NoId));
        assert_eq!(of(&[id, ("webhook-signature", &good)], 1_000), Err(Refused::Late));
        let token = ("x-gitlab-token", secret.expose().as_str());
        let uuid = ("x-gitlab-event-uuid", "u");
        for bad in ["", "v1,", "v2,x", good.trim_start_matches("v1,"), "v1,AAAA"] {
            let signature = ("webhook-signature", bad);
            assert_eq!(of(&[id, at, signature], 1_000), Err(Refused::Signature), "{bad}");
            let wrong = ("x-gitlab-token", "another");
            assert_eq!(of(&[id, at, uuid, wrong, signature], 1_000), Err(Refused::Signature));
            // The token of a GitLab that made its signing token itself; its signature counts for nothing.
            let by_token = of(&[id, at, event, uuid, token, signature], 9_999).unwrap();
            assert_eq!(by_token.id, "u", "{bad}");
        }
        // What was signed right once does not come again as something else.
        let old = [id, at, event, uuid, token, ("webhook-signature", &*good)];
        assert_eq!(of(&old, 1_301), Err(Refused::Late));
        assert!(of(&[token, event, uuid], 9_999).is_ok(), "older servers");
    }

    #[test]
    fn without_a_secret_nothing_is_believed() {
        let good = signature(BODY, "");
        let find = |name: &str| match name {
            "x-hub-signature-256" => Some(good.as_str()),
            _ => Some("x"),
        };
        let none = Secret::default();
        for kind in [Kind::Github, Kind::Gitlab] {
            assert_eq!(read(kind, &none, find, BODY, Time(0)), Err(Refused::Signature));
        }
    }
}
