//! Codes of an app: six digits for each half minute, as every authenticator app makes them (SHA-1, RFC 6238). Pure.

use base::{Error, Result, Rng, Secret, Time};
use totp_rs::{Builder, Totp};

/// Seconds that one code is for.
const STEP: u64 = 30;
const DIGITS: u8 = 6;
/// Codes before and after the present one that count too: clocks differ, and typing takes time.
const SKEW: u64 = 1;

/// A new secret of 160 bits, in base 32 as apps take it.
pub(super) fn secret(rng: &dyn Rng) -> Secret {
    let mut random = [0; 20];
    rng.fill(&mut random);
    Secret::new(totp_rs::Secret::from(random).to_base32())
}

/// The number of the half minute that `code` is of, when it counts at `now` and is of a later one than `last`.
pub(super) fn fits(secret: &Secret, code: &str, last: i64, now: Time) -> Result<Option<i64>> {
    let app = app(secret)?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let present = u64::try_from(now.seconds()).unwrap_or(0) / STEP;
    let first = present.saturating_sub(SKEW).max(u64::try_from(last).unwrap_or(0) + 1);
    let found = (first..=present + SKEW).find(|step| app.check(&code, step * STEP).is_some());
    Ok(found.and_then(|step| i64::try_from(step).ok()))
}

fn app(secret: &Secret) -> Result<Totp> {
    let unreadable = |_| Error::internal("a stored second factor cannot be read");
    let secret = totp_rs::Secret::try_from_base32(secret.expose()).map_err(unreadable)?;
    let app = Builder::new()
        .with_secret(secret)
        .with_digits(DIGITS)
        .with_skew(0)
        .with_step_duration(STEP);
    app.build().map_err(|e| Error::internal("a stored second factor is unfit").with_source(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `12345678901234567890`, of RFC 6238, appendix B.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(code: &str, last: i64, seconds: i64) -> Option<i64> {
        fits(&RFC.into(), code, last, Time::from_parts(seconds, 0)).unwrap()
    }

    #[test]
    fn the_vectors_of_the_rfc() {
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")]
        {
            assert_eq!(at(code, 0, seconds), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_a_half_minute_early_or_late_and_once() {
        let step = 1_234_567_890 / 30;
        let now = step * 30;
        assert_eq!(at(" 005 924 ", 0, now), Some(step));
        assert_eq!(at("005924", 0, now - 1), Some(step));
        assert_eq!(at("005924", 0, now + 59), Some(step));
        assert_eq!(at("005924", 0, now - 31), None);
        assert_eq!(at("005924", 0, now + 60), None);
        assert_eq!(at("005924", step - 1, now), Some(step));
        assert_eq!(at("005924", step, now), None);
        for bad in ["", "+05924", "05924", "0005924", "00592a", "٠٠٥٩٢٤"] {
            assert_eq!(at(bad, 0, now), None, "{bad:?}");
        }
    }

    #[test]
    fn secrets_are_for_apps() {
        let made = secret(&base::System);
        assert_eq!(made.expose().len(), 32);
        assert_ne!(made, secret(&base::System));
        assert!(fits(&made, "1", 0, Time::from_parts(0, 0)).is_ok());
        assert!(fits(&"no base 32!".into(), "1", 0, Time::from_parts(0, 0)).is_err());
    }
}
