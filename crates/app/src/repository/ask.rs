//! Asks for a sync: somebody does, or the host tells that a branch moved. The runner does the work.

use std::time::Duration;

use base::id::sha256_hex;
use base::name::RepositoryName;
use base::{Error, Reason, Result, Secret};
use integrations::vcs::Kind;
use integrations::vcs::hook::{self, About, Refused};
use store::rows::{Repository, RepositorySync, State, SyncTrigger};
use store::{Conn, repositories, repository_syncs};

use super::look::kind;
use super::sync::{pending, stopped};
use crate::app::App;
use crate::audit;
use crate::cx::{Caller, Cx};
use crate::gate::{AuditRecord, Verdict};

/// What the audit log calls the messages of hosts.
const METHOD: &str = "/hook/repositories";

/// What becomes of a message. Who sent it is told no more than this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    Queued,
    Ignored(String),
    /// Unknown repository, wrong or missing proof, or a message that came before: all alike.
    Refused,
}

/// What the transport knows of a message.
pub struct Message<'m> {
    pub repository: &'m str,
    /// The value of a header by its name in lower case.
    pub header: &'m (dyn Fn(&str) -> Option<&'m str> + Sync),
    pub body: &'m [u8],
    pub request_id: &'m str,
    pub client_ip: &'m str,
}

/// Looks at the branch now. One that waits to be begun is the same.
pub async fn sync_now(cx: &Cx, name: &str) -> Result<RepositorySync> {
    let name = RepositoryName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    crate::project::live(&mut tx, &name.project).await?;
    let found = repositories::get_for_update(&mut tx, &name.project, &name.repository).await?;
    let row = found.ok_or_else(|| Error::not_found(&name))?;
    if !row.state.stopped.is_empty() {
        return Err(stopped(&row));
    }
    let source = cx.caller.name().unwrap_or_default();
    let sync = queue(&mut tx, &cx.app, &row, SyncTrigger::Manual, source).await?;
    tx.commit().await?;
    Ok(sync)
}

/// A message that says it is the host's.
pub async fn message(app: &App, message: &Message<'_>) -> Result<Taken> {
    let (row, secret) = {
        let mut conn = app.store.read().await?;
        let row = repositories::by_id(&mut conn, message.repository).await?;
        match row {
            Some(row) => {
                let secret = repositories::webhook_secret(&mut conn, &row).await?;
                (Some(row), secret)
            }
            None => (None, Secret::from("nobody has this secret")),
        }
    };
    let kind = row.as_ref().and_then(|r| kind(&r.payload)).unwrap_or(Kind::Github);
    let read = hook::read(kind, &secret, message.header, message.body, app.now());
    let Some(row) = row else { return Ok(Taken::Refused) };
    let read = match read {
        Ok(read) => read,
        Err(why) => {
            if why == Refused::Body {
                let text = "it is no push that can be read: have the host send application/json";
                return Ok(Taken::Ignored(text.to_owned()));
            }
            record(app, &row, message, &why.to_string()).await?;
            return Ok(Taken::Refused);
        }
    };
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let found = repositories::get_for_update(&mut tx, &row.project, &row.id).await?;
    let Some(row) = found else { return Ok(Taken::Refused) };
    for hash in &read.once {
        if !repository_syncs::take(&mut tx, &row.id, hash, now).await? {
            drop(tx);
            record(app, &row, message, "the message came before").await?;
            return Ok(Taken::Refused);
        }
    }
    let project = store::projects::get(&mut tx, &row.project).await?;
    let taken = match read.about {
        About::Other(what) => Taken::Ignored(what),
        About::Push(branch) if branch != row.payload.branch => {
            Taken::Ignored("it is about another branch".to_owned())
        }
        About::Push(_) if project.is_none_or(|p| p.state == State::Deleted) => {
            Taken::Ignored("the project is deleted".to_owned())
        }
        About::Push(_) if !row.state.stopped.is_empty() => {
            Taken::Ignored("the repository is stopped; its page says why".to_owned())
        }
        About::Push(_) => {
            queue(&mut tx, app, &row, SyncTrigger::Webhook, read.id).await?;
            Taken::Queued
        }
    };
    tx.commit().await?;
    Ok(taken)
}

async fn queue(
    tx: &mut Conn,
    app: &App,
    row: &Repository,
    trigger: SyncTrigger,
    source: String,
) -> Result<RepositorySync> {
    let now = app.now();
    let open = repository_syncs::open(tx, &row.project, &row.id).await?;
    let sync = match open.into_iter().find(|s| s.payload.attempts == 0) {
        Some(waits)
            if waits.payload.trigger == SyncTrigger::Manual || trigger != SyncTrigger::Manual =>
        {
            waits
        }
        _ => {
            let sync = pending(app, row, trigger, source);
            repository_syncs::insert(tx, &sync).await?;
            sync
        }
    };
    repositories::ask(tx, row, now).await?;
    super::tell(tx, row, now).await?;
    Ok(sync)
}

/// Who guesses is seen in the audit log, once a minute for each repository.
async fn record(app: &App, row: &Repository, message: &Message<'_>, why: &str) -> Result<()> {
    let now = app.now();
    let minute = now.seconds() / 60;
    let mut tx = app.store.begin().await?;
    let hash = sha256_hex(format!("refused {minute}").as_bytes());
    let first = repository_syncs::take(&mut tx, &row.id, &hash, now).await?;
    tx.commit().await?;
    if !first {
        return Ok(());
    }
    let reason = Reason::NotSignedIn;
    audit::append(
        app,
        AuditRecord {
            id: app.new_id(),
            request_id: message.request_id.to_owned(),
            time: now,
            actor: Caller::Anonymous,
            method: METHOD.to_owned(),
            resources: vec![repositories::name(&row.project, &row.id)],
            request: "{}".to_owned(),
            verdict: Verdict::Denied,
            code: Some(reason.code()),
            reason: Some(reason.as_str()),
            facts: vec![("why", why.to_owned())],
            latency: Duration::ZERO,
            client_ip: message.client_ip.to_owned(),
            user_agent: String::new(),
        },
    )
    .await
}
