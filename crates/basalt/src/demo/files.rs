//! Databases to try things out with: SQLite files, so that nothing else is needed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::App;
use app::ports::{SampleDatabase, Samples};
use async_trait::async_trait;
use base::{EngineKind, Error, Result, Secret};
use engine::{Target, Tls, TlsVerify};

use super::changes::LEGACY;

const DATABASE: &str = "shop";

/// Each in a folder of its own below this one.
#[derive(Debug)]
pub struct Files {
    pub folder: PathBuf,
}

#[async_trait]
impl Samples for Files {
    async fn database(&self, app: &App, id: &str) -> Result<SampleDatabase> {
        let mut folder = self.folder.join(id);
        // What somebody has there stays as it is.
        if folder.exists() {
            folder = self.folder.join(format!("{id}-{}", app.new_id()));
        }
        std::fs::create_dir_all(&folder).map_err(|e| {
            Error::internal(format!("cannot make {}", folder.display())).with_source(e)
        })?;
        fill(app, &folder).await?;
        Ok(SampleDatabase {
            engine: EngineKind::Sqlite,
            host: folder.display().to_string(),
            database: DATABASE.to_owned(),
        })
    }
}

/// A database with tables and rows, as an application would have left it before Basalt.
async fn fill(app: &App, folder: &Path) -> Result<()> {
    let engine = app.engines.get(EngineKind::Sqlite)?;
    let target = |database: Option<&str>| Target {
        kind: EngineKind::Sqlite,
        host: folder.display().to_string(),
        port: 0,
        username: String::new(),
        password: Secret::default(),
        database: database.map(str::to_owned),
        tls: Tls { verify: TlsVerify::Off, ..Tls::default() },
        ssh: None,
        parameters: BTreeMap::new(),
        connect_timeout: Duration::from_secs(5),
        application_name: "basalt sample".to_owned(),
        read_only: false,
    };
    let spec = sql::CreateDatabase { name: DATABASE.to_owned(), ..sql::CreateDatabase::default() };
    let create = engine.dialect().create_database(&spec)?;
    let mut session = engine.connect(&target(None)).await?;
    session.statement(&create).await.map_err(failed)?;
    session.close().await;
    let mut session = engine.connect(&target(Some(DATABASE))).await?;
    for statement in engine.dialect().split(LEGACY) {
        session.statement(statement.text(LEGACY)).await.map_err(failed)?;
    }
    session.close().await;
    Ok(())
}

fn failed(e: engine::StatementFailure) -> Error {
    Error::internal("the sample database could not be filled").with_source(e)
}
