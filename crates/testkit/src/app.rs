//! A whole Basalt in a test: the real binary as a child process on a free port, and a client that speaks both codecs.
//!
//! ```no_run
//! # async fn test(binary: &str) {
//! let basalt = testkit::app::Basalt::start(binary, &[]).await;
//! let ada = basalt.first_administrator().await;
//! let answer = ada.json("ProjectService/ListProjects", serde_json::json!({})).await.unwrap();
//! # }
//! ```
//!
//! A test gives `env!("CARGO_BIN_EXE_basalt")`. The process ends with the value, also after a panic. What goes wrong in
//! the harness is a failed test, so these functions panic, with the server's log; what the server answers is a value.

mod client;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::sync::oneshot;

pub use client::{CallError, Client, read};

/// How long a server may take to listen, or to stop. Generous: test machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server.
#[derive(Debug)]
pub struct Basalt {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// The folder given as `--data`.
    pub data: PathBuf,
    child: Child,
    log: Log,
    _own: Option<TempDir>,
}

/// What a server has said so far, line by line.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Basalt {
    /// A server with an empty data folder of its own, which goes away with it.
    pub async fn start(binary: &str, args: &[&str]) -> Self {
        let own = tempfile::tempdir().expect("a temporary folder");
        let mut basalt = Self::start_in(binary, own.path(), args).await;
        basalt._own = Some(own);
        basalt
    }

    /// A server with that data folder, which stays.
    pub async fn start_in(binary: &str, data: &Path, args: &[&str]) -> Self {
        let data_dir = data.to_str().expect("a temporary folder's path is UTF-8");
        let all = [&["serve", "--port", "0", "--data", data_dir], args].concat();
        let mut child = command(binary, &all).spawn().expect("the binary runs");
        let stderr = child.stderr.take().expect("standard error is a pipe");
        let (found, address) = oneshot::channel();
        let log = Log::default();
        let write = log.clone();
        std::thread::spawn(move || write.follow(stderr, found));
        let url = match tokio::time::timeout(PATIENCE, address).await {
            Ok(Ok(url)) => url,
            ended => {
                // Still there or already dead: either way the log says why.
                let _ = child.kill();
                let _ = child.wait();
                panic!("basalt {args:?} does not serve ({ended:?}):\n{}", log.text());
            }
        };
        Self { url, data: data.to_owned(), child, log, _own: None }
    }

    /// Runs the binary with exactly these arguments, where it is expected to end by itself. Gives its status and what
    /// it said on standard error.
    pub async fn run(binary: &str, args: &[&str]) -> (ExitStatus, String) {
        let child = command(binary, args).spawn().expect("the binary runs");
        let ended = tokio::task::spawn_blocking(move || child.wait_with_output());
        let output = tokio::time::timeout(PATIENCE, ended).await.expect("basalt should have ended");
        let output = output.expect("a thread to wait in").expect("the status of a child process");
        (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The process has ended, by whatever cause.
    pub fn has_died(&mut self) -> bool {
        self.child.try_wait().expect("the status of a child process").is_some()
    }

    /// What the server wrote so far.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// A client that nobody signed in.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Signs up the first user of an empty server, who becomes its administrator, and signs in.
    pub async fn first_administrator(&self) -> Client {
        let mut client = self.client();
        let user = serde_json::json!({"email": "ada@example.com", "password": "correct-horse-9", "title": "Ada"});
        client.json("AuthService/Signup", user).await.expect("an empty server takes a sign-up");
        client.sign_in("ada@example.com", "correct-horse-9").await;
        client
    }

    /// Asks the server to stop, as a service manager does, and waits until it has.
    pub async fn stop(mut self) -> ExitStatus {
        let pid = self.pid().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(asked.success(), "the server should have been running");
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("the status of a child process") {
                return status;
            }
            assert!(Instant::now() < until, "the server does not stop:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Basalt {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            crate::environment::say(&format!("log of the server at {}:\n{}", self.url, self.log()));
        }
    }
}

fn command(binary: &str, args: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

impl Log {
    /// Keeps all lines, and sends the address when a line says it.
    fn follow(&self, from: impl std::io::Read, found: oneshot::Sender<String>) {
        let mut found = Some(found);
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let url = line
                .split_once(" serves ")
                .and_then(|(_, rest)| rest.split(' ').next())
                .map(str::to_owned);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            if let (Some(url), true) = (url, found.is_some()) {
                // Nobody listens when the test gave up; then the line is in the log at least.
                let _ = found.take().map(|found| found.send(url));
            }
        }
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }
}
