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

/// A user with all rights on one database and none elsewhere. Dropped with its database's test by [`Limited::drop_user`].
pub struct Limited {
    server: Server,
    name: String,
    pub target: Target,
}

impl Limited {
    pub async fn of(database: &TestDatabase) -> Self {
        Self::granted(database, "ALL PRIVILEGES").await
    }

    pub async fn granted(database: &TestDatabase, privileges: &str) -> Self {
        let name = format!("l_{}", &database.name[2..]);
        let server = database.server.clone();
        server
            .execute(&format!(
                "CREATE USER '{name}'@'%' IDENTIFIED BY 'secret'; GRANT {privileges} ON {}.* TO '{name}'@'%'",
                database.name
            ))
            .await;
        let target = Target {
            username: name.clone(),
            password: Secret::from("secret"),
            ..target(&server, Some(&database.name))
        };
        Self { server, name, target }
    }

    pub async fn session(&self) -> Box<dyn Session> {
        engine().connect(&self.target).await.expect("connects")
    }

    pub async fn drop_user(self) {
        self.server.execute(&format!("DROP USER '{}'@'%'", self.name)).await;
    }
}
