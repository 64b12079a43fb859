//! GitHub Actions.

use std::fs::OpenOptions;
use std::io::Write as _;

use api::bytebase::v1::{VcsType, VcsUser};
use serde_json::Value;

use super::Request;
use crate::environment::Environment;
use crate::forge::{Forge, Github};
use crate::tell;

/// Events of pull requests. `pull_request_target` runs with rights that the author does not have, on the target's files.
const EVENTS: [&str; 2] = ["pull_request", "pull_request_target"];

/// What happened, as GitHub tells it in a file; only of a pull request.
fn event(env: &Environment) -> Result<Option<Value>, String> {
    if !EVENTS.contains(&env.text("GITHUB_EVENT_NAME")) {
        return Ok(None);
    }
    let path = env.get("GITHUB_EVENT_PATH").ok_or("GITHUB_EVENT_PATH is not set")?;
    let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    serde_json::from_str(&text).map(Some).map_err(|e| format!("{path}: {e}"))
}

pub fn request(env: &Environment) -> Request {
    let Some(event) = event(env)? else { return Ok(None) };
    let number = event["pull_request"]["number"].as_u64().or(event["number"].as_u64());
    let number = number.ok_or("the event file has no number of a pull request")?;
    let github = Github {
        api: env
            .get("GITHUB_API_URL")
            .unwrap_or("https://api.github.com")
            .trim_end_matches('/')
            .to_owned(),
        repository: env.get("GITHUB_REPOSITORY").ok_or("GITHUB_REPOSITORY is not set")?.to_owned(),
        number,
        token: String::new(),
    };
    let token = env
        .get("GITHUB_TOKEN")
        .ok_or_else(|| format!("GITHUB_TOKEN is not set; {}", github.needs()))?;
    Ok(Some(Box::new(Github { token: token.to_owned(), ..github })))
}

pub fn url(env: &Environment) -> Option<String> {
    if let Ok(Some(event)) = event(env)
        && let Some(url) = event["pull_request"]["html_url"].as_str()
    {
        return Some(url.to_owned());
    }
    Some(format!("{}/commit/{}", repository(env)?, env.get("GITHUB_SHA")?))
}

pub fn run_url(env: &Environment) -> String {
    match (repository(env), env.get("GITHUB_RUN_ID")) {
        (Some(repository), Some(run)) => format!("{repository}/actions/runs/{run}"),
        _ => String::new(),
    }
}

fn repository(env: &Environment) -> Option<String> {
    let server = env.get("GITHUB_SERVER_URL").unwrap_or("https://github.com");
    Some(format!("{server}/{}", env.get("GITHUB_REPOSITORY")?))
}

pub fn author(env: &Environment) -> Option<VcsUser> {
    let event = event(env).ok()??;
    let user = &event["pull_request"]["user"];
    let login = user["login"].as_str()?;
    if user["type"] == "Bot" || login.ends_with("[bot]") {
        return None;
    }
    Some(VcsUser {
        vcs_type: VcsType::Github.into(),
        user_id: user["id"].to_string(),
        user_name: login.to_owned(),
        display_name: user["name"].as_str().unwrap_or(login).to_owned(),
    })
}

/// Adds to the page of the run.
pub fn add_summary(env: &Environment, markdown: &str) {
    let Some(path) = env.get("GITHUB_STEP_SUMMARY") else { return };
    let written = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| writeln!(file, "{markdown}"));
    if let Err(e) = written {
        tell::note(&format!("the summary of the step is not written: {path}: {e}"));
    }
}
