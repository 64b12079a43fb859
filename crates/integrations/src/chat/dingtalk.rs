//! DingTalk: a markdown message of a custom bot, signed when the bot wants it. Documented under "Custom robot access": `timestamp` in
//! milliseconds and `sign` = base64(HMAC-SHA256(secret, "{timestamp}\n{secret}")) in the query. Limit: 20000 bytes a message.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{Envelope, Message, Post, cut, generic, line, tame};

pub(super) fn post(envelope: &Envelope<'_>) -> Post {
    let message = envelope.message;
    let body = json!({
        "msgtype": "markdown",
        "markdown": { "title": line(&tame(&message.title()), 100), "text": text(message) },
        "at": { "isAtAll": false },
    });
    let mut post = Post::json(&body);
    let secret = envelope.secret.expose();
    if !secret.is_empty() {
        let timestamp = (envelope.now.micros() / 1_000).to_string();
        let signed = format!("{timestamp}\n{secret}");
        let sign = STANDARD.encode(generic::hmac(secret.as_bytes(), signed.as_bytes()));
        post.query = vec![("timestamp", timestamp), ("sign", sign)];
    }
    post
}

fn text(message: &Message) -> String {
    let mut out = format!("### {}\n\n", message.headline);
    if !message.subject.is_empty() {
        out += &format!("**{}**\n\n", line(&tame(&message.subject), 300));
    }
    if !message.detail.is_empty() {
        out += &format!("> {}\n\n", line(&tame(&cut(&message.detail, 1_500)), 1_500));
    }
    for (label, what) in message.all_facts() {
        out += &format!("- {label}: {}\n", line(&tame(what), 500));
    }
    if !message.link.is_empty() {
        out += &format!("\n[Open in Basalt]({})\n", message.link);
    }
    out
}
