//! The database that is changed, as Basalt sees it and as the oracle reads it.

use engine::{Engine as _, Outbound, Session};
use serde_json::json;
use tempfile::TempDir;
use testkit::app::Client;
use testkit::servers::{Server, TestDatabase};

const LEDGER: &str = "CREATE TABLE ledger (run int, step int)";

pub enum Target {
    Server(Box<TestDatabase>),
    Sqlite(TempDir),
}

impl Target {
    pub async fn server(server: &Server) -> Self {
        let database = server.database().await;
        database.execute(LEDGER).await;
        Self::Server(Box::new(database))
    }

    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut session = session(&folder, None).await;
        session.statement("CREATE DATABASE main").await.expect("a file");
        session.close().await;
        let target = Self::Sqlite(folder);
        target.read(LEDGER).await;
        target
    }

    /// Makes it a database of `projects/shop`; gives its name.
    pub async fn adopt(&self, ada: &Client) -> String {
        let (instance, database) = match self {
            Self::Server(database) => {
                (crate::shop::instance("test", database), database.name.clone())
            }
            Self::Sqlite(folder) => {
                let source = json!({"id": "admin", "type": "ADMIN", "host": folder.path()});
                let instance = json!({
                    "title": "Files", "engine": "SQLITE", "environment": "environments/test",
                    "activation": true, "dataSources": [source],
                });
                (instance, "main".to_owned())
            }
        };
        let request = json!({"instanceId": "target", "instance": instance});
        ada.json("InstanceService/CreateInstance", request).await.expect("an instance");
        ada.json("InstanceService/SyncInstance", json!({"name": "instances/target"}))
            .await
            .expect("a sync");
        let name = format!("instances/target/databases/{database}");
        let change = json!({"database": {"name": name, "project": "projects/shop"}, "updateMask": "project"});
        ada.json("DatabaseService/UpdateDatabase", change).await.expect("a transfer");
        name
    }

    /// The database on a server.
    pub fn database(&self) -> Option<&TestDatabase> {
        match self {
            Self::Server(database) => Some(database),
            Self::Sqlite(_) => None,
        }
    }

    /// How often the row is there.
    pub async fn count(&self, run: u32, step: u32) -> u32 {
        let sql = format!("SELECT count(*) FROM ledger WHERE run = {run} AND step = {step}");
        self.read(&sql).await.parse().expect("a number")
    }

    async fn read(&self, sql: &str) -> String {
        match self {
            Self::Server(database) => {
                let rows = database.rows(sql).await;
                rows[0][0].clone().unwrap_or_default()
            }
            Self::Sqlite(folder) => {
                let mut session = session(folder, Some("main")).await;
                let rows = session.fetch(sql, 1).await.expect("an answer");
                session.close().await;
                rows.into_iter()
                    .next()
                    .and_then(|r| r.into_iter().next().flatten())
                    .unwrap_or_default()
            }
        }
    }
}

async fn session(folder: &TempDir, database: Option<&str>) -> Box<dyn Session> {
    let target = engine::Target {
        kind: base::EngineKind::Sqlite,
        host: folder.path().to_string_lossy().into_owned(),
        port: 0,
        username: String::new(),
        password: base::Secret::default(),
        database: database.map(str::to_owned),
        tls: engine::Tls::default(),
        ssh: None,
        parameters: std::collections::BTreeMap::new(),
        connect_timeout: std::time::Duration::from_secs(10),
        application_name: "oracle".to_owned(),
        read_only: false,
    };
    let driver = driver_sqlite::SqliteEngine::new(Outbound::default());
    driver.connect(&target).await.expect("the file opens")
}
