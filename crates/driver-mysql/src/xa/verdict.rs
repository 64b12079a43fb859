//! What became of a transaction whose session is gone.
//!
//! A name that no server session has, and that is not prepared, can be begun anew: that is the exact test for "gone", and it needs no
//! privilege. One that is attached to a living session cannot, and cannot be ended from here either: it is still open.

use engine::{Failure, FailureKind, Outcome, Proof, Verdict};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error};

use super::{fact, is_undone, refuse_name};
use crate::classify_error::{code, failure};
use crate::flavor::Flavor;
use crate::history::{self, Compared};
use crate::lock;

/// Asks by name. `ability` is [`super::Transactions::ability`], `lock` the name of the database's lock.
pub(crate) async fn verdict(
    conn: &mut Conn,
    flavor: Flavor,
    ability: Result<(), String>,
    lock: &str,
    proof: &Proof,
) -> Result<Verdict, Failure> {
    refuse_name(&proof.id).map_err(|f| Failure::new(f.kind, f.message))?;
    match &proof.facts {
        None => never_committed(conn, ability, lock, &proof.id).await,
        Some(facts) if facts.get(fact::HOW).map(String::as_str) == Some(fact::XA) => {
            let known = Known {
                server: facts.get(fact::SERVER).cloned().unwrap_or_default(),
                history: facts.get(fact::HISTORY).cloned().unwrap_or_default(),
                forgetful_since: facts.get(fact::FORGETFUL_SINCE).and_then(|s| s.parse().ok()),
            };
            decided(conn, flavor, &proof.id, known).await
        }
        Some(facts) => {
            let because = facts.get(fact::BECAUSE).map_or("", String::as_str);
            let evidence = format!(
                "COMMIT may have been sent for a plain transaction, and the server keeps no record of those by name ({because})"
            );
            Ok(Verdict::new(Outcome::Unknown, evidence))
        }
    }
}

/// What was recorded before COMMIT.
struct Known {
    server: String,
    history: String,
    forgetful_since: Option<i64>,
}

/// COMMIT was never sent.
async fn never_committed(
    conn: &mut Conn,
    ability: Result<(), String>,
    lock: &str,
    id: &str,
) -> Result<Verdict, Failure> {
    const NEVER: &str = "COMMIT was never sent";
    if id.is_empty() || ability.is_err() {
        // A plain transaction, that nobody can see from here: but its session has the lock.
        let own = conn.id().to_string();
        return Ok(match lock::holder(conn, lock).await? {
            Some(other) if other != own => Verdict::new(
                Outcome::Open,
                format!("session {other} still has the lock, and may have the transaction open"),
            ),
            _ => Verdict::new(Outcome::NotApplied, format!("{NEVER}, and its session is gone")),
        });
    }
    match conn.query_drop(format!("XA ROLLBACK '{id}'")).await {
        Ok(()) => {
            let evidence = format!("{NEVER}; {id} was still prepared and was rolled back now");
            return Ok(Verdict::new(Outcome::NotApplied, evidence));
        }
        Err(Error::Server(e)) if is_undone(e.code) => {
            let evidence = format!("{NEVER}; the server says of {id}: {}", e.message);
            return Ok(Verdict::new(Outcome::NotApplied, evidence));
        }
        Err(Error::Server(e)) if e.code == code::XA_UNKNOWN => {}
        Err(e) => return Err(failure(e)),
    }
    Ok(match is_gone(conn, id).await? {
        true => {
            let evidence = format!("{NEVER}, and the server knows no transaction {id} any more");
            Verdict::new(Outcome::NotApplied, evidence)
        }
        false => still_open(id),
    })
}

/// It was prepared, and the decision to commit recorded.
async fn decided(
    conn: &mut Conn,
    flavor: Flavor,
    id: &str,
    known: Known,
) -> Result<Verdict, Failure> {
    let server = history::server(conn, flavor).await?;
    let same_server = server.identity == known.server;
    match conn.query_drop(format!("XA COMMIT '{id}'")).await {
        Ok(()) => {
            let mut verdict = Verdict::new(
                Outcome::Applied,
                format!("{id} was still prepared, and was committed now as it was decided"),
            );
            if !same_server {
                verdict.evidence.push(format!(
                    "it was prepared on server {} and came to this one, {}, with the data",
                    known.server, server.identity
                ));
            }
            return Ok(verdict);
        }
        Err(Error::Server(e)) if is_undone(e.code) => {
            // A prepared transaction is never rolled back by the server, unless there is nothing in it.
            let evidence = format!(
                "{id} was prepared and had changed nothing that takes part in transactions: it ended with its session ({})",
                e.message
            );
            return Ok(Verdict::new(Outcome::Applied, evidence));
        }
        Err(Error::Server(e)) if e.code == code::XA_UNKNOWN => {}
        Err(e) => return Err(failure(e)),
    }
    if !is_gone(conn, id).await? {
        return Ok(still_open(id));
    }
    let asked = format!("XA COMMIT found no transaction {id}");
    let unknown =
        |why: String| Verdict { outcome: Outcome::Unknown, evidence: vec![asked.clone(), why] };
    if !same_server {
        return Ok(unknown(format!(
            "it was prepared on server {}, and this is {}, which cannot answer for it",
            known.server, server.identity
        )));
    }
    let compared = history::compare(conn, flavor, &known.history).await?;
    if compared == Compared::Missing {
        return Ok(unknown(format!(
            "the server's history does not contain {}, which it had before: it was set back to an earlier state",
            known.history
        )));
    }
    if let Some(then) = known.forgetful_since
        && server.forgetful_since.is_none_or(|now| now.abs_diff(then) > CLOCK)
    {
        return Ok(unknown(
            "the server was started again meanwhile, and is set not to write each transaction to disk at once \
             (innodb_flush_log_at_trx_commit, sync_binlog): it may have lost this one"
                .to_owned(),
        ));
    }
    let mut evidence = vec![
        asked,
        "it was prepared, and a prepared transaction ends by nothing but COMMIT or ROLLBACK: it was committed before (or had changed nothing)"
            .to_owned(),
        format!("the server is the same, {}", server.identity),
    ];
    evidence.push(match compared {
        Compared::Contained => format!("its history contains {}, as it did then", known.history),
        _ => "it keeps no history by GTID, so that a restore to an earlier state cannot be seen"
            .to_owned(),
    });
    Ok(Verdict { outcome: Outcome::Applied, evidence })
}

/// Seconds by which a server's start may seem to move: both ends are rounded, and clocks are set.
const CLOCK: u64 = 3;

fn still_open(id: &str) -> Verdict {
    Verdict::new(Outcome::Open, format!("a living session has {id} open"))
}

/// Whether no session has `id`, and it is not prepared either.
async fn is_gone(conn: &mut Conn, id: &str) -> Result<bool, Failure> {
    match conn.query_drop(format!("XA START '{id}'; XA END '{id}'; XA ROLLBACK '{id}'")).await {
        Ok(()) => Ok(true),
        Err(Error::Server(e)) if e.code == code::XA_DUPLICATE => Ok(false),
        Err(Error::Server(e)) if e.code == code::XA_STATE => Err(Failure::new(
            FailureKind::Server,
            format!(
                "a transaction can be asked about only by a session that has none open: {}",
                e.message
            ),
        )),
        Err(e) => Err(failure(e)),
    }
}
