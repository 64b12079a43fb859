//! Sets up, changes and removes watched repositories. Whoever does becomes the actor, and so must be allowed what syncs do.

use base::name::{ProjectName, RepositoryName};
use base::{Error, Result, Secret, id};
use integrations::chat::generic;
use store::rows::{Repository, RepositoryPayload, RepositoryState, VcsKind, WatchMode};
use store::{Conn, repositories};

use super::get::{RepositoryView, view};
use super::rules;
use crate::cx::Cx;
use crate::database::belong;
use crate::filter::{Mask, check_etag};

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &[
    "title",
    "url",
    "path",
    "branch",
    "file_pattern",
    "category",
    "mode",
    "poll_interval",
    "targets",
    "access_token",
    "report_status",
];

/// What a caller gives.
#[derive(Debug, Clone, Default)]
pub struct NewRepository {
    pub title: String,
    pub payload: RepositoryPayload,
    /// None: nothing was said.
    pub mode: Option<WatchMode>,
    pub token: Secret,
}

#[derive(Debug)]
pub struct Update {
    pub name: String,
    pub repository: NewRepository,
    pub etag: String,
    /// None: all that the repository carries; an empty token then stays as it is.
    pub mask: Option<Vec<String>>,
}

/// Its first look at the branch follows at once.
pub async fn create(cx: &Cx, parent: &str, new: NewRepository) -> Result<RepositoryView> {
    let project = ProjectName::parse("parent", parent)?.project;
    let now = cx.now();
    let mut row = Repository {
        project,
        id: cx.app.new_id(),
        title: new.title,
        actor: cx.caller.name().unwrap_or_default(),
        payload: RepositoryPayload {
            mode: new.mode.unwrap_or_default(),
            has_token: !new.token.is_empty(),
            ..new.payload
        },
        version: 0,
        created_at: now,
        updated_at: now,
        state: RepositoryState::default(),
        checked_at: None,
        next_at: Some(now),
        epoch: 0,
    };
    rules::fill(&mut row);
    let url = rules::check(&row, new.mode, &new.token, allows_http(cx))?;
    rules::judge(&cx.app, &url).await?;
    let secret = new_secret(cx, row.payload.kind);
    let mut tx = cx.app.store.begin().await?;
    crate::project::live(&mut tx, &row.project).await?;
    may_act(cx, &mut tx, &row).await?;
    let targets = &row.payload.targets;
    belong(&mut tx, &row.project, "repository.targets", targets).await?;
    if repositories::of_project(&mut tx, &row.project).await?.len() >= rules::MOST {
        let what = format!("a project watches at most {} repositories; remove one", rules::MOST);
        return Err(Error::field("repository", what));
    }
    repositories::insert(&mut tx, &mut row).await?;
    repositories::put_token(&mut tx, &row, &new.token).await?;
    repositories::put_webhook_secret(&mut tx, &row, &secret).await?;
    super::tell(&mut tx, &row, now).await?;
    let mut made = view(&cx.app, &mut tx, row).await?;
    tx.commit().await?;
    made.secret = Some(secret);
    Ok(made)
}

/// What was stopped goes on, unless nothing but the title changed.
pub async fn update(cx: &Cx, update: Update) -> Result<RepositoryView> {
    let mask = update.mask.as_ref().map(|paths| Mask::new(paths, MASK)).transpose()?;
    let has = |path: &str| mask.as_ref().is_none_or(|m| m.has(path));
    let now = cx.now();
    let before = {
        let mut conn = cx.app.store.read().await?;
        super::of(&mut conn, "repository.name", &update.name).await?
    };
    check_etag(&update.name, &update.etag, before.version)?;
    let new = update.repository;
    // Without a mask an empty token is one that the caller could not read, and stays.
    let token = (has("access_token") && (mask.is_some() || !new.token.is_empty()))
        .then_some(new.token.clone());
    let mut row = before.clone();
    if mask.is_none() && new.payload.kind != before.payload.kind {
        return Err(Error::field(
            "repository.vcs_type",
            "it cannot be changed; set up another repository",
        ));
    }
    merge(&mut row, new.title, &new.payload, new.mode, &has);
    if let Some(token) = &token {
        row.payload.has_token = !token.is_empty();
    }
    rules::fill(&mut row);
    let mode = if has("mode") { new.mode } else { Some(row.payload.mode) };
    let url =
        rules::check(&row, mode, token.as_ref().unwrap_or(&Secret::default()), allows_http(cx))?;
    if row.payload.url != before.payload.url && token.is_none() && before.payload.has_token {
        let what = "give a token of the new host: the kept one is sent to no other than its own";
        return Err(Error::field("repository.access_token", what));
    }
    rules::judge(&cx.app, &url).await?;
    row.actor = cx.caller.name().unwrap_or_default();
    if row.payload != before.payload || token.is_some() || row.actor != before.actor {
        go_on(&mut row, &before);
        row.next_at = Some(now);
    }
    let mut tx = cx.app.store.begin().await?;
    crate::project::live(&mut tx, &row.project).await?;
    may_act(cx, &mut tx, &row).await?;
    let targets = &row.payload.targets;
    belong(&mut tx, &row.project, "repository.targets", targets).await?;
    repositories::update(&mut tx, &mut row, now).await?;
    if let Some(token) = &token {
        repositories::put_token(&mut tx, &row, token).await?;
    }
    super::tell(&mut tx, &row, now).await?;
    let changed = view(&cx.app, &mut tx, row).await?;
    tx.commit().await?;
    Ok(changed)
}

/// For good. What was made of it stays.
pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let mut tx = cx.app.store.begin().await?;
    let row = super::of(&mut tx, "name", name).await?;
    repositories::delete(&mut tx, &row.project, &row.id).await?;
    super::tell(&mut tx, &row, cx.now()).await?;
    Ok(tx.commit().await?)
}

/// A new webhook secret; the old one ends at once.
pub async fn rotate(cx: &Cx, name: &str) -> Result<RepositoryView> {
    let name = RepositoryName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let found = repositories::get_for_update(&mut tx, &name.project, &name.repository).await?;
    let row = found.ok_or_else(|| Error::not_found(&name))?;
    let secret = new_secret(cx, row.payload.kind);
    repositories::put_webhook_secret(&mut tx, &row, &secret).await?;
    super::tell(&mut tx, &row, cx.now()).await?;
    let mut changed = view(&cx.app, &mut tx, row).await?;
    tx.commit().await?;
    changed.secret = Some(secret);
    Ok(changed)
}

/// One for GitLab can be its signing token as well as its secret token.
fn new_secret(cx: &Cx, kind: VcsKind) -> Secret {
    match kind {
        VcsKind::Gitlab => generic::new_secret(cx.app.rng.as_ref()),
        _ => Secret::new(id::token(cx.app.rng.as_ref())),
    }
}

fn merge(
    row: &mut Repository,
    title: String,
    new: &RepositoryPayload,
    mode: Option<WatchMode>,
    has: &impl Fn(&str) -> bool,
) {
    let payload = &mut row.payload;
    if has("title") {
        row.title = title;
    }
    for (field, old, new) in [
        ("url", &mut payload.url, &new.url),
        ("path", &mut payload.path, &new.path),
        ("branch", &mut payload.branch, &new.branch),
        ("file_pattern", &mut payload.pattern, &new.pattern),
        ("category", &mut payload.category, &new.category),
    ] {
        if has(field) {
            new.clone_into(old);
        }
    }
    if has("mode") {
        payload.mode = mode.unwrap_or_default();
    }
    if has("poll_interval") {
        payload.interval = new.interval;
    }
    if has("targets") {
        new.targets.clone_into(&mut payload.targets);
    }
    if has("report_status") {
        payload.report = new.report;
    }
}

/// The same commit is looked at again, by what holds now.
fn go_on(row: &mut Repository, before: &Repository) {
    row.state.stopped.clear();
    row.state.commit.clear();
    let (now, then) = (&row.payload, &before.payload);
    if (&now.url, &now.path) != (&then.url, &then.path) {
        row.state = RepositoryState::default();
    }
}

/// What syncs do in the caller's name, the caller must be allowed to do.
async fn may_act(cx: &Cx, conn: &mut Conn, row: &Repository) -> Result<()> {
    let project = ProjectName::new(&row.project).to_string();
    for permission in super::needed(row) {
        cx.require_on(conn, permission, &project).await?;
    }
    Ok(())
}

fn allows_http(cx: &Cx) -> bool {
    cx.app.outside.http.outbound().allow_private
}
