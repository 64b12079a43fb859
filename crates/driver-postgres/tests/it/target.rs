//! Targets and sessions of a test.

use std::collections::BTreeMap;
use std::time::Duration;

use base::{EngineKind, Secret};
use driver_postgres::PostgresEngine;
use engine::{Engine as _, Outbound, Session, Target, Tls, TlsVerify};
use testkit::servers::Server;

/// The server's administrator in `database`, in plain text.
pub fn target(server: &Server, database: Option<&str>) -> Target {
    Target {
        kind: EngineKind::Postgres,
        host: server.host.clone(),
        port: server.port,
        username: server.user.clone(),
        password: Secret::from(server.password.as_str()),
        database: database.map(str::to_owned),
        tls: Tls { verify: TlsVerify::Off, ..Tls::default() },
        ssh: None,
        parameters: BTreeMap::new(),
        connect_timeout: Duration::from_secs(10),
        application_name: "basalt test".to_owned(),
        read_only: false,
    }
}

pub async fn connect(server: &Server, database: &str) -> Box<dyn Session> {
    let engine = PostgresEngine::new(Outbound::default());
    engine.connect(&target(server, Some(database))).await.expect("a session")
}
