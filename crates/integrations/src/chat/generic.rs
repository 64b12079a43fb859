//! A receiver of one's own: JSON, signed as the "Standard Webhooks" specification says, so that its libraries verify it too.
//!
//! Headers: `webhook-id` (the same when a message is sent again), `webhook-timestamp` (seconds), `webhook-signature`
//! (`v1,` and base64 of HMAC-SHA256 over `{id}.{timestamp}.{body}`). The secret is `whsec_` and the key in base64. What a
//! receiver does with them: docs/howto/webhooks.md.

use base::{Rng, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use super::{Envelope, Post, json_type};

const PREFIX: &str = "whsec_";
/// Bytes of a key: enough that none is guessed, and what the specification asks for.
const SHORTEST: usize = 24;
const LONGEST: usize = 64;

/// A new secret.
pub fn new_secret(rng: &dyn Rng) -> Secret {
    let mut key = [0; 32];
    rng.fill(&mut key);
    Secret::new(format!("{PREFIX}{}", STANDARD.encode(key)))
}

/// Whether the text is a secret that receivers can use.
pub fn is_secret(text: &str) -> bool {
    key(text).is_some_and(|key| (SHORTEST..=LONGEST).contains(&key.len()))
}

pub(super) fn post(envelope: &Envelope<'_>) -> Post {
    let message = envelope.message;
    let facts: serde_json::Map<_, _> =
        message.facts.iter().map(|(label, text)| (label.clone(), json!(text))).collect();
    let body = json!({
        "type": message.event,
        "timestamp": message.at.to_string(),
        "data": {
            "level": message.level,
            "headline": message.headline,
            "subject": message.subject,
            "detail": message.detail,
            "facts": facts,
            "link": message.link,
            "actor": message.actor,
            "projectTitle": message.project_title,
            "resources": message.resources,
        },
    })
    .to_string();
    let timestamp = envelope.now.seconds().to_string();
    let mac = mac(envelope.secret, envelope.id, &timestamp, body.as_bytes()).unwrap_or_default();
    let signature = format!("v1,{}", STANDARD.encode(mac));
    let headers = vec![
        json_type(),
        ("webhook-id", envelope.id.to_owned()),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signature),
    ];
    Post { query: Vec::new(), headers, body }
}

/// The signature of a message; None when `secret` is no secret of this kind.
pub(crate) fn mac(secret: &Secret, id: &str, timestamp: &str, body: &[u8]) -> Option<[u8; 32]> {
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    Some(hmac(&key(secret.expose())?, &signed))
}

fn key(secret: &str) -> Option<Vec<u8>> {
    STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()
}

pub(super) fn hmac(key: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets() {
        assert!(is_secret(new_secret(&base::System).expose()));
        for bad in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_?"] {
            assert!(!is_secret(bad), "{bad}");
        }
    }

    /// The example of the specification.
    #[test]
    fn signs_as_the_specification_does() {
        let secret = Secret::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", b"{\"test\": 2432232314}");
        let signature = STANDARD.encode(mac(&secret, id, "1614265330", body).unwrap());
        assert_eq!(signature, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
