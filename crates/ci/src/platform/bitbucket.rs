//! Bitbucket Pipelines.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use super::{Request, TIMEOUT};
use crate::environment::Environment;
use crate::forge::{Bitbucket, Forge as _};
use crate::http;
use crate::tell::{self, Summary};

const API: &str = "https://api.bitbucket.org/2.0";
/// Beside each step there is a proxy that signs requests for reports, which are sent to it in plain.
const PROXY: &str = "http://localhost:29418";
const PROXIED_API: &str = "http://api.bitbucket.org/2.0";
const ATTEMPTS: u32 = 3;

fn workspace(env: &Environment) -> Option<&str> {
    env.first(&["BITBUCKET_WORKSPACE", "BITBUCKET_REPO_OWNER"])
}

fn token(env: &Environment) -> Option<&str> {
    env.own("BITBUCKET_TOKEN").or(env.first(&["BITBUCKET_ACCESS_TOKEN", "BITBUCKET_TOKEN"]))
}

fn api(env: &Environment) -> &str {
    env.own("BITBUCKET_API_BASE_URL").unwrap_or(API).trim_end_matches('/')
}

pub fn request(env: &Environment) -> Request {
    let Some(number) = env.get("BITBUCKET_PR_ID") else { return Ok(None) };
    let bitbucket = Bitbucket {
        api: api(env).to_owned(),
        workspace: workspace(env).ok_or("BITBUCKET_WORKSPACE is not set")?.to_owned(),
        repository: env
            .get("BITBUCKET_REPO_SLUG")
            .ok_or("BITBUCKET_REPO_SLUG is not set")?
            .to_owned(),
        number: number.to_owned(),
        token: String::new(),
    };
    let token = token(env)
        .ok_or_else(|| format!("BITBUCKET_ACCESS_TOKEN is not set; {}", bitbucket.needs()))?;
    Ok(Some(Box::new(Bitbucket { token: token.to_owned(), ..bitbucket })))
}

pub fn url(env: &Environment) -> Option<String> {
    let repository = repository(env)?;
    match env.get("BITBUCKET_PR_ID") {
        Some(number) => Some(format!("{repository}/pull-requests/{number}")),
        None => Some(format!("{repository}/commits/{}", env.get("BITBUCKET_COMMIT")?)),
    }
}

pub fn run_url(env: &Environment) -> String {
    match (repository(env), env.get("BITBUCKET_BUILD_NUMBER")) {
        (Some(repository), Some(number)) => format!("{repository}/pipelines/results/{number}"),
        _ => String::new(),
    }
}

fn repository(env: &Environment) -> Option<String> {
    Some(format!("https://bitbucket.org/{}/{}", workspace(env)?, env.get("BITBUCKET_REPO_SLUG")?))
}

/// The report of the commit, with its annotations. What fails is said.
pub async fn report(env: &Environment, summary: &Summary<'_>, delay: Duration) {
    if let Err(why) = try_report(env, summary, delay).await {
        tell::note(&format!("the report of the commit is not written: {why}"));
    }
}

async fn try_report(
    env: &Environment,
    summary: &Summary<'_>,
    delay: Duration,
) -> Result<(), String> {
    let need = |value: Option<&str>, name: &str| {
        value.map(str::to_owned).ok_or(format!("{name} is not set"))
    };
    let workspace = need(workspace(env), "BITBUCKET_WORKSPACE")?;
    let slug = need(env.get("BITBUCKET_REPO_SLUG"), "BITBUCKET_REPO_SLUG")?;
    let commit = need(env.get("BITBUCKET_COMMIT"), "BITBUCKET_COMMIT")?;
    let token = token(env);
    let is_proxied = token.is_none() && env.own("BITBUCKET_API_BASE_URL").is_none();
    let (api, proxy) = if is_proxied { (PROXIED_API, Some(PROXY)) } else { (api(env), None) };
    let http = http::client(TIMEOUT, proxy).map_err(|e| e.message)?;
    let url = format!("{api}/repositories/{workspace}/{slug}/commit/{commit}/reports/basalt");
    let made = tell::bitbucket_report(summary.findings, summary.failed);
    let send = async |method: Method, url: &str, body: &Value| {
        let request = || {
            let request = http.request(method.clone(), url).json(body);
            token.map_or_else(
                || request.try_clone(),
                |token| request.try_clone().map(|r| r.bearer_auth(token)),
            )
        };
        deliver(request, delay).await
    };
    send(Method::PUT, &url, &made.report).await?;
    for some in &made.annotations {
        send(Method::POST, &format!("{url}/annotations"), some).await?;
    }
    Ok(())
}

/// Both requests say what shall be there, by ids of our own: to send one twice does no harm.
async fn deliver(
    request: impl Fn() -> Option<RequestBuilder>,
    delay: Duration,
) -> Result<(), String> {
    let mut attempt = 1;
    loop {
        let request = request().ok_or("the request cannot be made")?;
        let (why, passes) = match request.send().await {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            Ok(answer) => {
                let status = answer.status();
                let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
                (format!("Bitbucket answers with HTTP status {status}"), passes)
            }
            Err(e) => (format!("Bitbucket does not answer: {}", http::reason(&e)), true),
        };
        if !passes || attempt == ATTEMPTS {
            return Err(why);
        }
        tokio::time::sleep(delay * 2_u32.pow(attempt - 1)).await;
        attempt += 1;
    }
}
