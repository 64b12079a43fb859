//! The lock that a run holds for as long as its session lives, so that no second executor works on the database beside it.
//!
//! A user-level lock ends with its session, after the session's transaction: who gets it next finds nothing of the other's still open,
//! but for a prepared transaction, which [`crate::xa::verdict`] finds by name. In a Galera cluster such locks are each node's own.

use std::time::{Duration, Instant};

use engine::{Failure, FailureKind, Lock};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error};

use crate::classify_error::{code, failure};
use crate::rows::literal;

/// Characters of a lock's name that every server takes.
const MAX_NAME: usize = 64;

/// How long an ended session may take to undo what it had open before we stop waiting for it.
const PATIENCE: Duration = Duration::from_secs(5);

const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// `basalt/shop`: readable for who looks at the server. Servers compare such names without regard to case, and so may the names of
/// databases be: two that differ only in case share a lock.
pub(crate) fn name(database: Option<&str>) -> String {
    let database = database.unwrap_or_default().to_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$' | '.');
    let name = format!("basalt/{database}");
    if name.len() <= MAX_NAME && database.chars().all(plain) {
        return name;
    }
    let hash = base::id::sha256_hex(database.as_bytes());
    format!("basalt#{}", &hash[..MAX_NAME - "basalt#".len()])
}

pub(crate) async fn take(conn: &mut Conn, name: &str) -> Result<Lock, Failure> {
    let name = literal(name);
    let asked = format!("SELECT GET_LOCK({name}, 0), IS_USED_LOCK({name})");
    match conn.query_first::<(Option<i64>, Option<u64>), _>(asked).await {
        Ok(Some((Some(1), _))) => Ok(Lock::Taken),
        Ok(Some((_, holder))) => Ok(Lock::Held { by: holder.map(|id| id.to_string()) }),
        Ok(None) => Err(Failure::new(FailureKind::Server, "GET_LOCK gave no answer")),
        Err(Error::Server(e)) if is_no_such_function(e.code) => {
            tracing::debug!(message = %e.message, "no user-level locks here");
            Ok(Lock::Unavailable)
        }
        Err(e) => Err(failure(e)),
    }
}

/// The session that has the lock; None when nobody has, or the server has no such locks.
pub(crate) async fn holder(conn: &mut Conn, name: &str) -> Result<Option<String>, Failure> {
    let asked = format!("SELECT IS_USED_LOCK({})", literal(name));
    match conn.query_first::<Option<u64>, _>(asked).await {
        Ok(id) => Ok(id.flatten().map(|id| id.to_string())),
        Err(Error::Server(e)) if is_no_such_function(e.code) => Ok(None),
        Err(e) => Err(failure(e)),
    }
}

/// Ends the session `backend` if it has the lock, and waits until it is gone.
pub(crate) async fn evict(conn: &mut Conn, name: &str, backend: &str) -> Result<(), Failure> {
    let Ok(id) = backend.parse::<u64>() else {
        let why = format!("{backend:?} is no session of this server: a number is");
        return Err(Failure::new(FailureKind::Unsupported, why));
    };
    if id == u64::from(conn.id()) {
        return Err(Failure::new(FailureKind::Unsupported, "a session does not end itself"));
    }
    if holder(conn, name).await?.as_deref() != Some(backend) {
        return Ok(());
    }
    match conn.query_drop(format!("KILL CONNECTION {id}")).await {
        Ok(()) => {}
        Err(Error::Server(e)) if e.code == code::NO_SUCH_THREAD => {}
        Err(e) => return Err(failure(e)),
    }
    let started = Instant::now();
    while holder(conn, name).await?.as_deref() == Some(backend) {
        if started.elapsed() > PATIENCE {
            let why = format!(
                "session {backend} was told to end and is not gone after {} s: it undoes what it had open, and this can take as long as the work took",
                PATIENCE.as_secs()
            );
            return Err(Failure::new(FailureKind::Timeout, why));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// No function of that name; not supported; refused by the strict mode of a cluster.
const fn is_no_such_function(code: u16) -> bool {
    matches!(code, 1305 | 1235 | 1105)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn names_are_readable_where_they_can_be() {
        assert_eq!(name(Some("shop_1")), "basalt/shop_1");
        assert_eq!(name(Some("Shop")), name(Some("shop")));
        assert_eq!(name(None), "basalt/");
        for odd in ["a'b", "größe", "a b", &"x".repeat(64)] {
            let hashed = name(Some(odd));
            assert!(hashed.len() == 64 && hashed.starts_with("basalt#"), "{hashed}");
        }
        assert_ne!(name(Some("a b")), name(Some("a c")));
    }
}
