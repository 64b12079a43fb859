//! A whole application over a SQLite store in a folder of its own, with the real drivers.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::instance::{NewInstance, SourceInput};
use app::{App, Caller, Config, Cx};
use base::{Clock, EngineKind, Secret};
use engine::Outbound;
use policy::iam::{Binding, Policy};
use store::rows::{
    DataSource, DataSourceKind, DataSourceSecrets, Database, IamPolicy, InstancePayload, Project,
    ProjectPayload, State,
};
use store::{Db, Options, databases, projects};
use tempfile::TempDir;
use testkit::servers::{Product, Server};
use tokio_util::sync::CancellationToken;

/// The machine's clock, moved to where a test wants it.
#[derive(Default)]
pub struct Moved(AtomicI64);

impl Moved {
    /// From now on it is `time`, and goes on from there.
    pub fn to(&self, time: &str) {
        let wanted = base::Time::parse(time).unwrap();
        self.0.store(wanted.micros() - base::System.now().micros(), Ordering::SeqCst);
    }
}

impl Clock for Moved {
    fn now(&self) -> base::Time {
        base::Time::from_micros(base::System.now().micros() + self.0.load(Ordering::SeqCst))
    }
}

/// An application; its data go with it.
pub struct World {
    pub app: Arc<App>,
    pub clock: Arc<Moved>,
    pub dir: TempDir,
    runners: CancellationToken,
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(Vec::new()).await
    }

    /// `own_store`: sockets that count as our own metadata store.
    pub async fn start_with(own_store: Vec<SocketAddr>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let store = Db::open(Options::sqlite(&data)).await.unwrap();
        let outbound = Outbound { own_store, own_files: vec![data] };
        let engines = engine::Registry::new(vec![
            Arc::new(driver_postgres::PostgresEngine::new(outbound.clone())),
            Arc::new(driver_mysql::MysqlEngine::new(outbound.clone())),
            Arc::new(driver_sqlite::SqliteEngine::new(outbound)),
        ]);
        let clock = Arc::new(Moved::default());
        let app = Arc::new(App {
            store,
            engines,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            rng: Arc::new(base::System),
            config: Config::default(),
            token_key: Secret::new(vec![7; 32]),
            syncs: app::sync::Budget::default(),
            connections: Arc::default(),
            outside: app::outside::Outside::default(),
        });
        app::workspace::bootstrap(&app).await.unwrap();
        Self { app, clock, dir, runners: CancellationToken::new() }
    }

    /// Starts the runner of syncs; it ends with the world.
    pub fn run_syncs(&self) {
        tokio::spawn(app::runners::syncs::run(Arc::clone(&self.app), self.runners.clone()));
    }

    /// May everything.
    pub fn cx(&self) -> Cx {
        Cx::system(&self.app, "/test")
    }

    pub fn cx_of(&self, email: &str) -> Cx {
        Cx { caller: Caller::User { email: email.to_owned() }, ..self.cx() }
    }

    /// A project that `owner` owns.
    pub async fn project(&self, id: &str, owner: &str) {
        let now = self.app.now();
        let mut project = Project {
            id: id.to_owned(),
            title: id.to_owned(),
            state: State::Active,
            labels: Default::default(),
            payload: ProjectPayload::default(),
            version: 0,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        let members = vec![format!("user:{owner}")];
        let binding = Binding::always(policy::role::PROJECT_OWNER, members);
        let mut policy = IamPolicy {
            resource: format!("projects/{id}"),
            policy: Policy { bindings: vec![binding] },
            version: 0,
            updated_at: now,
        };
        let mut tx = self.app.store.begin().await.unwrap();
        projects::insert(&mut tx, &mut project).await.unwrap();
        store::iam::put(&mut tx, &mut policy, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn database(&self, instance: &str, name: &str) -> Option<Database> {
        let mut conn = self.app.store.read().await.unwrap();
        databases::get(&mut conn, instance, name).await.unwrap()
    }

    /// Waits until the database is as `wanted` says, at most 30 seconds.
    pub async fn database_once(
        &self,
        instance: &str,
        name: &str,
        wanted: impl Fn(&Database) -> bool,
    ) -> Database {
        let mut last = None;
        for _ in 0..600 {
            last = self.database(instance, name).await;
            if let Some(found) = last.clone().filter(&wanted) {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{instance}/{name} never became so; last seen: {last:?}");
    }

    /// Events recorded since event `after`, as `kind name`.
    pub async fn events_after(&self, after: i64) -> (Vec<String>, i64) {
        let mut conn = self.app.store.read().await.unwrap();
        let found = store::events::after(&mut conn, after, 10_000).await.unwrap();
        let last = found.last().map_or(after, |e| e.id);
        (found.into_iter().map(|e| format!("{} {}", e.kind, e.name)).collect(), last)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.runners.cancel();
    }
}

pub fn kind_of(server: &Server) -> EngineKind {
    match server.product {
        Product::Postgres => EngineKind::Postgres,
        Product::MariaDb => EngineKind::Mariadb,
        Product::MySql => EngineKind::Mysql,
    }
}

/// The administrator's data source of a real server, in plain text.
pub fn admin(server: &Server) -> SourceInput {
    SourceInput {
        source: DataSource {
            id: "admin".to_owned(),
            kind: DataSourceKind::Admin,
            username: server.user.clone(),
            host: server.host.clone(),
            port: server.port.to_string(),
            ..DataSource::default()
        },
        secrets: DataSourceSecrets {
            password: Secret::from(server.password.as_str()),
            ..DataSourceSecrets::default()
        },
    }
}

/// An instance that sees only the named databases: the server is shared with other tests.
pub fn instance(server: &Server, only: &[&str]) -> NewInstance {
    of_kind(kind_of(server), admin(server), only)
}

/// A folder of SQLite files.
pub fn folder(path: &Path) -> NewInstance {
    let source = DataSource {
        id: "admin".to_owned(),
        kind: DataSourceKind::Admin,
        host: path.display().to_string(),
        ..DataSource::default()
    };
    of_kind(EngineKind::Sqlite, SourceInput { source, secrets: DataSourceSecrets::default() }, &[])
}

fn of_kind(engine: EngineKind, admin: SourceInput, only: &[&str]) -> NewInstance {
    NewInstance {
        title: "An instance".to_owned(),
        engine: Some(engine),
        environment: Some("test".to_owned()),
        labels: Default::default(),
        payload: InstancePayload {
            sync_databases: only.iter().map(|n| (*n).to_owned()).collect(),
            ..InstancePayload::default()
        },
        sources: vec![admin],
    }
}
