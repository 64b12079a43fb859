//! Keys of service accounts.

use base::id::{sha256_hex, token};
use base::{Rng, Secret};
use store::rows::ServiceAccount;

/// How a key begins, so that it is recognised where it should not be.
const START: &str = "bbs_";

/// A new key and what to keep of it.
pub(super) fn new(rng: &dyn Rng) -> (Secret, Secret) {
    let key = Secret::new(format!("{START}{}", token(rng)));
    let hash = hash(&key);
    (key, hash)
}

/// Whether `key` opens the account. Compares hashes, so the time it takes tells nothing of the key.
pub fn is_key_of(account: &ServiceAccount, key: &Secret) -> bool {
    !account.key_hash.is_empty() && hash(key) == account.key_hash
}

/// Tells the keys of an account apart without giving anything away: tokens carry it, so that a new key ends those of
/// the old one.
pub(crate) fn generation(account: &ServiceAccount) -> String {
    account.key_hash.expose().chars().take(16).collect()
}

fn hash(key: &Secret) -> Secret {
    Secret::new(sha256_hex(key.expose().as_bytes()))
}
