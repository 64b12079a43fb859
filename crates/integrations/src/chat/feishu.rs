//! Feishu: an interactive card of a custom bot, signed when the bot wants it. Documented under "Custom bot usage guide": `timestamp` in seconds
//! and `sign` = base64(HMAC-SHA256(key "{timestamp}\n{secret}", nothing)) in the body. Limit: 20 KB a message. Lark has the same card.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Envelope, Level, Message, cut, generic, line};

pub(super) fn body(envelope: &Envelope<'_>) -> Value {
    let mut body = json!({ "msg_type": "interactive", "card": card(envelope.message) });
    let secret = envelope.secret.expose();
    if !secret.is_empty() {
        let timestamp = envelope.now.seconds().to_string();
        let key = format!("{timestamp}\n{secret}");
        body["sign"] = STANDARD.encode(generic::hmac(key.as_bytes(), b"")).into();
        body["timestamp"] = timestamp.into();
    }
    body
}

/// Plain text everywhere: in the card's markdown a title could mention everybody.
fn card(message: &Message) -> Value {
    let plain = |text: String| json!({ "tag": "plain_text", "content": text });
    let mut elements = Vec::new();
    for text in [line(&message.subject, 300), cut(&message.detail, 1_500)] {
        if !text.is_empty() {
            elements.push(json!({ "tag": "div", "text": plain(text) }));
        }
    }
    let fields: Vec<Value> = message
        .all_facts()
        .into_iter()
        .map(|(label, what)| {
            json!({ "is_short": true, "text": plain(format!("{label}\n{}", line(what, 500))) })
        })
        .collect();
    elements.push(json!({ "tag": "div", "fields": fields }));
    if !message.link.is_empty() {
        let button = json!({
            "tag": "button",
            "text": plain("Open in Basalt".to_owned()),
            "type": "primary",
            "url": message.link,
        });
        elements.push(json!({ "tag": "action", "actions": [button] }));
    }
    json!({
        "config": { "wide_screen_mode": true },
        "header": { "title": plain(message.headline.clone()), "template": color(message.level) },
        "elements": elements,
    })
}

const fn color(level: Level) -> &'static str {
    match level {
        Level::Info => "blue",
        Level::Success => "green",
        Level::Warning => "orange",
        Level::Failure => "red",
    }
}
