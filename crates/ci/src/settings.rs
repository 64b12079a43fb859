//! What a command was told: by flags, else by variables. Everything wrong is said before anything is sent.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::environment::Environment;
use crate::failure::{Failure, Result};
use crate::remote::{Credentials, Proof, Remote};

/// As people give it.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub url: Option<String>,
    pub project: Option<String>,
    pub targets: Vec<String>,
    pub file_pattern: Option<String>,
    pub declarative: bool,
    pub output: Option<PathBuf>,
    pub timeout: Option<Duration>,
    pub access_token: Option<String>,
    pub service_account: Option<String>,
    pub service_account_secret: Option<String>,
    /// Who the platform's proof makes us: `ci@shop.workload.bytebase.com`.
    pub workload_identity: Option<String>,
    /// Whom the proof is for; the address of the server.
    pub oidc_audience: Option<String>,
    /// `Name: value`
    pub custom_headers: Vec<String>,
    /// Before a call is tried again.
    pub retry_delay: Duration,
    /// Between looks at what is being waited for.
    pub poll: Duration,
}

const TIMEOUT: Duration = Duration::from_secs(120);

impl Given {
    pub fn remote(&self, env: &Environment) -> Result<Remote> {
        let url = self.url.as_deref().or(env.own("URL")).ok_or_else(|| {
            Failure::usage("say where Basalt is: --url https://basalt.example.com, or BASALT_URL")
        })?;
        let is_address =
            Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
        if !is_address {
            return Err(Failure::usage(format!(
                "--url {url}: give a whole address, as https://basalt.example.com"
            )));
        }
        let timeout = self.timeout.unwrap_or(TIMEOUT);
        let headers = headers(&self.custom_headers)?;
        Remote::new(url, self.credentials(env, url)?, headers, timeout, self.retry_delay)
    }

    fn credentials(&self, env: &Environment, url: &str) -> Result<Credentials> {
        if let Some(token) = self.access_token.as_deref().or(env.own("ACCESS_TOKEN")) {
            return Ok(Credentials::Token(token.trim().to_owned()));
        }
        let email = self.service_account.as_deref().or(env.own("SERVICE_ACCOUNT"));
        let secret = self.service_account_secret.as_deref().or(env.own("SERVICE_ACCOUNT_SECRET"));
        match (email, secret) {
            (Some(email), Some(secret)) => Ok(Credentials::ServiceAccount {
                email: email.to_owned(),
                secret: secret.trim().to_owned(),
            }),
            (Some(_), None) => Err(Failure::usage(
                "--service-account needs its key: --service-account-secret, or BASALT_SERVICE_ACCOUNT_SECRET",
            )),
            (None, Some(_)) => Err(Failure::usage(
                "--service-account-secret needs its account: --service-account, or BASALT_SERVICE_ACCOUNT",
            )),
            (None, None) => self.identity(env, url),
        }
    }

    fn identity(&self, env: &Environment, url: &str) -> Result<Credentials> {
        let Some(email) = self.workload_identity.as_deref().or(env.own("WORKLOAD_IDENTITY")) else {
            return Ok(Credentials::None);
        };
        let audience = self.oidc_audience.as_deref().or(env.own("OIDC_AUDIENCE"));
        let audience = audience.unwrap_or(url.trim_end_matches('/'));
        let proof = Proof::find(env, audience).ok_or_else(|| {
            Failure::usage(
                "--workload-identity needs the platform's proof: on GitHub give the job `permissions: {id-token: write}`; on GitLab `id_tokens: {BASALT_ID_TOKEN: {aud: …}}`; elsewhere set BASALT_ID_TOKEN",
            )
        })?;
        Ok(Credentials::Identity { email: email.to_owned(), proof })
    }

    /// `projects/{project}`
    pub fn project(&self, env: &Environment) -> Result<String> {
        let project = self.project.as_deref().or(env.own("PROJECT")).ok_or_else(|| {
            Failure::usage("say whose change it is: --project projects/shop, or BASALT_PROJECT")
        })?;
        match project.strip_prefix("projects/") {
            Some(id) if is_id(id) => Ok(project.to_owned()),
            _ => Err(Failure::usage(format!("--project {project}: write it as projects/shop"))),
        }
    }

    pub fn targets(&self, env: &Environment) -> Result<Vec<String>> {
        let given: Vec<&str> = match self.targets.as_slice() {
            [] => env.own("TARGETS").into_iter().collect(),
            some => some.iter().map(String::as_str).collect(),
        };
        let mut targets: Vec<String> = Vec::new();
        for target in
            given.iter().flat_map(|t| t.split(',')).map(str::trim).filter(|t| !t.is_empty())
        {
            if !is_target(target) {
                return Err(Failure::usage(format!(
                    "--targets {target}: write each database as instances/test/databases/shop, or one group as projects/shop/databaseGroups/all"
                )));
            }
            if !targets.iter().any(|t| t == target) {
                targets.push(target.to_owned());
            }
        }
        let is_group = |t: &String| t.contains("/databaseGroups/");
        if targets.iter().any(is_group) && targets.len() > 1 {
            return Err(Failure::usage(
                "--targets: give either databases or exactly one database group",
            ));
        }
        if targets.is_empty() {
            return Err(Failure::usage(
                "say which databases: --targets instances/test/databases/shop,instances/prod/databases/shop, or BASALT_TARGETS",
            ));
        }
        Ok(targets)
    }

    /// The targets, each of them a database.
    pub fn databases(&self, env: &Environment) -> Result<Vec<String>> {
        let targets = self.targets(env)?;
        match targets.iter().find(|t| t.contains("/databaseGroups/")) {
            Some(group) => Err(Failure::usage(format!(
                "--targets {group}: name the databases; each has a history of its own"
            ))),
            None => Ok(targets),
        }
    }

    /// The same; None when no target is named.
    pub fn named_databases(&self, env: &Environment) -> Result<Option<Vec<String>>> {
        let is_named = !self.targets.is_empty() || env.own("TARGETS").is_some();
        if is_named { self.databases(env).map(Some) } else { Ok(None) }
    }

    pub fn pattern(&self, env: &Environment) -> Result<String> {
        let pattern = self.file_pattern.as_deref().or(env.own("FILE_PATTERN"));
        pattern.map(str::to_owned).ok_or_else(|| {
            Failure::usage(
                "say which files: --file-pattern 'migrations/**/*.sql', or BASALT_FILE_PATTERN",
            )
        })
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c == '/' || c.is_whitespace())
}

fn is_target(text: &str) -> bool {
    match text.split('/').collect::<Vec<_>>().as_slice() {
        ["instances", i, "databases", d] => is_id(i) && is_id(d),
        ["projects", p, "databaseGroups", g] => is_id(p) && is_id(g),
        ["projects", p, "instances", i, "databases", d] => is_id(p) && is_id(i) && is_id(d),
        _ => false,
    }
}

fn headers(given: &[String]) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for one in given {
        let wrong = |why: &str| Failure::usage(format!("--custom-header {one:?}: {why}"));
        let (name, value) =
            one.split_once(':').ok_or_else(|| wrong("write it as 'Name: value'"))?;
        let name = HeaderName::from_bytes(name.trim().as_bytes())
            .map_err(|_| wrong("this is no name of a header"))?;
        if name == reqwest::header::AUTHORIZATION {
            return Err(wrong("give credentials by --access-token or --service-account"));
        }
        let value =
            HeaderValue::from_str(value.trim()).map_err(|_| wrong("this value cannot be sent"))?;
        headers.append(name, value);
    }
    Ok(headers)
}

/// `120s`, `2m`, `1h30m`, `500ms`; a bare number is seconds.
pub fn parse_duration(text: &str) -> std::result::Result<Duration, String> {
    let wrong = || format!("{text:?} is no duration: write it as 120s, 2m or 1h30m");
    if let Ok(seconds) = text.parse::<u64>() {
        return Ok(Duration::from_secs(seconds));
    }
    let (mut rest, mut total) = (text, 0_f64);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let number: f64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = &rest[digits..];
        let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        total += number
            * match &rest[..end] {
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return Err(wrong()),
            };
        rest = &rest[end..];
    }
    let found = Duration::try_from_secs_f64(total).map_err(|_| wrong())?;
    if found.is_zero() { Err(wrong()) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(given: &[&str]) -> Result<Vec<String>> {
        let targets = given.iter().map(|t| (*t).to_owned()).collect();
        Given { targets, ..Given::default() }.targets(&Environment::default())
    }

    #[test]
    fn targets_are_split_and_judged() {
        let two = targets(&[
            "instances/a/databases/b, instances/a/databases/c",
            "instances/a/databases/b",
        ]);
        assert_eq!(two.unwrap(), ["instances/a/databases/b", "instances/a/databases/c"]);
        assert!(targets(&["projects/p/databaseGroups/g"]).is_ok());
        for bad in
            [&["instances/a"][..], &[], &["instances/a/databases/b", "projects/p/databaseGroups/g"]]
        {
            assert_eq!(targets(bad).unwrap_err().exit, crate::Exit::Usage, "{bad:?}");
        }
    }

    #[test]
    fn durations_are_those_of_the_action() {
        for (text, millis) in [
            ("120s", 120_000),
            ("2m", 120_000),
            ("1h30m", 5_400_000),
            ("500ms", 500),
            ("1.5s", 1_500),
            ("7", 7_000),
        ] {
            assert_eq!(parse_duration(text).unwrap(), Duration::from_millis(millis), "{text}");
        }
        for bad in ["", "s", "5d", "-1s", "1m2", "0s"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn headers_may_not_carry_credentials() {
        assert!(headers(&["X-Team: shop".to_owned()]).is_ok());
        for bad in ["authorization: Bearer x", "no colon", "bad name: x", "X: a\nb"] {
            assert!(headers(&[bad.to_owned()]).is_err(), "{bad}");
        }
    }
}
