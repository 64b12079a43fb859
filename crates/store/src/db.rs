//! The one place that knows there are two backends: SQLite by default, PostgreSQL by URL.
//!
//! ```text
//! let db = Db::open(Options::sqlite(dir)).await?;
//! let mut conn = db.read().await?;          // many at a time, may not write
//! let mut tx = db.begin().await?;           // one at a time on SQLite: be quick, await nothing else in it
//! projects::insert(&mut tx, &project).await?;
//! tx.commit().await?;                       // dropping it instead rolls back
//! ```

mod conn;
mod migrate;
mod options;
mod postgres;
mod row;
mod sqlite;
mod wake;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::broadcast;

use self::conn::Link;
use self::options::{Access, Place};
use self::postgres::Postgres;
use self::sqlite::Sqlite;
use crate::error::{Result, StoreError};
use crate::key::{Key, KeySource};
use crate::vault::Vault;
use crate::{audit, meta};

pub use self::conn::Conn;
pub use self::migrate::SCHEMA_VERSION;
pub use self::options::Options;
pub use self::row::Row;
pub use self::sqlite::DATABASE_FILE;
pub use self::wake::{Topic, Wake};

pub(crate) use self::conn::Words;

/// Wake-ups that a slow receiver may be behind before it misses some (and then looks at all).
const WAKES_KEPT: usize = 1024;

/// An open store. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    vault: Vault,
    wakes: broadcast::Sender<Wake>,
    access: Access,
}

enum Backend {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

enum Opening {
    Sqlite(sqlite::Opening),
    Postgres(postgres::Opening),
}

/// A transaction. Query functions take it as `&mut tx`. Dropped without [`Tx::commit`] it rolls back.
///
/// After an error drop it: PostgreSQL refuses what follows a failed statement.
pub struct Tx {
    conn: Conn,
    wakes: broadcast::Sender<Wake>,
}

impl Db {
    /// Opens the store, makes it if it is new, and migrates it forward.
    ///
    /// Refuses, each with one line to act on: a directory in use, a store made by a newer build, a wrong or missing key.
    pub async fn open(options: Options) -> Result<Self> {
        let mut opening = match &options.place {
            Place::Sqlite(dir) => Opening::Sqlite(sqlite::Opening::begin(dir, &options).await?),
            Place::Postgres(url) => Opening::Postgres(postgres::Opening::begin(url).await?),
        };
        let version = opening.version().await?;
        if version > SCHEMA_VERSION {
            return Err(StoreError::Newer { found: version, known: SCHEMA_VERSION });
        }
        if options.access == Access::Beside && version < SCHEMA_VERSION {
            return Err(StoreError::Older { found: version, known: SCHEMA_VERSION });
        }
        // The key first: a wrong one must not cost an upgrade.
        let stored = if version == 0 { None } else { opening.fingerprint().await? };
        let key = find_key(&options, stored.as_deref())?;
        if options.access == Access::Serve {
            opening.migrate(version, options.schema_version.unwrap_or(SCHEMA_VERSION)).await?;
        }
        let vault = Vault::new(&key, Arc::clone(&options.rng));
        let (wakes, _) = broadcast::channel(WAKES_KEPT);
        let backend = match opening {
            Opening::Sqlite(o) => Backend::Sqlite(o.finish().await?),
            Opening::Postgres(o) => {
                let listen = (options.access == Access::Serve).then(|| wakes.clone());
                Backend::Postgres(o.finish(listen).await?)
            }
        };
        let db = Self { inner: Arc::new(Inner { backend, vault, wakes, access: options.access }) };
        if stored.is_none() && options.access == Access::Serve {
            db.found(&key).await?;
        }
        Ok(db)
    }

    /// A connection for reading. What it reads was committed before each statement.
    pub async fn read(&self) -> Result<Conn> {
        let link = match &self.inner.backend {
            Backend::Sqlite(s) => Link::Sqlite(s.readers.acquire().await?),
            Backend::Postgres(p) => Link::Postgres(p.pool.acquire().await?),
        };
        Ok(self.conn(link))
    }

    /// A transaction for writing. On SQLite there is one at a time, so that nothing in it can fail for another's sake.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_as(sqlite::BEGIN, postgres::BEGIN).await
    }

    /// The same, but its commit does not wait for the disk: a power cut may take it back, together with all that came
    /// after it. The next ordinary commit makes it durable too. For notes on the way to something that counts.
    pub async fn begin_unsynced(&self) -> Result<Tx> {
        self.begin_as(sqlite::BEGIN_UNSYNCED, postgres::BEGIN_UNSYNCED).await
    }

    /// For what only this process may lose, by ending: on a store that is a file of ours that is [`Self::begin_unsynced`], because a power
    /// cut takes us along. A store that is a server may lose what it did not write and go on with us, so there it is
    /// [`Self::begin`].
    pub async fn begin_for_our_life(&self) -> Result<Tx> {
        if self.is_exclusive() { self.begin_unsynced().await } else { self.begin().await }
    }

    async fn begin_as(&self, on_sqlite: &'static str, on_postgres: &'static str) -> Result<Tx> {
        let reading_only =
            || StoreError::Mistake("this store was opened for reading only".to_owned());
        if self.inner.access == Access::Beside {
            return Err(reading_only());
        }
        let link = match &self.inner.backend {
            Backend::Sqlite(s) => {
                let writer = s.writer.as_ref().ok_or_else(reading_only)?;
                Link::SqliteTx(writer.begin_with(on_sqlite).await?)
            }
            Backend::Postgres(p) => Link::PostgresTx(p.pool.begin_with(on_postgres).await?),
        };
        Ok(Tx { conn: self.conn(link), wakes: self.inner.wakes.clone() })
    }

    /// A transaction for reading that sees one moment throughout, for as long as it takes.
    pub async fn snapshot(&self) -> Result<Tx> {
        let link = match &self.inner.backend {
            Backend::Sqlite(s) => Link::SqliteTx(s.readers.begin_with("BEGIN").await?),
            Backend::Postgres(p) => Link::PostgresTx(
                p.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            ),
        };
        Ok(Tx { conn: self.conn(link), wakes: self.inner.wakes.clone() })
    }

    /// Wake-ups of all topics from now on. A receiver that lags gets `Lagged` and should look at everything.
    pub fn wakes(&self) -> broadcast::Receiver<Wake> {
        self.inner.wakes.subscribe()
    }

    /// Answers when the store does: for health checks.
    pub async fn ping(&self) -> Result<()> {
        self.read().await?.one(crate::sql::sql("SELECT 1")).await.map(|_| ())
    }

    /// No other server can have this store open.
    pub fn is_exclusive(&self) -> bool {
        matches!(self.inner.backend, Backend::Sqlite(_))
    }

    /// What people call the backend: `SQLite` or `PostgreSQL`.
    pub fn backend_title(&self) -> &'static str {
        match &self.inner.backend {
            Backend::Sqlite(_) => "SQLite",
            Backend::Postgres(_) => "PostgreSQL",
        }
    }

    /// Waits for running work and closes. Later calls on clones fail.
    pub async fn close(&self) {
        match &self.inner.backend {
            Backend::Sqlite(s) => s.close().await,
            Backend::Postgres(p) => p.close().await,
        }
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    fn conn(&self, link: Link) -> Conn {
        Conn { link, vault: self.inner.vault.clone(), wakes: Vec::new() }
    }

    /// The first rows of a new store. Of two servers that start together one wins; the other must have the same key.
    async fn found(&self, key: &Key) -> Result<()> {
        let mut tx = self.begin().await?;
        let new = meta::get(&mut tx, meta::KEY_FINGERPRINT).await?.is_none();
        let stored =
            meta::put_if_absent(&mut tx, meta::KEY_FINGERPRINT, &key.fingerprint()).await?;
        if stored != key.fingerprint() {
            return Err(StoreError::WrongKey { stored, given: key.fingerprint() });
        }
        if new {
            // Never again: a log whose head was taken away must not begin anew.
            audit::found(&mut tx).await?;
        }
        tx.commit().await
    }
}

impl Tx {
    /// Makes everything since `begin` durable (after `begin_unsynced` only visible), then wakes whom it concerns. When this fails nothing was written,
    /// except that a connection lost during the commit leaves it open which.
    pub async fn commit(self) -> Result<()> {
        let Self { conn, wakes } = self;
        match conn.link {
            Link::SqliteTx(tx) => {
                tx.commit().await?;
                for wake in conn.wakes {
                    // No receiver is no error.
                    let _ = wakes.send(wake);
                }
            }
            // NOTIFY was part of the transaction.
            Link::PostgresTx(tx) => tx.commit().await?,
            Link::Sqlite(_) | Link::Postgres(_) => {
                return Err(StoreError::Mistake("no transaction to commit".to_owned()));
            }
        }
        Ok(())
    }
}

impl std::ops::Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Opening {
    async fn version(&mut self) -> Result<i64> {
        match self {
            Self::Sqlite(o) => o.version().await,
            Self::Postgres(o) => o.version().await,
        }
    }

    async fn fingerprint(&mut self) -> Result<Option<String>> {
        match self {
            Self::Sqlite(o) => o.fingerprint().await,
            Self::Postgres(o) => o.fingerprint().await,
        }
    }

    async fn migrate(&mut self, from: i64, target: i64) -> Result<()> {
        match self {
            Self::Sqlite(o) => o.migrate(from, target).await,
            Self::Postgres(o) => o.migrate(target).await,
        }
    }
}

/// The key to use, which must be the one the store was made with. Makes a key file for a new store only.
fn find_key(options: &Options, stored: Option<&str>) -> Result<Key> {
    let key = match &options.key {
        KeySource::Given(key) => key.clone(),
        KeySource::File(path) => match (Key::read(path)?, stored) {
            (Some(key), Some(stored)) if key.fingerprint() != stored => {
                key.completed_rotation(path, stored)?
            }
            (Some(key), _) => key,
            (None, Some(stored)) => {
                return Err(StoreError::NoKey { path: path.clone(), stored: stored.to_owned() });
            }
            (None, None) if options.access == Access::Beside => {
                return Err(StoreError::NoKey { path: path.clone(), stored: "(none)".to_owned() });
            }
            (None, None) => {
                make_directory_of(path)?;
                let key = Key::generate(&*options.rng);
                key.write(path)?;
                key
            }
        },
    };
    match stored {
        Some(stored) if stored != key.fingerprint() => {
            Err(StoreError::WrongKey { stored: stored.to_owned(), given: key.fingerprint() })
        }
        _ => Ok(key),
    }
}

/// With PostgreSQL the data directory may not be there yet.
fn make_directory_of(path: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let Some(dir) = path.parent().filter(|p| !p.as_os_str().is_empty()) else { return Ok(()) };
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(StoreError::io(PathBuf::from(dir)))
}
