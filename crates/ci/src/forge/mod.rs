//! The one comment on a pull or merge request: found by its marker, updated in place, or made.
//!
//! A forge is the service that keeps the repository. What differs between them is where comments are and how they are written; how they are
//! looked for, retried and refused is the same, and here.

mod azure;
mod bitbucket;
mod github;
mod gitlab;

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url};
use serde_json::Value;

pub use azure::Azure;
pub use bitbucket::Bitbucket;
pub use github::Github;
pub use gitlab::Gitlab;

use crate::http;
use crate::tell::Markup;

/// Attempts at the whole of it: looking again before making one means that none is made twice.
const ATTEMPTS: u32 = 4;
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// More pages of comments are not looked through.
const MOST_PAGES: usize = 50;
const LONGEST_ANSWER: usize = 32 << 20;

pub struct Comment {
    pub id: String,
    pub body: String,
}

/// A part of the list of comments.
pub struct Page {
    pub body: Value,
    pub headers: HeaderMap,
}

/// A request that writes.
pub struct Draft {
    pub method: Method,
    pub url: String,
    pub body: Value,
}

pub trait Forge: Send + Sync {
    fn name(&self) -> &'static str;
    fn markup(&self) -> Markup;
    /// Of the comments of the request, oldest first.
    fn first_page(&self) -> String;
    fn comments(&self, page: &Page) -> Vec<Comment>;
    fn next_page(&self, page: &Page) -> Option<String>;
    fn create(&self, text: &str) -> Draft;
    fn update(&self, id: &str, text: &str) -> Draft;
    fn authorize(&self, request: RequestBuilder) -> RequestBuilder;
    /// What the token has to be allowed, and how it is given.
    fn needs(&self) -> &'static str;
}

/// What became of the comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    Created,
    Updated,
}

#[derive(Debug)]
struct Fault {
    what: String,
    /// Another attempt may help, after this long if the forge says so.
    again: bool,
    retry_after: Option<u64>,
}

/// Makes the comment be `text`, which begins with `marker`. The error is a sentence for people.
pub async fn put(
    forge: &dyn Forge,
    http: &Client,
    marker: &str,
    text: &str,
    delay: Duration,
) -> Result<Put, String> {
    let mut attempt = 1;
    loop {
        let fault = match try_put(forge, http, marker, text).await {
            Ok(put) => return Ok(put),
            Err(fault) => fault,
        };
        if !fault.again || attempt == ATTEMPTS {
            return Err(format!(
                "the comment on {} is not up to date: {}",
                forge.name(),
                fault.what
            ));
        }
        let own = delay * 2_u32.pow(attempt - 1);
        tokio::time::sleep(fault.retry_after.map_or(own, Duration::from_secs).min(LONGEST_WAIT))
            .await;
        attempt += 1;
    }
}

async fn try_put(forge: &dyn Forge, http: &Client, marker: &str, text: &str) -> Result<Put, Fault> {
    let (draft, put) = match find(forge, http, marker).await? {
        Some(id) => (forge.update(&id, text), Put::Updated),
        None => (forge.create(text), Put::Created),
    };
    let request = http.request(draft.method, &draft.url).json(&draft.body);
    send(forge, request).await?;
    Ok(put)
}

async fn find(forge: &dyn Forge, http: &Client, marker: &str) -> Result<Option<String>, Fault> {
    let first = forge.first_page();
    let mut url = first.clone();
    for _ in 0..MOST_PAGES {
        let page = send(forge, http.get(&url)).await?;
        let ours = |c: &Comment| c.body.trim_start().starts_with(marker);
        if let Some(found) = forge.comments(&page).into_iter().find(ours) {
            return Ok(Some(found.id));
        }
        match forge.next_page(&page) {
            // The token goes nowhere else.
            Some(next) if next != url && is_same_origin(&first, &next) => url = next,
            _ => break,
        }
    }
    Ok(None)
}

/// Sends with the token; any answer but a good one is a fault that says what is missing.
async fn send(forge: &dyn Forge, request: RequestBuilder) -> Result<Page, Fault> {
    let unanswered = |e: &reqwest::Error| Fault {
        what: format!("{} does not answer: {}", forge.name(), http::reason(e)),
        again: true,
        retry_after: None,
    };
    let mut response = forge.authorize(request).send().await.map_err(|e| unanswered(&e))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|e| unanswered(&e))? {
        body.extend_from_slice(&piece);
        if body.len() > LONGEST_ANSWER {
            let what = "the answer is too long".to_owned();
            return Err(Fault { what, again: false, retry_after: None });
        }
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if status.is_success() {
        return Ok(Page { body, headers });
    }
    let retry_after =
        headers.get(RETRY_AFTER).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    Err(fault(forge, status, &body, retry_after))
}

fn fault(forge: &dyn Forge, status: StatusCode, body: &Value, retry_after: Option<u64>) -> Fault {
    let name = forge.name();
    // The word that each of the four has for people, in one of these places.
    let places =
        [&body["message"], &body["error"]["message"], &body["error"], &body["error_description"]];
    let said = places.iter().find_map(|v| v.as_str()).unwrap_or_default();
    let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
    let (what, again) = match status.as_u16() {
        401 => (format!("{name} does not accept the token{said}; {}", forge.needs()), false),
        // A limit of requests is told by 403, too, and then with a time.
        403 if retry_after.is_some() => (format!("{name} takes no more requests now{said}"), true),
        403 => (format!("{name} does not let the token comment{said}; {}", forge.needs()), false),
        404 => (
            format!("{name} does not show the request to the token{said}; {}", forge.needs()),
            false,
        ),
        429 => (format!("{name} takes no more requests now{said}"), true),
        status @ 500.. => (format!("{name} failed with HTTP status {status}{said}"), true),
        // Azure DevOps sends those to a page that it does not know.
        203 | 300..=399 => (format!("{name} asks to sign in; {}", forge.needs()), false),
        status => (format!("{name} refused with HTTP status {status}{said}"), false),
    };
    Fault { what, again, retry_after }
}

fn is_same_origin(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

/// A part of a path.
fn segment(text: &str) -> String {
    use std::fmt::Write as _;
    let mut segment = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                segment.push(char::from(byte));
            }
            _ => {
                let _ = write!(segment, "%{byte:02X}");
            }
        }
    }
    segment
}

/// A list in an answer: at `key`, or the answer itself.
fn items<'v>(body: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    let list = if key.is_empty() { body } else { &body[key] };
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_elsewhere_is_not_asked() {
        assert!(is_same_origin("https://a.example/x?page=1", "https://a.example/x?page=2"));
        assert!(!is_same_origin("https://a.example/x", "https://b.example/x"));
        assert!(!is_same_origin("https://a.example/x", "http://a.example/x"));
        assert_eq!(segment("My project/ä"), "My%20project%2F%C3%A4");
    }
}
