//! Which server this is, whether it keeps what it said over a crash, and where in its history it is.
//!
//! Everything here is readable without privileges, so that a proof does not depend on what the account may do.

use engine::Failure;
use mysql_async::Conn;

use crate::flavor::Flavor;
use crate::rows::{literal, read};
use crate::sync::instance;

/// What does not change while a session lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    pub identity: String,
    /// When the server started, in seconds since 1970, give or take one. None when it forgets nothing by crashing.
    pub forgetful_since: Option<i64>,
}

/// How a history that was recorded compares to the server's present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compared {
    /// All of it happened here.
    Contained,
    /// Some of it did not: this server was set back, or is another one.
    Missing,
    /// The server keeps none.
    Unknown,
}

pub(crate) async fn server(conn: &mut Conn, flavor: Flavor) -> Result<Server, Failure> {
    let identity = instance::identity(conn, flavor).await?;
    let sql = "SELECT @@innodb_flush_log_at_trx_commit, @@log_bin, @@sync_binlog, UNIX_TIMESTAMP()";
    let mut row = instance::one(conn, sql).await?;
    let flushes = matches!(row.int(0), Some(1 | 3));
    let (has_log, syncs) = (row.flag(1), row.int(2) == Some(1));
    let now = row.int(3).unwrap_or_default();
    // MariaDB finds prepared transactions in the engine alone; MySQL throws away those that its log does not have.
    if flushes && (flavor.is_mariadb() || !has_log || syncs) {
        return Ok(Server { identity, forgetful_since: None });
    }
    let mut row = instance::one(conn, "SHOW GLOBAL STATUS LIKE 'Uptime'").await?;
    Ok(Server { identity, forgetful_since: Some(now - row.int(1).unwrap_or_default()) })
}

/// An expression for the server's present history.
pub(crate) fn position(flavor: Flavor) -> &'static str {
    if flavor.is_mariadb() { "@@GLOBAL.gtid_current_pos" } else { "@@GLOBAL.gtid_executed" }
}

/// Compares `then`, which [`position`] gave on this kind of server, with now.
pub(crate) async fn compare(
    conn: &mut Conn,
    flavor: Flavor,
    then: &str,
) -> Result<Compared, Failure> {
    if then.is_empty() {
        return Ok(Compared::Unknown);
    }
    let contained = if flavor.is_mariadb() {
        let sql = format!("SELECT {}", position(flavor));
        let now = instance::one(conn, &sql).await?.text(0);
        domains(then).iter().all(|(domain, seq)| {
            domains(&now).iter().any(|(other, reached)| other == domain && reached >= seq)
        })
    } else {
        let sql = format!("SELECT GTID_SUBSET({}, {})", literal(then), position(flavor));
        read(conn, &sql).await?.first_mut().is_some_and(|row| row.flag(0))
    };
    Ok(if contained { Compared::Contained } else { Compared::Missing })
}

/// MariaDB's `domain-server-sequence,…` as (domain, sequence).
pub(crate) fn domains(position: &str) -> Vec<(u64, u64)> {
    let one = |gtid: &str| {
        let mut parts = gtid.trim().split('-');
        let domain = parts.next()?.parse().ok()?;
        let sequence = parts.nth(1)?.parse().ok()?;
        Some((domain, sequence))
    };
    position.split(',').filter_map(one).collect()
}

/// Transactions in MySQL's `uuid:1-5:7,uuid:tag:1-3`.
pub(crate) fn transactions(executed: &str) -> u64 {
    let interval = |text: &str| {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
        to.checked_sub(from)?.checked_add(1)
    };
    executed
        .split(',')
        .flat_map(|of_server| of_server.trim().split(':').skip(1))
        // A tag is no interval.
        .filter_map(interval)
        .fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_histories() {
        assert_eq!(domains("0-1-14, 3-2-9"), [(0, 14), (3, 9)]);
        assert_eq!(domains(""), []);
        let executed = "dee1c6ae-e9e7-11f1-b34a-02fc00000001:1-15:20,\n3e11fa47-71ca-11e1-9e33-c80aa9429562:tag:1-3";
        assert_eq!(transactions(executed), 19);
        assert_eq!(transactions(""), 0);
    }
}
