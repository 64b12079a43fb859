//! A copy of everything in one file, taken while the server runs, and checked after it was written.
//!
//! The file ([`crate::archive`]) does not depend on the backend: it restores into SQLite or PostgreSQL. Secrets stay
//! encrypted in it; the key is not in it and must be kept elsewhere.

use std::collections::BTreeMap;
use std::path::Path;

use base::Time;

use crate::archive::{self, Header, Item, Reader, Summing, Writer};
use crate::db::{Conn, Db, SCHEMA_VERSION};
use crate::error::{Result, StoreError};
use crate::key;
use crate::sql::sql;

/// Every table, each after those it refers to. A test compares this with what the migrations make.
pub(crate) const TABLES: &[&str] = &[
    "meta",
    "secret",
    "blob",
    "event",
    "audit",
    "app_user",
    "service_account",
    "workload_identity",
    "exchanged_token",
    "session",
    "login_failure",
    "mail_code",
    "role",
    "user_group",
    "group_member",
    "iam_policy",
    "setting",
    "label",
    "review_config",
    "review_attachment",
    "org_policy",
    "identity_provider",
    "identity_link",
    "sign_on",
    "project",
    "counter",
    "instance",
    "db",
    "catalog_object",
    "sheet",
    "release",
    "plan",
    "plan_check",
    "issue",
    "issue_comment",
    "issue_approval",
    "emergency",
    "task",
    "task_run",
    "task_run_log",
    "checkpoint",
    "target_mark",
    "changelog",
    "revision",
    "query_history",
    "draft",
    "preference",
    "webhook",
    "outbox",
    "told_once",
    "repository",
    "repository_sync",
    "hook_delivery",
];

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub schema_version: i64,
    pub key_fingerprint: String,
    pub created_at: Time,
    /// Rows by table.
    pub rows: BTreeMap<String, i64>,
    /// Size of the file.
    pub bytes: u64,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rows: i64 = self.rows.values().sum();
        write!(
            f,
            "{rows} rows of {} tables ({} bytes) as of {}",
            self.rows.len(),
            self.bytes,
            self.created_at
        )
    }
}

/// Copies the store as it is at one moment into a new file with mode 0600, and reads the file back to check it.
///
/// Works beside a running server ([`crate::Options::beside`]). Writes files from the async thread: meant for a process of
/// its own.
pub async fn backup(db: &Db, path: &Path, now: Time) -> Result<Summary> {
    if path.exists() {
        let taken = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        return Err(StoreError::io(path)(taken));
    }
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    match std::fs::remove_file(part) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(StoreError::io(part)(e)),
        _ => {}
    }
    let header = Header::new(SCHEMA_VERSION, db.vault().fingerprint().to_owned(), now);
    let mut writer = Writer::create(part, &header)?;
    let mut snapshot = db.snapshot().await?;
    for table in TABLES {
        copy(&mut snapshot, table, &mut writer).await?;
    }
    drop(snapshot);
    writer.finish()?;
    let summary = verify(part)?;
    key::replace(part, path)?;
    Ok(summary)
}

/// Reads a whole backup and checks that it is complete and unaltered.
pub fn verify(path: &Path) -> Result<Summary> {
    let mut reader = Reader::open(path)?;
    loop {
        if let Item::End(sums) = reader.next()? {
            let bytes = std::fs::metadata(path).map_err(StoreError::io(path))?.len();
            return Ok(Summary {
                schema_version: reader.header.schema_version,
                key_fingerprint: reader.header.key_fingerprint.clone(),
                created_at: reader.header.created_at,
                rows: sums.into_iter().map(|(table, sum)| (table, sum.rows)).collect(),
                bytes,
            });
        }
    }
}

async fn copy(conn: &mut Conn, table: &str, writer: &mut Writer) -> Result<()> {
    let (mut summing, mut begun) = (Summing::default(), false);
    conn.each(select(table), |row| {
        if !begun {
            writer.table(table, Some(&row))?;
            begun = true;
        }
        let line = archive::line_of(&row)?;
        summing.add(&line);
        writer.row(&line)
    })
    .await?;
    if !begun {
        writer.table(table, None)?;
    }
    writer.sum(table, summing.finish());
    Ok(())
}

/// `table` is one of [`TABLES`].
pub(crate) fn select(table: &str) -> crate::sql::Sql {
    let mut text = sql("SELECT * FROM ");
    text.push(table);
    text
}
