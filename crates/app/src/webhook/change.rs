//! Adds, changes and removes webhooks. Their addresses are secrets: whoever has one can post.

use base::name::{ProjectName, WebhookName};
use base::{Error, Result, Secret};
use integrations::chat::{Service, generic, url};
use store::Conn;
use store::rows::{Project, Webhook, WebhookPayload};

use super::rules;
use crate::app::App;
use crate::cx::Cx;
use crate::filter::Mask;

const MASK: &[&str] =
    &["type", "title", "url", "notification_types", "direct_message", "signing_secret"];

/// What a caller gives.
#[derive(Debug, Clone, Default)]
pub struct NewWebhook {
    /// As the wire names the service; empty when nothing was said.
    pub kind: String,
    pub title: String,
    pub url: Secret,
    pub signing_secret: Secret,
    pub events: Vec<&'static str>,
    pub direct_message: bool,
}

#[derive(Debug)]
pub struct Update {
    pub name: String,
    pub webhook: NewWebhook,
    /// Empty: all that the webhook carries; an empty address or secret then stays as it is.
    pub mask: Vec<String>,
    /// Adds it when it is not there.
    pub allow_missing: bool,
}

/// The project, and the secret that was made just now: shown once.
#[derive(Debug)]
pub struct Made {
    pub project: Project,
    pub webhook: String,
    pub secret: Option<Secret>,
}

pub async fn add(cx: &Cx, project: &str, new: NewWebhook) -> Result<Made> {
    let name = ProjectName::parse("project", project)?;
    let now = cx.app.now();
    let mut webhook = Webhook {
        project: name.project,
        id: cx.app.new_id(),
        kind: new.kind,
        title: new.title.trim().to_owned(),
        payload: WebhookPayload {
            events: words(&new.events),
            direct_message: new.direct_message,
            ..WebhookPayload::default()
        },
        version: 0,
        created_at: now,
        updated_at: now,
    };
    let made = made_secret(&cx.app, &webhook.kind, &new.signing_secret);
    let signing = made.clone().unwrap_or(new.signing_secret);
    settle(&cx.app, &mut webhook, Some(&new.url), Some(&signing)).await?;
    let mut tx = cx.app.store.begin().await?;
    let project = crate::project::live(&mut tx, &webhook.project).await?;
    if store::webhooks::of_project(&mut tx, &project.id).await?.len() >= rules::MOST {
        let what = format!("a project has at most {} webhooks; remove one first", rules::MOST);
        return Err(Error::field("webhook", what));
    }
    store::webhooks::insert(&mut tx, &mut webhook).await?;
    store::webhooks::put_url(&mut tx, &webhook, &new.url).await?;
    store::webhooks::put_signing(&mut tx, &webhook, &signing).await?;
    tell(cx, &mut tx, &project).await?;
    tx.commit().await?;
    Ok(Made { project, webhook: webhook.id, secret: made })
}

pub async fn update(cx: &Cx, update: Update) -> Result<Made> {
    let name = WebhookName::parse("webhook.name", &update.name)?;
    let found = {
        let mut conn = cx.app.store.read().await?;
        crate::project::live(&mut conn, &name.project).await?;
        store::webhooks::get(&mut conn, &name.project, &name.webhook).await?
    };
    let Some(mut webhook) = found else {
        return match update.allow_missing {
            true => add(cx, &ProjectName::new(&name.project).to_string(), update.webhook).await,
            false => Err(Error::not_found(&name)),
        };
    };
    let mask = match update.mask.is_empty() {
        true => None,
        false => Some(Mask::new(&update.mask, MASK)?),
    };
    let has = |path: &str| mask.as_ref().is_none_or(|m| m.has(path));
    let new = update.webhook;
    let other = has("type") && new.kind != webhook.kind;
    if has("type") {
        webhook.kind = new.kind;
    }
    if has("title") {
        new.title.trim().clone_into(&mut webhook.title);
    }
    if has("notification_types") {
        webhook.payload.events = words(&new.events);
    }
    if has("direct_message") {
        webhook.payload.direct_message = new.direct_message;
    }
    // Without a mask an empty secret is one that the caller could not read, and stays.
    let given = |path: &str, value: &Secret| has(path) && (mask.is_some() || !value.is_empty());
    let url = given("url", &new.url).then_some(new.url);
    let (mut made, mut signing) = (None, None);
    if given("signing_secret", &new.signing_secret) || other {
        let wanted = if has("signing_secret") { new.signing_secret } else { Secret::default() };
        made = made_secret(&cx.app, &webhook.kind, &wanted);
        signing = Some(made.clone().unwrap_or(wanted));
    }
    // The old address must be one of the new service.
    let kept = if other && url.is_none() {
        let mut conn = cx.app.store.read().await?;
        Some(store::webhooks::secrets_of(&mut conn, &webhook).await?.url)
    } else {
        None
    };
    let checked = url.as_ref().or(kept.as_ref());
    settle(&cx.app, &mut webhook, checked, signing.as_ref()).await?;
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let project = crate::project::live(&mut tx, &webhook.project).await?;
    store::webhooks::update(&mut tx, &mut webhook, now).await?;
    if let Some(url) = &url {
        store::webhooks::put_url(&mut tx, &webhook, url).await?;
    }
    if let Some(signing) = &signing {
        store::webhooks::put_signing(&mut tx, &webhook, signing).await?;
    }
    tell(cx, &mut tx, &project).await?;
    tx.commit().await?;
    Ok(Made { project, webhook: webhook.id, secret: made })
}

/// With what was on its way to it.
pub async fn remove(cx: &Cx, name: &str) -> Result<Project> {
    let name = WebhookName::parse("webhook.name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let project = crate::project::live(&mut tx, &name.project).await?;
    if !store::webhooks::delete(&mut tx, &name.project, &name.webhook).await? {
        return Err(Error::not_found(&name));
    }
    tell(cx, &mut tx, &project).await?;
    tx.commit().await?;
    Ok(project)
}

/// Checks the webhook with its new address and secret, and notes what is shown of them.
async fn settle(
    app: &App,
    webhook: &mut Webhook,
    url: Option<&Secret>,
    signing: Option<&Secret>,
) -> Result<()> {
    let found = rules::violations(app, webhook, url, signing);
    if !found.wrong.is_empty() {
        return Err(Error::fields(found.wrong));
    }
    if let Some(url) = found.url {
        rules::judge(app, &url).await?;
        webhook.payload.url_masked = url::masked(&url);
    }
    if let Some(signing) = signing {
        webhook.payload.signs = !signing.is_empty();
    }
    Ok(())
}

/// A receiver of one's own always has a secret.
fn made_secret(app: &App, kind: &str, given: &Secret) -> Option<Secret> {
    let generic = rules::service(kind) == Some(Service::Generic);
    (generic && given.is_empty()).then(|| generic::new_secret(app.rng.as_ref()))
}

fn words(events: &[&'static str]) -> Vec<String> {
    let mut words: Vec<String> = events.iter().map(|e| (*e).to_owned()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

async fn tell(cx: &Cx, conn: &mut Conn, project: &Project) -> Result<()> {
    let name = ProjectName::new(&project.id).to_string();
    // Its etag stays: webhooks are not among what UpdateProject guards.
    Ok(store::events::append(conn, &name, "project", "", cx.app.now()).await?)
}
