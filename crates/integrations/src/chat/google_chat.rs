//! Google Chat: a message with a card for an incoming webhook. Documented under "Build a Google Chat app as a webhook" and "Cards v2".
//! Limit: 32 KB a message.

use serde_json::{Value, json};

use super::{Message, cut, entities, line};

pub(super) fn body(message: &Message) -> Value {
    let mut widgets = Vec::new();
    if !message.detail.is_empty() {
        let text = entities(&cut(&message.detail, 1_500));
        widgets.push(json!({ "textParagraph": { "text": text } }));
    }
    for (label, what) in message.all_facts() {
        let text = entities(&line(what, 500));
        widgets.push(json!({ "decoratedText": { "topLabel": label, "text": text } }));
    }
    if !message.link.is_empty() {
        widgets.push(json!({ "buttonList": { "buttons": [{
            "text": "Open in Basalt",
            "onClick": { "openLink": { "url": message.link } },
        }] } }));
    }
    let header = json!({ "title": message.headline, "subtitle": line(&message.subject, 200) });
    let card = json!({ "header": header, "sections": [{ "widgets": widgets }] });
    json!({ "cardsV2": [{ "cardId": "basalt", "card": card }] })
}
