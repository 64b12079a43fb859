//! Releases and their files.

use base::Time;
use serde::{Deserialize, Serialize};

use super::{RevisionKind, State};

/// Its files never change once it is made.
#[derive(Debug, Clone)]
pub struct Release {
    pub project: String,
    /// Train and iteration.
    pub id: String,
    /// The id without its iteration: what the iterations are counted by.
    pub train: String,
    /// From 0.
    pub iteration: i64,
    /// Of the revisions that its files become.
    pub kind: RevisionKind,
    /// For people and filters; may be empty.
    pub category: String,
    pub creator: String,
    pub state: State,
    pub payload: ReleasePayload,
    pub version: i64,
    pub created_at: Time,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReleasePayload {
    /// In version order.
    pub files: Vec<ReleaseFile>,
    pub vcs_source: Option<VcsSource>,
    /// What the versions of its files are counted in.
    pub stream: String,
    /// Why files may differ from what was applied; empty when they may not.
    pub accept_changed: String,
}

/// A file by version and content; the text is a sheet of the project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReleaseFile {
    /// Dotted numbers: `1.2.10`.
    pub version: String,
    /// Where it lay, for people.
    pub path: String,
    pub sheet_sha256: String,
}

/// Where the files come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VcsSource {
    pub kind: VcsKind,
    pub url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VcsKind {
    #[default]
    Unspecified,
    Github,
    Gitlab,
    Bitbucket,
    AzureDevops,
}
