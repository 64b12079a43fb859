//! Looks at a branch: which files of it are meant, and which are left out, and why.

use base::pattern::Pattern;
use base::{Error, Result, Secret};
use integrations::http::Url;
use integrations::vcs::{Client, Entry, Kind, VcsError};
use policy::release::file_name;
use store::rows::{IgnoredFile, Repository, RepositoryPayload, VcsKind};

use super::rules;
use crate::app::App;

/// Files that are left out are named, up to here.
const MOST_IGNORED: usize = 1_000;

/// What a commit holds for a release.
pub(super) struct Looked {
    /// By their path.
    pub taken: Vec<Entry>,
    pub ignored: Vec<IgnoredFile>,
}

impl Looked {
    pub fn ignore(&mut self, path: &str, reason: impl Into<String>) {
        if self.ignored.len() < MOST_IGNORED {
            self.ignored.push(IgnoredFile { path: path.to_owned(), reason: reason.into() });
        }
    }
}

pub(super) fn kind(payload: &RepositoryPayload) -> Option<Kind> {
    match payload.kind {
        VcsKind::Github => Some(Kind::Github),
        VcsKind::Gitlab => Some(Kind::Gitlab),
        VcsKind::Unspecified | VcsKind::Bitbucket | VcsKind::AzureDevops => None,
    }
}

/// The way to its host.
pub(super) fn client(app: &App, row: &Repository, token: Secret) -> Result<Client> {
    let payload = &row.payload;
    let (Some(kind), Ok(url)) = (kind(payload), Url::parse(&payload.url)) else {
        return Err(Error::internal("a repository without a known host was kept"));
    };
    let path = payload.path.clone();
    let repository = integrations::vcs::Repository { kind, url, path, token };
    Ok(Client::new(app.outside.http.clone(), repository))
}

pub(super) fn pattern(row: &Repository) -> Result<Pattern> {
    rules::pattern(&row.payload).map_err(|e| Error::field("repository.file_pattern", e))
}

pub(super) async fn look(
    client: &Client,
    pattern: &Pattern,
    commit: &str,
) -> Result<Looked, VcsError> {
    let mut looked = Looked { taken: Vec::new(), ignored: Vec::new() };
    for entry in client.files(commit, pattern.folder()).await? {
        if !pattern.takes(&entry.path) {
            if entry.path.to_ascii_lowercase().ends_with(".sql") {
                looked.ignore(&entry.path, pattern.refusal());
            }
            continue;
        }
        match file_name(&entry.path) {
            Ok(_) => looked.taken.push(entry),
            Err(why) => looked.ignore(&entry.path, why.message()),
        }
    }
    Ok(looked)
}
