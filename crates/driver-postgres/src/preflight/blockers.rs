//! Transactions that have been open for long and hold what the change will wait for.

use std::time::Duration;

use engine::{Failure, Finding, FindingLevel};
use tokio_postgres::Client;

use super::needs::Needs;
use super::objects::listed;
use crate::rows;

/// More are not worth reading.
const MOST: usize = 20;

/// Modes that lock out who changes rows.
const AGAINST_WRITERS: &str =
    "('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')";

/// Names nobody's query: it may hold a secret. A role that may not see other sessions sees none of them here.
pub async fn blockers(
    client: &Client,
    needs: &Needs,
    older_than: Duration,
) -> Result<Vec<Finding>, Failure> {
    let Some(list) = listed(needs) else { return Ok(Vec::new()) };
    let age = format!("interval '{} microseconds'", older_than.as_micros().min(i64::MAX as u128));
    // Locks of an index are those of its table. A transaction that was prepared has no session any more.
    let sql = format!(
        "WITH wanted AS (SELECT coalesce(x.indrelid, c.oid) AS oid, bool_or(w.definition) AS definition, \
           bool_or(w.changed) AS changed, bool_or(w.concurrent) AS concurrent \
           FROM {list} JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(w.name) \
           LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid GROUP BY 1), \
         held AS (SELECT l.pid, l.virtualtransaction, \
             pg_catalog.string_agg(DISTINCT c.relname::text, ', ') AS relations \
           FROM pg_catalog.pg_locks l JOIN wanted w ON w.oid = l.relation \
           JOIN pg_catalog.pg_class c ON c.oid = l.relation \
           WHERE l.locktype = 'relation' AND l.granted AND (w.definition OR l.mode IN {AGAINST_WRITERS}) \
           AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d \
             WHERE d.datname = pg_catalog.current_database()) GROUP BY 1, 2) \
         SELECT a.pid::text, a.usename, a.application_name, \
           EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::bigint, \
           pg_catalog.to_char(a.query_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', \
           a.state, h.relations \
         FROM pg_catalog.pg_stat_activity a LEFT JOIN held h ON h.pid = a.pid \
         WHERE a.pid <> pg_catalog.pg_backend_pid() AND a.xact_start < pg_catalog.clock_timestamp() - {age} \
           AND a.backend_type <> 'autovacuum worker' AND (h.pid IS NOT NULL OR \
             ((SELECT bool_or(w.concurrent) FROM wanted w) AND a.datname = pg_catalog.current_database() \
              AND coalesce(a.backend_xmin, a.backend_xid) IS NOT NULL)) \
         UNION ALL SELECT NULL, p.owner::text, p.gid, \
           EXTRACT(epoch FROM pg_catalog.clock_timestamp() - p.prepared)::bigint, NULL, NULL, h.relations \
         FROM pg_catalog.pg_prepared_xacts p JOIN pg_catalog.pg_locks l ON l.locktype = 'transactionid' \
           AND l.pid IS NULL AND l.transactionid = p.transaction \
         JOIN held h ON h.pid IS NULL AND h.virtualtransaction = l.virtualtransaction \
         WHERE p.prepared < pg_catalog.clock_timestamp() - {age} ORDER BY 4 DESC LIMIT {MOST}"
    );
    let mut found = Vec::new();
    rows::each(client, &sql, |row| {
        let blocker = Blocker {
            pid: row.opt(),
            user: row.text(),
            name: row.text(),
            seconds: row.number().unwrap_or(0),
            query_start: row.opt(),
            state: row.opt(),
            relations: row.opt(),
        };
        found.push(Finding::new("BLOCKER", FindingLevel::Warning, blocker.sentence()));
    })
    .await?;
    Ok(found)
}

struct Blocker {
    /// None: a prepared transaction, and `name` is its own.
    pid: Option<String>,
    user: String,
    name: String,
    seconds: i64,
    query_start: Option<String>,
    state: Option<String>,
    /// None: it holds none of them, but an old snapshot.
    relations: Option<String>,
}

impl Blocker {
    fn sentence(&self) -> String {
        let holds = match &self.relations {
            Some(relations) => format!("holds a lock on {relations} that the change will wait for"),
            None => "is what a concurrent statement will wait for".to_owned(),
        };
        let Some(pid) = &self.pid else {
            return format!(
                "the prepared transaction {:?} of {} has been there for {} s and {holds}: COMMIT PREPARED or ROLLBACK PREPARED it",
                self.name, self.user, self.seconds
            );
        };
        let state = self.state.as_deref().unwrap_or("open");
        let since = self
            .query_start
            .as_deref()
            .map_or_else(String::new, |t| format!(", last query started {t}"));
        format!(
            "session {pid} ({}, application {:?}, {state}{since}) has a transaction open for {} s and {holds}: let it end, or end it with pg_terminate_backend({pid})",
            self.user, self.name, self.seconds
        )
    }
}
