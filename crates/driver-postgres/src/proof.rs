//! What became of a transaction: asked by its id, within the history of the server that gave it.
//!
//! A transaction id alone proves nothing. Another server, another timeline or an earlier WAL position has a history of its own. And a
//! server that crashes forgets what it had not written, and gives an id out a second time: when it has been started since, the
//! checkpoint that its start ended with tells whether the id was known by then.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Failure, Mark, Outcome, Proof, StatementFailure, Verdict};
use tokio::time::Instant;
use tokio_postgres::Client;

use crate::{lock, rows};

/// Names in the facts.
const XID: &str = "xid";
const IDENTITY: &str = "identity";
const TIMELINE: &str = "timeline";
const POSITION: &str = "position";
const STARTED: &str = "started";
const SYNCHRONOUS: &str = "synchronous_commit";

/// Timeline, position and start of a server. The counters of the background writer are set back by each recovery from a crash, also by one in
/// which the postmaster lives on.
const MARK: &str = "CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.substr( \
    pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) END, \
    CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN \
    pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0') END, \
    (EXTRACT(epoch FROM greatest(pg_catalog.pg_postmaster_start_time(), \
    (SELECT b.stats_reset FROM pg_catalog.pg_stat_bgwriter b))) * 1000000)::bigint";

/// A commit that did not wait for the disk is there within three rounds of the WAL writer, 0.6 s by default.
const WRITTEN_WITHIN: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Where a server is, and since when.
struct Here {
    mark: Mark,
    /// Microseconds since 1970.
    started: Option<i64>,
}

/// An expression: whether the role may ask for [`identity`]. The call must not stand in the statement that asks whether it may.
pub const MAY_IDENTIFY: &str =
    "pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')";

/// The system identifier.
pub async fn identity(client: &Client) -> Result<String, Failure> {
    rows::text(client, "SELECT system_identifier FROM pg_catalog.pg_control_system()").await
}

pub async fn mark(client: &Client, identity: &str) -> Result<Mark, Failure> {
    Ok(here(client, identity).await?.mark)
}

async fn here(client: &Client, identity: &str) -> Result<Here, Failure> {
    let mut here =
        Here { mark: Mark { identity: identity.to_owned(), ..Mark::default() }, started: None };
    rows::each(client, &format!("SELECT {MARK}"), |row| {
        here.mark.timeline = row.text();
        here.mark.position = row.number();
        here.started = row.number();
    })
    .await?;
    Ok(here)
}

/// When a transaction is asked for its proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At its end: one that has written nothing is not given an id for our sake.
    Last,
    /// At its beginning: it is given an id.
    First,
}

/// Inside the transaction, or right behind `first`, which begins it; in one round trip.
pub async fn prepare(
    client: &Client,
    identity: &str,
    locked: bool,
    when: When,
    first: &str,
) -> Result<BTreeMap<String, String>, StatementFailure> {
    // A script that lets go of all locks (DISCARD ALL) takes it again here, unless somebody else was faster.
    let held = if locked { lock::taken() } else { "true".to_owned() };
    let id = match when {
        When::Last => "txid_current_if_assigned",
        When::First => "txid_current",
    };
    let sql = format!(
        "{first}SELECT {held}, pg_catalog.current_setting('synchronous_commit'), \
         pg_catalog.{id}(), {MARK}"
    );
    let mut row = rows::fetch(client, &sql, 1).await?.into_iter().next().unwrap_or_default();
    if row.first().is_none_or(|held| held.as_deref() != Some("t")) {
        return Err(StatementFailure::new(
            engine::FailureKind::Server,
            "the script let go of Basalt's lock of this database (DISCARD ALL or pg_advisory_unlock_all) and another session has it now: nothing was committed",
        ));
    }
    let names = [SYNCHRONOUS, XID, TIMELINE, POSITION, STARTED];
    let told = names.into_iter().zip(row.drain(1..));
    let mut facts: BTreeMap<String, String> =
        told.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    facts.insert(IDENTITY.to_owned(), identity.to_owned());
    Ok(facts)
}

pub async fn verdict(client: &Client, identity: &str, proof: &Proof) -> Result<Verdict, Failure> {
    let Some(facts) = &proof.facts else {
        return Ok(Verdict::new(Outcome::NotApplied, "COMMIT was never sent"));
    };
    let Some(xid) = facts.get(XID).and_then(|x| x.parse::<u64>().ok()) else {
        return Ok(Verdict::new(
            Outcome::Applied,
            "the transaction had no id before COMMIT: all its statements had run and none had written anything (a NOTIFY in it may be lost)",
        ));
    };
    let here = here(client, identity).await?;
    if let Some(why) = another_history(facts, &here) {
        return Ok(Verdict::new(Outcome::Unknown, why));
    }
    let restarted = facts.get(STARTED).and_then(|s| s.parse().ok()) != here.started;
    let status = status(client, xid).await?;
    let mut verdict = match status.as_str() {
        "committed" | FUTURE if restarted => {
            after_a_start(client, facts, xid, &status, &here).await?
        }
        "committed" if facts.get(SYNCHRONOUS).is_some_and(|s| s == "off") => {
            written(client).await?
        }
        "committed" => Verdict::new(
            Outcome::Applied,
            format!("the server says that transaction {xid} committed"),
        ),
        "aborted" => Verdict::new(
            Outcome::NotApplied,
            format!("the server says that transaction {xid} was rolled back"),
        ),
        "in progress" => open(client, xid).await?,
        FUTURE => Verdict::new(
            Outcome::Unknown,
            format!(
                "transaction {xid} is not there yet, although the server was not started since: its data was replaced"
            ),
        ),
        _ => Verdict::new(
            Outcome::Unknown,
            format!(
                "transaction {xid} is so old that the server does not know any more what became of it"
            ),
        ),
    };
    if verdict.outcome == Outcome::Applied
        && let Some(at) = commit_time(client, xid).await?
    {
        verdict.evidence.push(format!("it committed at {}", at.text));
    }
    Ok(verdict)
}

/// Why what this server says about the transaction's id would prove nothing.
fn another_history(facts: &BTreeMap<String, String>, here: &Here) -> Option<String> {
    let fact = |name| facts.get(name).map_or("", String::as_str);
    let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
    let (identity, timeline) = (fact(IDENTITY), fact(TIMELINE));
    if differ(identity, &here.mark.identity) {
        return Some(format!(
            "this is another server: its system identifier is {}, that of the transaction's server was {identity}",
            here.mark.identity
        ));
    }
    let Some(position) = here.mark.position else {
        return Some(
            "this server is a replica now, and cannot be asked about transactions: ask the primary"
                .to_owned(),
        );
    };
    if differ(timeline, &here.mark.timeline) {
        return Some(format!(
            "the server failed over or was restored: it is on timeline {}, the transaction was on {timeline}, and its commit may be among what was lost",
            here.mark.timeline
        ));
    }
    let before = fact(POSITION).parse().unwrap_or(0);
    (position < before).then(|| {
        format!(
            "the server was restored to an earlier state: its WAL is at {}, before COMMIT it was at {}",
            lsn(position),
            lsn(before)
        )
    })
}

fn lsn(position: u64) -> String {
    format!("{:X}/{:X}", position >> 32, position & 0xffff_ffff)
}

/// Our word for an id that was not given out yet.
const FUTURE: &str = "future";

/// `committed`, `aborted`, `in progress`, [`FUTURE`], or empty when it is too old.
async fn status(client: &Client, xid: u64) -> Result<String, Failure> {
    match rows::fetch(client, &format!("SELECT pg_catalog.txid_status({xid})"), 1).await {
        Ok(rows) => Ok(rows.into_iter().flatten().next().flatten().unwrap_or_default()),
        Err(failure) if failure.code == "22023" => Ok(FUTURE.to_owned()),
        Err(failure) => Err(Failure::new(failure.kind, failure.message)),
    }
}

/// The last checkpoint.
#[derive(Default)]
struct Checkpoint {
    /// It ended a start or a shutdown: no id was given out on the way to it.
    of_a_start: bool,
    redo: u64,
    next_xid: u64,
}

/// Of a transaction that looks committed, or as if it never was, on a server that was started after COMMIT was sent.
async fn after_a_start(
    client: &Client,
    facts: &BTreeMap<String, String>,
    xid: u64,
    status: &str,
    here: &Here,
) -> Result<Verdict, Failure> {
    let committed = status == "committed";
    let restarted =
        "the server was started again, or recovered from a crash, after COMMIT was sent";
    let before: u64 = facts.get(POSITION).and_then(|p| p.parse().ok()).unwrap_or(0);
    if let Some(point) = checkpoint(client).await?.filter(|p| p.of_a_start) {
        if point.redo < before {
            return Ok(Verdict::new(
                Outcome::Unknown,
                format!(
                    "{restarted}, from an earlier state: at {}, before COMMIT it was at {}",
                    lsn(point.redo),
                    lsn(before)
                ),
            ));
        }
        return Ok(match (point.next_xid > xid, committed) {
            (true, true) => Verdict::new(
                Outcome::Applied,
                format!("{restarted}; transaction {xid} was known by then, and committed"),
            ),
            (true, false) => Verdict::new(
                Outcome::Unknown,
                format!("{restarted}, and contradicts itself about transaction {xid}"),
            ),
            (false, _) => Verdict::new(
                Outcome::NotApplied,
                format!("{restarted}; by then nothing of transaction {xid} had been written"),
            ),
        });
    }
    let ours = match (commit_time(client, xid).await?, here.started) {
        (Some(at), Some(started)) if committed => at.micros < started,
        _ => false,
    };
    Ok(if ours {
        Verdict::new(
            Outcome::Applied,
            format!("{restarted}; transaction {xid} had committed before that"),
        )
    } else {
        Verdict::new(
            Outcome::Unknown,
            format!(
                "{restarted}; a crash may have lost transaction {xid}, and then the server gave its id to another one: look at the data"
            ),
        )
    })
}

async fn checkpoint(client: &Client) -> Result<Option<Checkpoint>, Failure> {
    const MAY: &str =
        "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_checkpoint()', 'execute')";
    // An online checkpoint writes records between its two ends, but for one that keeps no replica in mind.
    const SQL: &str = "SELECT c.redo_lsn = c.checkpoint_lsn \
        AND pg_catalog.current_setting('wal_level') <> 'minimal', \
        pg_catalog.pg_wal_lsn_diff(c.redo_lsn, '0/0'), c.next_xid \
        FROM pg_catalog.pg_control_checkpoint() c";
    if rows::text(client, MAY).await? != "t" {
        return Ok(None);
    }
    let mut found = None;
    rows::each(client, SQL, |row| {
        let of_a_start = row.bool();
        let redo = row.number();
        let next = row.text();
        let next_xid = next.split_once(':').and_then(|(epoch, id)| {
            Some(epoch.parse::<u64>().ok()? << 32 | id.parse::<u64>().ok()?)
        });
        if let (Some(redo), Some(next_xid)) = (redo, next_xid) {
            found = Some(Checkpoint { of_a_start, redo, next_xid });
        }
    })
    .await?;
    Ok(found)
}

/// `synchronous_commit = off` lets COMMIT return before it is on disk.
async fn written(client: &Client) -> Result<Verdict, Failure> {
    let target = rows::text(client, "SELECT pg_catalog.pg_current_wal_insert_lsn()").await?;
    let ask =
        format!("SELECT pg_catalog.pg_current_wal_flush_lsn() >= '{target}'::pg_catalog.pg_lsn");
    let deadline = Instant::now() + WRITTEN_WITHIN;
    while rows::text(client, &ask).await? != "t" {
        if Instant::now() >= deadline {
            return Ok(Verdict::new(
                Outcome::Open,
                "it committed with synchronous_commit = off, and is not on the server's disk yet",
            ));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(Verdict::new(
        Outcome::Applied,
        "it committed with synchronous_commit = off, and is on the server's disk now",
    ))
}

/// `PREPARE TRANSACTION` of a script leaves its transaction in progress when it took effect.
async fn open(client: &Client, xid: u64) -> Result<Verdict, Failure> {
    let sql = format!(
        "SELECT p.gid FROM pg_catalog.pg_prepared_xacts p WHERE p.transaction::text = '{}'",
        short(xid)
    );
    let gid = rows::text(client, &sql).await?;
    Ok(if gid.is_empty() {
        Verdict::new(
            Outcome::Open,
            format!("the server says that transaction {xid} is in progress"),
        )
    } else {
        Verdict::new(
            Outcome::Applied,
            format!("the server holds transaction {xid} prepared under the name {gid:?}"),
        )
    })
}

/// An id without its epoch, as older parts of the server show it.
const fn short(xid: u64) -> u64 {
    xid & 0xffff_ffff
}

struct CommitTime {
    text: String,
    micros: i64,
}

/// None where the server does not keep it (`track_commit_timestamp`), or not any more.
async fn commit_time(client: &Client, xid: u64) -> Result<Option<CommitTime>, Failure> {
    let sql = format!(
        "SELECT t.at, (EXTRACT(epoch FROM t.at) * 1000000)::bigint FROM (SELECT \
         CASE WHEN pg_catalog.current_setting('track_commit_timestamp') = 'on' \
         THEN pg_catalog.pg_xact_commit_timestamp('{}'::pg_catalog.xid) END AS at) t \
         WHERE t.at IS NOT NULL",
        short(xid)
    );
    let mut found = None;
    rows::each(client, &sql, |row| {
        let text = row.text();
        found = row.number().map(|micros| CommitTime { text, micros });
    })
    .await?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn another_history_is_told() {
        let here = |timeline: &str, position| Here {
            mark: Mark { identity: "7".into(), timeline: timeline.into(), position },
            started: None,
        };
        let then = facts(&[(IDENTITY, "7"), (TIMELINE, "00000001"), (POSITION, "4294967296")]);
        let told = |here: &Here| another_history(&then, here).unwrap_or_default();
        assert_eq!(told(&here("00000001", Some(4_294_967_296))), "");
        assert!(told(&here("00000002", Some(u64::MAX))).contains("timeline 00000002"));
        assert!(
            told(&here("00000001", Some(255)))
                .contains("its WAL is at 0/FF, before COMMIT it was at 1/0")
        );
        assert!(told(&here("", None)).contains("replica"));
        let other = facts(&[(IDENTITY, "8")]);
        assert!(
            another_history(&other, &here("00000001", Some(1)))
                .is_some_and(|w| w.contains("identifier is 7"))
        );
        // A role that may not read the identifier has none to compare.
        assert_eq!(another_history(&facts(&[(IDENTITY, "")]), &here("00000001", Some(1))), None);
    }
}
