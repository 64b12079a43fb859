//! Sends a sample message, and says what came of it.

use base::name::{ProjectName, WebhookName};
use base::{Error, Result, Secret};
use store::rows::{Webhook, WebhookPayload};

use super::deliver::{Attempt, send};
use super::emit::{console, message};
use super::{EventKind, Happening, NewWebhook, rules};
use crate::cx::Cx;

/// `name` is that of a stored webhook, or empty for one that is not stored yet. Of a stored one, an address or secret that is not
/// given is the stored one. Gives why the receiver did not take it, or nothing.
pub async fn test(cx: &Cx, project: &str, name: &str, new: NewWebhook) -> Result<String> {
    let project = ProjectName::parse("project", project)?;
    let mut conn = cx.app.store.read().await?;
    let row = crate::project::live(&mut conn, &project.project).await?;
    let (mut url, mut signing) = (new.url, new.signing_secret);
    if !name.is_empty() {
        let name = WebhookName::parse("webhook.name", name)?;
        if name.project != project.project {
            return Err(Error::not_found(&name));
        }
        let stored = super::of(&mut conn, &name).await?;
        if url.is_empty() {
            // The stored address goes to nobody but the service it was given for.
            if stored.kind != new.kind {
                return Err(Error::field("webhook.url", "give the address of the new service"));
            }
            let kept = store::webhooks::secrets_of(&mut conn, &stored).await?;
            url = kept.url;
            if signing.is_empty() {
                signing = kept.signing;
            }
        }
    }
    let console = console(&cx.app, &mut conn).await?;
    drop(conn);
    if signing.is_empty() && new.kind == "GENERIC" {
        // Not stored yet: signed all the same, so that the receiver sees the shape.
        signing = integrations::chat::generic::new_secret(cx.app.rng.as_ref());
    }
    // What a test does not need may still be missing in the form.
    let webhook = Webhook {
        project: row.id.clone(),
        id: String::new(),
        kind: new.kind,
        title: "Test".to_owned(),
        payload: WebhookPayload {
            events: vec![EventKind::IssueCreated.as_str().to_owned()],
            ..WebhookPayload::default()
        },
        version: 0,
        created_at: cx.now(),
        updated_at: cx.now(),
    };
    let found = rules::violations(&cx.app, &webhook, Some(&url), Some(&signing));
    let (Some(url), true, Some(service)) =
        (found.url, found.wrong.is_empty(), rules::service(&webhook.kind))
    else {
        return Err(Error::fields(found.wrong));
    };
    rules::judge(&cx.app, &url).await?;
    let title = "This is a test of the webhook";
    let happening = Happening::new(EventKind::IssueCreated, &row.id, title, cx.caller.name());
    let mut message = message(&happening, row.title, &console, cx.now());
    "Test message".clone_into(&mut message.headline);
    "test".clone_into(&mut message.event);
    let id = cx.app.new_id();
    let secret: &Secret = &signing;
    match send(&cx.app, service, url, &id, &message, secret, cx.now()).await {
        Attempt::Taken { .. } => Ok(String::new()),
        Attempt::Failed { why, .. } => Ok(why),
    }
}
