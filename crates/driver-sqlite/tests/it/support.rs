//! A folder with databases, and sessions on them.

use std::collections::BTreeMap;
use std::time::Duration;

use base::{EngineKind, Secret};
use driver_sqlite::SqliteEngine;
use engine::{Engine as _, Outbound, Session, Target, Tls};
use sql::{CreateDatabase, Dialect as _};

/// A folder that goes with the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    pub fn target(&self, database: Option<&str>) -> Target {
        Target {
            kind: EngineKind::Sqlite,
            host: self.path().to_str().expect("UTF-8").to_owned(),
            port: 0,
            username: String::new(),
            password: Secret::default(),
            database: database.map(str::to_owned),
            tls: Tls::default(),
            ssh: None,
            parameters: BTreeMap::new(),
            connect_timeout: Duration::from_secs(10),
            application_name: "basalt test".to_owned(),
            read_only: false,
        }
    }

    /// Makes a database through the driver, and connects to it.
    pub async fn database(&self, name: &str) -> Box<dyn Session> {
        let mut session = self.connect(None).await;
        let spec = CreateDatabase { name: name.to_owned(), ..CreateDatabase::default() };
        let sql = sql_sqlite::DIALECT.create_database(&spec).expect("a statement");
        session.statement(&sql).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
        session.close().await;
        self.connect(Some(name)).await
    }

    pub async fn connect(&self, database: Option<&str>) -> Box<dyn Session> {
        engine()
            .connect(&self.target(database))
            .await
            .unwrap_or_else(|e| panic!("{database:?}: {e}"))
    }
}

pub fn engine() -> SqliteEngine {
    SqliteEngine::new(Outbound::default())
}

pub async fn run(session: &mut dyn Session, script: &str) {
    for statement in sql_sqlite::DIALECT.split(script) {
        let text = statement.text(script);
        session.statement(text).await.unwrap_or_else(|e| panic!("{e}\n{text}"));
    }
}
