//! Whether a message is one of a repository's host, and what it is about. Pure.
//!
//! Nothing of a message is believed but that a branch may have moved: what is there is asked for at the host afterwards.

use base::Secret;
use base::id::sha256_hex;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::Kind;

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
) -> Result<Message, Refused> {
    let word = |name: &str| header(name).filter(|value| !value.is_empty() && value.len() <= 200);
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
            let token = word("x-gitlab-token").ok_or(Refused::NoSignature)?;
            if !is_same(token, secret.expose()) {
                return Err(Refused::Signature);
            }
            let ids = ["x-gitlab-event-uuid", "idempotency-key", "x-gitlab-webhook-uuid"];
            let id = ids.iter().find_map(|name| word(name)).ok_or(Refused::NoId)?;
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

/// `sha256=` and HMAC-SHA256 of the body, compared in constant time.
fn signed(secret: &Secret, given: &str, body: &[u8]) -> Result<(), Refused> {
    let given = given.strip_prefix("sha256=").ok_or(Refused::Signature)?;
    let given = hex::decode(given).map_err(|_| Refused::Signature)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
        .map_err(|_| Refused::Signature)?;
    mac.update(body);
    mac.verify_slice(&given).map_err(|_| Refused::Signature)
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
        read(kind, &Secret::from("key"), find, body)
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
    fn without_a_secret_nothing_is_believed() {
        let good = signature(BODY, "");
        let find = |name: &str| match name {
            "x-hub-signature-256" => Some(good.as_str()),
            _ => Some("x"),
        };
        assert_eq!(read(Kind::Github, &Secret::default(), find, BODY), Err(Refused::Signature));
    }
}
