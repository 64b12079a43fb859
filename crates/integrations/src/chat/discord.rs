//! Discord: a message for a webhook, with one embed. Documented under "Execute Webhook" and "Embed Object".
//! Limits: title 256, description 4096, 25 fields with names of 256 and values of 1024 characters, 6000 in all.

use serde_json::{Value, json};

use super::{Level, Message, cut, escaped, line};

pub(super) fn body(message: &Message) -> Value {
    let fields: Vec<Value> = message
        .all_facts()
        .into_iter()
        .filter(|(_, what)| !what.is_empty())
        .take(10)
        .map(|(label, what)| json!({ "name": label, "value": escaped(&line(what, 150)), "inline": true }))
        .collect();
    let mut embed = json!({
        "title": cut(&escaped(&line(&message.title(), 120)), 256),
        "description": cut(&escaped(&cut(&message.detail, 1_000)), 2_048),
        "color": color(message.level),
        "fields": fields,
        "timestamp": message.at.to_string(),
        "footer": { "text": "Basalt" },
    });
    if !message.link.is_empty() {
        embed["url"] = message.link.clone().into();
    }
    // Nobody is called by what stands in a title.
    json!({ "embeds": [embed], "allowed_mentions": { "parse": [] } })
}

const fn color(level: Level) -> u32 {
    match level {
        Level::Info => 0x3B_6E_C4,
        Level::Success => 0x2E_8B_57,
        Level::Warning => 0xC9_84_1D,
        Level::Failure => 0xC8_44_2F,
    }
}
