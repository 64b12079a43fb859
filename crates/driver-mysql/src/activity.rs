//! A session, those that keep it waiting and those that it keeps waiting.
//!
//! Needs PROCESS for sessions of other users. What the account may not read is left out, never an error: the page shows
//! what there is.

use std::collections::{BTreeMap, BTreeSet};

use base::Time;
use engine::session::SessionRow;
use engine::{Failure, Progress, SessionActivity};
use mysql_async::Conn;

use crate::flavor::Flavor;
use crate::rows::{Cells, permitted, read};

/// Columns: id, user, host, database, command, milliseconds in this state, state, text, start of the transaction, name
/// of the application. Times are microseconds since 1970.
const MARIADB_SESSIONS: &str = "SELECT p.id, p.user, p.host, p.db, p.command,
    CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 - p.time_ms * 1000 AS SIGNED), p.state, p.info,
    CAST(UNIX_TIMESTAMP(t.trx_started) * 1000000 AS SIGNED), ''
  FROM information_schema.processlist p
  LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id";

const MYSQL_SESSIONS: &str = "SELECT p.id, p.user, p.host, p.db, p.command,
    CAST((UNIX_TIMESTAMP(NOW(6)) - p.time) * 1000000 AS SIGNED), p.state, p.info,
    CAST(UNIX_TIMESTAMP(t.trx_started) * 1000000 AS SIGNED),
    (SELECT MAX(a.attr_value) FROM performance_schema.session_connect_attrs a
      WHERE a.processlist_id = p.id AND a.attr_name = 'program_name')
  FROM performance_schema.processlist p
  LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id";

/// For accounts and servers that allow nothing else.
const PLAIN_SESSIONS: &str = "SELECT id, user, host, db, command,
    CAST((UNIX_TIMESTAMP(NOW(6)) - time) * 1000000 AS SIGNED), state, info, NULL, ''
  FROM information_schema.processlist";

/// Who waits for whom.
const MARIADB_WAITS: &str = "SELECT r.trx_mysql_thread_id, b.trx_mysql_thread_id
  FROM information_schema.innodb_lock_waits w
  JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id
  JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_trx_id";

/// Row locks, then locks on tables as a whole, which DDL waits for.
const MYSQL_WAITS: &str = "SELECT r.processlist_id, b.processlist_id
  FROM performance_schema.data_lock_waits w
  JOIN performance_schema.threads r ON r.thread_id = w.requesting_thread_id
  JOIN performance_schema.threads b ON b.thread_id = w.blocking_thread_id
  UNION
  SELECT r.processlist_id, b.processlist_id
  FROM performance_schema.metadata_locks p
  JOIN performance_schema.metadata_locks g
    ON g.object_type = p.object_type AND g.object_schema = p.object_schema AND g.object_name = p.object_name
      AND g.lock_status = 'GRANTED' AND g.owner_thread_id <> p.owner_thread_id
  JOIN performance_schema.threads r ON r.thread_id = p.owner_thread_id
  JOIN performance_schema.threads b ON b.thread_id = g.owner_thread_id
  WHERE p.lock_status = 'PENDING' AND p.object_type = 'TABLE'";

/// Of the plugin metadata_lock_info, which few servers load. A lock that waits is not in the list, but its session's
/// state says so.
const MARIADB_TABLE_WAITS: &str = "SELECT p.id, m.thread_id
  FROM information_schema.processlist p
  JOIN information_schema.metadata_lock_info m ON m.thread_id <> p.id AND m.lock_type LIKE 'Table%'
    AND m.table_schema = p.db AND LOCATE(m.table_name, p.info) > 0
  WHERE p.state = 'Waiting for table metadata lock'";

pub(crate) async fn around(
    conn: &mut Conn,
    flavor: Flavor,
    backend: &str,
) -> Result<Option<SessionActivity>, Failure> {
    let mariadb = flavor.is_mariadb();
    let (sessions, waits) = if mariadb {
        (MARIADB_SESSIONS, vec![MARIADB_WAITS, MARIADB_TABLE_WAITS])
    } else {
        (MYSQL_SESSIONS, vec![MYSQL_WAITS])
    };
    let rows = match permitted(conn, sessions).await? {
        Some(rows) => rows,
        None => read(conn, PLAIN_SESSIONS).await?,
    };
    let mut edges = BTreeSet::new();
    for sql in waits {
        for mut row in permitted(conn, sql).await?.unwrap_or_default() {
            edges.insert((row.text(0), row.text(1)));
        }
    }
    let mut by_id: BTreeMap<String, SessionRow> = BTreeMap::new();
    for cells in rows {
        let row = session(cells, &edges);
        by_id.insert(row.id.clone(), row);
    }
    let pick = |ids: BTreeSet<&String>| {
        ids.into_iter().filter_map(|id| by_id.get(id).cloned()).collect::<Vec<_>>()
    };
    let Some(own) = by_id.get(backend) else {
        return Ok(None);
    };
    let progress = match backend.parse() {
        Ok(id) => progress(conn, mariadb, id).await?,
        Err(_) => None,
    };
    Ok(Some(SessionActivity {
        session: Some(own.clone()),
        blocking: pick(edges.iter().filter(|e| e.0 == backend).map(|e| &e.1).collect()),
        blocked: pick(edges.iter().filter(|e| e.1 == backend).map(|e| &e.0).collect()),
        progress,
    }))
}

/// How far a long ALTER is. MySQL tells it only where the consumer `events_stages_current` and the stages' instruments are on.
async fn progress(conn: &mut Conn, mariadb: bool, id: u64) -> Result<Option<Progress>, Failure> {
    let sql = if mariadb {
        format!(
            "SELECT state, ROUND(progress), 100, stage, max_stage FROM information_schema.processlist
             WHERE id = {id} AND max_stage > 0"
        )
    } else {
        format!(
            "SELECT SUBSTRING_INDEX(s.event_name, '/', -1), s.work_completed, s.work_estimated, 0, 0
             FROM performance_schema.events_stages_current s
             JOIN performance_schema.threads t ON t.thread_id = s.thread_id
             WHERE t.processlist_id = {id} AND s.work_estimated > 0"
        )
    };
    let Some(mut row) = permitted(conn, &sql).await?.and_then(|mut rows| rows.pop()) else {
        return Ok(None);
    };
    let mut number = |at| row.int(at).and_then(|n| u64::try_from(n).ok()).unwrap_or_default();
    let (done, total, stage, stages) = (number(1), number(2), number(3), number(4));
    let mut phase = row.text(0);
    if stages > 1 {
        phase = format!("{phase} (stage {stage} of {stages})");
    }
    let unit = if mariadb { "percent" } else { "work units" };
    Ok(Some(Progress { phase, done: done.min(total), total, unit: unit.to_owned() }))
}

fn session(mut cells: Cells, edges: &BTreeSet<(String, String)>) -> SessionRow {
    let id = cells.text(0);
    let blocked_by: Vec<_> = edges.iter().filter(|e| e.0 == id).map(|e| e.1.clone()).collect();
    let host = cells.opt(2).unwrap_or_default();
    let (address, port) = match host.rsplit_once(':') {
        Some((address, port)) => (address.to_owned(), Some(port.to_owned())),
        None => (host, None),
    };
    let state = cells.opt(6).filter(|s| !s.is_empty());
    SessionRow {
        user: cells.opt(1),
        database: cells.opt(3),
        // `Sleep`, `Query`…; what it waits for stands in the state.
        state: cells.opt(4),
        wait_event_type: (!blocked_by.is_empty()).then(|| "Lock".to_owned()),
        wait_event: state,
        query: cells.text(7),
        client_address: Some(address).filter(|a| !a.is_empty()),
        client_port: port,
        query_start: cells.int(5).map(Time::from_micros),
        transaction_start: cells.int(8).map(Time::from_micros),
        session_start: None,
        application_name: cells.text(9),
        blocked_by,
        id,
    }
}
