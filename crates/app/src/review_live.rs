//! What SQL review asks a live target: row counts, a plan without a run, roles.
//!
//! Invariants: the session is opened for reading only, so that the server itself refuses a write; each answer has a time
//! limit, and a review asks a limited number of questions; after the target was once not there it is not asked again.

use std::sync::Mutex;
use std::time::Duration;

use engine::{Engine, Failure, FailureKind, Session, SettingsRequest, Target};
use review::{Live, LiveError};
use tokio::runtime::Handle;

/// Longest answer: planning takes milliseconds, and who reviews waits for it.
const ANSWER: Duration = Duration::from_secs(5);
/// Most questions of one review: each is a round trip.
const MOST: usize = 1_000;

/// A target that answers the questions of reviews. Its answers block: ask from threads that may.
pub struct LiveTarget {
    runtime: Handle,
    state: Mutex<State>,
}

struct State {
    session: Box<dyn Session>,
    left: usize,
    gone: Option<String>,
}

impl LiveTarget {
    /// Opens a session of its own, within the limits.
    pub async fn open(engine: &dyn Engine, target: &Target) -> Result<Self, Failure> {
        let target = Target { read_only: true, ..target.clone() };
        let mut session = engine.connect(&target).await?;
        let request = SettingsRequest {
            lock_timeout: ANSWER,
            statement_timeout: Some(ANSWER),
            ..SettingsRequest::default()
        };
        let settings = engine
            .settings(&request)
            .map_err(|e| Failure::new(FailureKind::Unsupported, e.to_string()))?;
        session.apply_settings(&settings).await?;
        let state = State { session, left: MOST, gone: None };
        Ok(Self { runtime: Handle::current(), state: Mutex::new(state) })
    }

    /// The schema as it is, and what the server says of itself.
    pub async fn look(&mut self) -> Result<(schema::Catalog, engine::ServerInfo), Failure> {
        let state = self.state.get_mut().map_err(|_| broken())?;
        let server = state.session.ping().await?;
        Ok((state.session.sync_database().await?, server))
    }

    pub async fn close(self) {
        if let Ok(state) = self.state.into_inner() {
            state.session.close().await;
        }
    }

    fn ask<T>(
        &self,
        question: impl AsyncFnOnce(&mut dyn Session) -> Result<T, Failure>,
    ) -> Result<T, LiveError> {
        let mut state =
            self.state.lock().map_err(|_| LiveError::Unavailable(broken().to_string()))?;
        if let Some(why) = &state.gone {
            return Err(LiveError::Unavailable(why.clone()));
        }
        state.left = state.left.checked_sub(1).ok_or_else(|| {
            LiveError::Unavailable(format!(
                "the script asks the database more than {MOST} questions"
            ))
        })?;
        self.runtime.block_on(question(&mut *state.session)).map_err(|failure| {
            if is_refusal(failure.kind) {
                return LiveError::Refused(failure.message);
            }
            let why = failure.to_string();
            if failure.kind != FailureKind::Timeout {
                state.gone = Some(why.clone());
            }
            LiveError::Unavailable(why)
        })
    }
}

impl Live for LiveTarget {
    fn estimated_rows(&self, statement: &str) -> Result<i64, LiveError> {
        let rows = self.ask(async |session| session.estimate_rows(statement).await)?;
        Ok(rows.unwrap_or(0))
    }

    /// The planner reads names, types and rights as a run would.
    fn dry_run(&self, statement: &str) -> Result<(), LiveError> {
        self.ask(async |session| session.estimate_rows(statement).await).map(drop)
    }

    fn roles(&self) -> Result<Vec<String>, LiveError> {
        let roles = self.ask(async |session| session.roles().await)?;
        roles.ok_or_else(|| LiveError::Unavailable("the engine does not tell roles".to_owned()))
    }
}

/// Whether the server judged the statement, and not we the server.
const fn is_refusal(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::Server | FailureKind::Permission | FailureKind::Locked)
}

fn broken() -> Failure {
    Failure::new(FailureKind::Server, "an answer of the database was lost")
}
