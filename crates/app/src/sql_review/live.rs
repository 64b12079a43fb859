//! Answers of the live database to what rules ask.
//!
//! A review is synchronous and runs off the async threads; a session is not. So a rule's question goes through a channel to
//! the task that holds the session, and the rule's thread waits. Every question reads only (the session is read-only, and
//! the server plans a statement without running it), ends after a time, and is asked once, whoever asks it.

use std::collections::HashMap;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use engine::{Failure, FailureKind, Session};
use review::{Live, LiveError};
use sql::Dialect;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::execution::redact::said;

/// For one answer.
const ANSWER_TIME: Duration = Duration::from_secs(5);
/// Most statements that the server plans for one script.
const MOST: usize = 500;

/// Rows that a statement would change; None when the engine does not say.
type Rows = Result<Option<i64>, LiveError>;

/// What a session was asked, and what it said.
pub struct Answers<'s> {
    session: &'s mut Option<Box<dyn Session>>,
    dialect: &'static dyn Dialect,
    rows: HashMap<String, Rows>,
    roles: Option<Result<Vec<String>, LiveError>>,
    /// Why nothing more is asked.
    over: Option<String>,
}

impl<'s> Answers<'s> {
    pub fn new(session: &'s mut Option<Box<dyn Session>>, dialect: &'static dyn Dialect) -> Self {
        Self { session, dialect, rows: HashMap::new(), roles: None, over: None }
    }

    /// Whether there is anybody to ask.
    pub const fn is_connected(&self) -> bool {
        self.session.is_some()
    }

    /// Why nothing more is asked, if that is so.
    pub fn over(&self) -> Option<&str> {
        self.over.as_deref()
    }

    pub async fn rows(&mut self, statement: &str) -> Rows {
        if let Some(known) = self.rows.get(statement) {
            return known.clone();
        }
        if self.rows.len() >= MOST {
            self.over.get_or_insert_with(|| {
                format!("the server is asked about {MOST} statements of a script")
            });
        }
        let answer = match self.open() {
            Ok(session) => {
                let asked = session.estimate_rows(statement);
                tokio::time::timeout(ANSWER_TIME, asked).await
            }
            Err(why) => return Err(why),
        };
        let rows = self.heard(answer, statement).await;
        self.rows.insert(statement.to_owned(), rows.clone());
        rows
    }

    async fn roles(&mut self) -> Result<Vec<String>, LiveError> {
        if let Some(known) = &self.roles {
            return known.clone();
        }
        let answer = match self.open() {
            Ok(session) => tokio::time::timeout(ANSWER_TIME, session.roles()).await,
            Err(why) => return Err(why),
        };
        let untold = || LiveError::Unavailable("this engine does not tell its roles".to_owned());
        let roles = self.heard(answer, "").await.and_then(|roles| roles.ok_or_else(untold));
        self.roles = Some(roles.clone());
        roles
    }

    fn open(&mut self) -> Result<&mut Box<dyn Session>, LiveError> {
        if let Some(why) = &self.over {
            return Err(LiveError::Unavailable(why.clone()));
        }
        let session = self.session.as_mut();
        session.ok_or_else(|| LiveError::Unavailable("the database is not connected".to_owned()))
    }

    /// A session that is still busy, or gone, is asked nothing more.
    async fn heard<T>(
        &mut self,
        answer: Result<Result<T, Failure>, tokio::time::error::Elapsed>,
        statement: &str,
    ) -> Result<T, LiveError> {
        let why = match answer {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(failure)) => match failure.kind {
                FailureKind::Server | FailureKind::Permission => {
                    let why = said(self.dialect, statement, &failure.message);
                    return Err(LiveError::Refused(why));
                }
                FailureKind::Locked | FailureKind::Timeout | FailureKind::Canceled => {
                    return Err(LiveError::Unavailable(failure.to_string()));
                }
                _ => failure.to_string(),
            },
            Err(_) => format!("the database did not answer within {} s", ANSWER_TIME.as_secs()),
        };
        if let Some(session) = self.session.take() {
            session.close().await;
        }
        self.over = Some(why.clone());
        Err(LiveError::Unavailable(why))
    }

    /// Answers until the work that holds the other end is done.
    pub async fn serve<T>(&mut self, mut questions: Questions, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                Some(question) = questions.0.recv() => match question {
                    // Who asked may be gone: then nobody needs the answer.
                    Question::Rows(statement, to) => drop(to.send(self.rows(&statement).await)),
                    Question::Roles(to) => drop(to.send(self.roles().await)),
                },
            }
        }
    }
}

enum Question {
    Rows(String, SyncSender<Rows>),
    Roles(SyncSender<Result<Vec<String>, LiveError>>),
}

/// Where the questions of a review arrive.
pub struct Questions(UnboundedReceiver<Question>);

/// Asks from a thread that may wait.
pub struct Asker {
    to: UnboundedSender<Question>,
    /// Scripts before this one change the schema: that the server refuses a statement now says nothing.
    moved: bool,
}

pub fn channel(moved: bool) -> (Asker, Questions) {
    let (to, questions) = unbounded_channel();
    (Asker { to, moved }, Questions(questions))
}

impl Asker {
    fn ask<T>(&self, question: impl FnOnce(SyncSender<T>) -> Question) -> Result<T, LiveError> {
        let gone = || LiveError::Unavailable("the check was stopped".to_owned());
        let (to, answer) = sync_channel(1);
        self.to.send(question(to)).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())
    }

    fn rows(&self, statement: &str) -> Rows {
        self.ask(|to| Question::Rows(statement.to_owned(), to))?
    }
}

impl Live for Asker {
    fn estimated_rows(&self, statement: &str) -> Result<i64, LiveError> {
        let unknown =
            || LiveError::Refused("the server does not estimate this statement".to_owned());
        self.rows(statement)?.ok_or_else(unknown)
    }

    fn dry_run(&self, statement: &str) -> Result<(), LiveError> {
        match self.rows(statement) {
            Err(LiveError::Refused(_)) if self.moved => Ok(()),
            answer => answer.map(|_| ()),
        }
    }

    fn roles(&self) -> Result<Vec<String>, LiveError> {
        self.ask(Question::Roles)?
    }
}
