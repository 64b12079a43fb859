//! What one sign-in has to remember, made of one random text.

use base::Secret;
use base::id::sha256_hex;

/// 256 random bits as text; whoever has it can go on with the sign-in that it began.
#[derive(Debug, Clone)]
pub struct Seed(pub Secret);

impl Seed {
    /// Comes back from the provider with the code.
    pub fn state(&self) -> String {
        self.part("state")
    }

    /// Comes back in the ID token.
    pub(super) fn nonce(&self) -> String {
        self.part("nonce")
    }

    /// Of PKCE: only its hash is shown before the code is exchanged.
    pub(super) fn verifier(&self) -> String {
        self.part("verifier")
    }

    fn part(&self, name: &str) -> String {
        sha256_hex(format!("{name} {}", self.0.expose()).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_tell_nothing_of_each_other() {
        let seed = Seed("x".into());
        let parts = [seed.state(), seed.nonce(), seed.verifier(), Seed("y".into()).state()];
        for (i, part) in parts.iter().enumerate() {
            assert_eq!(part.len(), 64);
            assert!(!parts[..i].contains(part));
        }
    }
}
