//! GitHub: github.com, a company's subdomain of ghe.com, and Enterprise Server.

use std::collections::VecDeque;

use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::{Client, Entry, MOST_FILES, MOST_LISTS, Scopes, VcsError, get};
use crate::http::{HttpError, Request, Url};

const JSON: &str = "application/vnd.github+json";
const RAW: &str = "application/vnd.github.raw+json";
/// Mode of a symbolic link in a tree.
const LINK: &str = "120000";

#[derive(Deserialize)]
struct Reference {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    sha: String,
}

#[derive(Deserialize)]
struct Tree {
    #[serde(default)]
    truncated: bool,
    tree: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    path: String,
    #[serde(default)]
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    sha: String,
}

/// Where the API is: beside github.com, below an Enterprise Server.
fn api(url: &Url) -> Result<Url, VcsError> {
    let host = url.host_str().unwrap_or_default();
    let mut api = url.clone();
    let bad = |_| VcsError::from(HttpError::Request("the address has no host"));
    if matches!(host, "github.com" | "www.github.com") {
        api.set_host(Some("api.github.com")).map_err(bad)?;
    } else if host.ends_with(".ghe.com") {
        api.set_host(Some(&format!("api.{host}"))).map_err(bad)?;
    } else {
        api.set_path(&format!("{}/api/v3", url.path().trim_end_matches('/')));
    }
    Ok(api)
}

fn ask(client: &Client, accept: &str, parts: &[&str]) -> Result<Request, VcsError> {
    let token = client.repository.token.expose();
    let mut headers =
        vec![("accept", accept.to_owned()), ("x-github-api-version", "2022-11-28".to_owned())];
    if !token.is_empty() {
        headers.push(("authorization", format!("Bearer {token}")));
    }
    get(&api(&client.repository.url)?, parts, headers)
}

/// A request about the repository.
fn about(client: &Client, accept: &str, parts: &[&str]) -> Result<Request, VcsError> {
    let path = client.repository.path.split('/');
    let all: Vec<&str> =
        std::iter::once("repos").chain(path).chain(parts.iter().copied()).collect();
    ask(client, accept, &all)
}

pub(super) async fn head(client: &Client, branch: &str) -> Result<String, VcsError> {
    let parts: Vec<&str> = ["git", "ref", "heads"].into_iter().chain(branch.split('/')).collect();
    let (found, _): (Reference, _) = client.read(about(client, JSON, &parts)?).await?;
    Ok(found.object.sha)
}

pub(super) fn statuses(client: &Client, commit: &str) -> Result<Request, VcsError> {
    about(client, JSON, &["statuses", commit])
}

pub(super) async fn visible(client: &Client) -> Result<(), VcsError> {
    let _: (serde::de::IgnoredAny, HeaderMap) = client.read(about(client, JSON, &[])?).await?;
    Ok(())
}

/// Down to the folder first, so that the rest of a large repository is not in the way of the bound that GitHub has.
pub(super) async fn files(
    client: &Client,
    commit: &str,
    folder: &str,
) -> Result<Vec<Entry>, VcsError> {
    let mut at = commit.to_owned();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        let here = list(client, &at, false).await?;
        match here.tree.into_iter().find(|n| n.kind == "tree" && n.path == part) {
            Some(next) => at = next.sha,
            None if here.truncated => return Err(too_wide(folder)),
            None => return Ok(Vec::new()),
        }
    }
    let whole = list(client, &at, true).await?;
    let mut found = Vec::new();
    if !whole.truncated {
        found.extend(whole.tree.into_iter().filter_map(|n| entry(folder, n)));
        return bounded(found);
    }
    // Folder by folder: each is far below the bound.
    let mut folders = VecDeque::from([(folder.to_owned(), at)]);
    let mut lists = 0;
    while let Some((folder, sha)) = folders.pop_front() {
        lists += 1;
        if lists > MOST_LISTS {
            return Err(VcsError::TooMuch(format!(
                "there are more than {MOST_LISTS} folders below the one that is watched; watch one further down"
            )));
        }
        let here = list(client, &sha, false).await?;
        if here.truncated {
            return Err(too_wide(&folder));
        }
        for node in here.tree {
            if node.kind == "tree" {
                folders.push_back((joined(&folder, &node.path), node.sha));
            } else {
                found.extend(entry(&folder, node));
            }
        }
        found = bounded(found)?;
    }
    Ok(found)
}

async fn list(client: &Client, sha: &str, deep: bool) -> Result<Tree, VcsError> {
    let mut request = about(client, JSON, &["git", "trees", sha])?;
    if deep {
        request.url.set_query(Some("recursive=1"));
    }
    Ok(client.read(request).await?.0)
}

fn entry(folder: &str, node: Node) -> Option<Entry> {
    (node.kind == "blob" && node.mode != LINK)
        .then(|| Entry { path: joined(folder, &node.path), blob: node.sha })
}

fn joined(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

fn bounded(found: Vec<Entry>) -> Result<Vec<Entry>, VcsError> {
    if found.len() > MOST_FILES {
        return Err(VcsError::TooMuch(format!(
            "there are more than {MOST_FILES} files below the folder; watch one further down"
        )));
    }
    Ok(found)
}

fn too_wide(folder: &str) -> VcsError {
    VcsError::TooMuch(format!("the folder {folder:?} has more entries than the host lists"))
}

pub(super) fn text(client: &Client, blob: &str) -> Result<Request, VcsError> {
    about(client, RAW, &["git", "blobs", blob])
}

pub(super) async fn scopes(client: &Client) -> Result<Scopes, VcsError> {
    let lacks = held(client).await?.is_some_and(|held| !held.iter().any(|s| s == "repo"));
    Ok(Scopes { missing: if lacks { vec!["repo".to_owned()] } else { Vec::new() } })
}

/// For writing the status of a commit.
pub(super) async fn missing_for_reports(client: &Client) -> Result<Vec<String>, VcsError> {
    let enough = |held: &Vec<String>| held.iter().any(|s| s == "repo" || s == "repo:status");
    let lacks = held(client).await?.is_some_and(|held| !enough(&held));
    Ok(if lacks { vec!["repo:status".to_owned()] } else { Vec::new() })
}

/// Classic tokens have scopes, which every answer names; tokens of the other kinds have none.
async fn held(client: &Client) -> Result<Option<Vec<String>>, VcsError> {
    let request = ask(client, JSON, &["rate_limit"])?;
    let answer = client.send(request, super::LARGEST_LIST).await?;
    let held = answer.headers.get("x-oauth-scopes").and_then(|v| v.to_str().ok());
    Ok(held.map(|held| held.split(',').map(|scope| scope.trim().to_owned()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_beside_or_below() {
        for (url, expected) in [
            ("https://github.com", "https://api.github.com/"),
            ("https://acme.ghe.com", "https://api.acme.ghe.com/"),
            ("https://git.example.com:8443", "https://git.example.com:8443/api/v3"),
        ] {
            assert_eq!(api(&Url::parse(url).unwrap()).unwrap().as_str(), expected);
        }
    }
}
