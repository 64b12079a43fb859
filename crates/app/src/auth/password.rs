//! Passwords: what a new one must be like, and how they are kept and checked.
//!
//! Kept as argon2id with 19 MiB and two passes (OWASP password storage cheat sheet), as a PHC string, so that other
//! parameters can come later. Hashing runs off the async threads, at most [`PARALLEL`] at a time: a flood of sign-ins costs
//! bounded memory and leaves the server responsive.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use base::{Error, FieldViolation, Reason, Result, Rng, Secret};
use store::rows::PasswordRule;
use tokio::sync::Semaphore;

/// Hashes at the same time.
const PARALLEL: usize = 2;
/// Callers that wait for their turn; more are turned away at once.
const WAITING: usize = 64;
/// Bytes. Hashing time does not grow with it; this is to bound what is kept in memory.
const LONGEST: usize = 1024;
/// Below this no rule can go.
const SHORTEST: u32 = 8;

/// A hash of a password nobody knows: checking against it takes as long as against a real one.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let hash = argon2().hash_password_with_salt(b"basalt: no such account", &[0x5a; 16]);
    hash.map(|h| h.to_string()).expect("fixed parameters and salt are valid")
});

static TURNS: Semaphore = Semaphore::const_new(PARALLEL);
static ROOM: Semaphore = Semaphore::const_new(PARALLEL + WAITING);

/// Everything that is wrong with a new password, under the field it came in.
pub fn violations(field: &str, password: &str, rule: &PasswordRule) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut need = |ok: bool, what: String| {
        if !ok {
            found.push(FieldViolation { field: field.to_owned(), description: what });
        }
    };
    let least = rule.min_length.max(SHORTEST);
    let length = u32::try_from(password.chars().count()).unwrap_or(u32::MAX);
    need(length >= least, format!("use at least {least} characters"));
    need(password.len() <= LONGEST, format!("use at most {LONGEST} bytes"));
    need(!password.contains('\0'), "leave out NUL characters".to_owned());
    let has = |test: fn(char) -> bool| password.chars().any(test);
    need(!rule.require_number || has(|c| c.is_ascii_digit()), "use at least one digit".to_owned());
    need(!rule.require_letter || has(char::is_alphabetic), "use at least one letter".to_owned());
    need(
        !rule.require_uppercase_letter || has(char::is_uppercase),
        "use at least one upper-case letter".to_owned(),
    );
    need(
        !rule.require_special_character || has(|c| !c.is_alphanumeric() && !c.is_whitespace()),
        "use at least one special character, such as ! or #".to_owned(),
    );
    found
}

/// The PHC string to keep for `password`.
///
/// Errors: `TOO_MANY_ATTEMPTS` when too many wait for their turn.
pub async fn hash(rng: &dyn Rng, password: Secret) -> Result<Secret> {
    let mut salt = [0; 16];
    rng.fill(&mut salt);
    in_turn(move || {
        let hash = argon2().hash_password_with_salt(password.expose().as_bytes(), &salt);
        hash.map(|h| Secret::new(h.to_string()))
            .map_err(|e| Error::internal(format!("the password could not be hashed: {e}")))
    })
    .await?
}

/// Whether `password` is the one behind `hash`. Without a hash (no such account, or one that has no password) the answer
/// is no, and takes as long.
pub async fn verify(hash: Option<Secret>, password: Secret) -> Result<bool> {
    in_turn(move || {
        let hash = hash.filter(|h| !h.is_empty());
        let known = hash.is_some();
        let text = hash.as_ref().map_or(NOBODY.as_str(), |h| h.expose());
        if password.expose().len() > LONGEST {
            return Ok(false);
        }
        let parsed = PasswordHash::new(text)
            .map_err(|e| Error::internal(format!("a stored password hash cannot be read: {e}")))?;
        Ok(argon2().verify_password(password.expose().as_bytes(), &parsed).is_ok() && known)
    })
    .await?
}

/// Runs `work` on a blocking thread when it is its turn.
async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let busy = || {
        Error::new(
            Reason::TooManyAttempts,
            "too many people sign in right now; try again in a moment",
        )
    };
    let _room = ROOM.try_acquire().map_err(|_| busy())?;
    let turn = TURNS.acquire().await.map_err(|_| busy())?;
    // The turn goes along: when the caller hangs up, the thread still runs and still counts.
    let done = tokio::task::spawn_blocking(move || {
        let result = work();
        drop(turn);
        result
    });
    done.await.map_err(|e| Error::internal("hashing a password failed").with_source(e))
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("these parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::System;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = hash(&System, "correct horse".into()).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.expose());
        assert!(verify(Some(hash.clone()), "correct horse".into()).await.unwrap());
        assert!(!verify(Some(hash), "correct horsf".into()).await.unwrap());
        assert!(!verify(None, "basalt: no such account".into()).await.unwrap());
        assert!(!verify(Some(Secret::default()), "basalt: no such account".into()).await.unwrap());
        assert!(verify(Some("plain".into()), "plain".into()).await.is_err());
    }

    #[test]
    fn every_missing_property_is_named() {
        let rule = PasswordRule {
            min_length: 10,
            require_number: true,
            require_letter: true,
            require_uppercase_letter: true,
            require_special_character: true,
            ..PasswordRule::default()
        };
        assert_eq!(violations("user.password", "?", &PasswordRule::default()).len(), 1);
        assert_eq!(violations("user.password", "", &rule).len(), 5);
        assert!(violations("user.password", "Abcdefgh1!", &rule).is_empty());
        assert!(violations("user.password", "пароль-Длинный-7", &rule).is_empty());
        let short = PasswordRule { min_length: 1, ..PasswordRule::default() };
        assert_eq!(violations("p", "1234567", &short)[0].description, "use at least 8 characters");
        assert_eq!(violations("p", &"x".repeat(2_000), &short).len(), 1);
    }
}
