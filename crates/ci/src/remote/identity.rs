//! The token by which a platform proves which repository a job belongs to. Basalt takes it in place of a secret.

use reqwest::{Client, Url};
use serde_json::Value;

use super::CallError;
use crate::environment::Environment;
use crate::http;

/// Where the token comes from.
#[derive(Clone)]
pub enum Proof {
    /// The platform has put it into a variable.
    Given(String),
    /// GitHub gives one to the job for each question.
    Github { url: String, token: String, audience: String },
}

impl Proof {
    /// None: the platform gives none to this job.
    pub fn find(env: &Environment, audience: &str) -> Option<Self> {
        if let Some(token) = env.own("ID_TOKEN") {
            return Some(Self::Given(token.trim().to_owned()));
        }
        Some(Self::Github {
            url: env.get("ACTIONS_ID_TOKEN_REQUEST_URL")?.to_owned(),
            token: env.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")?.to_owned(),
            audience: audience.to_owned(),
        })
    }

    pub async fn token(&self, http: &Client) -> Result<String, CallError> {
        let (url, token, audience) = match self {
            Self::Given(token) => return Ok(token.clone()),
            Self::Github { url, token, audience } => (url, token, audience),
        };
        let failed = |code: &str, message: String| CallError {
            method: "GitHub's identity token".to_owned(),
            code: code.to_owned(),
            message,
            is_unseen: true,
            ..CallError::default()
        };
        let mut url = Url::parse(url).map_err(|e| failed("internal", e.to_string()))?;
        url.query_pairs_mut().append_pair("audience", audience);
        let answer = http
            .get(url)
            .bearer_auth(token)
            .send()
            .await
            .map_err(|e| failed("unavailable", http::reason(&e)))?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|e| failed("unavailable", http::reason(&e)))?;
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        match body["value"].as_str() {
            Some(value) if status.is_success() => Ok(value.to_owned()),
            _ if status.is_server_error() => {
                Err(failed("unavailable", format!("HTTP status {status}")))
            }
            _ => Err(failed(
                "permission_denied",
                format!("HTTP status {status}; give the job `permissions: {{id-token: write}}`"),
            )),
        }
    }
}
