//! How far long work is: the server's progress views, and the distance of its replicas.

use std::time::Duration;

use engine::{Failure, Progress};
use tokio_postgres::Client;

use crate::{rows, witness};

/// Of the session with that process id; None when it does nothing that the server counts.
pub async fn progress(client: &Client, major: u32, pid: i32) -> Result<Option<Progress>, Failure> {
    let mut sql = format!(
        "SELECT 'vacuum: ' || v.phase, v.heap_blks_scanned, v.heap_blks_total, 'blocks' \
         FROM pg_catalog.pg_stat_progress_vacuum v WHERE v.pid = {pid}"
    );
    if major >= witness::INDEX_PROGRESS_SINCE {
        // The counters of a phase stay when the next one counts something else.
        sql += &format!(
            " UNION ALL SELECT i.phase, \
             CASE WHEN i.phase LIKE 'waiting%' THEN i.lockers_done \
                  WHEN i.phase ~ 'tuples|sorting' THEN i.tuples_done ELSE i.blocks_done END, \
             CASE WHEN i.phase LIKE 'waiting%' THEN i.lockers_total \
                  WHEN i.phase ~ 'tuples|sorting' THEN i.tuples_total ELSE i.blocks_total END, \
             CASE WHEN i.phase LIKE 'waiting%' THEN 'transactions' \
                  WHEN i.phase ~ 'tuples|sorting' THEN 'tuples' ELSE 'blocks' END \
             FROM pg_catalog.pg_stat_progress_create_index i WHERE i.pid = {pid} \
             UNION ALL SELECT c.command || ': ' || c.phase, c.heap_blks_scanned, c.heap_blks_total, 'blocks' \
             FROM pg_catalog.pg_stat_progress_cluster c WHERE c.pid = {pid}"
        );
    }
    let mut found = None;
    rows::each(client, &sql, |row| {
        found = Some(Progress {
            phase: row.text(),
            done: row.number().unwrap_or(0),
            total: row.number().unwrap_or(0),
            unit: row.text(),
        });
    })
    .await?;
    Ok(found)
}

/// A replica that has everything is at zero, also when its last measured lag is forgotten. A role that may not look sees none.
pub async fn replica_lag(client: &Client) -> Result<Option<Duration>, Failure> {
    const SQL: &str = "SELECT pg_catalog.max((EXTRACT(epoch FROM CASE \
        WHEN r.replay_lsn >= pg_catalog.pg_current_wal_lsn() THEN interval '0' \
        ELSE coalesce(greatest(r.replay_lag, r.flush_lag, r.write_lag), interval '0') END) * 1000000)::bigint) \
        FROM pg_catalog.pg_stat_replication r \
        WHERE NOT pg_catalog.pg_is_in_recovery() AND r.replay_lsn IS NOT NULL";
    let mut found = None;
    rows::each(client, SQL, |row| found = row.number::<u64>().map(Duration::from_micros)).await?;
    Ok(found)
}
