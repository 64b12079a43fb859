//! PgBouncer before a PostgreSQL server.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{account, folder, free_port, is_there};
use crate::servers::Server;

const PROGRAM: &str = "/usr/sbin/pgbouncer";
const READY_WITHIN: Duration = Duration::from_secs(10);

/// Stopped and deleted when dropped.
#[derive(Debug)]
pub struct Pooler {
    child: Child,
    dir: PathBuf,
    /// The server, seen through the pooler.
    pub server: Server,
}

impl Pooler {
    /// `mode` is `session`, `transaction` or `statement`.
    pub fn start(server: &Server, mode: &str) -> Option<Self> {
        if !is_there(Path::new(PROGRAM), "pgbouncer") {
            return None;
        }
        let (dir, port) = (folder(), free_port());
        let file = |name: &str| dir.join(name).display().to_string();
        let users = format!("\"{}\" \"{}\"\n", server.user, server.password);
        let config = format!(
            "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = {}\npool_mode = {mode}\nlogfile = {}\n",
            server.host,
            server.port,
            file("users"),
            file("log"),
        );
        std::fs::write(dir.join("users"), users).expect("a file of users");
        std::fs::write(dir.join("config"), config).expect("a configuration");
        let mut command = account::command(Path::new(PROGRAM));
        command.arg("-q").arg(dir.join("config")).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("pgbouncer starts");
        let pooler = Self { child, dir, server: server.through(port) };
        let deadline = Instant::now() + READY_WITHIN;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = std::fs::read_to_string(pooler.dir.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "pgbouncer does not listen: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(pooler)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // A panic in a drop would hide the test's own.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
