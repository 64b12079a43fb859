//! What happened, as a message of a chat service. Pure: one file a service, each with its documented shape.
//!
//! Titles and descriptions are other people's text: each service's builder takes away what would be markup or a mention there.

mod dingtalk;
mod discord;
mod feishu;
pub mod generic;
mod google_chat;
mod lark;
mod slack;
mod teams;
pub mod url;
mod wecom;

use base::{Secret, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Service {
    Slack,
    Discord,
    Teams,
    #[serde(rename = "DINGTALK")]
    DingTalk,
    Feishu,
    #[serde(rename = "WECOM")]
    WeCom,
    Lark,
    GoogleChat,
    /// A receiver of one's own.
    Generic,
}

/// How much a message asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    Info,
    Success,
    Warning,
    Failure,
}

/// What happened, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// For programs: `issue.created`.
    pub event: String,
    pub level: Level,
    /// Our words: `Rollout failed`.
    pub headline: String,
    /// Somebody's words: the title of the issue, plan or release.
    pub subject: String,
    /// Somebody's words, may be empty: a comment, a reason, an error.
    pub detail: String,
    /// Label and text.
    pub facts: Vec<(String, String)>,
    /// Where to look; empty when nobody said how the console is reached.
    pub link: String,
    /// Who did it: `users/{email}`, or empty for the server itself.
    pub actor: String,
    /// Title of the project.
    pub project_title: String,
    /// Resource names of what it is about, the project first.
    pub resources: Vec<String>,
    pub at: Time,
}

/// One message on its way.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    /// Stays the same when it is sent again.
    pub id: &'a str,
    pub message: &'a Message,
    /// When it is sent, for signatures.
    pub now: Time,
    /// Signs it, where the service has signatures; may be empty.
    pub secret: &'a Secret,
}

/// What is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Added to the address.
    pub query: Vec<(&'static str, String)>,
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
}

/// The message in the words of a service.
pub fn post(service: Service, envelope: &Envelope<'_>) -> Post {
    let message = envelope.message;
    match service {
        Service::Slack => Post::json(&slack::body(message)),
        Service::Discord => Post::json(&discord::body(message)),
        Service::Teams => Post::json(&teams::body(message)),
        Service::DingTalk => dingtalk::post(envelope),
        Service::Feishu => Post::json(&feishu::body(envelope)),
        Service::WeCom => Post::json(&wecom::body(message)),
        Service::Lark => Post::json(&lark::body(envelope)),
        Service::GoogleChat => Post::json(&google_chat::body(message)),
        Service::Generic => generic::post(envelope),
    }
}

/// Whether the service took it. Some answer 200 and say in the body that they did not: of that, only the number is given on.
pub fn taken(service: Service, status: u16, body: &[u8]) -> Result<(), String> {
    if (300..400).contains(&status) {
        return Err(format!("the receiver answered {status}; redirects are not followed"));
    }
    if !(200..300).contains(&status) {
        return Err(format!("the receiver answered {status}"));
    }
    let field = match service {
        Service::DingTalk | Service::WeCom => "errcode",
        Service::Feishu | Service::Lark => "code",
        _ => return Ok(()),
    };
    let answer: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    match answer.get(field).and_then(Value::as_i64) {
        Some(0) | None => Ok(()),
        Some(code) => Err(format!("the receiver answered {status} with {field} {code}")),
    }
}

impl Post {
    fn json(body: &Value) -> Self {
        Self { query: Vec::new(), headers: vec![json_type()], body: body.to_string() }
    }
}

fn json_type() -> (&'static str, String) {
    ("content-type", "application/json; charset=utf-8".to_owned())
}

impl Message {
    /// One line for lists: `Issue created: Add a column`.
    pub fn title(&self) -> String {
        match self.subject.is_empty() {
            true => self.headline.clone(),
            false => format!("{}: {}", self.headline, self.subject),
        }
    }

    /// Facts with the ones that every message has.
    fn all_facts(&self) -> Vec<(&str, &str)> {
        let mut all = vec![("Project", self.project_title.as_str())];
        if let Some((_, email)) = self.actor.split_once('/') {
            all.push(("By", email));
        }
        all.extend(self.facts.iter().map(|(label, text)| (label.as_str(), text.as_str())));
        all
    }
}

/// At most `most` characters, in one line, with a mark where it was cut.
fn line(text: &str, most: usize) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), most)
}

/// At most `most` characters, with a mark where it was cut.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// For services whose markup has no escapes: brackets that would begin a link, tag or mention become look-alikes.
fn tame(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '<' => '＜',
            '>' => '＞',
            '[' => '［',
            ']' => '］',
            '@' => '＠',
            '`' => '\'',
            _ => c,
        })
        .collect()
}

/// `&`, `<` and `>` as Slack and Google Chat want them.
fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Markdown's own characters with a backslash before them.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_{}[]()#+!|~<>@".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests;
