//! One attempt to deliver one message to one webhook.

use std::time::Duration;

use base::name::WebhookName;
use base::{Result, Secret, Time};
use integrations::chat::{Envelope, Message, Service, post, taken, url};
use integrations::http::{Method, Request, Url};
use store::rows::Delivery;

use super::rules;
use crate::app::App;

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    Taken {
        http_status: u16,
    },
    /// `after`: the receiver asks not to be asked sooner.
    Failed {
        why: String,
        http_status: u16,
        again: bool,
        after: Duration,
    },
}

impl Attempt {
    pub(crate) const fn failed(why: String, http_status: u16, again: bool) -> Self {
        Self::Failed { why, http_status, again, after: Duration::ZERO }
    }

    pub(crate) fn never(why: impl Into<String>) -> Self {
        Self::failed(why.into(), 0, false)
    }
}

pub(crate) async fn attempt(app: &App, delivery: &Delivery) -> Result<Attempt> {
    let Ok(name) = WebhookName::parse("target", &delivery.target) else {
        return Ok(Attempt::never("its target is no webhook"));
    };
    let (webhook, secrets) = {
        let mut conn = app.store.read().await?;
        let found = store::webhooks::get(&mut conn, &name.project, &name.webhook).await?;
        let Some(webhook) = found else { return Ok(Attempt::never("the webhook was removed")) };
        let secrets = store::webhooks::secrets_of(&mut conn, &webhook).await?;
        (webhook, secrets)
    };
    let Some(service) = rules::service(&webhook.kind) else {
        return Ok(Attempt::never("this version does not know the webhook's service"));
    };
    // Again: what is allowed may have become less since it was written down.
    let url = match url::check(service, secrets.url.expose(), &app.outside.webhooks) {
        Ok(url) => url,
        Err(why) => return Ok(Attempt::never(format!("its address is refused: {why}"))),
    };
    let Ok(message) = serde_json::from_str::<Message>(&delivery.payload) else {
        return Ok(Attempt::never("the stored message cannot be read"));
    };
    Ok(send(app, service, url, &delivery.id, &message, &secrets.signing, app.now()).await)
}

pub(super) async fn send(
    app: &App,
    service: Service,
    mut url: Url,
    id: &str,
    message: &Message,
    secret: &Secret,
    now: Time,
) -> Attempt {
    let post = post(service, &Envelope { id, message, now, secret });
    if !post.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&post.query);
    }
    let request =
        Request { method: Method::POST, url, headers: post.headers, body: post.body.into_bytes() };
    match app.outside.http.send(request).await {
        Ok(answer) => match taken(service, answer.status, &answer.body) {
            Ok(()) => Attempt::Taken { http_status: answer.status },
            Err(why) => Attempt::failed(why, answer.status, true),
        },
        Err(e) => Attempt::failed(e.to_string(), 0, !e.is_final()),
    }
}
