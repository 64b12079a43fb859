//! What stands behind the plain routes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use app::cx::{Caller, Cx};
use app::ports::{
    About, Bootstrap, Bounds, DemoUser, Event, Events, LogEntry, LogPage, Logs, ServerInfo,
    SheetUpload, Sheets, UploadedSheet,
};
use async_trait::async_trait;
use base::{Error, Result};
use bytes::Bytes;
use tokio::sync::{Notify, broadcast};

pub struct FakeAbout;

#[async_trait]
impl About for FakeAbout {
    async fn bootstrap(&self) -> Result<Bootstrap> {
        let admin = DemoUser {
            email: "admin@example.com".into(),
            password: "shown".into(),
            title: "Admin".into(),
        };
        Ok(Bootstrap {
            needs_first_admin: true,
            demo: true,
            demo_users: vec![admin],
            basalt_version: "0.1.0".into(),
            ..Bootstrap::default()
        })
    }

    async fn info(&self, _cx: &Cx) -> Result<ServerInfo> {
        Ok(ServerInfo {
            bootstrap: self.bootstrap().await?,
            workspace: "workspaces/default".into(),
            default_project: "projects/default".into(),
            instances: 3,
            ..ServerInfo::default()
        })
    }
}

/// Events by hand. Nobody may see `projects/secret`.
pub struct FakeEvents {
    kept: Mutex<Vec<Arc<Event>>>,
    pub oldest: Mutex<i64>,
    sender: broadcast::Sender<Arc<Event>>,
}

impl Default for FakeEvents {
    fn default() -> Self {
        Self { kept: Mutex::default(), oldest: Mutex::new(1), sender: broadcast::channel(8).0 }
    }
}

impl FakeEvents {
    /// Stores an event and tells the streams; in one go, so that a slow stream falls behind.
    pub fn happen(&self, name: &str) -> i64 {
        let mut kept = self.kept.lock().unwrap();
        let id = i64::try_from(kept.len()).unwrap() + 1;
        let kind = "plan".to_owned();
        let event = Arc::new(Event { id, name: name.into(), kind, etag: Some(format!("e{id}")) });
        kept.push(event.clone());
        // Nobody listens: as good as told.
        drop(self.sender.send(event));
        id
    }

    pub fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }
}

#[async_trait]
impl Events for FakeEvents {
    fn subscribe(&self) -> broadcast::Receiver<Arc<Event>> {
        self.sender.subscribe()
    }

    async fn bounds(&self) -> Result<Bounds> {
        let newest = i64::try_from(self.kept.lock().unwrap().len()).unwrap();
        Ok(Bounds { oldest: *self.oldest.lock().unwrap(), newest })
    }

    async fn after(&self, after: i64, limit: usize) -> Result<Vec<Arc<Event>>> {
        let oldest = *self.oldest.lock().unwrap();
        let kept = self.kept.lock().unwrap();
        let after = kept.iter().filter(|event| event.id > after && event.id >= oldest);
        Ok(after.take(limit).cloned().collect())
    }

    async fn visible(&self, _caller: &Caller, name: &str) -> Result<bool> {
        Ok(!name.starts_with("projects/secret"))
    }
}

/// One log for all runs.
#[derive(Default)]
pub struct FakeLogs {
    entries: Mutex<Vec<String>>,
    done: AtomicBool,
    changed: Notify,
}

impl FakeLogs {
    pub fn write(&self, json: &str) {
        self.entries.lock().unwrap().push(json.to_owned());
        self.changed.notify_waiters();
    }

    pub fn end(&self) {
        self.done.store(true, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    fn is_grown(&self, from: i64) -> bool {
        let count = i64::try_from(self.entries.lock().unwrap().len()).unwrap();
        count > from || self.done.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Logs for FakeLogs {
    async fn page(&self, task_run: &str, from: i64) -> Result<LogPage> {
        if task_run.ends_with("/404") {
            return Err(Error::not_found(task_run));
        }
        let done = self.done.load(Ordering::SeqCst);
        let entries = self.entries.lock().unwrap();
        let entries = entries
            .iter()
            .enumerate()
            .map(|(at, json)| LogEntry { number: i64::try_from(at).unwrap(), json: json.clone() })
            .filter(|entry| entry.number >= from)
            .collect();
        Ok(LogPage { entries, done })
    }

    async fn grown(&self, _task_run: &str, from: i64) -> Result<()> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.is_grown(from) {
                return Ok(());
            }
            changed.await;
        }
    }
}

/// Keeps the sheets that were finished.
#[derive(Default)]
pub struct FakeSheets {
    /// Project, hash, size.
    pub stored: Arc<Mutex<Vec<(String, String, usize)>>>,
}

struct FakeUpload {
    project: String,
    bytes: Vec<u8>,
    stored: Arc<Mutex<Vec<(String, String, usize)>>>,
}

#[async_trait]
impl Sheets for FakeSheets {
    async fn begin(&self, _cx: &Cx, project: &str) -> Result<Box<dyn SheetUpload>> {
        let stored = self.stored.clone();
        Ok(Box::new(FakeUpload { project: project.to_owned(), bytes: Vec::new(), stored }))
    }
}

#[async_trait]
impl SheetUpload for FakeUpload {
    async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.bytes.extend_from_slice(&piece);
        Ok(())
    }

    async fn finish(self: Box<Self>, sha256: &str) -> Result<UploadedSheet> {
        assert_eq!(base::id::sha256_hex(&self.bytes), sha256);
        let size = self.bytes.len();
        self.stored.lock().unwrap().push((self.project.clone(), sha256.to_owned(), size));
        let name = format!("{}/sheets/{sha256}", self.project);
        Ok(UploadedSheet { name, size: i64::try_from(size).unwrap() })
    }
}
