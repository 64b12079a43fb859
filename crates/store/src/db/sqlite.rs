//! SQLite: one file in the data directory, one writer connection, a few readers.
//!
//! Every transaction begins IMMEDIATE: a deferred one that reads and then writes fails when another wrote in between.
//! `synchronous=FULL` with WAL: what was acknowledged survives a power cut.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use super::migrate::{self, BOOKKEEPING};
use super::options::{Access, Options};
use crate::error::{Result, StoreError};
use crate::key::sync_directory_of;

/// The store's file in the data directory.
pub const DATABASE_FILE: &str = "basalt.db";
const LOCK_FILE: &str = "basalt.lock";
/// Copies made before an upgrade that are kept.
const KEPT_COPIES: usize = 3;
const READERS: u32 = 4;
/// How the writer begins. The mode belongs to the connection, so each transaction states its own.
pub(super) const BEGIN: &str = "PRAGMA synchronous = FULL; BEGIN IMMEDIATE";
/// With NORMAL a commit only appends to the log; the next commit with FULL syncs the whole log.
pub(super) const BEGIN_UNSYNCED: &str = "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE";

pub(super) struct Sqlite {
    pub(super) readers: SqlitePool,
    /// None beside a running server.
    pub(super) writer: Option<SqlitePool>,
    /// Held as long as the store is open; the kernel frees it when the process dies.
    _lock: Option<File>,
}

/// A directory that is ours, with the migrated file in it.
pub(super) struct Opening {
    dir: PathBuf,
    lock: Option<File>,
    options: SqliteConnectOptions,
    /// For migrations, then closed.
    conn: SqliteConnection,
}

impl Opening {
    /// Makes the directory and the file at need, and keeps other servers out.
    pub(super) async fn begin(dir: &Path, options: &Options) -> Result<Self> {
        let file = dir.join(DATABASE_FILE);
        let lock = match options.access {
            Access::Serve => {
                make_directory(dir)?;
                let lock = take_lock(dir)?;
                make_private_file(&file)?;
                Some(lock)
            }
            Access::Beside => None,
        };
        let mut connect = SqliteConnectOptions::new()
            .filename(&file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            // 2 MiB a connection: small memory before fast scans; a mapped file would count as ours.
            .pragma("cache_size", "-2000")
            .pragma("mmap_size", "0")
            .pragma("journal_size_limit", "67108864");
        if let Some(pages) = options.max_page_count {
            connect = connect.pragma("max_page_count", pages.to_string());
        }
        // A migration that a power cut takes back is done again by the next start: it need not be on the disk one by one.
        let migrating = connect.clone().synchronous(SqliteSynchronous::Normal);
        let conn = migrating.connect().await.map_err(|e| match e {
            sqlx::Error::Database(_) if options.access == Access::Beside => {
                StoreError::io(&file)(std::io::Error::new(std::io::ErrorKind::NotFound, e))
            }
            other => other.into(),
        })?;
        Ok(Self { dir: dir.to_owned(), lock, options: connect, conn })
    }

    /// The schema version of the file, 0 when it is new.
    pub(super) async fn version(&mut self) -> Result<i64> {
        let there: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
        )
        .bind(BOOKKEEPING)
        .fetch_one(&mut self.conn)
        .await?;
        if there == 0 {
            return Ok(0);
        }
        let text = format!("SELECT coalesce(max(version), 0) FROM {BOOKKEEPING}");
        Ok(sqlx::query_scalar(AssertSqlSafe(text)).fetch_one(&mut self.conn).await?)
    }

    pub(super) async fn fingerprint(&mut self) -> Result<Option<String>> {
        let text = "SELECT value FROM meta WHERE key = 'key_fingerprint'";
        Ok(sqlx::query_scalar(text).fetch_optional(&mut self.conn).await?)
    }

    /// Copies the file if it has something to lose, then migrates.
    pub(super) async fn migrate(&mut self, from: i64, target: i64) -> Result<()> {
        if 0 < from && from < target {
            self.copy(target).await?;
        }
        migrate::run(&mut self.conn, migrate::for_sqlite, target).await
    }

    /// `VACUUM INTO` gives a whole file even with a write-ahead log beside it; copying the file alone would not.
    async fn copy(&mut self, target: i64) -> Result<()> {
        let copy = self.dir.join(format!("basalt-before-v{target}.db"));
        let part = copy.with_extension("db.part");
        match std::fs::remove_file(&part) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io(&part)(e));
            }
            _ => {}
        }
        let file = make_private_file(&part)?;
        sqlx::query("VACUUM INTO $1")
            .bind(part.to_string_lossy().into_owned())
            .execute(&mut self.conn)
            .await?;
        file.sync_all().map_err(StoreError::io(&part))?;
        std::fs::rename(&part, &copy).map_err(StoreError::io(&copy))?;
        sync_directory_of(&copy)?;
        tracing::info!(copy = %copy.display(), "copied the metadata store before upgrading it");
        self.remove_old_copies()
    }

    fn remove_old_copies(&self) -> Result<()> {
        let version_of = |name: &str| -> Option<i64> {
            name.strip_prefix("basalt-before-v")?.strip_suffix(".db")?.parse().ok()
        };
        let mut copies: Vec<(i64, PathBuf)> = std::fs::read_dir(&self.dir)
            .map_err(StoreError::io(&self.dir))?
            .filter_map(|entry| {
                let path = entry.ok()?.path();
                Some((version_of(path.file_name()?.to_str()?)?, path))
            })
            .collect();
        copies.sort();
        let surplus = copies.len().saturating_sub(KEPT_COPIES);
        copies[..surplus]
            .iter()
            .try_for_each(|(_, path)| std::fs::remove_file(path).map_err(StoreError::io(path)))
    }

    pub(super) async fn finish(self) -> Result<Sqlite> {
        self.conn.close().await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .idle_timeout(Duration::from_secs(60))
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .connect_lazy_with(self.options.clone().pragma("query_only", "1"));
        let writer = self.lock.is_some().then(|| {
            SqlitePoolOptions::new()
                .max_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .acquire_timeout(Duration::from_secs(30))
                .test_before_acquire(false)
                // On a full disk SQLite ends a transaction by itself. The driver goes on counting it, and would begin no
                // other on that connection, also when there is space again.
                .before_acquire(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }))
                .connect_lazy_with(self.options)
        });
        Ok(Sqlite { readers, writer, _lock: self.lock })
    }
}

impl Sqlite {
    pub(super) async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            // The last connection to close folds the write-ahead log into the file.
            writer.close().await;
        }
    }
}

fn make_directory(dir: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(StoreError::io(dir))
}

/// SQLite gives its log and index files the mode of this one.
fn make_private_file(path: &Path) -> Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(StoreError::io(path))
}

/// Keeps a second server out, and tells it who we are.
fn take_lock(dir: &Path) -> Result<File> {
    let path = dir.join(LOCK_FILE);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(StoreError::io(&path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            file.read_to_string(&mut pid).map_err(StoreError::io(&path))?;
            let pid = match pid.trim() {
                "" => "(not known yet)".to_owned(),
                pid => pid.to_owned(),
            };
            return Err(StoreError::InUse { dir: dir.to_owned(), pid });
        }
        Err(TryLockError::Error(e)) => return Err(StoreError::io(&path)(e)),
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(StoreError::io(&path))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::db::Db;

    #[tokio::test]
    async fn the_store_is_copied_before_an_upgrade_and_three_copies_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options::sqlite(dir.path());
        let db = Db::open(options.clone()).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        crate::meta::put(&mut tx, "probe", "before the upgrade").await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
        drop(db);

        let mut opening = Opening::begin(dir.path(), &options).await.unwrap();
        std::fs::write(dir.path().join("basalt-before-v7.db.part"), "left by a dead process")
            .unwrap();
        for target in [2, 7, 10, 9] {
            opening.copy(target).await.unwrap();
        }
        let mut names: Vec<String> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .filter(|n| n.starts_with("basalt-before"))
            .collect();
        names.sort();
        assert_eq!(names, ["basalt-before-v10.db", "basalt-before-v7.db", "basalt-before-v9.db"]);
        let copy = dir.path().join("basalt-before-v7.db");
        assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
        let mut conn = SqliteConnectOptions::new().filename(&copy).connect().await.unwrap();
        let value: String = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'probe'")
            .fetch_one(&mut conn)
            .await
            .unwrap();
        assert_eq!(value, "before the upgrade");
    }

    #[tokio::test]
    async fn each_transaction_states_how_durable_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(Options::sqlite(dir.path())).await.unwrap();
        let mode = async |mut tx: crate::db::Tx| {
            let row = tx.one(crate::sql::sql("PRAGMA synchronous")).await.unwrap();
            crate::meta::put(&mut tx, "probe", "written").await.unwrap();
            tx.commit().await.unwrap();
            row.int("synchronous").unwrap()
        };
        let (normal, full) = (1, 2);
        assert_eq!(mode(db.begin_unsynced().await.unwrap()).await, normal);
        assert_eq!(mode(db.begin().await.unwrap()).await, full);
        assert_eq!(mode(db.begin_unsynced().await.unwrap()).await, normal);
        let mut conn = db.read().await.unwrap();
        assert_eq!(crate::meta::get(&mut conn, "probe").await.unwrap().as_deref(), Some("written"));
    }

    #[tokio::test]
    async fn a_new_store_and_a_current_one_are_not_copied() {
        let dir = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let db = Db::open(Options::sqlite(dir.path())).await.unwrap();
            db.close().await;
        }
        let copies = std::fs::read_dir(dir.path())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().contains("before"));
        assert_eq!(copies.count(), 0);
    }
}
