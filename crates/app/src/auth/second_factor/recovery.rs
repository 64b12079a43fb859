//! Recovery codes, for whoever lost the phone. Pure.
//!
//! 80 random bits each, so their SHA-256 is kept: with that much chance a slow hash would add nothing.

use base::id::sha256_hex;
use base::{Rng, Secret};

const COUNT: usize = 10;
/// Letters and digits that nobody takes for one another; 32 of them.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Characters between two hyphens.
const GROUP: usize = 4;

/// New codes like `k3wd-8rtm-x0ab-9qzn`.
pub(super) fn codes(rng: &dyn Rng) -> Vec<Secret> {
    (0..COUNT).map(|_| code(rng)).collect()
}

fn code(rng: &dyn Rng) -> Secret {
    let mut random = [0; 4 * GROUP];
    rng.fill(&mut random);
    let letters: Vec<char> =
        random.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(String::from_iter).collect();
    Secret::new(groups.join("-"))
}

/// What is kept of a code, as somebody types it: case, blanks and hyphens do not matter.
pub(super) fn hash(code: &str) -> String {
    let plain = code.chars().filter(|c| !c.is_whitespace() && *c != '-');
    sha256_hex(plain.flat_map(char::to_lowercase).collect::<String>().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_and_are_read_as_people_type_them() {
        let made = codes(&base::System);
        let mut hashes: Vec<_> = made.iter().map(|c| hash(c.expose())).collect();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), COUNT);
        let code = made[0].expose();
        assert_eq!(code.len(), 19, "{code}");
        assert_eq!(hash(code), hash(&format!(" {} ", code.replace('-', " ").to_uppercase())));
    }
}
