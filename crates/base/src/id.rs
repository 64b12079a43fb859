//! Identifiers: what people choose, and what we make.

use crate::{Clock, Error, Rng};

/// Longest resource id that a person may choose.
pub const MAX_RESOURCE_ID: usize = 63;

/// Checks an id that a person chose for a project, instance, environment or the like:
/// a lower-case letter first, then letters, digits and hyphens, not ending in a hyphen, at most 63 characters.
pub fn check_resource_id(field: &str, id: &str) -> Result<(), Error> {
    let bytes = id.as_bytes();
    let inner = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    let ok = bytes.len() <= MAX_RESOURCE_ID
        && bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.last() != Some(&b'-')
        && bytes.iter().all(inner);
    if ok {
        return Ok(());
    }
    Err(Error::field(
        field,
        "use 1 to 63 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
    ))
}

/// A new id that sorts by time, to a quarter of a microsecond (UUID version 7, RFC 9562 § 5.7 and § 6.2 method 3: the
/// fraction of the millisecond stands in the twelve bits after the version).
pub fn uuid7(clock: &dyn Clock, rng: &dyn Rng) -> String {
    let mut random = [0; 10];
    rng.fill(&mut random);
    let micros = u64::try_from(clock.now().micros()).unwrap_or(0);
    let millis = micros / 1_000;
    let fraction = u16::try_from(micros % 1_000 * 4_096 / 1_000).unwrap_or(0).to_be_bytes();
    random[0] = fraction[0];
    random[1] = fraction[1];
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
}

/// A new token of 256 bits in URL-safe base64 without padding: 43 characters.
pub fn token(rng: &dyn Rng) -> String {
    use base64::Engine as _;
    let mut random = [0; 32];
    rng.fill(&mut random);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random)
}

/// SHA-256 as 64 lower-case hexadecimal digits: the id of a sheet and of a blob.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::System;

    #[test]
    fn resource_ids() {
        for good in ["a", "shop", "shop-2", &"a".repeat(63)] {
            assert!(check_resource_id("project_id", good).is_ok(), "{good}");
        }
        for bad in ["", "Shop", "2shop", "shop-", "sh_op", "sh/op", "é", &"a".repeat(64)] {
            assert!(check_resource_id("project_id", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn uuids_sort_by_time() {
        struct At(i64);
        impl Clock for At {
            fn now(&self) -> crate::Time {
                crate::Time(self.0)
            }
        }
        let a = uuid7(&At(1_000_000_000_000_000), &System);
        let b = uuid7(&At(1_000_000_000_000_001), &System);
        assert!(a < b);
        assert_eq!(a.as_bytes()[14], b'7');
    }
}
