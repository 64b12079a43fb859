//! Microsoft Teams: an Adaptive Card for a workflow ("When a Teams webhook request is received") or an incoming webhook.
//! Documented under "Create incoming webhooks with Workflows" and the Adaptive Card schema 1.4. Limit: 28 KB a message.

use serde_json::{Value, json};

use super::{Level, Message, cut, escaped, line};

pub(super) fn body(message: &Message) -> Value {
    let mut blocks = vec![json!({
        "type": "TextBlock",
        "text": message.headline,
        "weight": "Bolder",
        "size": "Medium",
        "color": color(message.level),
        "wrap": true,
    })];
    for (text, most) in [(line(&message.subject, 300), 600), (cut(&message.detail, 1_500), 3_000)] {
        if !text.is_empty() {
            let text = cut(&escaped(&text), most);
            blocks.push(json!({ "type": "TextBlock", "text": text, "wrap": true }));
        }
    }
    let facts: Vec<Value> = message
        .all_facts()
        .into_iter()
        .map(|(label, what)| json!({ "title": label, "value": escaped(&line(what, 500)) }))
        .collect();
    blocks.push(json!({ "type": "FactSet", "facts": facts }));
    let mut card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    });
    if !message.link.is_empty() {
        card["actions"] =
            json!([{ "type": "Action.OpenUrl", "title": "Open in Basalt", "url": message.link }]);
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    })
}

const fn color(level: Level) -> &'static str {
    match level {
        Level::Info => "Accent",
        Level::Success => "Good",
        Level::Warning => "Warning",
        Level::Failure => "Attention",
    }
}
