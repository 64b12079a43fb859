//! A database of one test.

use base::Rng as _;

use super::{Product, Server};
use crate::environment::say;

/// An empty database with a name that no other test has. Dropping the value drops it on the server, by force
/// where someone is still connected, also when the test panics.
#[derive(Debug)]
pub struct TestDatabase {
    pub server: Server,
    /// Lower-case letters, digits and `_`: needs no quotes.
    pub name: String,
}

impl TestDatabase {
    pub(super) async fn create(server: &Server) -> Self {
        let mut bytes = [0; 8];
        base::System.fill(&mut bytes);
        let name = format!("t_{:016x}", u64::from_ne_bytes(bytes));
        let charset =
            if server.product == Product::Postgres { "" } else { " CHARACTER SET utf8mb4" };
        server.execute(&format!("CREATE DATABASE {name}{charset}")).await;
        Self { server: server.clone(), name }
    }

    /// With user and password of the administrator.
    pub fn url(&self) -> String {
        self.server.url_of(&self.name)
    }

    /// Runs statements separated by `;` in this database. Panics with the server's words if one fails.
    pub async fn execute(&self, sql: &str) {
        self.server.run(Some(&self.name), sql).await;
    }

    /// The rows of the last statement that has any, as text; `None` is NULL. Panics if a statement fails.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        self.server.run(Some(&self.name), sql).await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let force = if self.server.product == Product::Postgres { " WITH (FORCE)" } else { "" };
        // A session that keeps a lock must not hang the end of its test.
        let patience = if self.server.product == Product::Postgres {
            ""
        } else {
            "SET lock_wait_timeout = 5; "
        };
        let sql = format!("{patience}DROP DATABASE IF EXISTS {}{force}", self.name);
        let server = self.server.clone();
        // A thread and runtime of its own: drop is not async, and the test's runtime may be shutting down.
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime for one statement")
                .block_on(server.execute(&sql));
        })
        .join();
        if dropped.is_err() {
            // The thread's panic has printed why. A leftover database hurts nobody: its name is its own.
            say(&format!("test database {} was left behind", self.name));
        }
    }
}
