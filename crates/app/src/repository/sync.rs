//! One sync: looks at the branch, and makes a release of what is new there, once.
//!
//! What a sync came to, the release and its plan are written in one transaction, in which the claim of the repository must still hold
//! and the files must still be other ones than those of the last release. So two servers, two messages or a crash between two
//! steps make one release.

use std::sync::Arc;
use std::time::Duration;

use base::id::uuid7;
use base::name::ReleaseName;
use base::{Error, Result, Time};
use store::rows::{
    ChangeDatabase, CommitReport, Repository, RepositoryState, RepositorySync,
    RepositorySyncPayload, RepositorySyncStatus, Spec, SpecConfig, SyncTrigger,
};
use store::{Conn, Filter, List, repositories, repository_syncs};

use super::actor::{acting, may, refusal};
use super::look::{Looked, client, look, pattern};
use super::outcome::{End, Why, next_look, of_host, wait};
use super::prepare::{Ready, fingerprint, prepare};
use super::report;
use crate::app::App;
use crate::audit;
use crate::cx::Cx;
use crate::gate::{AuditRecord, Verdict};
use crate::plan::{self, NewPlan};
use crate::release;

/// What a look came to.
struct Seen {
    /// Empty: the host was not reached.
    commit: String,
    commit_url: String,
    /// Stands for the files, when they were looked at.
    made: String,
    ignored: Vec<store::rows::IgnoredFile>,
    files: usize,
    end: Result<(Cx, Ready), End>,
    /// The clock found nothing new: not worth a line.
    silent: bool,
}

impl Seen {
    fn nothing(end: End) -> Self {
        Self {
            commit: String::new(),
            commit_url: String::new(),
            made: String::new(),
            ignored: Vec::new(),
            files: 0,
            end: Err(end),
            silent: false,
        }
    }
}

/// `row` was claimed.
pub(crate) async fn sync(app: &Arc<App>, row: Repository) -> Result<()> {
    let (mut sync, mut kept) = begin(app, &row).await?;
    let seen = match see(app, &row, &mut sync, &mut kept).await {
        Ok(seen) => seen,
        Err(e) => {
            match refusal(&row.actor, &e) {
                Some(text) => Seen::nothing(End::failed("ACTOR_NOT_ALLOWED", text)),
                None => {
                    tracing::warn!(repository = row.id, error = ?e, "a repository could not be looked at; trying again");
                    let message = "This server could not finish the look; its log says why. It is tried again.".to_owned();
                    let why = Why { reason: "INTERNAL", message };
                    Seen::nothing(End::Again { why, after: None, until: None })
                }
            }
        }
    };
    settle(app, row, &mut sync, kept, seen).await
}

/// The sync that was asked for, or a new one by the clock; and whether it is kept already.
async fn begin(app: &App, row: &Repository) -> Result<(RepositorySync, bool)> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let found = repository_syncs::open(&mut tx, &row.project, &row.id).await?.into_iter().next();
    let Some(mut sync) = found else {
        return Ok((pending(app, row, SyncTrigger::Poll, String::new()), false));
    };
    sync.payload.attempts += 1;
    sync.payload.actor.clone_from(&row.actor);
    // From here on another message means another look.
    repository_syncs::update(&mut tx, &mut sync, now).await?;
    tx.commit().await?;
    Ok((sync, true))
}

async fn see(
    app: &Arc<App>,
    row: &Repository,
    sync: &mut RepositorySync,
    kept: &mut bool,
) -> Result<Seen> {
    let cx = acting(app, &row.actor).await?;
    may(&cx, row).await?;
    let token = {
        let mut conn = app.store.read().await?;
        crate::project::live(&mut conn, &row.project).await?;
        repositories::token(&mut conn, row).await?
    };
    let client = client(app, row, token)?;
    let commit = match client.head(&row.payload.branch).await {
        Ok(commit) => commit,
        Err(e) => return Ok(Seen::nothing(of_host(&e))),
    };
    let commit_url = client.commit_url(&commit);
    let mut seen = Seen { commit, commit_url, ..Seen::nothing(End::nothing("", "")) };
    if seen.commit == row.state.commit && sync.payload.trigger != SyncTrigger::Manual {
        seen.silent = true;
        let text = "The branch is at a commit that was dealt with before.";
        seen.end = Err(End::nothing("NO_NEW_COMMIT", text));
        return Ok(seen);
    }
    if row.payload.report && seen.commit != row.state.commit {
        *kept |= report::begun(app, row, sync, *kept, (&seen.commit, &seen.commit_url)).await?;
    }
    let mut looked = match look(&client, &pattern(row)?, &seen.commit).await {
        Ok(looked) => looked,
        Err(e) => {
            seen.end = Err(of_host(&e));
            return Ok(seen);
        }
    };
    seen.files = looked.taken.len();
    seen.made = fingerprint(row, &looked.taken);
    if seen.made == row.state.made {
        seen.end = Err(same(row));
    } else {
        let prepared = prepare(&cx, row, &client, &seen.commit_url, &mut looked).await?;
        seen.end = prepared.map(|ready| (cx, ready));
    }
    seen.ignored = ignored(looked);
    Ok(seen)
}

fn same(row: &Repository) -> End {
    let release = match row.state.release.as_str() {
        "" => "the last sync".to_owned(),
        id => ReleaseName::new(&row.project, id).to_string(),
    };
    let text = format!("The files are those of {release}.");
    End::nothing("FILES_UNCHANGED", text)
}

fn ignored(mut looked: Looked) -> Vec<store::rows::IgnoredFile> {
    looked.ignored.sort_by(|a, b| a.path.cmp(&b.path));
    looked.ignored
}

/// Writes what came of it, all or nothing. A claim that is over writes nothing.
async fn settle(
    app: &Arc<App>,
    mut row: Repository,
    sync: &mut RepositorySync,
    mut kept: bool,
    seen: Seen,
) -> Result<()> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let found = repositories::get_for_update(&mut tx, &row.project, &row.id).await?;
    if found.is_none_or(|found| found.epoch != row.epoch) {
        tracing::info!(
            repository = row.id,
            "a sync was overtaken by a change or by another server"
        );
        return Ok(());
    }
    let silent = seen.silent && !kept;
    let news = seen.commit != row.state.commit;
    row.checked_at = Some(now);
    row.next_at = Some(next_look(&row, now));
    // A fault may come before the commit is known; what was known of it before stays then.
    if !seen.commit.is_empty() {
        sync.payload.commit.clone_from(&seen.commit);
        sync.payload.commit_url = seen.commit_url;
    }
    sync.payload.ignored = seen.ignored;
    sync.payload.files = i64::try_from(seen.files).unwrap_or(i64::MAX);
    sync.next_at = None;
    match seen.end {
        Ok((cx, ready)) => make(&mut tx, &cx, &mut row, sync, ready, &seen.made).await?,
        Err(end) => {
            if !kept {
                // A fault that lasts is one line, not one for each look.
                if let Some(before) = same_fault(&mut tx, &row, &end).await? {
                    (sync.id, sync.created_at) = (before.id, before.created_at);
                    sync.payload.attempts = before.payload.attempts + 1;
                    kept = true;
                }
            }
            write_end(app, &mut row, sync, end, &seen.commit, &seen.made, now);
        }
    }
    if !silent {
        match kept {
            true => repository_syncs::update(&mut tx, sync, now).await?,
            false => repository_syncs::insert(&mut tx, sync).await?,
        }
    }
    // The same commit again, and nothing came of it: what was told of it stays.
    if news || sync.status != RepositorySyncStatus::NothingNew {
        report::post(app, &mut tx, &row, sync).await?;
    }
    supersede(app, &mut tx, &mut row, sync, now).await?;
    repositories::settle(&mut tx, &row).await?;
    if !silent {
        super::tell(&mut tx, &row, now).await?;
    }
    Ok(tx.commit().await?)
}

fn write_end(
    app: &App,
    row: &mut Repository,
    sync: &mut RepositorySync,
    end: End,
    commit: &str,
    made: &str,
    now: Time,
) {
    let (status, why) = match end {
        End::Nothing(why) => {
            if matches!(why.reason, "ALL_APPLIED" | "NO_FILES") {
                made.clone_into(&mut row.state.made);
            }
            (RepositorySyncStatus::NothingNew, why)
        }
        End::Failed { why, stop } => {
            if stop {
                why.message.clone_into(&mut row.state.stopped);
                row.next_at = None;
            }
            (RepositorySyncStatus::Failed, why)
        }
        End::Again { why, after, until } => {
            let wait = wait(app.outside.backoff, sync.payload.attempts, after, until, now);
            row.next_at = Some(now.plus(wait));
            sync.next_at = row.next_at;
            (RepositorySyncStatus::Retrying, why)
        }
    };
    if status != RepositorySyncStatus::Retrying && !commit.is_empty() {
        commit.clone_into(&mut row.state.commit);
    }
    sync.status = status;
    why.reason.clone_into(&mut sync.payload.reason);
    sync.payload.message = why.message;
}

/// Release and plan; the rollout follows when the checks of the plan allow it.
async fn make(
    tx: &mut Conn,
    cx: &Cx,
    row: &mut Repository,
    sync: &mut RepositorySync,
    ready: Ready,
    made: &str,
) -> Result<()> {
    let made_release = release::insert(tx, cx, ready.release).await?;
    sync.payload.release.clone_from(&made_release.id);
    sync.payload.files = i64::try_from(ready.files).unwrap_or(i64::MAX);
    sync.payload.reason = "RELEASED".to_owned();
    sync.payload.message = "The release is made.".to_owned();
    sync.status = RepositorySyncStatus::Done;
    if !row.payload.targets.is_empty() {
        let change = ChangeDatabase {
            targets: row.payload.targets.clone(),
            release: ReleaseName::new(&row.project, &made_release.id).to_string(),
            ..ChangeDatabase::default()
        };
        let new = NewPlan {
            project: row.project.clone(),
            title: made_release.id.clone(),
            description: format!(
                "Made from {} by the watched repository {}.",
                sync.payload.commit_url, row.title
            ),
            specs: vec![Spec {
                id: uuid7(cx.app.clock.as_ref(), cx.app.rng.as_ref()),
                config: SpecConfig::ChangeDatabase(change),
            }],
            hotfix: String::new(),
        };
        sync.payload.plan = plan::insert(tx, cx, new).await?.id;
        sync.payload.message = "Release and plan are made; the rollout follows.".to_owned();
        sync.status = RepositorySyncStatus::Waiting;
        sync.next_at = Some(cx.now());
    }
    store::audit::append(tx, &record(cx, row, sync)?).await?;
    row.state = RepositoryState {
        commit: sync.payload.commit.clone(),
        made: made.to_owned(),
        release: made_release.id,
        files: ready.known,
        stopped: String::new(),
    };
    Ok(())
}

/// Nobody called: what was made in the actor's name is on record all the same.
fn record(cx: &Cx, row: &Repository, sync: &RepositorySync) -> Result<store::rows::AuditRecord> {
    let payload = &sync.payload;
    let mut facts = vec![
        ("commit", payload.commit.clone()),
        ("release", ReleaseName::new(&row.project, &payload.release).to_string()),
        ("source", payload.source.clone()),
    ];
    if payload.plan > 0 {
        facts.push(("plan", format!("projects/{}/plans/{}", row.project, payload.plan)));
    }
    audit::row(AuditRecord {
        id: cx.app.new_id(),
        request_id: cx.request_id.clone(),
        time: cx.now(),
        actor: cx.caller.clone(),
        method: cx.method.to_owned(),
        resources: vec![repositories::name(&row.project, &row.id)],
        request: "{}".to_owned(),
        verdict: Verdict::Succeeded,
        code: None,
        reason: None,
        facts,
        latency: Duration::ZERO,
        client_ip: String::new(),
        user_agent: String::new(),
    })
}

/// The last line, when it is about the same fault that the clock found before.
async fn same_fault(tx: &mut Conn, row: &Repository, end: &End) -> Result<Option<RepositorySync>> {
    let (End::Failed { why, .. } | End::Again { why, .. }) = end else { return Ok(None) };
    let args = List { filter: Filter::All, size: 1, ..List::default() };
    let last = repository_syncs::list(tx, &row.project, &row.id, &args).await?.items.pop();
    Ok(last.filter(|s| {
        s.status == RepositorySyncStatus::Failed
            && s.payload.trigger == SyncTrigger::Poll
            && s.payload.reason == why.reason
            && s.payload.message == why.message
    }))
}

/// What was asked for before this look is answered by it; what was asked for since then is looked at next.
async fn supersede(
    app: &App,
    tx: &mut Conn,
    row: &mut Repository,
    sync: &RepositorySync,
    now: Time,
) -> Result<()> {
    for mut other in repository_syncs::open(tx, &row.project, &row.id).await? {
        if other.id == sync.id {
            continue;
        }
        if other.id > sync.id && row.state.stopped.is_empty() {
            row.next_at = Some(now);
            continue;
        }
        other.status = RepositorySyncStatus::NothingNew;
        other.next_at = None;
        other.payload.reason = "SUPERSEDED".to_owned();
        other.payload.message = match row.state.stopped.is_empty() {
            true => "A later sync looked at the branch.".to_owned(),
            false => row.state.stopped.clone(),
        };
        repository_syncs::update(tx, &mut other, now).await?;
        if other.payload.commit != sync.payload.commit {
            report::post(app, tx, row, &other).await?;
        }
    }
    Ok(())
}

/// A sync that nobody began.
pub(super) fn pending(
    app: &App,
    row: &Repository,
    trigger: SyncTrigger,
    source: String,
) -> RepositorySync {
    let now = app.now();
    RepositorySync {
        project: row.project.clone(),
        repository: row.id.clone(),
        id: app.new_id(),
        status: RepositorySyncStatus::Pending,
        payload: RepositorySyncPayload {
            trigger,
            source,
            actor: row.actor.clone(),
            attempts: i64::from(trigger == SyncTrigger::Poll),
            ..RepositorySyncPayload::default()
        },
        created_at: now,
        updated_at: now,
        next_at: Some(now),
        report: CommitReport::default(),
    }
}

/// The refusal of whoever asks for a sync of what is stopped.
pub(super) fn stopped(row: &Repository) -> Error {
    let blocker = base::Blocker {
        reason: "REPOSITORY_STOPPED".to_owned(),
        subject: repositories::name(&row.project, &row.id),
        message: row.state.stopped.clone(),
    };
    Error::blocked("The repository is stopped.", vec![blocker])
}
