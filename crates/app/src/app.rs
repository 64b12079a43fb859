//! What all use cases share: the store, the engines, the clock. Built once by the composition root.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base::{Clock, Rng, Secret, Time};

/// The running application. Runners are woken by the store (`Db::wakes`). Cheap to share, never mutable: state lives in the store.
pub struct App {
    pub store: store::Db,
    pub engines: engine::Registry,
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
    pub config: Config,
    /// Signs access tokens.
    pub token_key: Secret<Vec<u8>>,
    /// Syncs under way in this process; `Default` makes it.
    pub syncs: crate::sync::Budget,
    /// Connections of this process to instances; `Default` makes it.
    pub connections: Arc<crate::connections::Connections>,
    /// What may be said to others; `Default` says it to the public internet.
    pub outside: crate::outside::Outside,
}

/// Contexts are logged; the application is not.
impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("config", &self.config).finish_non_exhaustive()
    }
}

/// What was decided at start.
#[derive(Debug, Clone)]
pub struct Config {
    /// Our own version, shown as `basalt_version`.
    pub version: String,
    pub git_commit: String,
    /// How people reach the console; None when not told.
    pub external_url: Option<String>,
    pub readonly: bool,
    pub demo: bool,
    /// Each record of the audit log is written to standard output too.
    pub audit_stdout: bool,
    /// Users shown on the sign-in page of a demo.
    pub demo_users: Vec<DemoUser>,
    /// None: this server has none.
    pub samples: Option<Arc<dyn crate::ports::Samples>>,
    /// Needed for the first sign-up when the server listens beyond loopback.
    pub setup_token: Option<Secret>,
    /// This process among those that share a store.
    pub replica: String,
    /// How long a claim holds without being extended.
    pub lease: Duration,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoUser {
    pub email: String,
    pub password: String,
    pub title: String,
}

impl App {
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// A new id that sorts by time.
    pub fn new_id(&self) -> String {
        base::id::uuid7(self.clock.as_ref(), self.rng.as_ref())
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            git_commit: String::new(),
            external_url: None,
            readonly: false,
            demo: false,
            audit_stdout: false,
            demo_users: Vec::new(),
            samples: None,
            setup_token: None,
            replica: "local".to_owned(),
            lease: Duration::from_secs(15),
        }
    }
}
