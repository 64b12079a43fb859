//! What the plain routes of the transport (`/api/…`) ask of the use cases.
//!
//! Each trait is one route. Implementations decide and fetch; the transport only frames the answers.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use base::{EngineKind, Result};
use bytes::Bytes;
use tokio::sync::broadcast;

use crate::app::App;
pub use crate::app::DemoUser;
use crate::cx::{Caller, Cx};

/// What this server is.
#[async_trait]
pub trait About: Send + Sync {
    /// For the page before signing in: GET /api/bootstrap. Anybody may read it.
    async fn bootstrap(&self) -> Result<Bootstrap>;

    /// For signed-in callers: ActuatorService.GetActuatorInfo.
    async fn info(&self, cx: &Cx) -> Result<ServerInfo>;
}

/// What a browser must know before anybody has signed in.
#[derive(Debug, Clone, Default)]
pub struct Bootstrap {
    /// Nobody can sign in yet: the first sign-up becomes administrator.
    pub needs_first_admin: bool,
    /// That first sign-up must bring the token from the log.
    pub setup_token_required: bool,
    pub readonly: bool,
    pub demo: bool,
    /// Accounts of the demo with their passwords; empty without `--demo`.
    pub demo_users: Vec<DemoUser>,
    pub basalt_version: String,
    /// A build for tests: the console shows its components at /dev/ui.
    pub test_hooks: bool,
}

/// What signed-in callers may know of this server.
#[derive(Debug, Clone, Default)]
pub struct ServerInfo {
    pub bootstrap: Bootstrap,
    /// `workspaces/default`
    pub workspace: String,
    /// `projects/default`
    pub default_project: String,
    pub external_url: String,
    /// The external URL was given on the command line and cannot be set here.
    pub external_url_from_flag: bool,
    pub git_commit: String,
    pub instances: i32,
    pub users: i32,
}

/// Databases to try things out with, where this server can make some.
#[async_trait]
pub trait Samples: fmt::Debug + Send + Sync {
    /// A new one with tables and rows, for an instance with this id.
    async fn database(&self, app: &App, id: &str) -> Result<SampleDatabase>;
}

/// How a sample database is reached: nothing is secret about it.
#[derive(Debug, Clone)]
pub struct SampleDatabase {
    pub engine: EngineKind,
    pub host: String,
    pub database: String,
}

/// The event stream: GET /api/events. An event says that something changed, never what.
#[async_trait]
pub trait Events: Send + Sync {
    /// All events from now on. A receiver that falls behind gets an error and is told to refetch.
    fn subscribe(&self) -> broadcast::Receiver<Arc<Event>>;

    /// Which events are kept: they are pruned by age.
    async fn bounds(&self) -> Result<Bounds>;

    /// Kept events with a higher number than `after`, ascending, at most `limit`.
    async fn after(&self, after: i64, limit: usize) -> Result<Vec<Arc<Event>>>;

    /// Whether `caller` may see the resource. Asked for each event before it is sent.
    async fn visible(&self, caller: &Caller, name: &str) -> Result<bool>;
}

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Ascending; two may become visible in the other order.
    pub id: i64,
    /// The resource: `projects/shop/plans/12`.
    pub name: String,
    /// What kind of resource: `plan`.
    pub kind: String,
    /// Of the changed resource, when it has one.
    pub etag: Option<String>,
}

/// Numbers of the kept events. When none is kept, `oldest` is `newest + 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub oldest: i64,
    /// The last number that was given out; 0 when there was none yet.
    pub newest: i64,
}

/// The log of a task run: GET /api/logs/{taskRun}.
#[async_trait]
pub trait Logs: Send + Sync {
    /// Entries from number `from` (0 is the first) on, at most some hundreds; perhaps none. `NOT_FOUND` when there is
    /// no such run.
    async fn page(&self, task_run: &str, from: i64) -> Result<LogPage>;

    /// Waits until there is an entry `from`, or the run is over. May return early.
    ///
    /// Cancel-safe: dropping the future loses nothing.
    async fn grown(&self, task_run: &str, from: i64) -> Result<()>;
}

/// A piece of a task run's log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogPage {
    /// Ascending, without gaps.
    pub entries: Vec<LogEntry>,
    /// The run is over and these are the last entries.
    pub done: bool,
}

/// One entry of a task run's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    pub number: i64,
    /// A JSON object.
    pub json: String,
}

/// Sheets that are too large for a message: PUT /api/projects/{p}/sheets.
#[async_trait]
pub trait Sheets: Send + Sync {
    /// Begins a sheet in `project` (`projects/shop`). Permission was checked, and the text is when it arrives.
    async fn begin(&self, cx: &Cx, project: &str) -> Result<Box<dyn SheetUpload>>;
}

/// A sheet that is arriving. Dropping it discards what came.
#[async_trait]
pub trait SheetUpload: Send {
    /// The next piece. All pieces together are UTF-8 without NUL; a piece may end within a character.
    async fn write(&mut self, piece: Bytes) -> Result<()>;

    /// The sheet is whole; `sha256` is that of all pieces, 64 lower-case hexadecimal digits.
    async fn finish(self: Box<Self>, sha256: &str) -> Result<UploadedSheet>;
}

/// A stored sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedSheet {
    /// `projects/{project}/sheets/{sha256}`
    pub name: String,
    /// In bytes.
    pub size: i64,
}
