//! The lock that keeps two executors from changing one database at a time: an advisory lock of the session, which the server
//! frees when the session ends, however it ends.
//!
//! A backend that shuts down first ends its transaction and then frees its locks: who has this lock knows that the
//! transaction of the holder before it is decided.

use std::time::Duration;

use engine::{Failure, FailureKind, Lock};
use tokio::time::Instant;
use tokio_postgres::Client;

use crate::rows;

/// `Basl` and a number of ours: no application takes these by chance. Advisory locks are of one database.
const KEYS: (u32, u32) = (0x4261_736c, 1);
/// A backend ends within milliseconds, unless it waits in the kernel.
const GONE_WITHIN: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// An expression: true when this session has the lock, which it may take again and again.
pub fn taken() -> String {
    format!("pg_catalog.pg_try_advisory_lock({}, {})", KEYS.0, KEYS.1)
}

pub async fn lock(client: &Client) -> Result<Lock, Failure> {
    if rows::text(client, &format!("SELECT {}", taken())).await? == "t" {
        return Ok(Lock::Taken);
    }
    let by = rows::text(client, &format!("SELECT l.pid {} LIMIT 1", held("true"))).await?;
    Ok(Lock::Held { by: Some(by).filter(|by| !by.is_empty()) })
}

/// Ends the session with that process id, if it holds the lock of this database, and waits until the lock is free.
pub async fn evict(client: &Client, backend: &str) -> Result<(), Failure> {
    let Ok(pid) = backend.parse::<i32>() else { return Ok(()) };
    let its = held(&format!("l.pid = {pid} AND l.pid <> pg_catalog.pg_backend_pid()"));
    rows::run(client, &format!("SELECT pg_catalog.pg_terminate_backend(l.pid) {its}")).await?;
    let ask = format!("SELECT pg_catalog.count(*) {its}");
    let deadline = Instant::now() + GONE_WITHIN;
    while rows::text(client, &ask).await? != "0" {
        if Instant::now() >= deadline {
            return Err(Failure::new(
                FailureKind::Timeout,
                format!(
                    "session {pid} was told to end and still holds Basalt's lock after {GONE_WITHIN:?}: look at that process on the server"
                ),
            ));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// The rest of a query about who holds it.
fn held(condition: &str) -> String {
    format!(
        "FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted \
         AND l.classid = {} AND l.objid = {} AND l.objsubid = 2 AND l.database = \
         (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) \
         AND {condition}",
        KEYS.0, KEYS.1
    )
}
