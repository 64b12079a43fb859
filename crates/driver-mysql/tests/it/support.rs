//! Servers, targets and sessions for the tests.

use std::time::Duration;

use base::{EngineKind, Secret};
use driver_mysql::MysqlEngine;
use engine::{Engine as _, Outbound, Session, Target, Tls, TlsVerify};
use testkit::servers::{Product, Server, TestDatabase};

/// The servers to run a test on. Empty when none can be had, which testkit has then said.
pub async fn servers() -> Vec<Server> {
    let mut servers: Vec<_> = testkit::servers::mariadb().await.into_iter().collect();
    let mysql = testkit::servers::mysql97().await;
    servers.extend(mysql.filter(|s| s.product == Product::MySql));
    servers
}

pub fn engine() -> MysqlEngine {
    MysqlEngine::new(Outbound::default())
}

pub fn target(server: &Server, database: Option<&str>) -> Target {
    Target {
        kind: if server.product == Product::MySql {
            EngineKind::Mysql
        } else {
            EngineKind::Mariadb
        },
        host: server.host.clone(),
        port: server.port,
        username: server.user.clone(),
        password: Secret::new(server.password.clone()),
        database: database.map(str::to_owned),
        tls: Tls { verify: TlsVerify::Off, ..Tls::default() },
        ssh: None,
        parameters: std::collections::BTreeMap::new(),
        connect_timeout: Duration::from_secs(10),
        application_name: "basalt/projects/shop/plans/1".to_owned(),
        read_only: false,
    }
}

pub async fn session(database: &TestDatabase) -> Box<dyn Session> {
    engine().connect(&target(&database.server, Some(&database.name))).await.expect("connects")
}

/// Runs a script of statements separated as the dialect cuts them.
pub async fn run(session: &mut dyn Session, script: &str) {
    use sql::Dialect as _;
    for statement in sql_mysql::DIALECT.split(script) {
        let text = statement.text(script);
        session.statement(text).await.unwrap_or_else(|e| panic!("{e}\n{text}"));
    }
}

pub const fn is_mysql(server: &Server) -> bool {
    matches!(server.product, Product::MySql)
}
