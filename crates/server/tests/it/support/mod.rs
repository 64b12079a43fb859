//! A server on a free port with fakes behind it, and a client that sends exactly what it is told.

pub mod fakes;
pub mod http;
pub mod keeper;
pub mod real;
pub mod services;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use server::{Config, Limits, Parts};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use fakes::{FakeAbout, FakeEvents, FakeLogs, FakeSheets};
use keeper::FakeKeeper;

/// No test waits longer for anything.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub struct Server {
    pub address: SocketAddr,
    pub keeper: Arc<FakeKeeper>,
    pub events: Arc<FakeEvents>,
    pub logs: Arc<FakeLogs>,
    pub sheets: Arc<FakeSheets>,
    pub plans: Arc<services::Plans>,
    pub stop: CancellationToken,
    task: JoinHandle<std::io::Result<()>>,
    _dir: tempfile::TempDir,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = store::Db::open(store::db::Options::sqlite(dir.path())).await.unwrap();
        let app = Arc::new(app::App {
            store,
            engines: engine::Registry::default(),
            clock: Arc::new(base::System),
            rng: Arc::new(base::System),
            config: app::Config::default(),
            token_key: base::Secret::new(vec![7; 32]),
            syncs: Default::default(),
            connections: Arc::default(),
            outside: app::outside::Outside::default(),
        });
        let keeper = Arc::new(FakeKeeper::default());
        let events = Arc::new(FakeEvents::default());
        let logs = Arc::new(FakeLogs::default());
        let sheets = Arc::new(FakeSheets::default());
        let plans = Arc::new(services::Plans::default());
        let parts = Parts {
            app,
            gatekeeper: keeper.clone(),
            registry: services::registry(&plans),
            about: Arc::new(FakeAbout),
            events: events.clone(),
            logs: logs.clone(),
            sheets: sheets.clone(),
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let task = tokio::spawn(server::serve(listener, config, parts, stop.clone()));
        Self { address, keeper, events, logs, sheets, plans, stop, task, _dir: dir }
    }

    /// Ends the server in an orderly way.
    pub async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.expect("stops").unwrap().unwrap();
    }

    /// `GetPlan` as JSON, by somebody who may.
    pub async fn get_plan(&self, plan: &str) -> http::Reply {
        let body = format!(r#"{{"name":"projects/shop/plans/{plan}"}}"#);
        self.json("PlanService/GetPlan", &body).await
    }

    /// Any rpc as JSON, as ann.
    pub async fn json(&self, rpc: &str, body: &str) -> http::Reply {
        http::post(rpc).header("authorization", "Bearer ann").body(body).send(self.address).await
    }
}

/// Limits short enough to wait for.
pub fn short_limits() -> Limits {
    Limits {
        header_read: Duration::from_millis(300),
        stall: Duration::from_millis(300),
        body: Duration::from_secs(2),
        heartbeat: Duration::from_millis(50),
        recheck: Duration::from_millis(50),
        drain: Duration::from_secs(5),
        ..Limits::default()
    }
}
