//! A fresh store for each test, on each backend, and rows to put in it.

use std::collections::BTreeMap;

use base::{EngineKind, Secret, Time};
use policy::rollout::TaskStatus;
use store::rows::{
    DataSource, Database, DatabasePayload, Instance, InstancePayload, Plan, PlanPayload, Project,
    ProjectPayload, State, SyncStatus, Task, TaskKind, TaskPayload, TaskRunPayload, User,
    UserPayload,
};
use store::{Db, Options, Tx};
use tempfile::TempDir;
use testkit::servers::TestDatabase;

/// Makes of `async fn name(db: &Db) { … }` a module with one test on SQLite and one on PostgreSQL.
macro_rules! store_tests {
    ($($(#[$attribute:meta])* async fn $name:ident($db:ident: &Db) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "not every body needs every import")]
            use super::*;

            $(#[$attribute])*
            async fn check($db: &store::Db) $body

            #[tokio::test]
            async fn on_sqlite() {
                let store = $crate::support::Store::sqlite().await;
                check(&store.db).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                let Some(store) = $crate::support::Store::postgres().await else { return };
                check(&store.db).await;
            }
        }
    )*};
}

/// An open store and what it lies in.
pub struct Store {
    pub db: Db,
    pub options: Options,
    /// Data directory: SQLite file, key.
    pub dir: TempDir,
    /// Dropped last: its connections must be gone.
    pub server: Option<TestDatabase>,
}

impl Store {
    pub async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options::sqlite(dir.path());
        let db = Db::open(options.clone()).await.unwrap();
        Self { db, options, dir, server: None }
    }

    /// None when there is no server: testkit has said so loudly, or panicked in CI.
    pub async fn postgres() -> Option<Self> {
        let server = testkit::servers::postgres().await?.database().await;
        let dir = tempfile::tempdir().unwrap();
        let options = Options::postgres(server.url(), dir.path());
        let db = Db::open(options.clone()).await.unwrap();
        Some(Self { db, options, dir, server: Some(server) })
    }
}

impl Store {
    /// What an administrator of the database can do to it, past the store.
    pub async fn tamper(&self, sql: &str) {
        match &self.server {
            Some(server) => server.execute(sql).await,
            None => {
                let file = self.dir.path().join(store::db::DATABASE_FILE);
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
                let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
                sqlx::Connection::close(conn).await.unwrap();
            }
        }
    }
}

/// Microseconds after an arbitrary moment.
pub fn at(micros: i64) -> Time {
    Time::from_micros(1_790_000_000_000_000 + micros)
}

pub fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

pub fn labels<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into()
}

pub fn a_project(id: &str) -> Project {
    Project {
        id: id.to_owned(),
        title: format!("Project {id}"),
        state: State::Active,
        labels: BTreeMap::new(),
        payload: ProjectPayload::default(),
        version: 0,
        created_at: at(0),
        updated_at: at(0),
        deleted_at: None,
    }
}

pub fn a_user(email: &str, title: &str) -> User {
    User {
        email: email.to_owned(),
        title: title.to_owned(),
        password_hash: Secret::from("$argon2id$"),
        state: State::Active,
        payload: UserPayload::default(),
        version: 0,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub fn an_instance(id: &str) -> Instance {
    let source = DataSource {
        id: "admin".into(),
        host: format!("{id}.example.com"),
        port: "5432".into(),
        ..DataSource::default()
    };
    Instance {
        id: id.to_owned(),
        title: format!("Instance {id}"),
        engine: EngineKind::Postgres,
        engine_version: String::new(),
        identity: String::new(),
        environment: Some("test".into()),
        project: None,
        state: State::Active,
        sync_status: SyncStatus::Never,
        sync_error: String::new(),
        synced_at: None,
        labels: BTreeMap::new(),
        payload: InstancePayload { data_sources: vec![source], ..InstancePayload::default() },
        version: 0,
        created_at: at(0),
        updated_at: at(0),
        deleted_at: None,
    }
}

pub fn a_database(instance: &str, name: &str, project: &str) -> Database {
    Database {
        id: format!("id-{instance}-{name}"),
        instance: instance.to_owned(),
        name: name.to_owned(),
        project: project.to_owned(),
        environment: None,
        effective_environment: None,
        state: State::Active,
        sync_status: SyncStatus::Never,
        sync_error: String::new(),
        synced_at: None,
        schema_sha256: None,
        size_bytes: 0,
        table_count: 0,
        labels: BTreeMap::new(),
        payload: DatabasePayload::default(),
        version: 0,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub fn a_plan(project: &str, title: &str) -> Plan {
    Plan {
        project: project.to_owned(),
        id: 0,
        title: title.to_owned(),
        description: String::new(),
        creator: "users/ann@x.org".into(),
        state: State::Active,
        has_rollout: false,
        input_version: 0,
        payload: PlanPayload::default(),
        version: 0,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub fn a_task(plan: &Plan, environment: &str) -> Task {
    Task {
        project: plan.project.clone(),
        id: 0,
        plan: plan.id,
        spec_id: "s1".into(),
        environment: Some(environment.to_owned()).filter(|e| !e.is_empty()),
        kind: TaskKind::DatabaseMigrate,
        instance: "pg".into(),
        database: "app".into(),
        sheet_sha256: "ab".into(),
        status: TaskStatus::NotStarted,
        skipped_reason: String::new(),
        payload: TaskPayload::default(),
        version: 0,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub fn a_run() -> store::task_runs::Request {
    store::task_runs::Request {
        creator: "users/ann@x.org".into(),
        run_at: None,
        payload: TaskRunPayload::default(),
    }
}

/// A project `shop` with plan 1, which has `tasks` tasks in `test`.
pub async fn rollout(db: &Db, tasks: usize) -> (Plan, Vec<Task>) {
    let mut tx = shop(db).await;
    let mut plan = a_plan("shop", "Add a column");
    store::plans::insert(&mut tx, &mut plan).await.unwrap();
    let mut rows: Vec<Task> = (0..tasks).map(|_| a_task(&plan, "test")).collect();
    store::tasks::insert_many(&mut tx, &mut rows).await.unwrap();
    tx.commit().await.unwrap();
    (plan, rows)
}

/// A project `shop`, an instance `pg` and its database `app` in it.
pub async fn shop(db: &Db) -> Tx {
    let mut tx = db.begin().await.unwrap();
    store::projects::insert(&mut tx, &mut a_project("shop")).await.unwrap();
    store::instances::insert(&mut tx, &mut an_instance("pg")).await.unwrap();
    store::databases::insert(&mut tx, &mut a_database("pg", "app", "shop")).await.unwrap();
    tx
}
