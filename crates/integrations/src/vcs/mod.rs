//! Reads a branch of a repository at GitHub or GitLab: its newest commit, the files below a folder, their texts. And tells there, where
//! that is wanted, what came of a commit.
//!
//! Invariants: the token goes to the host of the repository and nowhere else, redirects included; counts and sizes are bounded; errors
//! say what kind of thing is wrong and hold nothing that the host said, and no token.

mod github;
mod gitlab;
pub mod hook;
mod status;

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use base::{Secret, Time};
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;

use crate::http::{Answer, Http, HttpError, Method, Request, Url};

pub use status::{CommitState, CommitStatus, LONGEST_DESCRIPTION};

/// Bytes of one file, and of all that are fetched together.
pub const LARGEST_FILE: usize = 16 << 20;
const LARGEST_ALL: usize = 256 << 20;
/// Bytes of one answer that lists something: more than GitHub sends.
const LARGEST_LIST: usize = 16 << 20;
/// Files below one folder.
const MOST_FILES: usize = 100_000;
/// Requests for one list of files.
const MOST_LISTS: usize = 1_000;
/// Texts fetched at the same time.
const AT_ONCE: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Github,
    Gitlab,
}

/// A repository, and what opens it.
#[derive(Debug, Clone)]
pub struct Repository {
    pub kind: Kind,
    /// Scheme and host, and at a GitLab below a path that too.
    pub url: Url,
    /// `org/repo`
    pub path: String,
    /// Empty: as anybody.
    pub token: Secret,
}

/// A file at a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From the root of the repository.
    pub path: String,
    /// What Git calls its text: the same text has the same.
    pub blob: String,
}

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VcsError {
    #[error(transparent)]
    Http(#[from] HttpError),
    /// 401
    #[error("the host refuses the access token: it is wrong, over or revoked")]
    Unauthorized,
    /// 403; what a token would need, where the host says so.
    #[error("the host does not let this access token read the repository{}", needed(needs))]
    Forbidden { needs: String },
    /// 404
    #[error("the host knows no such {0}, or does not show it to this access token")]
    NotFound(&'static str),
    /// 429, or 403 with a limit used up.
    #[error("the host asks to wait: the limit of requests is used up")]
    Limited { after: Option<Duration>, until: Option<Time> },
    /// 5xx
    #[error("the host answers {0}: it has trouble of its own")]
    Server(u16),
    /// 3xx
    #[error("the host says that the repository is somewhere else; give its new address and path")]
    Moved,
    #[error("the answer of the host cannot be used: {0}")]
    Answer(&'static str),
    #[error("{0}")]
    TooMuch(String),
}

fn needed(needs: &str) -> String {
    if needs.is_empty() { String::new() } else { format!("; it needs {needs}") }
}

impl VcsError {
    /// The same may succeed later without anybody doing anything.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Http(e) => !e.is_final(),
            Self::Limited { .. } | Self::Server(_) => true,
            _ => false,
        }
    }
}

/// What a token may do, as far as the host tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes {
    /// Those that are missing for reading a private repository.
    pub missing: Vec<String>,
}

/// One repository on the way to be read. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: Http,
    repository: Repository,
}

impl Client {
    pub const fn new(http: Http, repository: Repository) -> Self {
        Self { http, repository }
    }

    /// The newest commit of the branch.
    pub async fn head(&self, branch: &str) -> Result<String, VcsError> {
        let found = match self.repository.kind {
            Kind::Github => github::head(self, branch).await,
            Kind::Gitlab => gitlab::head(self, branch).await,
        };
        let commit = match found {
            // Which of the two is missing is another question.
            Err(VcsError::NotFound(_)) => {
                self.visible().await?;
                return Err(VcsError::NotFound("branch"));
            }
            other => other?,
        };
        let digits = commit.bytes().all(|b| b.is_ascii_hexdigit());
        match matches!(commit.len(), 40 | 64) && digits {
            true => Ok(commit),
            false => Err(VcsError::Answer("the branch has no commit")),
        }
    }

    /// Passes when the repository can be seen.
    pub async fn visible(&self) -> Result<(), VcsError> {
        match self.repository.kind {
            Kind::Github => github::visible(self).await,
            Kind::Gitlab => gitlab::visible(self).await,
        }
    }

    /// Every file below `folder`, which may be empty for all; none when there is no such folder. Links and submodules are no files.
    pub async fn files(&self, commit: &str, folder: &str) -> Result<Vec<Entry>, VcsError> {
        let mut found = match self.repository.kind {
            Kind::Github => github::files(self, commit, folder).await,
            Kind::Gitlab => gitlab::files(self, commit, folder).await,
        }?;
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// The texts of the files, by their blobs.
    pub async fn texts(&self, wanted: Vec<Entry>) -> Result<HashMap<String, Vec<u8>>, VcsError> {
        let (mut texts, mut bytes) = (HashMap::new(), 0);
        let mut rest = wanted.into_iter();
        let mut work: JoinSet<Result<(String, Vec<u8>), VcsError>> = JoinSet::new();
        loop {
            while work.len() < AT_ONCE
                && let Some(entry) = rest.next()
            {
                let own = self.clone();
                work.spawn(async move { own.text(entry).await });
            }
            let Some(done) = work.join_next().await else { return Ok(texts) };
            let (blob, text) = done.map_err(|_| VcsError::Answer("a request broke off"))??;
            bytes += text.len();
            if bytes > LARGEST_ALL {
                let most = LARGEST_ALL >> 20;
                return Err(VcsError::TooMuch(format!(
                    "the new files have more than {most} MiB together; make releases of parts of them"
                )));
            }
            texts.insert(blob, text);
        }
    }

    async fn text(&self, entry: Entry) -> Result<(String, Vec<u8>), VcsError> {
        let request = match self.repository.kind {
            Kind::Github => github::text(self, &entry.blob),
            Kind::Gitlab => gitlab::text(self, &entry.blob),
        };
        let answer = self.send(request?, LARGEST_FILE).await?;
        if answer.cut {
            let (path, most) = (entry.path, LARGEST_FILE >> 20);
            return Err(VcsError::TooMuch(format!("{path} has more than {most} MiB; split it")));
        }
        Ok((entry.blob, answer.body))
    }

    pub async fn scopes(&self) -> Result<Scopes, VcsError> {
        match self.repository.kind {
            Kind::Github => github::scopes(self).await,
            Kind::Gitlab => gitlab::scopes(self).await,
        }
    }

    /// The page of a commit.
    pub fn commit_url(&self, commit: &str) -> String {
        let Repository { kind, url, path, .. } = &self.repository;
        let url = url.as_str().trim_end_matches('/');
        match kind {
            Kind::Github => format!("{url}/{path}/commit/{commit}"),
            Kind::Gitlab => format!("{url}/{path}/-/commit/{commit}"),
        }
    }

    /// An answer that says yes.
    async fn send(&self, request: Request, most: usize) -> Result<Answer, VcsError> {
        let answer = self.http.send_within(request, most).await?;
        match refusal(answer.status, &answer.headers) {
            None => Ok(answer),
            Some(error) => Err(error),
        }
    }

    async fn read<T: DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<(T, HeaderMap), VcsError> {
        let answer = self.send(request, LARGEST_LIST).await?;
        if answer.cut {
            return Err(VcsError::Answer("it is too long"));
        }
        let read = serde_json::from_slice(&answer.body);
        Ok((read.map_err(|_| VcsError::Answer("it is not what was asked for"))?, answer.headers))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("repository", &self.repository).finish_non_exhaustive()
    }
}

/// A request to the API below `base`; each of `parts` is one segment, whatever it holds.
fn get(
    base: &Url,
    parts: &[&str],
    headers: Vec<(&'static str, String)>,
) -> Result<Request, VcsError> {
    let mut url = base.clone();
    match url.path_segments_mut() {
        Ok(mut segments) => segments.pop_if_empty().extend(parts),
        Err(()) => return Err(HttpError::Request("the address has no path").into()),
    };
    Ok(Request { method: Method::GET, url, headers, body: Vec::new() })
}

/// What an answer that says no means.
fn refusal(status: u16, headers: &HeaderMap) -> Option<VcsError> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let number = |name: &str| text(name).and_then(|v| v.trim().parse::<u32>().ok());
    let after = number("retry-after").map(|s| Duration::from_secs(u64::from(s)));
    let used_up = number("x-ratelimit-remaining") == Some(0);
    Some(match status {
        200..=299 => return None,
        300..=399 => VcsError::Moved,
        401 => VcsError::Unauthorized,
        403 | 429 if status == 429 || after.is_some() || used_up => VcsError::Limited {
            after,
            until: number("x-ratelimit-reset").map(|s| Time::from_parts(i64::from(s), 0)),
        },
        403 => VcsError::Forbidden { needs: permissions(text("x-accepted-github-permissions")) },
        // GitHub: an empty repository has no branch.
        404 | 409 => VcsError::NotFound("repository"),
        500..=599 => VcsError::Server(status),
        _ => VcsError::Answer("its status is not one that is known here"),
    })
}

/// The names of permissions alone: `contents=read` as `contents:read`.
fn permissions(header: Option<&str>) -> String {
    let known = |c: &char| c.is_ascii_alphanumeric() || "_=;, ".contains(*c);
    let text: String = header.unwrap_or_default().chars().filter(known).take(100).collect();
    text.trim().replace('=', ":")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        all.iter()
            .map(|(name, value)| {
                let value = reqwest::header::HeaderValue::from_static(value);
                (reqwest::header::HeaderName::from_static(name), value)
            })
            .collect()
    }

    #[test]
    fn each_refusal_has_its_kind() {
        let of = |status, given: &[(&'static str, &'static str)]| refusal(status, &headers(given));
        assert_eq!(of(204, &[]), None);
        assert_eq!(of(301, &[]), Some(VcsError::Moved));
        assert_eq!(of(401, &[]), Some(VcsError::Unauthorized));
        assert_eq!(of(404, &[]), Some(VcsError::NotFound("repository")));
        assert_eq!(of(503, &[]), Some(VcsError::Server(503)));
        let waits = of(429, &[("retry-after", "7")]).unwrap();
        assert_eq!(waits, VcsError::Limited { after: Some(Duration::from_secs(7)), until: None });
        let limit = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1700000000")];
        let waits = of(403, &limit).unwrap();
        assert!(waits.is_passing());
        let until = Some(Time::from_parts(1_700_000_000, 0));
        assert_eq!(waits, VcsError::Limited { after: None, until });
        let denied = of(403, &[("x-accepted-github-permissions", "contents=read<b>")]).unwrap();
        assert!(!denied.is_passing());
        assert!(denied.to_string().ends_with("it needs contents:readb"), "{denied}");
    }

    #[test]
    fn segments_stay_segments() {
        let base = Url::parse("https://git.example.com/gitlab/").unwrap();
        let request = get(&base, &["api", "v4", "projects", "a/b", "x?#%"], Vec::new()).unwrap();
        assert_eq!(
            request.url.as_str(),
            "https://git.example.com/gitlab/api/v4/projects/a%2Fb/x%3F%23%25"
        );
    }
}
