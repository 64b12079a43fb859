//! GitLab: gitlab.com, or a server of one's own.

use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::{Client, Entry, MOST_FILES, MOST_LISTS, Scopes, VcsError, get};
use crate::http::Request;

/// Entries a page: the most that GitLab gives.
const PAGE: usize = 100;
const LINK: &str = "120000";
/// Either opens the API for reading.
const READ_SCOPES: [&str; 2] = ["api", "read_api"];

#[derive(Deserialize)]
struct Branch {
    commit: Commit,
}

#[derive(Deserialize)]
struct Commit {
    id: String,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    path: String,
    #[serde(default)]
    mode: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    scopes: Vec<String>,
}

fn ask(client: &Client, parts: &[&str]) -> Result<Request, VcsError> {
    let token = client.repository.token.expose();
    let mut headers = vec![("accept", "application/json".to_owned())];
    if !token.is_empty() {
        headers.push(("private-token", token.clone()));
    }
    let all: Vec<&str> = ["api", "v4"].into_iter().chain(parts.iter().copied()).collect();
    get(&client.repository.url, &all, headers)
}

/// A request about the project, whose path is one segment.
fn about(client: &Client, parts: &[&str]) -> Result<Request, VcsError> {
    let all: Vec<&str> =
        ["projects", &client.repository.path].into_iter().chain(parts.iter().copied()).collect();
    ask(client, &all)
}

pub(super) async fn head(client: &Client, branch: &str) -> Result<String, VcsError> {
    let request = about(client, &["repository", "branches", branch])?;
    let (found, _): (Branch, _) = client.read(request).await?;
    Ok(found.commit.id)
}

pub(super) fn statuses(client: &Client, commit: &str) -> Result<Request, VcsError> {
    about(client, &["statuses", commit])
}

pub(super) fn project(client: &Client) -> Result<Request, VcsError> {
    about(client, &[])
}

pub(super) async fn visible(client: &Client) -> Result<(), VcsError> {
    let _: (serde::de::IgnoredAny, HeaderMap) = client.read(project(client)?).await?;
    Ok(())
}

/// Page after page, until one says that it is the last.
pub(super) async fn files(
    client: &Client,
    commit: &str,
    folder: &str,
) -> Result<Vec<Entry>, VcsError> {
    let (mut found, mut page) = (Vec::new(), "1".to_owned());
    for _ in 0..MOST_LISTS {
        let mut request = about(client, &["repository", "tree"])?;
        request
            .url
            .query_pairs_mut()
            .append_pair("ref", commit)
            .append_pair("path", folder)
            .append_pair("recursive", "true")
            .append_pair("per_page", &PAGE.to_string())
            .append_pair("page", &page);
        let (nodes, headers): (Vec<Node>, _) = match client.read(request).await {
            // The commit is there: what is missing is the folder.
            Err(VcsError::NotFound(_)) => return Ok(Vec::new()),
            other => other?,
        };
        let full = nodes.len() >= PAGE;
        found.extend(nodes.into_iter().filter_map(entry));
        if found.len() > MOST_FILES {
            break;
        }
        match next(&headers, &page, full) {
            Some(next) => page = next,
            None => return Ok(found),
        }
    }
    Err(VcsError::TooMuch(
        "there are more files below the folder than are listed here; watch one further down"
            .to_owned(),
    ))
}

fn entry(node: Node) -> Option<Entry> {
    (node.kind == "blob" && node.mode != LINK).then_some(Entry { path: node.path, blob: node.id })
}

/// By the header, which is empty on the last page; a proxy may have taken it away, then a full page says that there may be another.
fn next(headers: &HeaderMap, page: &str, full: bool) -> Option<String> {
    match headers.get("x-next-page").and_then(|v| v.to_str().ok()) {
        Some(next) => next.parse::<u32>().ok().map(|n| n.to_string()),
        None if full => page.parse::<u32>().ok().map(|n| (n + 1).to_string()),
        None => None,
    }
}

pub(super) fn text(client: &Client, blob: &str) -> Result<Request, VcsError> {
    about(client, &["repository", "blobs", blob, "raw"])
}

pub(super) async fn scopes(client: &Client) -> Result<Scopes, VcsError> {
    let lacks = |held: &Vec<String>| !held.iter().any(|s| READ_SCOPES.contains(&s.as_str()));
    let lacks = held(client).await?.as_ref().is_some_and(lacks);
    Ok(Scopes { missing: if lacks { vec!["read_api".to_owned()] } else { Vec::new() } })
}

/// For writing the status of a commit.
pub(super) async fn missing_for_reports(client: &Client) -> Result<Vec<String>, VcsError> {
    let lacks = held(client).await?.is_some_and(|held| !held.iter().any(|s| s == "api"));
    Ok(if lacks { vec!["api".to_owned()] } else { Vec::new() })
}

/// Tokens of every kind but those of jobs tell what they may.
async fn held(client: &Client) -> Result<Option<Vec<String>>, VcsError> {
    let request = ask(client, &["personal_access_tokens", "self"])?;
    match client.read::<Token>(request).await {
        Ok((token, _)) => Ok(Some(token.scopes)),
        Err(VcsError::NotFound(_) | VcsError::Forbidden { .. }) => Ok(None),
        Err(e) => Err(e),
    }
}
