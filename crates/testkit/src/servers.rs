//! Real database servers: found in `servers.json`, started when they do not run.
//!
//! ```no_run
//! # async fn test() {
//! let Some(server) = testkit::servers::postgres().await else { return };
//! let database = server.database().await; // dropped at the end of the test, also after a panic
//! database.execute("CREATE TABLE t (a int)").await;
//! assert_eq!(database.rows("SELECT count(*) FROM t").await, [[Some("0".to_owned())]]);
//! # }
//! ```
//!
//! A server that cannot be had prints `SKIPPED: …` and gives `None`; with `CI=true` it panics instead, because
//! a judge must not take a skipped test for a passed one. What goes wrong here is a failed test, so these
//! functions panic with the server's words rather than return errors.

mod database;
mod found;
mod mysql;
mod postgres;

use std::path::PathBuf;

use serde::Deserialize;

use crate::environment::say;

pub use database::TestDatabase;

/// Whose server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    Postgres,
    MariaDb,
    MySql,
}

/// A running server and its administrator: one entry of `servers.json`, written by `cargo xtask servers up`.
#[derive(Debug, Clone, Deserialize)]
pub struct Server {
    /// `postgres://…` or `mysql://…`, with user and password.
    pub url: String,
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: String,
    /// As the server words it, e.g. `10.11.19-MariaDB-0+deb12u1-log`.
    pub version: String,
    /// PEM of the authority that signed the server's certificate (for `127.0.0.1` and `localhost`).
    pub ca_file: PathBuf,
    /// PEM of a client certificate, common name `basalt_client`.
    pub client_cert_file: PathBuf,
    pub client_key_file: PathBuf,
    pid: u32,
    data_dir: PathBuf,
    #[serde(skip, default = "unset")]
    pub product: Product,
}

/// PostgreSQL 15.
pub async fn postgres() -> Option<Server> {
    found::or_skip("postgres", Product::Postgres).await
}

/// PostgreSQL 18, or None with a line that says so where it cannot be had: what is true of all versions is tested on 15.
pub async fn postgres18() -> Option<Server> {
    let found = found::look_up("postgres18", Product::Postgres).await;
    found.inspect_err(|reason| say(&format!("POSTGRES18 MISSING: {reason}"))).ok()
}

/// MariaDB 10.11.
pub async fn mariadb() -> Option<Server> {
    found::or_skip("mariadb", Product::MariaDb).await
}

/// MySQL 9.7, or MariaDB with a line that says so where MySQL cannot be had: look at [`Server::product`]
/// before expecting what only one of them does.
pub async fn mysql97() -> Option<Server> {
    match found::look_up("mysql97", Product::MySql).await {
        Ok(server) => Some(server),
        Err(reason) => {
            say(&format!("MYSQL97 MISSING: {reason}; this test runs on MariaDB"));
            mariadb().await
        }
    }
}

impl Server {
    /// One that a test started itself, without TLS and for anybody.
    pub(crate) fn own(product: Product, url: &str, port: u16) -> Self {
        Self {
            url: url.to_owned(),
            host: "127.0.0.1".to_owned(),
            port,
            user: "postgres".to_owned(),
            password: String::new(),
            version: String::new(),
            ca_file: PathBuf::new(),
            client_cert_file: PathBuf::new(),
            client_key_file: PathBuf::new(),
            pid: 0,
            data_dir: PathBuf::new(),
            product,
        }
    }

    /// The same, through another port of this machine.
    pub(crate) fn through(&self, port: u16) -> Self {
        Self { host: "127.0.0.1".to_owned(), port, ..self.clone() }
    }

    /// A new, empty database with a name of its own.
    pub async fn database(&self) -> TestDatabase {
        TestDatabase::create(self).await
    }

    /// Runs statements as the administrator, outside any test database.
    pub async fn execute(&self, sql: &str) {
        self.run(None, sql).await;
    }

    /// The same, and gives the rows of the last one that has any, as text; `None` is NULL.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        self.run(None, sql).await
    }

    /// The server's URL with `name` as its database.
    pub fn url_of(&self, name: &str) -> String {
        let (server, _database) =
            self.url.rsplit_once('/').expect("the URL in servers.json has a path");
        format!("{server}/{name}")
    }

    /// Runs statements and gives the rows of the last one that has any, as text; `None` is NULL.
    async fn run(&self, database: Option<&str>, sql: &str) -> Vec<Vec<Option<String>>> {
        let result = match self.product {
            Product::Postgres => postgres::run(self, database, sql).await,
            Product::MariaDb | Product::MySql => mysql::run(self, database, sql).await,
        };
        result.unwrap_or_else(|error| {
            panic!("{:?} on {}: {error}\n{sql}", self.product, database.unwrap_or("the server"))
        })
    }
}

/// The file does not carry the product; [`found`] sets it from the entry's name.
fn unset() -> Product {
    Product::Postgres
}
