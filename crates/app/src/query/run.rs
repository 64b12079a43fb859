//! Runs statements that only read, one after the other, in a session of their own.

use std::time::{Duration, Instant};

use base::name::{DatabaseName, QueryHistoryName};
use base::{Error, LineIndex, Reason, Result};
use engine::{Engine, FailureKind, Queried, Reading, Session, StatementFailure, Table, Target};
use store::Conn;
use store::rows::{Database, Instance, QueryStatus, WorkspaceProfile};
use store::{instances, settings};

use super::judge::{self, Judged};
use super::limits::Limits;
use super::reach::{self, Allowed};
use super::stop::Stop;
use super::{Answer, Ask, Outcome, Problem, history, source};
use crate::connections;
use crate::cx::Cx;
use crate::database::load_active;
use crate::execution::redact;
use crate::target;

/// Longest text of a request, in bytes: what it says is kept in the history.
const MAX_TEXT: usize = 1 << 20;

/// Runs a request. What is wrong with a statement is in the answer; an error is of the request, the caller or the way to the
/// server.
pub async fn run(cx: &Cx, ask: &Ask) -> Result<Answer> {
    let name = DatabaseName::parse("name", &ask.database)?;
    if ask.statement.len() > MAX_TEXT {
        let what = format!("use at most {MAX_TEXT} bytes; these are {}", ask.statement.len());
        return Err(Error::field("statement", what));
    }
    let mut conn = cx.app.store.read().await?;
    let place = Place::load(&mut conn, &name).await?;
    let profile = settings::get::<WorkspaceProfile>(&mut conn).await?.value;
    drop(conn);
    let engine = cx.app.engines.get(place.instance.engine)?.as_ref();
    let reader = engine.reader(place.instance.engine).ok_or_else(|| {
        let what = format!("{} cannot be queried from here yet", place.instance.engine.title());
        Error::new(Reason::EngineUnsupported, what)
    })?;
    if ask.schema.is_some() && !place.instance.engine.capabilities().schemas {
        let what =
            format!("{} has no schemas in a database: leave it out", place.instance.engine.title());
        return Err(Error::field("schema", what));
    }
    let limits = Limits::of(&profile, ask.limit, Instant::now(), cx.deadline)?;
    let source = source::choose(&place.instance.payload.data_sources, &ask.data_source)?;
    let judged = judge::judge(engine, reader, &ask.statement, ask.explain)?;
    for permission in judge::permissions(&judged) {
        cx.require(permission, &ask.database).await?;
    }
    let mut conn = cx.app.store.read().await?;
    let asked = ask.schema.as_deref();
    let allowed = reach::require(cx, &mut conn, engine, &place.database, asked, &judged).await?;
    drop(conn);

    let started = Instant::now();
    let refused = judged.iter().find(|j| j.refused.is_some());
    let (outcomes, failed, used) = match refused {
        Some(refused) => (vec![refused_outcome(refused, &limits)], None, None),
        None => {
            let outcomes = Vec::new();
            let mut reading = Run { cx, ask, engine, allowed, limits, started, outcomes };
            let failed = reading.all(&place, &source.id, &judged).await.err();
            (reading.outcomes, failed, Some((source.id.clone(), source.kind)))
        }
    };
    let ended = history::Ended {
        status: status(&outcomes, failed.as_ref()),
        error: error_of(&outcomes, failed.as_ref()),
        rows: outcomes.iter().map(|o| o.table.rows.len()).sum(),
        duration: started.elapsed(),
        source: used.as_ref().map_or_else(String::new, |(id, _)| id.clone()),
        statement: redact::script(engine.dialect(), &ask.statement),
    };
    remark(cx, &outcomes, &ended);
    let history = history::keep(cx, &place.database, &name, ask, ended).await?;
    match failed {
        Some(error) => Err(error),
        None => Ok(Answer {
            outcomes,
            source: used,
            history: QueryHistoryName::new(&place.database.project, history),
        }),
    }
}

/// Where a query goes.
struct Place {
    database: Database,
    instance: Instance,
}

impl Place {
    async fn load(conn: &mut Conn, name: &DatabaseName) -> Result<Self> {
        let database = load_active(conn, name).await?;
        let instance = instances::get(conn, &name.instance).await?;
        let instance =
            instance.ok_or_else(|| Error::internal("a database without its instance"))?;
        Ok(Self { database, instance })
    }
}

struct Run<'a> {
    cx: &'a Cx,
    ask: &'a Ask,
    engine: &'a dyn Engine,
    allowed: Allowed,
    limits: Limits,
    started: Instant,
    outcomes: Vec<Outcome>,
}

/// What ended the wait for a statement.
enum Wait {
    Done(std::result::Result<Queried, StatementFailure>),
    Gone,
    Late,
}

impl Run<'_> {
    async fn all(&mut self, place: &Place, source: &str, statements: &[Judged]) -> Result<()> {
        let opening = self.open(place, source);
        let (mut session, _slot) = tokio::select! {
            opened = opening => opened?,
            () = self.cx.gone.cancelled() => return Err(gone()),
            () = tokio::time::sleep_until(self.end()) => return Err(self.late()),
        };
        let read = self.statements(session.as_mut(), statements).await;
        session.close().await;
        read
    }

    async fn open(
        &self,
        place: &Place,
        source: &str,
    ) -> Result<(Box<dyn Session>, connections::Slot)> {
        let app = &self.cx.app;
        let limit = connections::limit(&place.instance.payload);
        let slot = app.connections.query(&place.instance.id, limit).await;
        let mut target: Target =
            target::resolve_source(app, &place.instance, source, &place.database.name).await?;
        "basalt query".clone_into(&mut target.application_name);
        target.read_only = true;
        let mut session = self.engine.connect(&target).await?;
        let schema = match &self.allowed {
            Allowed::Database => self.ask.schema.clone(),
            Allowed::Tables { schema } => Some(schema.clone()),
        };
        let reading = Reading { timeout: self.left(), schema };
        match session.begin_reading(&reading).await {
            Ok(()) => Ok((session, slot)),
            Err(failure) => {
                session.close().await;
                let what = format!("the session for reading could not be made ready: {failure}");
                Err(Error::new(failure.kind.reason(), what))
            }
        }
    }

    /// In order, until one fails.
    async fn statements(&mut self, session: &mut dyn Session, all: &[Judged]) -> Result<()> {
        for judged in all {
            let left =
                self.limits.bytes.saturating_sub(self.outcomes.iter().map(|o| o.table.bytes).sum());
            let mut table = Table::new(self.limits.rows, left);
            let began = Instant::now();
            let waited = self.wait(session, &judged.sent, &mut table).await;
            let (notices, problem) = match waited {
                Wait::Done(Ok(queried)) => (queried.notices, None),
                Wait::Done(Err(failure)) => (Vec::new(), Some(self.problem(judged, &failure))),
                Wait::Gone => return Err(gone()),
                Wait::Late => (Vec::new(), Some(self.late_problem())),
            };
            let failed = problem.is_some();
            if failed {
                // What came before the failure is not a result.
                (table.rows, table.bytes, table.cut) = (Vec::new(), 0, None);
            }
            self.outcomes.push(Outcome {
                statement: judged.text.clone(),
                position: judged.position,
                table,
                row_limit: self.limits.rows,
                latency: began.elapsed(),
                notices,
                problem,
            });
            if failed {
                break;
            }
        }
        Ok(())
    }

    /// Waits for the statement, for the caller's leave, and for the end of its time, whichever is first. After the last two
    /// the statement has been stopped.
    async fn wait(&self, session: &mut dyn Session, sql: &str, table: &mut Table) -> Wait {
        let stop = Stop::new(session.canceller());
        let mut running = std::pin::pin!(session.query(sql, table));
        let over = tokio::select! {
            done = &mut running => {
                stop.ended();
                return Wait::Done(done);
            }
            () = self.cx.gone.cancelled() => Wait::Gone,
            () = tokio::time::sleep_until(self.end()) => Wait::Late,
        };
        stop.now(running).await;
        over
    }

    fn end(&self) -> tokio::time::Instant {
        (self.started + self.limits.time).into()
    }

    fn left(&self) -> Duration {
        self.limits.time.saturating_sub(self.started.elapsed())
    }

    fn late(&self) -> Error {
        Error::new(Reason::Timeout, self.late_problem().message)
    }

    fn late_problem(&self) -> Problem {
        let seconds = self.limits.time.as_secs_f32();
        Problem {
            reason: Reason::Timeout,
            message: format!(
                "The query took longer than {seconds} s and was stopped. Ask for less, or have an administrator raise the workspace's query timeout."
            ),
            position: None,
            code: String::new(),
            refused: None,
        }
    }

    fn problem(&self, judged: &Judged, failure: &StatementFailure) -> Problem {
        if failure.kind == FailureKind::Timeout {
            return Problem { code: failure.code.clone(), ..self.late_problem() };
        }
        let reason = match failure.kind {
            FailureKind::Canceled => Reason::Canceled,
            FailureKind::Network => Reason::ConnectionNetwork,
            _ => Reason::StatementFailed,
        };
        let script = &self.ask.statement;
        let lines = LineIndex::new(script);
        // The statement is the end of what was sent.
        let before = judged.sent.len() - judged.text.len();
        let offset = failure.offset.and_then(|at| at.checked_sub(before));
        let place =
            offset.map(|at| lines.position(script, judged.start + at.min(judged.text.len())));
        let by_line = failure.line.map(|line| base::Position {
            line: judged.position.line + line.saturating_sub(1),
            column: if line <= 1 { judged.position.column } else { 1 },
        });
        Problem {
            reason,
            message: redact::said(self.engine.dialect(), &judged.sent, &failure.message),
            position: place.or(by_line),
            code: failure.code.clone(),
            refused: None,
        }
    }
}

fn gone() -> Error {
    Error::new(Reason::Canceled, "the query was stopped, because its caller stopped waiting for it")
}

fn refused_outcome(judged: &Judged, limits: &Limits) -> Outcome {
    Outcome {
        statement: judged.text.clone(),
        position: judged.position,
        table: Table::default(),
        row_limit: limits.rows,
        latency: Duration::ZERO,
        notices: Vec::new(),
        problem: judged.refused.clone(),
    }
}

fn problem_of(outcomes: &[Outcome]) -> Option<&Problem> {
    outcomes.last().and_then(|o| o.problem.as_ref())
}

fn status(outcomes: &[Outcome], failed: Option<&Error>) -> QueryStatus {
    let reason = failed.map(Error::reason).or(problem_of(outcomes).map(|p| p.reason));
    match reason {
        None => QueryStatus::Succeeded,
        Some(Reason::StatementRefused) => QueryStatus::Refused,
        Some(Reason::Canceled) => QueryStatus::Canceled,
        Some(_) => QueryStatus::Failed,
    }
}

fn error_of(outcomes: &[Outcome], failed: Option<&Error>) -> String {
    let problem = || problem_of(outcomes).map(|p| p.message.clone());
    failed.map(ToString::to_string).or_else(problem).unwrap_or_default()
}

/// The audit log shows what was given and by which way, and that a refused query was refused.
fn remark(cx: &Cx, outcomes: &[Outcome], ended: &history::Ended) {
    cx.remarks.fact("rows", ended.rows.to_string());
    if !ended.source.is_empty() {
        cx.remarks.fact("dataSource", ended.source.clone());
    }
    if let Some(problem) = problem_of(outcomes) {
        cx.remarks.failed(problem.reason);
        cx.remarks.fact("error", problem.message.clone());
    }
}
