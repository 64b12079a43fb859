//! Encrypts and authenticates with the store's key. No SQL in here.
//!
//! A sealed value is: version byte 1, nonce (12 bytes), AES-256-GCM ciphertext with tag. Its associated data names
//! the place it stands in, so that a value copied to another row does not open there.

use std::fmt;
use std::sync::Arc;

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base::{Rng, Secret};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::error::{Result, StoreError};
use crate::key::Key;

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// The key in use, ready to work. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    cipher: Aes256Gcm,
    /// Keyed apart from the cipher: one key, one use.
    mac: Hmac<Sha256>,
    fingerprint: String,
    rng: Arc<dyn Rng>,
}

/// Where a sealed value stands: `table/column/id`, the id being of several parts.
pub(crate) fn place(table_column: &str, id: &[&str]) -> Vec<u8> {
    let mut out = table_column.as_bytes().to_vec();
    for part in id {
        // NUL cannot be in a part, so no two places share a text.
        out.push(0);
        out.extend_from_slice(part.as_bytes());
    }
    out
}

impl Vault {
    pub fn new(key: &Key, rng: Arc<dyn Rng>) -> Self {
        let mut derive = mac_of(key.bytes());
        derive.update(b"basalt authentication key");
        let mac_key = derive.finalize().into_bytes();
        Self {
            inner: Arc::new(Inner {
                cipher: Aes256Gcm::new(key.bytes().into()),
                mac: mac_of(&mac_key),
                fingerprint: key.fingerprint(),
                rng,
            }),
        }
    }

    /// The same with another key.
    pub(crate) fn renewed(&self, key: &Key) -> Self {
        Self::new(key, Arc::clone(&self.inner.rng))
    }

    pub fn fingerprint(&self) -> &str {
        &self.inner.fingerprint
    }

    /// Encrypts for one place.
    pub(crate) fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        self.inner.rng.fill(&mut nonce);
        let sealed = self
            .inner
            .cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: place })
            .map_err(|_| StoreError::Mistake("a secret is too long to encrypt".to_owned()))?;
        let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Decrypts what [`Vault::seal`] made for the same place with the same key.
    pub(crate) fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Secret<Vec<u8>>> {
        let bad = || StoreError::Sealed(String::from_utf8_lossy(place).replace('\0', "/"));
        let rest = sealed.strip_prefix(&[VERSION]).ok_or_else(bad)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or_else(bad)?;
        self.inner
            .cipher
            .decrypt(&Nonce::from(*nonce), Payload { msg: body, aad: place })
            .map(Secret::new)
            .map_err(|_| bad())
    }

    /// Authenticates bytes for one use; `purpose` keeps the uses apart.
    pub(crate) fn sign(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.mac(purpose, bytes).finalize().into_bytes().into()
    }

    /// Whether [`Vault::sign`] gave `tag`, or `tag` is its beginning of at least 16 bytes. Takes constant time.
    pub(crate) fn is_signed(&self, purpose: &str, bytes: &[u8], tag: &[u8]) -> bool {
        tag.len() >= 16 && self.mac(purpose, bytes).verify_truncated_left(tag).is_ok()
    }

    fn mac(&self, purpose: &str, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.inner.mac.clone();
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(bytes);
        mac
    }
}

fn mac_of(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.inner.fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(byte: u8) -> Vault {
        Vault::new(&Key::new([byte; 32]), Arc::new(base::System))
    }

    #[test]
    fn opens_only_in_its_place_with_its_key_unaltered() {
        let (v, here) = (vault(1), place("secret/body", &["instances/a", "password"]));
        let sealed = v.seal(&here, b"hunter2").unwrap();
        assert_eq!(v.open(&here, &sealed).unwrap().expose(), b"hunter2");
        assert!(!sealed.windows(7).any(|w| w == b"hunter2"));
        let there = place("secret/body", &["instances/b", "password"]);
        assert!(v.open(&there, &sealed).is_err());
        assert!(vault(2).open(&here, &sealed).is_err());
        for i in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[i] ^= 1;
            assert!(v.open(&here, &bent).is_err(), "byte {i}");
        }
        assert!(v.open(&here, b"").is_err());
        assert_ne!(v.seal(&here, b"hunter2").unwrap(), sealed, "a nonce is used once");
    }

    #[test]
    fn places_do_not_run_into_each_other() {
        assert_ne!(place("t/c", &["a", "b/c"]), place("t/c", &["a/b", "c"]));
    }

    #[test]
    fn signatures_hold_for_one_purpose_and_key() {
        let tag = vault(1).sign("page", b"x");
        assert!(vault(1).is_signed("page", b"x", &tag));
        assert!(vault(1).is_signed("page", b"x", &tag[..16]));
        assert!(!vault(1).is_signed("page", b"x", &tag[..4]));
        assert!(!vault(1).is_signed("audit", b"x", &tag));
        assert!(!vault(1).is_signed("page", b"y", &tag));
        assert!(!vault(2).is_signed("page", b"x", &tag));
    }
}
