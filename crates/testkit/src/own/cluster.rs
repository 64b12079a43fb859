//! A PostgreSQL cluster, or a standby of one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{account, folder, free_port, is_there};
use crate::servers::{Product, Server};

const BIN: &str = "/usr/lib/postgresql/15/bin";

/// Stopped and deleted when dropped.
#[derive(Debug)]
pub struct Cluster {
    dir: PathBuf,
    port: u16,
}

impl Cluster {
    /// A new one that runs. `settings` are lines of postgresql.conf.
    pub fn create(settings: &str) -> Option<Self> {
        if !is_there(&Path::new(BIN).join("initdb"), "postgresql-15") {
            return None;
        }
        let cluster = Self { dir: folder(), port: free_port() };
        account::run(
            tool("initdb")
                .arg("--pgdata")
                .arg(cluster.data())
                .args(["--username", "postgres", "--auth", "trust", "--encoding", "UTF8"])
                .args(["--locale", "C.UTF-8", "--no-sync"]),
        );
        let conf = cluster.data().join("postgresql.conf");
        let text = std::fs::read_to_string(&conf).expect("postgresql.conf");
        let own = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\nshared_buffers = 16MB\n";
        std::fs::write(&conf, format!("{text}\n{own}{settings}\n")).expect("postgresql.conf");
        cluster.start();
        Some(cluster)
    }

    /// A running standby that follows it.
    pub fn standby(&self) -> Self {
        let standby = Self { dir: folder(), port: free_port() };
        account::run(
            tool("pg_basebackup")
                .args([
                    "-h",
                    "127.0.0.1",
                    "-U",
                    "postgres",
                    "-R",
                    "-X",
                    "stream",
                    "-c",
                    "fast",
                    "--no-sync",
                ])
                .args(["-p", &self.port.to_string()])
                .arg("-D")
                .arg(standby.data()),
        );
        standby.start();
        standby
    }

    pub fn promote(&self) {
        account::run(&mut self.pg_ctl(&["promote", "-w"]));
    }

    pub fn start(&self) {
        let options = format!("-p {}", self.port);
        let log = self.dir.join("log");
        account::run(
            self.pg_ctl(&["start", "-w", "-t", "30", "-o", &options])
                .arg("-l")
                .arg(log)
                // The server keeps what it inherits: a pipe would never end.
                .stdout(Stdio::null()),
        );
    }

    pub fn stop(&self) {
        account::run(&mut self.pg_ctl(&["stop", "-w", "-m", "fast"]));
    }

    /// Ends at once, as if the power were cut.
    pub fn crash(&self) {
        account::run(&mut self.pg_ctl(&["stop", "-w", "-m", "immediate"]));
    }

    /// Keeps a copy of its files. It must be stopped.
    pub fn keep(&self) {
        account::run(
            account::command(Path::new("/bin/cp"))
                .arg("-a")
                .arg(self.data())
                .arg(self.dir.join("kept")),
        );
    }

    /// Puts the copy in place of its files. It must be stopped.
    pub fn restore(&self) {
        std::fs::remove_dir_all(self.data()).expect("the old files go");
        std::fs::rename(self.dir.join("kept"), self.data()).expect("the kept files come back");
    }

    pub fn server(&self) -> Server {
        Server::own(
            Product::Postgres,
            &format!("postgres://postgres@127.0.0.1:{}/postgres", self.port),
            self.port,
        )
    }

    fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    fn pg_ctl(&self, arguments: &[&str]) -> Command {
        let mut command = tool("pg_ctl");
        command.arg("-D").arg(self.data()).args(arguments);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may be stopped already, and a panic in a drop would hide the test's own.
        let _ = self.pg_ctl(&["stop", "-w", "-m", "immediate"]).output();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn tool(name: &str) -> Command {
    account::command(&Path::new(BIN).join(name))
}
