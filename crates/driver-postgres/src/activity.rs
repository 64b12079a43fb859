//! Who blocks whom.

use base::Time;
use engine::session::SessionRow;
use engine::{Failure, SessionActivity};
use tokio_postgres::Client;

use crate::{progress, rows};

/// The session with that process id, those that block it and those that wait for it. None when it is gone.
pub async fn activity(
    client: &Client,
    major: u32,
    backend: &str,
) -> Result<Option<SessionActivity>, Failure> {
    let Ok(pid) = backend.parse::<i32>() else { return Ok(None) };
    let sql = format!(
        "WITH waits AS (SELECT a.pid, pg_catalog.pg_blocking_pids(a.pid) AS by \
           FROM pg_catalog.pg_stat_activity a WHERE a.pid = {pid} OR a.wait_event_type = 'Lock') \
         SELECT a.pid, pg_catalog.to_json(coalesce(w.by, '{{}}')::text[]), \
           a.pid = {pid}, {pid} = ANY (coalesce(w.by, '{{}}')), \
           a.query, a.state, a.wait_event_type, a.wait_event, a.datname, a.usename, a.application_name, \
           pg_catalog.host(a.client_addr), a.client_port, \
           {}, {}, {} \
         FROM pg_catalog.pg_stat_activity a LEFT JOIN waits w ON w.pid = a.pid \
         WHERE a.pid = {pid} OR {pid} = ANY (coalesce(w.by, '{{}}')) \
           OR a.pid = ANY (pg_catalog.pg_blocking_pids({pid})) ORDER BY a.pid",
        micros("backend_start"),
        micros("xact_start"),
        micros("query_start"),
    );
    let mut found = SessionActivity::default();
    let sessions = rows::each(client, &sql, |row| {
        let id = row.text();
        let blocked_by = row.list();
        let (itself, blocked) = (row.bool(), row.bool());
        let session = SessionRow {
            id,
            blocked_by,
            query: row.text(),
            state: row.opt(),
            wait_event_type: row.opt(),
            wait_event: row.opt(),
            database: row.opt(),
            user: row.opt(),
            application_name: row.text(),
            client_address: row.opt(),
            client_port: row.opt(),
            session_start: row.number().map(Time),
            transaction_start: row.number().map(Time),
            query_start: row.number().map(Time),
        };
        if itself {
            found.session = Some(session);
        } else if blocked {
            found.blocked.push(session);
        } else {
            found.blocking.push(session);
        }
    });
    let ((), progress) = tokio::try_join!(sessions, progress::progress(client, major, pid))?;
    found.progress = progress;
    Ok(found.session.is_some().then_some(found))
}

/// A time as microseconds since 1970.
fn micros(column: &str) -> String {
    format!("(EXTRACT(epoch FROM a.{column}) * 1000000)::bigint")
}
