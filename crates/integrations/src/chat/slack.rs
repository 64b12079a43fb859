//! Slack: a message for an incoming webhook, with blocks. Documented under "Sending messages using incoming webhooks" and "Block Kit".
//! Limits: 150 characters in a header, 3000 in a section, 10 fields of 2000.

use serde_json::{Value, json};

use super::{Message, cut, entities, line};

pub(super) fn body(message: &Message) -> Value {
    let text = |text: String| json!({ "type": "mrkdwn", "text": text });
    let mut blocks = vec![
        json!({ "type": "header", "text": { "type": "plain_text", "text": line(&message.headline, 150) } }),
    ];
    let mut said = Vec::new();
    if !message.subject.is_empty() {
        said.push(format!("*{}*", entities(&line(&message.subject, 250).replace('*', "∗"))));
    }
    if !message.detail.is_empty() {
        said.push(entities(&cut(&message.detail, 1_500)));
    }
    if !said.is_empty() {
        blocks.push(json!({ "type": "section", "text": text(said.join("\n")) }));
    }
    let facts: Vec<Value> = message
        .all_facts()
        .into_iter()
        .take(10)
        .map(|(label, what)| text(format!("*{label}*\n{}", entities(&line(what, 500)))))
        .collect();
    blocks.push(json!({ "type": "section", "fields": facts }));
    if !message.link.is_empty() {
        let label = json!({ "type": "plain_text", "text": "Open in Basalt" });
        blocks.push(json!({
            "type": "actions",
            "elements": [{ "type": "button", "text": label, "url": message.link }],
        }));
    }
    // For notifications, and for what shows no blocks.
    json!({ "text": entities(&line(&message.title(), 300)), "blocks": blocks })
}
