//! Changes one database and records its schema before and after.

use std::sync::Arc;

use base::name::ChangelogName;
use base::{Error, Result};
use engine::Session;
use policy::rollout::TaskRunStatus;
use store::marks::Left;
use store::rows::{
    Changelog, ChangelogKind, ChangelogStatus, DataSourceKind, Database, Finding, FindingLevel,
    LogKind,
};
use tokio_util::sync::CancellationToken;

use super::fresh::Fresh;
use super::journal::Journal;
use super::open::{NotOpen, READ_ONLY};
use super::outcome::{Ending, Outcome};
use super::script::Work;
use super::{preflight, release, settings};
use crate::app::App;
use crate::changelog;
use crate::hooks::{self, Point};

/// An error means that this execution did not run anything.
pub async fn migrate(
    app: &Arc<App>,
    fresh: &Fresh,
    journal: &mut Journal,
    cancel: &CancellationToken,
) -> Result<Ending> {
    let database =
        fresh.database.as_ref().ok_or_else(|| Error::internal("a change needs its database"))?;
    let settings = settings::effective(
        fresh.engine.as_ref(),
        &fresh.environments,
        fresh.task.environment.as_deref(),
        &fresh.task.payload.session_settings,
    )?;
    let work =
        Work { app, fresh, database: Some(&fresh.task.database), settings: &settings, cancel };
    let todo = match &fresh.release {
        Some(release) => Some(release::todo(app, fresh, release, database).await?),
        None => None,
    };
    if let Some(todo) = &todo {
        // What began goes on: what it applied before does not stand against the rest.
        if journal.run().payload.changelog.is_none() {
            todo.refuse()?;
        }
        release::settle(&work, journal, todo, database).await?;
        if todo.is_empty() && journal.checkpoint.open.is_none() {
            return Ok(Ending::End(todo.nothing()));
        }
    }
    let mut session = match work.first(journal).await {
        Ok(session) => session,
        Err(why) if journal.checkpoint.open.is_some() => {
            return Ok(Ending::End(work.give_up(journal, why).await?));
        }
        Err(why) => return not_open(journal, why).await,
    };
    let shown: Vec<_> = settings.iter().map(|s| format!("{} = {}", s.name, s.value)).collect();
    journal.note(format!("Session settings: {}.", shown.join("; "))).await?;
    journal.run_mut().payload.settings =
        settings.iter().map(|s| (s.name.clone(), s.value.clone())).collect();

    let mut changelog = match begun(app, journal).await? {
        Some(changelog) => changelog,
        None => {
            let text = todo.as_ref().map_or(&fresh.script, |t| &t.text);
            preflight::look(fresh, session.as_mut(), journal, text).await?;
            let before = snapshot(app, session.as_mut(), database, journal).await?;
            preflight::history(app, fresh, session.as_mut(), journal, &before).await?;
            let statement = match &todo {
                Some(todo) => Statement::Text(&todo.text),
                None => Statement::Sheet(&fresh.task.sheet_sha256),
            };
            begin_changelog(app, fresh, journal, database, before, statement).await?
        }
    };
    let outcome = match &todo {
        Some(todo) => release::run(&work, journal, &mut session, todo, database).await?,
        None => work.run(journal, &mut session, &fresh.script).await?,
    };
    if outcome.status == TaskRunStatus::Pending {
        session.close().await;
        return Ok(outcome.into());
    }
    if outcome.status == TaskRunStatus::Done
        && session.leaves_proofs()
        && let Some(proof) = journal.proof()
    {
        // Before what the proof left is removed, the end must be on our disk.
        journal.mark(None).await?;
        if let Err(failure) = session.forget(&proof).await {
            tracing::warn!(%failure, "what a proof left at the target could not be removed");
        }
    }
    hooks::reach(Point::BeforeRecord);
    record(app, fresh, journal, session, database, &mut changelog, &outcome).await?;
    Ok(Ending::End(outcome))
}

/// Waits when waiting helps.
async fn not_open(journal: &mut Journal, why: NotOpen) -> Result<Ending> {
    match why {
        NotOpen::ReadOnly => {
            let text = READ_ONLY.to_owned();
            let level = FindingLevel::Stop;
            preflight::tell(journal, vec![Finding { code: "REPLICA".to_owned(), level, text }])
                .await?;
            Err(NotOpen::ReadOnly.into_error())
        }
        NotOpen::Credentials { failure, instance_version } => Ok(Ending::Wait {
            reason: "CREDENTIALS_REFUSED",
            detail: format!(
                "Waits for other credentials: the server refused those of the instance ({}). Change the password of its admin data source.",
                failure.message
            ),
            beyond: Some(instance_version),
        }),
        NotOpen::Locked { by } => Ok(Ending::Wait {
            reason: "DATABASE_LOCKED",
            detail: format!(
                "Waits for session {by} at the server, which holds Basalt's lock on this database: another Basalt is changing it."
            ),
            beyond: None,
        }),
        other => Err(other.into_error()),
    }
}

/// The schema after, what it leaves for the next change, and the end of the changelog. The schema is read also after a
/// failure: what a failed script left behind is what people must see.
#[tracing::instrument(skip_all)]
async fn record(
    app: &Arc<App>,
    fresh: &Fresh,
    journal: &mut Journal,
    session: Box<dyn Session>,
    database: &Database,
    changelog: &mut Changelog,
    outcome: &Outcome,
) -> Result<()> {
    let now = app.now();
    let after = snapshot_after(app, fresh, session, database, journal).await;
    if let Err(e) = &after {
        journal.note(format!("The schema after the change could not be read: {e}")).await?;
    }
    let after = after.ok();
    changelog.after_sha256.clone_from(&after);
    changelog.status = if outcome.status == TaskRunStatus::Done {
        ChangelogStatus::Done
    } else {
        ChangelogStatus::Failed
    };
    changelog.updated_at = now;
    let mut tx = app.store.begin_for_our_life().await?;
    // Who lost the run meanwhile records nothing.
    store::checkpoints::put(&mut tx, journal.run(), &journal.checkpoint, now).await?;
    store::changelogs::finish(&mut tx, changelog).await?;
    if let (Some(schema_sha256), Some(mark)) = (after, journal.run().payload.mark.clone()) {
        let (instance, name) = (&fresh.task.instance, &fresh.task.database);
        store::marks::put(&mut tx, instance, name, &Left { mark, schema_sha256 }, now).await?;
    }
    let name = ChangelogName::new(&fresh.task.instance, &fresh.task.database, &changelog.id);
    changelog::tell(&mut tx, &name, now).await?;
    Ok(tx.commit().await?)
}

/// Reads the schema and stores it; gives the id of its text.
async fn snapshot(
    app: &Arc<App>,
    session: &mut dyn Session,
    database: &Database,
    journal: &mut Journal,
) -> Result<String> {
    journal.write(LogKind::SyncStart).await?;
    let taken = crate::sync::database::snapshot(app, session, database, Some(journal.run())).await;
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
    if taken.is_ok()
        && let Ok(mark) = session.mark().await
    {
        journal.run_mut().payload.mark = Some(preflight::kept_mark(mark));
    }
    session.close().await;
    taken
}

/// The changelog that an earlier executor of this run began.
async fn begun(app: &App, journal: &Journal) -> Result<Option<Changelog>> {
    let Some(id) = &journal.run().payload.changelog else { return Ok(None) };
    let mut conn = app.store.read().await?;
    Ok(store::changelogs::get(&mut conn, id).await?)
}

/// What a changelog says was run.
enum Statement<'a> {
    /// SHA-256 of a sheet.
    Sheet(&'a str),
    /// A text that is not in the store yet.
    Text(&'a str),
}

/// The baseline if the database never had a changelog, then this change as PENDING: both before the first statement,
/// whose checkpoint makes them durable.
async fn begin_changelog(
    app: &App,
    fresh: &Fresh,
    journal: &mut Journal,
    database: &Database,
    before: String,
    statement: Statement<'_>,
) -> Result<Changelog> {
    // What waits to be written is older than what is written here.
    journal.flush().await?;
    let now = app.now();
    let mut tx = app.store.begin_for_our_life().await?;
    let statement = match statement {
        Statement::Sheet(sha256) => sha256.to_owned(),
        Statement::Text(text) => store::blobs::put_bytes(&mut tx, text.as_bytes()).await?,
    };
    let terms = changelog::Terms {
        creator: &journal.run().creator,
        project: &fresh.project.id,
        schema_sha256: &before,
        at: now,
    };
    changelog::begin(app, &mut tx, database, terms).await?;
    let changelog = Changelog {
        id: app.new_id(),
        database_id: database.id.clone(),
        kind: ChangelogKind::Migrate,
        status: ChangelogStatus::Pending,
        creator: journal.run().creator.clone(),
        project: fresh.project.id.clone(),
        plan: Some(fresh.plan.id),
        task_run: journal.name().to_owned(),
        plan_title: fresh.plan.title.clone(),
        statement_sha256: Some(statement),
        before_sha256: Some(before),
        after_sha256: None,
        created_at: now,
        updated_at: now,
    };
    store::changelogs::insert(&mut tx, &changelog).await?;
    journal.run_mut().payload.changelog = Some(changelog.id.clone());
    let run = journal.run();
    store::task_runs::set_payload(&mut tx, run, &run.payload, now).await?;
    tx.commit().await?;
    Ok(changelog)
}
