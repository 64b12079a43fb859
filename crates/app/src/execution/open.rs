//! Opens the session of a run: connected with fresh credentials, alone with its database, and named at the server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base::Error;
use engine::{Failure, FailureKind, Lock, Session};
use store::rows::{DataSourceKind, Instance};
use tokio_util::sync::CancellationToken;

use super::fresh::Fresh;
use super::journal::Journal;
use crate::app::App;
use crate::hooks::{self, Point};

/// How long the lock of a database is waited for before the run goes back to waiting.
const LOCK_PATIENCE: Duration = Duration::from_secs(60);
const LOCK_POLL: Duration = Duration::from_millis(50);
const LOCK_POLL_MAX: Duration = Duration::from_secs(1);

/// Why there is no session.
pub enum NotOpen {
    /// The server refused the credentials, twice: the second time they were read anew.
    Credentials {
        failure: Failure,
        instance_version: i64,
    },
    /// Somebody else holds the lock of the database.
    Locked {
        by: String,
    },
    /// The server takes no changes.
    ReadOnly,
    /// The server was not reached, or refused otherwise.
    Failure(Failure),
    Error(Error),
}

pub const READ_ONLY: &str = "the server refuses writes: it is a replica or set read-only. Point the admin data source at the writer";

impl From<Error> for NotOpen {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Connects to `database` (None: to no one in particular) and takes its lock.
#[tracing::instrument(skip_all)]
pub async fn open(
    app: &Arc<App>,
    fresh: &Fresh,
    journal: &mut Journal,
    database: Option<&str>,
    cancel: &CancellationToken,
) -> std::result::Result<Box<dyn Session>, NotOpen> {
    let mut session = connect(app, fresh, database).await?;
    if database.is_some() {
        lock(session.as_mut(), journal, cancel).await?;
    }
    let server = session.ping().await.map_err(NotOpen::Failure)?;
    let backend = session.backend();
    journal
        .note(format!(
            "Connected to {} {} as session {backend}.",
            fresh.instance.engine.title(),
            server.version
        ))
        .await?;
    journal.run_mut().payload.backend = backend;
    journal.save().await?;
    // Who takes the run over must know which session to end.
    journal.flush().await?;
    hooks::reach(Point::Connect);
    if server.read_only {
        return Err(NotOpen::ReadOnly);
    }
    Ok(session)
}

/// A password may be changed in the middle of a rollout: refused credentials are read again once.
async fn connect(
    app: &Arc<App>,
    fresh: &Fresh,
    database: Option<&str>,
) -> std::result::Result<Box<dyn Session>, NotOpen> {
    let first = match once(app, fresh, &fresh.instance, database).await {
        Err(NotOpen::Failure(failure)) if failure.kind == FailureKind::Auth => failure,
        other => return other,
    };
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let again = store::instances::get(&mut conn, &fresh.instance.id).await.map_err(Error::from)?;
    drop(conn);
    let Some(again) = again else { return Err(NotOpen::Failure(first)) };
    match once(app, fresh, &again, database).await {
        Err(NotOpen::Failure(failure)) if failure.kind == FailureKind::Auth => {
            Err(NotOpen::Credentials { failure, instance_version: again.version })
        }
        other => other,
    }
}

async fn once(
    app: &Arc<App>,
    fresh: &Fresh,
    instance: &Instance,
    database: Option<&str>,
) -> std::result::Result<Box<dyn Session>, NotOpen> {
    let mut target = crate::target::resolve(app, instance, DataSourceKind::Admin, database).await?;
    target.application_name =
        format!("basalt {}/{} task {}", fresh.task.project, fresh.task.plan, fresh.task.id);
    fresh.engine.connect(&target).await.map_err(NotOpen::Failure)
}

/// Takes the lock of the database. A session of this run's own past that still holds it is ended.
async fn lock(
    session: &mut dyn Session,
    journal: &mut Journal,
    cancel: &CancellationToken,
) -> std::result::Result<(), NotOpen> {
    let until = Instant::now() + LOCK_PATIENCE;
    let mut poll = LOCK_POLL;
    let mut told = false;
    loop {
        let by = match session.lock().await.map_err(NotOpen::Failure)? {
            Lock::Taken | Lock::Unavailable => return Ok(()),
            Lock::Held { by } => by.unwrap_or_else(|| "unknown".to_owned()),
        };
        if is_ours(journal, &by) {
            journal.note(format!("Ending session {by}, which this run had before.")).await?;
            session.evict(&by).await.map_err(NotOpen::Failure)?;
        } else if !told {
            told = true;
            journal
                .note(format!(
                    "Waiting: session {by} holds Basalt's lock on this database, so another change of it is under way."
                ))
                .await?;
        }
        if Instant::now() >= until || cancel.is_cancelled() {
            return Err(NotOpen::Locked { by });
        }
        tokio::time::sleep(poll).await;
        poll = (poll * 2).min(LOCK_POLL_MAX);
    }
}

fn is_ours(journal: &Journal, backend: &str) -> bool {
    let run = journal.run();
    let open = journal.checkpoint.open.as_ref();
    (!run.payload.backend.is_empty() && run.payload.backend == backend)
        || open.is_some_and(|o| o.backend == backend)
}

impl NotOpen {
    /// For a run that does not wait for it to become better.
    pub fn into_error(self) -> Error {
        match self {
            Self::Credentials { failure, .. } | Self::Failure(failure) => failure.into(),
            Self::ReadOnly => Error::blocked(READ_ONLY, Vec::new()),
            Self::Locked { by } => Error::blocked(
                format!("session {by} holds Basalt's lock on the database"),
                Vec::new(),
            ),
            Self::Error(error) => error,
        }
    }
}
