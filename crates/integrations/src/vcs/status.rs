//! Tells the host what came of a commit: a line with a colour beside it, which only a token that may write can set.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Client, Kind, LARGEST_LIST, VcsError, github, gitlab, refusal};
use crate::http::Request;

/// GitHub takes no longer description.
pub const LONGEST_DESCRIPTION: usize = 140;
/// Who may less at GitLab sets no status: Developer.
const ENOUGH: u32 = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitState {
    Pending,
    Success,
    Failure,
    Error,
    /// Nothing comes of it any more.
    Canceled,
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitStatus {
    pub state: CommitState,
    /// Sets it apart from what others say of the commit; the next one of the same name takes its place.
    pub context: String,
    /// At most [`LONGEST_DESCRIPTION`] characters.
    pub description: String,
    /// The page with more; may be empty.
    pub url: String,
}

#[derive(Deserialize)]
struct Project {
    #[serde(default)]
    permissions: Permissions,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Permissions {
    project_access: Option<Access>,
    group_access: Option<Access>,
}

#[derive(Deserialize)]
struct Access {
    access_level: u32,
}

impl Client {
    /// Sets the status of a commit of the branch.
    pub async fn report(
        &self,
        branch: &str,
        commit: &str,
        status: &CommitStatus,
    ) -> Result<(), VcsError> {
        let mut request = match self.repository.kind {
            Kind::Github => github::statuses(self, commit),
            Kind::Gitlab => gitlab::statuses(self, commit),
        }?;
        request.method = Method::POST;
        request.headers.push(("content-type", "application/json".to_owned()));
        request.body = body(self.repository.kind, branch, status).to_string().into_bytes();
        self.post(request).await
    }

    async fn post(&self, request: Request) -> Result<(), VcsError> {
        let answer = self.http.send_within(request, LARGEST_LIST).await?;
        if self.repository.kind == Kind::Gitlab && answer.status == 400 && is_same(&answer.body) {
            return Ok(());
        }
        refusal(answer.status, &answer.headers).map_or(Ok(()), Err)
    }

    /// What the token lacks for [`Client::report`], as far as the host tells and as it calls it.
    pub async fn missing_for_reports(&self) -> Result<Vec<String>, VcsError> {
        match self.repository.kind {
            Kind::Github => github::missing_for_reports(self).await,
            Kind::Gitlab => {
                let mut missing = gitlab::missing_for_reports(self).await?;
                let (project, _): (Project, _) = self.read(gitlab::project(self)?).await?;
                let Permissions { project_access, group_access } = project.permissions;
                let levels = [project_access, group_access].into_iter().flatten();
                if levels.map(|a| a.access_level).max().is_some_and(|level| level < ENOUGH) {
                    missing.push("role Developer".to_owned());
                }
                Ok(missing)
            }
        }
    }
}

/// GitLab refuses to set what is set.
fn is_same(body: &[u8]) -> bool {
    String::from_utf8_lossy(body).contains("Cannot transition status")
}

fn body(kind: Kind, branch: &str, status: &CommitStatus) -> Value {
    let description: String = status.description.chars().take(LONGEST_DESCRIPTION).collect();
    let (state, name) = match kind {
        Kind::Github => (github_word(status.state), "context"),
        Kind::Gitlab => (gitlab_word(status.state), "name"),
    };
    let mut body = json!({"state": state, name: status.context, "description": description});
    if !status.url.is_empty() {
        body["target_url"] = json!(status.url);
    }
    if kind == Kind::Gitlab {
        body["ref"] = json!(branch);
    }
    body
}

const fn github_word(state: CommitState) -> &'static str {
    match state {
        CommitState::Pending => "pending",
        CommitState::Success => "success",
        CommitState::Failure => "failure",
        CommitState::Error | CommitState::Canceled => "error",
    }
}

const fn gitlab_word(state: CommitState) -> &'static str {
    match state {
        CommitState::Pending => "pending",
        CommitState::Success => "success",
        CommitState::Failure | CommitState::Error => "failed",
        CommitState::Canceled => "canceled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_has_its_words() {
        let mut status = CommitStatus {
            state: CommitState::Failure,
            context: "basalt".into(),
            description: "ü".repeat(200),
            url: "https://b.example/x".into(),
        };
        let said = body(Kind::Github, "main", &status);
        assert_eq!((&said["state"], &said["context"]), (&json!("failure"), &json!("basalt")));
        assert_eq!(said["description"].as_str().unwrap().chars().count(), 140);
        assert_eq!((&said["target_url"], &said["ref"]), (&json!(status.url), &Value::Null));
        (status.state, status.url) = (CommitState::Canceled, String::new());
        let said = body(Kind::Gitlab, "main", &status);
        assert_eq!((&said["state"], &said["name"]), (&json!("canceled"), &json!("basalt")));
        assert_eq!((&said["target_url"], &said["ref"]), (&Value::Null, &json!("main")));
    }

    #[test]
    fn what_is_set_already_is_set() {
        assert!(is_same(br#"{"message":"Cannot transition status via :enqueue from :pending"}"#));
        assert!(!is_same(br#"{"message":"sha is invalid"}"#));
    }
}
