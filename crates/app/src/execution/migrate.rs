//! Changes one database and records its schema before and after.

use std::sync::Arc;
use std::time::Duration;

use base::name::ChangelogName;
use base::{Error, Result};
use engine::{Cancel, ExecuteOptions, Session, Setting};
use policy::rollout::TaskRunStatus;
use store::rows::{Changelog, ChangelogKind, ChangelogStatus, DataSourceKind, Database, LogKind};
use tokio_util::sync::CancellationToken;

use super::fresh::Fresh;
use super::journal::Journal;
use super::outcome::Outcome;
use super::settings;
use crate::app::App;

/// Cancels are repeated until the statement has ended, in case one arrives between two statements.
const CANCEL_EVERY: Duration = Duration::from_millis(300);

/// An error means that nothing was run.
pub async fn migrate(
    app: &Arc<App>,
    fresh: &Fresh,
    journal: &mut Journal,
    cancel: &CancellationToken,
) -> Result<Outcome> {
    let database =
        fresh.database.as_ref().ok_or_else(|| Error::internal("a change needs its database"))?;
    let settings = settings::effective(
        fresh.engine.as_ref(),
        &fresh.environments,
        fresh.task.environment.as_deref(),
        &fresh.task.payload.session_settings,
    )?;
    let mut session = open(app, fresh, journal).await?;
    apply(session.as_mut(), &settings, journal).await?;
    let before = snapshot(app, session.as_mut(), database, journal).await?;
    let mut changelog = begin_changelog(app, fresh, journal, database, before).await?;

    journal.read_from(&fresh.script);
    let stop = Stop::new(session.canceller(), cancel.clone());
    let executed = engine::execute(
        session.as_mut(),
        fresh.engine.dialect(),
        &fresh.script,
        &ExecuteOptions::default(),
        journal,
    )
    .await;
    stop.end().await;
    let outcome = match &executed {
        Ok(done) => Outcome::done(done),
        Err(e) => {
            Outcome::of_error(e, journal.count(), journal.one_transaction(), cancel.is_cancelled())
        }
    };
    // The schema after is taken also after a failure: what a failed script left behind is what people must see.
    match snapshot_after(app, fresh, session, database, journal).await {
        Ok(after) => changelog.after_sha256 = Some(after),
        Err(e) => {
            journal.note(format!("The schema after the change could not be read: {e}")).await?;
        }
    }
    changelog.status = if outcome.status == TaskRunStatus::Done {
        ChangelogStatus::Done
    } else {
        ChangelogStatus::Failed
    };
    changelog.updated_at = app.now();
    let mut tx = app.store.begin().await?;
    store::changelogs::finish(&mut tx, &changelog).await?;
    announce_changelog(app, &mut tx, fresh, &changelog.id).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// A session of its own for this run, named after it at the server.
async fn open(app: &Arc<App>, fresh: &Fresh, journal: &mut Journal) -> Result<Box<dyn Session>> {
    let name = format!("basalt {}/{} task {}", fresh.task.project, fresh.task.plan, fresh.task.id);
    let mut target = crate::target::resolve(
        app,
        &fresh.instance,
        DataSourceKind::Admin,
        Some(&fresh.task.database),
    )
    .await?;
    target.application_name = name;
    let mut session = fresh.engine.connect(&target).await?;
    let server = session.ping().await?;
    if server.read_only {
        return Err(Error::blocked(
            "The server refuses writes: it is a replica or set read-only. Point the admin data source at the writer.",
            Vec::new(),
        ));
    }
    let backend = session.backend();
    journal
        .note(format!(
            "Connected to {} {} as session {backend}.",
            fresh.instance.engine.title(),
            server.version
        ))
        .await?;
    journal.run_mut().payload.backend = backend;
    Ok(session)
}

async fn apply(
    session: &mut dyn Session,
    settings: &[Setting],
    journal: &mut Journal,
) -> Result<()> {
    session.apply_settings(settings).await?;
    let shown: Vec<_> = settings.iter().map(|s| format!("{} = {}", s.name, s.value)).collect();
    journal.note(format!("Session settings: {}.", shown.join("; "))).await?;
    journal.run_mut().payload.settings =
        settings.iter().map(|s| (s.name.clone(), s.value.clone())).collect();
    journal.save().await
}

/// Reads the schema and stores it; gives the id of its text.
async fn snapshot(
    app: &Arc<App>,
    session: &mut dyn Session,
    database: &Database,
    journal: &mut Journal,
) -> Result<String> {
    journal.write(LogKind::SyncStart).await?;
    let taken = crate::sync::database::snapshot(app, session, database).await;
    let error = taken.as_ref().err().map(ToString::to_string).unwrap_or_default();
    journal.write(LogKind::SyncEnd { error }).await?;
    Ok(taken?.schema_sha256)
}

async fn snapshot_after(
    app: &Arc<App>,
    fresh: &Fresh,
    mut session: Box<dyn Session>,
    database: &Database,
    journal: &mut Journal,
) -> Result<String> {
    // A session that the server dropped can't tell any more; a new one can.
    if session.ping().await.is_err() {
        let mut target = crate::target::resolve(
            app,
            &fresh.instance,
            DataSourceKind::Admin,
            Some(&fresh.task.database),
        )
        .await?;
        target.application_name = "basalt sync".to_owned();
        session = fresh.engine.connect(&target).await?;
    }
    let taken = snapshot(app, session.as_mut(), database, journal).await;
    session.close().await;
    taken
}

/// The baseline if the database never had a changelog, then this change as PENDING: both before the first statement,
/// whose log entry makes them durable.
async fn begin_changelog(
    app: &App,
    fresh: &Fresh,
    journal: &mut Journal,
    database: &Database,
    before: String,
) -> Result<Changelog> {
    let now = app.now();
    let mut tx = app.store.begin_unsynced().await?;
    if store::changelogs::latest(&mut tx, &database.id).await?.is_none() {
        let baseline = Changelog {
            id: app.new_id(),
            database_id: database.id.clone(),
            kind: ChangelogKind::Baseline,
            status: ChangelogStatus::Done,
            creator: journal.run().creator.clone(),
            project: fresh.project.id.clone(),
            plan: None,
            task_run: String::new(),
            plan_title: String::new(),
            statement_sha256: None,
            before_sha256: None,
            after_sha256: Some(before.clone()),
            created_at: now,
            updated_at: now,
        };
        store::changelogs::insert(&mut tx, &baseline).await?;
    }
    let changelog = Changelog {
        id: app.new_id(),
        database_id: database.id.clone(),
        kind: ChangelogKind::Migrate,
        status: ChangelogStatus::Pending,
        creator: journal.run().creator.clone(),
        project: fresh.project.id.clone(),
        plan: Some(fresh.plan.id),
        task_run: super::task_run_name(&fresh.task, journal.run()).to_string(),
        plan_title: fresh.plan.title.clone(),
        statement_sha256: Some(fresh.task.sheet_sha256.clone()),
        before_sha256: Some(before),
        after_sha256: None,
        created_at: now,
        updated_at: now,
    };
    store::changelogs::insert(&mut tx, &changelog).await?;
    tx.commit().await?;
    journal.run_mut().payload.changelog = Some(changelog.id.clone());
    Ok(changelog)
}

/// Tells the event stream that a database has a new or finished changelog.
async fn announce_changelog(
    app: &App,
    conn: &mut store::Conn,
    fresh: &Fresh,
    id: &str,
) -> Result<()> {
    let name = ChangelogName::new(&fresh.task.instance, &fresh.task.database, id).to_string();
    Ok(store::events::append(conn, &name, "changelog", "", app.now()).await?)
}

/// Turns the cancel token into cancels at the server, while statements run.
struct Stop {
    watch: tokio::task::JoinHandle<()>,
    over: CancellationToken,
}

impl Stop {
    fn new(canceller: Arc<dyn Cancel>, cancel: CancellationToken) -> Self {
        let over = CancellationToken::new();
        let ended = over.clone();
        let watch = tokio::spawn(async move {
            tokio::select! {
                () = ended.cancelled() => return,
                () = cancel.cancelled() => {}
            }
            while !ended.is_cancelled() {
                if let Err(e) = canceller.cancel().await {
                    tracing::warn!(error = %e, "a cancel did not reach the server; trying again");
                }
                tokio::select! {
                    () = ended.cancelled() => {}
                    () = tokio::time::sleep(CANCEL_EVERY) => {}
                }
            }
        });
        Self { watch, over }
    }

    /// Waits until no cancel is on its way any more, so that none hits what the session does next.
    async fn end(self) {
        self.over.cancel();
        if let Err(e) = self.watch.await {
            tracing::error!(error = %e, "the cancel watcher failed");
        }
    }
}
