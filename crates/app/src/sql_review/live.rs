//! Answers of the live database to what rules ask: of the server's checks, and of `basalt review --database`.
//!
//! A review is synchronous and runs off the async threads; a session is not. So a rule's question goes through a channel to
//! the task that holds the session, and the rule's thread waits. Every question reads only (the session is read-only, and
//! the server plans a statement without running it), ends after a time, and is asked once, whoever asks it. What the
//! database does not say stays unknown.

use std::collections::HashMap;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use engine::{Engine, Failure, FailureKind, ServerInfo, Session, SettingsRequest, Target};
use review::{Live, LiveError};
use schema::Catalog;
use sql::Dialect;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::execution::redact::said;

/// For one answer.
const ANSWER_TIME: Duration = Duration::from_secs(5);
/// Most statements that the server plans for one script.
const MOST: usize = 500;
/// And for all the files of one run of the command line.
const MOST_OF_RUN: usize = 10_000;

/// Rows that a statement would change; None when the engine does not say.
type Rows = Result<Option<i64>, LiveError>;

/// What a session was asked, and what it said.
pub struct Answers<'s> {
    session: &'s mut Option<Box<dyn Session>>,
    dialect: &'static dyn Dialect,
    rows: HashMap<String, Rows>,
    /// Most statements that are planned.
    most: usize,
    roles: Option<Result<Vec<String>, LiveError>>,
    /// Why nothing more is asked.
    over: Option<String>,
}

impl<'s> Answers<'s> {
    pub fn new(session: &'s mut Option<Box<dyn Session>>, dialect: &'static dyn Dialect) -> Self {
        Self { session, dialect, rows: HashMap::new(), most: MOST, roles: None, over: None }
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
        if self.rows.len() >= self.most {
            let most = self.most;
            let over = || format!("the server is asked about {most} statements at most");
            self.over.get_or_insert_with(over);
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
                Some(question) = questions.0.recv() => self.answer(question).await,
            }
        }
    }

    async fn answer(&mut self, question: Question) {
        match question {
            // Who asked may be gone: then nobody needs the answer.
            Question::Rows(statement, to) => drop(to.send(self.rows(&statement).await)),
            Question::Roles(to) => drop(to.send(self.roles().await)),
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
    fn estimated_rows(&self, statement: &str) -> Result<Option<i64>, LiveError> {
        self.rows(statement)
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

/// A database that is asked while many scripts are reviewed, by a session of its own.
pub struct LiveTarget {
    asker: Asker,
    served: tokio::task::JoinHandle<()>,
}

impl LiveTarget {
    /// Gives the schema as it is and what the server says of itself, too.
    pub async fn open(
        engine: &dyn Engine,
        target: &Target,
    ) -> Result<(Self, Catalog, ServerInfo), Failure> {
        let target = Target { read_only: true, ..target.clone() };
        let mut session = engine.connect(&target).await?;
        let request = SettingsRequest {
            lock_timeout: ANSWER_TIME,
            statement_timeout: Some(ANSWER_TIME),
            ..SettingsRequest::default()
        };
        let settings = engine
            .settings(&request)
            .map_err(|e| Failure::new(FailureKind::Unsupported, e.to_string()))?;
        session.apply_settings(&settings).await?;
        let server = session.ping().await?;
        let catalog = session.sync_database().await?;
        let (asker, mut questions) = channel(false);
        let dialect = engine.dialect();
        let served = tokio::spawn(async move {
            let mut session = Some(session);
            let mut answers = Answers::new(&mut session, dialect);
            answers.most = MOST_OF_RUN;
            while let Some(question) = questions.0.recv().await {
                answers.answer(question).await;
            }
            if let Some(session) = session {
                session.close().await;
            }
        });
        Ok((Self { asker, served }, catalog, server))
    }

    /// Answers to threads that may wait.
    pub fn live(&self) -> &dyn Live {
        &self.asker
    }

    pub async fn close(self) {
        drop(self.asker);
        // A task that panicked has closed its session, too.
        let _closed = self.served.await.is_ok();
    }
}
