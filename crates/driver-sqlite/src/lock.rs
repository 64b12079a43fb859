//! The lock that keeps two executors from changing one file at a time: a lock of the operating system on a hidden file beside the
//! database. The system frees it when the process ends, however it ends.
//!
//! The database file itself is never opened for this: closing any descriptor of it would drop the locks that SQLite has on it. The
//! lock is freed after the connection is closed, so that who gets it knows that the transaction of the holder before it is decided.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engine::{Failure, FailureKind, Lock};
use tokio::time::Instant;

use crate::worker::Stopper;

/// A statement is interrupted within milliseconds.
const GONE_WITHIN: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(10);
/// A holder removes its file when it ends: then the one that was opened is not the one that others will open.
const TRIES: usize = 20;

/// Where a session keeps its lock, and its thread takes it away from.
pub(crate) type Slot = Arc<Mutex<Option<Held>>>;

/// A lock that is held.
pub(crate) struct Held {
    /// Its lock ends when it is closed.
    _file: File,
    path: PathBuf,
    backend: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        let holder = holders().remove(&self.backend);
        drop(holder);
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(path = %self.path.display(), %error, "a lock file stays");
        }
    }
}

struct Holder {
    database: PathBuf,
    slot: Slot,
    stopper: Stopper,
}

/// A session that can be ended from outside; when dropped, by its own end only.
pub(crate) struct Registration(pub String);

impl Drop for Registration {
    fn drop(&mut self) {
        let holder = holders().remove(&self.0);
        drop(holder);
    }
}

/// Sessions of this process that hold a lock, by their backend.
fn holders() -> MutexGuard<'static, BTreeMap<String, Holder>> {
    static HOLDERS: Mutex<BTreeMap<String, Holder>> = Mutex::new(BTreeMap::new());
    HOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn slot(slot: &Slot) -> MutexGuard<'_, Option<Held>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tries to take the lock of `database` for the session `backend`, which keeps it in `own`.
pub(crate) fn take(
    database: &Path,
    backend: &str,
    own: &Slot,
    stopper: Stopper,
) -> Result<Lock, Failure> {
    if slot(own).is_some() {
        return Ok(Lock::Taken);
    }
    let path = path_of(database);
    let failed = |e: &std::io::Error| {
        Failure::new(FailureKind::Server, format!("the lock file {}: {e}", path.display()))
    };
    for _ in 0..TRIES {
        let mut file = match open(&path) {
            Ok(file) => file,
            Err(e)
                if matches!(
                    e.kind(),
                    ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                return Ok(Lock::Unavailable);
            }
            Err(e) => return Err(failed(&e)),
        };
        match file.try_lock() {
            Ok(()) if !is_still(&file, &path) => continue,
            Ok(()) => {
                let written = file.set_len(0).and_then(|()| file.write_all(backend.as_bytes()));
                written.map_err(|e| failed(&e))?;
                let holder =
                    Holder { database: database.to_owned(), slot: Arc::clone(own), stopper };
                holders().insert(backend.to_owned(), holder);
                *slot(own) = Some(Held { _file: file, path, backend: backend.to_owned() });
                return Ok(Lock::Taken);
            }
            Err(TryLockError::WouldBlock) => {
                return Ok(Lock::Held { by: written_by(&mut file) });
            }
            Err(TryLockError::Error(e)) if e.kind() == ErrorKind::Unsupported => {
                return Ok(Lock::Unavailable);
            }
            Err(TryLockError::Error(e)) => return Err(failed(&e)),
        }
    }
    // Others take and free it all the time.
    Ok(Lock::Held { by: None })
}

/// Ends the session `backend`, if it holds the lock of `database`, and waits until the lock is free.
pub(crate) async fn evict(database: &Path, backend: &str) -> Result<(), Failure> {
    let found = {
        let holders = holders();
        let holder = holders.get(backend).filter(|h| h.database == database);
        holder.map(|h| (Arc::clone(&h.slot), h.stopper.clone()))
    };
    let deadline = Instant::now() + GONE_WITHIN;
    let holds = || match &found {
        Some((of_holder, _)) => Ok(slot(of_holder).is_some()),
        None => holds_elsewhere(database, backend),
    };
    while holds()? {
        if let Some((_, stopper)) = &found {
            // Again and again: a statement that was just about to start does not hear the first time.
            stopper.stop();
        }
        if Instant::now() >= deadline {
            return Err(Failure::new(
                FailureKind::Timeout,
                format!(
                    "session {backend} was told to end and still holds Basalt's lock after {GONE_WITHIN:?}"
                ),
            ));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// Whether a session that this process does not know holds the lock: one that is just ending, or an error when it is another process's.
fn holds_elsewhere(database: &Path, backend: &str) -> Result<bool, Failure> {
    let Ok(mut file) = OpenOptions::new().read(true).open(path_of(database)) else {
        return Ok(false);
    };
    let is_held = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    if !is_held || written_by(&mut file).as_deref() != Some(backend) {
        return Ok(false);
    }
    let process = backend.split('-').next().unwrap_or(backend);
    if process == std::process::id().to_string() {
        return Ok(true);
    }
    Err(Failure::new(
        FailureKind::Permission,
        format!("another process, {process}, holds Basalt's lock of this file: end it"),
    ))
}

/// Hidden, and no name that a database can have.
fn path_of(database: &Path) -> PathBuf {
    let name = database.file_name().unwrap_or_default().to_string_lossy();
    database.with_file_name(format!(".{name}.basalt-lock"))
}

/// Through no link: what it points to is not ours to lock.
fn open(path: &Path) -> std::io::Result<File> {
    let no_follow = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(no_follow)
        .open(path)
}

fn is_still(file: &File, path: &Path) -> bool {
    match (file.metadata(), std::fs::symlink_metadata(path)) {
        (Ok(opened), Ok(there)) => (opened.dev(), opened.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

fn written_by(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(100).read_to_string(&mut text).ok()?;
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_hidden_and_a_link_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("shop.db");
        let path = path_of(&database);
        assert_eq!(path, folder.path().join(".shop.db.basalt-lock"));
        std::fs::write(folder.path().join("other"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path().join("other"), &path).unwrap();
        assert!(open(&path).is_err());
        std::fs::remove_file(&path).unwrap();
        let file = open(&path).unwrap();
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600);
        assert!(is_still(&file, &path));
        std::fs::remove_file(&path).unwrap();
        assert!(!is_still(&file, &path));
    }
}
