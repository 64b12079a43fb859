//! WeCom: a markdown message of a group bot. Documented under "Group robot configuration". Limit: 4096 bytes.

use serde_json::{Value, json};

use super::{Level, Message, line, tame};

const LONGEST: usize = 4_096;

pub(super) fn body(message: &Message) -> Value {
    let mut out =
        format!("**<font color=\"{}\">{}</font>**\n", color(message.level), message.headline);
    if !message.subject.is_empty() {
        out += &format!("**{}**\n", line(&tame(&message.subject), 200));
    }
    for (label, what) in message.all_facts() {
        out += &format!("> {label}: <font color=\"comment\">{}</font>\n", line(&tame(what), 100));
    }
    let link = match message.link.is_empty() {
        true => String::new(),
        false => format!("[Open in Basalt]({})", message.link),
    };
    // What may be long takes the room that is left, so that the link is never cut.
    let room = LONGEST.saturating_sub(out.len() + link.len() + 4);
    let detail = line(&tame(&message.detail), 1_000);
    let detail = &detail[..detail.floor_char_boundary(room)];
    if !detail.is_empty() {
        out += &format!("> {detail}\n");
    }
    out += &link;
    json!({ "msgtype": "markdown", "markdown": { "content": out } })
}

const fn color(level: Level) -> &'static str {
    match level {
        Level::Info | Level::Success => "info",
        Level::Warning | Level::Failure => "warning",
    }
}
