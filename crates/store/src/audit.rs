//! The audit log: append only, each record chained to the one before it.
//!
//! A record's hash covers its fields and the hash before it. The head (last number and hash) stands in `meta`, signed
//! with the store's key: whoever can edit the database but has no key can neither alter, remove nor reorder records, nor
//! cut the tail, without [`verify`] finding it. Putting back an older copy of the *whole* store is beyond this check.
//!
//! Old records may be forgotten from the beginning on ([`forget`]): where the log begins then is signed as its head is, and the
//! part that goes is verified before it goes, so that forgetting hides nothing.
//!
//! Appends wait for each other until their transactions end: append last, or in a transaction of its own.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::db::{Conn, Row};
use crate::error::{Result, StoreError};
use crate::filter::{Field, Filter};
use crate::meta;
use crate::page::{List, ListSpec, fetch_page};
use crate::rows::AuditRecord;
use crate::sql::sql;

const HEAD: &str = "audit_head";
const PURPOSE: &str = "audit head";
/// The last record that was forgotten; absent while none was.
const START: &str = "audit_start";
const START_PURPOSE: &str = "audit start";
/// Verdict of the record that a call begins with.
const STARTED: &str = "STARTED";

/// A record with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chained {
    /// From 1, without gap.
    pub seq: i64,
    pub record: AuditRecord,
    pub prev_hash: String,
    pub hash: String,
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every record is as it was written, up to the head.
    Whole { records: i64, first: i64 },
    /// The first record that is not, and what is wrong with it.
    Broken { seq: i64, why: String },
}

/// A place in the chain, signed: the last record written, or the last one forgotten.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    seq: i64,
    hash: String,
    /// Fingerprint of the key that signed.
    key: String,
    signature: String,
}

pub const RESOURCE: Field = Field::text("resource", "audit.resource");
pub const METHOD: Field = Field::text("method", "audit.method");
pub const ACTOR: Field = Field::text("user", "audit.actor");
pub const VERDICT: Field = Field::text("verdict", "audit.verdict");
pub const CREATED: Field = Field::time("create_time", "audit.created_at");
pub const SEQ: Field = Field::int("seq", "audit.seq");
/// Project of the database that a record is about, as it is now.
const DATABASE_PROJECT: Field = Field::text("project", "db.project").within(
    "audit.resource IN (SELECT 'instances/' || db.instance || '/databases/' || db.name FROM db WHERE {})",
);
/// Of the records that say how a call ended: those of the same request, after this one.
const END: Field = Field::text("end", "ended.verdict").within(
    "EXISTS (SELECT 1 FROM audit AS ended WHERE ended.request_id = audit.request_id AND ended.method = audit.method \
     AND ended.seq > audit.seq AND NOT {})",
);
/// To order by time is to order by number: the log is written in that order, and no two numbers are alike.
pub const BY_TIME: Field = Field::int("create_time", "audit.seq");
/// What a list can be filtered by.
pub const FIELDS: &[Field] = &[RESOURCE, METHOD, ACTOR, VERDICT, CREATED];

const LIST: ListSpec =
    ListSpec { id: "audit", columns: "audit.*", from: "audit", key: &[SEQ], descending: true };

/// Appends one record and gives its number.
pub async fn append(conn: &mut Conn, record: &AuditRecord) -> Result<i64> {
    Ok(append_chained(conn, record).await?.0)
}

/// Appends one record and gives its number and its hash: who keeps them elsewhere can hold the log against them.
pub async fn append_chained(conn: &mut Conn, record: &AuditRecord) -> Result<(i64, String)> {
    let last = head(conn, true).await?;
    if last.key != conn.vault().fingerprint() {
        // The key was rotated under a running server.
        return Err(StoreError::WrongKey {
            stored: last.key,
            given: conn.vault().fingerprint().to_owned(),
        });
    }
    let seq = last.seq + 1;
    let hash = chain(seq, record, &last.hash);
    let text = "INSERT INTO audit (seq, created_at, request_id, actor, method, resource, verdict, code, client_ip, detail, prev_hash, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let insert = sql(text)
        .bind(seq)
        .bind(record.created_at)
        .bind(&record.request_id)
        .bind(&record.actor)
        .bind(&record.method)
        .bind(&record.resource)
        .bind(&record.verdict)
        .bind(&record.code)
        .bind(&record.client_ip)
        .bind(&record.detail)
        .bind(&last.hash)
        .bind(&hash);
    conn.run(insert).await?;
    put_head(conn, seq, hash.clone()).await?;
    Ok((seq, hash))
}

/// Newest first.
pub async fn list(conn: &mut Conn, args: &List) -> Result<base::page::Page<Chained>> {
    fetch_page(conn, &LIST, args, chained).await
}

/// Each call once: by how it ended, or that it began when nothing is known of an end.
pub fn one_a_call() -> Filter {
    let ended = Filter::Not(Box::new(Filter::eq(VERDICT, STARTED)));
    Filter::Or(vec![ended, Filter::Not(Box::new(Filter::eq(END, STARTED)))])
}

/// Records about the project, about what is in it, and about databases that are in it.
pub fn of_project(project: &str) -> Filter {
    let name = format!("projects/{project}");
    // Everything below it: '0' is the character after '/'.
    let below = Filter::Ge(RESOURCE, format!("{name}/").into())
        .and(Filter::Lt(RESOURCE, format!("{name}0").into()));
    Filter::Or(vec![Filter::eq(RESOURCE, name), below, Filter::eq(DATABASE_PROJECT, project)])
}

/// Walks the whole chain. Use a [`crate::Db::snapshot`] while a server is running.
pub async fn verify(conn: &mut Conn) -> Result<Verdict> {
    if meta::get(conn, HEAD).await?.is_none() {
        return Ok(Verdict::Broken { seq: 1, why: "where the log ends was taken away".to_owned() });
    }
    let head = head(conn, false).await?;
    let is_ours = conn.vault().is_signed(
        PURPOSE,
        signed_text(head.seq, &head.hash).as_bytes(),
        &hex::decode(&head.signature).unwrap_or_default(),
    );
    let start = match start(conn).await? {
        Ok(start) => start,
        Err(why) => return Ok(Verdict::Broken { seq: 1, why }),
    };
    let first = start.0 + 1;
    let Walked { seq, hash, broken } = walk(conn, start, i64::MAX).await?;
    let broken = broken.or_else(|| {
        let why = if !is_ours {
            format!("the head of the log was not signed with key {}", conn.vault().fingerprint())
        } else if seq < head.seq {
            format!("the log ends here, but was written up to {}", head.seq)
        } else if seq > head.seq {
            format!("records were added after {} without the key", head.seq)
        } else if hash != head.hash {
            "the last record is not the one that was written".to_owned()
        } else {
            return None;
        };
        Some((seq.min(head.seq) + i64::from(seq != head.seq), why))
    });
    Ok(match broken {
        None => Verdict::Whole { records: seq - first + 1, first },
        Some((seq, why)) => Verdict::Broken { seq, why },
    })
}

/// Forgets the records written before `before`, at most `most` of them, and gives how many went. What goes is verified first: a
/// log that was bent is kept as it is, and [`StoreError::Corrupt`] says where.
pub async fn forget(conn: &mut Conn, before: base::Time, most: i64) -> Result<i64> {
    // Keeps appends and rotations out until the transaction ends.
    head(conn, true).await?;
    let (begin, hash) =
        start(conn).await?.map_err(|why| StoreError::corrupt("the audit log", why))?;
    // Clocks are set back now and then: everything up to the first record that stays is older.
    let kept = sql("SELECT min(seq) AS seq FROM audit WHERE created_at >= $1").bind(before);
    let last = match conn.one(kept).await?.opt_int("seq")? {
        Some(kept) => kept - 1,
        None => {
            let last = conn.one(sql("SELECT max(seq) AS seq FROM audit")).await?;
            last.opt_int("seq")?.unwrap_or(begin)
        }
    };
    let last = last.min(begin + most);
    if last <= begin {
        return Ok(0);
    }
    let walked = walk(conn, (begin, hash), last).await?;
    if let Some((seq, why)) = walked.broken {
        return Err(StoreError::corrupt(format!("record {seq} of the audit log"), why));
    }
    if walked.seq != last {
        let what = format!("record {} of the audit log", walked.seq + 1);
        return Err(StoreError::corrupt(what, "missing"));
    }
    let value = place_text(conn.vault(), START_PURPOSE, last, walked.hash)?;
    meta::put(conn, START, &value).await?;
    conn.run(sql("DELETE FROM audit WHERE seq <= $1").bind(last)).await?;
    Ok(last - begin)
}

struct Walked {
    /// Of the last record that is as it was written.
    seq: i64,
    hash: String,
    broken: Option<(i64, String)>,
}

/// Reads the chain after a place in it, up to a number.
async fn walk(conn: &mut Conn, after: (i64, String), last: i64) -> Result<Walked> {
    let (mut seq, mut hash) = after;
    let mut broken = None;
    // Also what stands before it: nothing may.
    let text = sql("SELECT * FROM audit WHERE seq <= $1 ORDER BY seq").bind(last);
    conn.each(text, |row| {
        if broken.is_some() {
            return Ok(());
        }
        let found = chained(&row)?;
        seq += 1;
        broken = flaw(&found, seq, &hash).map(|why| (seq, why));
        hash = found.hash;
        Ok(())
    })
    .await?;
    Ok(Walked { seq, hash, broken })
}

/// After which record the log begins, or what is wrong with the note of it.
async fn start(conn: &mut Conn) -> Result<std::result::Result<(i64, String), String>> {
    let Some(text) = meta::get(conn, START).await? else { return Ok(Ok((0, String::new()))) };
    let Ok(start) = serde_json::from_str::<Head>(&text) else {
        return Ok(Err("where the log begins cannot be read".to_owned()));
    };
    let signature = hex::decode(&start.signature).unwrap_or_default();
    let text = signed_text(start.seq, &start.hash);
    if conn.vault().is_signed(START_PURPOSE, text.as_bytes(), &signature) {
        return Ok(Ok((start.seq, start.hash)));
    }
    let key = conn.vault().fingerprint();
    Ok(Err(format!("where the log begins was not signed with key {key}")))
}

/// Starts the chain of a new store.
pub(crate) async fn found(conn: &mut Conn) -> Result<()> {
    if meta::get(conn, HEAD).await?.is_none() {
        put_head(conn, 0, String::new()).await?;
    }
    Ok(())
}

/// Signs the head anew with `vault`: part of a key rotation. Keeps appends out until the transaction ends.
pub(crate) async fn sign_head_with(conn: &mut Conn, vault: &crate::vault::Vault) -> Result<()> {
    let last = head(conn, true).await?;
    let value = place_text(vault, PURPOSE, last.seq, last.hash)?;
    meta::put(conn, HEAD, &value).await?;
    // One that is not ours stays as it is, for `verify` to find.
    match start(conn).await? {
        Ok((seq, hash)) if seq > 0 => {
            let value = place_text(vault, START_PURPOSE, seq, hash)?;
            meta::put(conn, START, &value).await
        }
        _ => Ok(()),
    }
}

async fn head(conn: &mut Conn, for_update: bool) -> Result<Head> {
    let text = if for_update {
        meta::get_for_update(conn, HEAD).await?
    } else {
        meta::get(conn, HEAD).await?
    };
    let text = text.ok_or_else(|| StoreError::corrupt("the head of the audit log", "missing"))?;
    serde_json::from_str(&text).map_err(|e| StoreError::corrupt("the head of the audit log", e))
}

async fn put_head(conn: &mut Conn, seq: i64, hash: String) -> Result<()> {
    let value = place_text(conn.vault(), PURPOSE, seq, hash)?;
    meta::put(conn, HEAD, &value).await
}

fn place_text(
    vault: &crate::vault::Vault,
    purpose: &str,
    seq: i64,
    hash: String,
) -> Result<String> {
    let head = Head {
        seq,
        signature: hex::encode(vault.sign(purpose, signed_text(seq, &hash).as_bytes())),
        hash,
        key: vault.fingerprint().to_owned(),
    };
    serde_json::to_string(&head).map_err(|e| StoreError::Mistake(e.to_string()))
}

fn signed_text(seq: i64, hash: &str) -> String {
    format!("{seq} {hash}")
}

/// What is wrong with a record that should be number `seq` after `prev_hash`.
fn flaw(found: &Chained, seq: i64, prev_hash: &str) -> Option<String> {
    if found.seq != seq {
        return Some(format!("the record is missing; the next one is {}", found.seq));
    }
    if found.prev_hash != prev_hash {
        return Some("the record does not follow the one before it".to_owned());
    }
    (chain(seq, &found.record, prev_hash) != found.hash)
        .then(|| "the record was altered".to_owned())
}

/// SHA-256 over the hash before and every field, each with its length, so that no two records read alike.
fn chain(seq: i64, record: &AuditRecord, prev_hash: &str) -> String {
    let AuditRecord {
        created_at,
        request_id,
        actor,
        method,
        resource,
        verdict,
        code,
        client_ip,
        detail,
    } = record;
    let (seq, created_at) = (seq.to_string(), created_at.micros().to_string());
    let fields = [
        prev_hash,
        &seq,
        &created_at,
        request_id,
        actor,
        method,
        resource,
        verdict,
        code,
        client_ip,
        detail,
    ];
    let mut digest = Sha256::new();
    for field in fields {
        digest.update(field.len().to_string());
        digest.update(":");
        digest.update(field);
    }
    hex::encode(digest.finalize())
}

fn chained(row: &Row) -> Result<Chained> {
    Ok(Chained {
        seq: row.int("seq")?,
        record: AuditRecord {
            created_at: row.time("created_at")?,
            request_id: row.text("request_id")?,
            actor: row.text("actor")?,
            method: row.text("method")?,
            resource: row.text("resource")?,
            verdict: row.text("verdict")?,
            code: row.text("code")?,
            client_ip: row.text("client_ip")?,
            detail: row.text("detail")?,
        },
        prev_hash: row.text("prev_hash")?,
        hash: row.text("hash")?,
    })
}
