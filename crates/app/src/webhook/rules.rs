//! What a webhook must be like.

use base::{FieldViolation, Result, Secret};
use integrations::chat::url::check;
use integrations::chat::{Service, generic};
use integrations::http::Url;
use store::rows::Webhook;

use crate::app::App;

/// More than these help nobody.
pub(super) const MOST: usize = 50;
const LONGEST_TITLE: usize = 200;
const LONGEST_SECRET: usize = 500;

/// Everything wrong with a webhook, its new address and its new secret.
pub(super) struct Found {
    pub wrong: Vec<FieldViolation>,
    pub url: Option<Url>,
}

pub(super) fn service(kind: &str) -> Option<Service> {
    serde_json::from_value(serde_json::Value::String(kind.to_owned())).ok()
}

/// `url` and `secret` are those that the webhook will have; `None` where the one it has stays and was checked before.
pub(super) fn violations(
    app: &App,
    webhook: &Webhook,
    url: Option<&Secret>,
    secret: Option<&Secret>,
) -> Found {
    let mut found = Found { wrong: Vec::new(), url: None };
    let mut say = |field: &str, description: String| {
        found.wrong.push(FieldViolation { field: format!("webhook.{field}"), description });
    };
    let title = webhook.title.trim();
    if title.is_empty()
        || title.chars().count() > LONGEST_TITLE
        || title.chars().any(char::is_control)
    {
        say("title", format!("use 1 to {LONGEST_TITLE} characters in one line"));
    }
    if webhook.payload.events.is_empty() {
        say("notification_types", "choose at least one thing to be told of".to_owned());
    }
    if webhook.payload.direct_message {
        say("direct_message", "messages go to the channel of the webhook; leave it off".to_owned());
    }
    let Some(service) = service(&webhook.kind) else {
        say("type", "say which service it is, e.g. SLACK or GENERIC".to_owned());
        return found;
    };
    if let Some(url) = url {
        match check(service, url.expose(), &app.outside.webhooks) {
            Ok(url) => found.url = Some(url),
            Err(why) => say("url", why),
        }
    }
    let Some(secret) = secret.map(|s| s.expose().as_str()).filter(|s| !s.is_empty()) else {
        return found;
    };
    match service {
        Service::Generic if !generic::is_secret(secret) => say(
            "signing_secret",
            "use whsec_ and 24 to 64 bytes in base64, or leave it empty to have one made"
                .to_owned(),
        ),
        Service::Generic => {}
        Service::DingTalk | Service::Feishu | Service::Lark => {
            if secret.len() > LONGEST_SECRET || secret.chars().any(char::is_control) {
                say("signing_secret", "paste the secret that the bot's settings show".to_owned());
            }
        }
        _ => say("signing_secret", "this service takes no signatures; leave it empty".to_owned()),
    }
    found
}

/// Refuses an address that points where nothing of ours may connect.
pub(super) async fn judge(app: &App, url: &Url) -> Result<()> {
    let judged = app.outside.http.judge(url).await;
    judged.map_err(|e| base::Error::field("webhook.url", e.to_string()))
}
