//! How to open a store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Rng;

use crate::key::{KEY_FILE, Key, KeySource};

/// What the server is told about its store.
#[derive(Clone)]
pub struct Options {
    pub(crate) place: Place,
    pub(crate) key: KeySource,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) access: Access,
    /// SQLite: pages of 4 KiB. For tests of a full disk.
    pub(crate) max_page_count: Option<u32>,
    /// Migrate to this version instead of the newest, for a restore of an older backup.
    pub(crate) schema_version: Option<i64>,
}

#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// `basalt.db` in this directory.
    Sqlite(PathBuf),
    /// A connection URL.
    Postgres(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// As a server: alone on its directory, migrating at need.
    Serve,
    /// Beside a running server: reads only, changes no schema.
    Beside,
}

impl Options {
    /// SQLite in `data_dir`, made with mode 0700 if absent; key in `basalt.key` there.
    pub fn sqlite(data_dir: impl Into<PathBuf>) -> Self {
        let dir = data_dir.into();
        let key = KeySource::File(dir.join(KEY_FILE));
        Self::new(Place::Sqlite(dir), key)
    }

    /// PostgreSQL 14 or newer at `url`; key in `basalt.key` in `data_dir`. All replicas need the same key.
    pub fn postgres(url: impl Into<String>, data_dir: &Path) -> Self {
        Self::new(Place::Postgres(url.into()), KeySource::File(data_dir.join(KEY_FILE)))
    }

    fn new(place: Place, key: KeySource) -> Self {
        Self {
            place,
            key,
            rng: Arc::new(base::System),
            access: Access::Serve,
            max_page_count: None,
            schema_version: None,
        }
    }

    /// Uses this key instead of the file.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.key = KeySource::Given(key);
        self
    }

    #[must_use]
    pub fn rng(mut self, rng: Arc<dyn Rng>) -> Self {
        self.rng = rng;
        self
    }

    /// Reads beside a server that may be running: no lock, no migration, [`super::Db::begin`] fails.
    #[must_use]
    pub const fn beside(mut self) -> Self {
        self.access = Access::Beside;
        self
    }

    /// Simulates a full disk: SQLite refuses to grow beyond `pages` of 4 KiB.
    #[must_use]
    pub const fn max_page_count(mut self, pages: u32) -> Self {
        self.max_page_count = Some(pages);
        self
    }

    pub(crate) const fn at_version(mut self, version: i64) -> Self {
        self.schema_version = Some(version);
        self
    }
}

/// Without what a URL may hold.
impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = match &self.place {
            Place::Sqlite(dir) => format!("SQLite in {}", dir.display()),
            Place::Postgres(_) => "PostgreSQL".to_owned(),
        };
        f.debug_struct("Options")
            .field("place", &place)
            .field("key", &self.key)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}
