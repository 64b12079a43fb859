//! Where a command runs, told from the variables that the platform sets; and what that platform shows.

mod azure;
mod bitbucket;
mod github;
mod gitlab;
mod local;

use std::path::Path;
use std::time::Duration;

use api::bytebase::v1::release::VcsSource;
use api::bytebase::v1::{VcsType, VcsUser};

use crate::environment::Environment;
use crate::failure::Result;
use crate::findings::{Finding, Level};
use crate::forge::{self, Forge, Put};
use crate::http;
use crate::tell::{self, Summary};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    Github,
    Gitlab,
    Bitbucket,
    Azure,
    Local,
}

/// The request that a pipeline runs for, if it runs for one; or why it cannot be written to.
type Request = std::result::Result<Option<Box<dyn Forge>>, String>;

const TIMEOUT: Duration = Duration::from_secs(30);

impl Platform {
    pub fn detect(env: &Environment) -> Self {
        if env.get("GITHUB_ACTIONS") == Some("true") {
            Self::Github
        } else if env.get("GITLAB_CI") == Some("true") {
            Self::Gitlab
        } else if env.get("BITBUCKET_BUILD_NUMBER").is_some() {
            Self::Bitbucket
        } else if env.get("SYSTEM_TEAMFOUNDATIONSERVERURI").is_some() {
            Self::Azure
        } else {
            Self::Local
        }
    }

    /// Where the files come from: the request if there is one, else the commit; on somebody's machine, the repository.
    pub fn source(self, env: &Environment, root: &Path) -> Option<VcsSource> {
        let (kind, url) = match self {
            Self::Github => (VcsType::Github, github::url(env)?),
            Self::Gitlab => (VcsType::Gitlab, gitlab::url(env)?),
            Self::Bitbucket => (VcsType::Bitbucket, bitbucket::url(env)?),
            Self::Azure => (VcsType::AzureDevops, azure::url(env)?),
            Self::Local => return local::source(root),
        };
        Some(VcsSource { vcs_type: kind.into(), url })
    }

    /// Who made the change, in a run for a request. Programs are nobody.
    pub fn author(self, env: &Environment) -> Option<VcsUser> {
        match self {
            Self::Github => github::author(env),
            Self::Gitlab => gitlab::author(env),
            Self::Bitbucket | Self::Azure | Self::Local => None,
        }
    }

    pub fn commit(self, env: &Environment) -> &str {
        env.text(match self {
            Self::Github => "GITHUB_SHA",
            Self::Gitlab => "CI_COMMIT_SHA",
            Self::Bitbucket => "BITBUCKET_COMMIT",
            Self::Azure => "BUILD_SOURCEVERSION",
            Self::Local => return "",
        })
    }

    /// The page with the log of this run.
    pub fn run_url(self, env: &Environment) -> String {
        match self {
            Self::Github => github::run_url(env),
            Self::Gitlab => env.text("CI_JOB_URL").to_owned(),
            Self::Bitbucket => bitbucket::run_url(env),
            Self::Azure => azure::run_url(env),
            Self::Local => String::new(),
        }
    }

    fn request(self, env: &Environment) -> Request {
        match self {
            Self::Github => github::request(env),
            Self::Gitlab => gitlab::request(env),
            Self::Bitbucket => bitbucket::request(env),
            Self::Azure => azure::request(env),
            Self::Local => Ok(None),
        }
    }

    /// Shows what a check found. That a platform does not take it is said, and is no failure of the check.
    pub async fn show(
        self,
        env: &Environment,
        summary: &Summary<'_>,
        delay: Duration,
    ) -> Result<()> {
        match self {
            Self::Github => {
                print(&tell::github_annotations(&summary.findings.all));
                let markup = tell::Markup { html: true, longest: 900_000 };
                github::add_summary(env, &tell::comment(summary, markup).1);
            }
            Self::Azure => print(&tell::azure_issues(&summary.findings.all)),
            Self::Gitlab => gitlab::write_quality(env, &summary.findings.all)?,
            Self::Bitbucket => bitbucket::report(env, summary, delay).await,
            Self::Local => {}
        }
        let forge = match self.request(env) {
            Ok(Some(forge)) => forge,
            Ok(None) => return Ok(()),
            Err(missing) => {
                tell::note(&format!("no comment was written: {missing}"));
                return Ok(());
            }
        };
        let http = http::client(TIMEOUT, None)?;
        let (marker, text) = tell::comment(summary, forge.markup());
        match forge::put(forge.as_ref(), &http, &marker, &text, delay).await {
            Ok(Put::Created) => {
                tell::note(&format!("commented on the request on {}", forge.name()));
            }
            Ok(Put::Updated) => tell::note(&format!("the comment on {} is updated", forge.name())),
            Err(why) => tell::note(&why),
        }
        Ok(())
    }

    /// One error of a rollout, where the platform shows it.
    pub fn show_failure(self, file: &str, line: Option<i32>, title: &str, content: &str) {
        match self {
            Self::Github => {
                tell::out(&tell::github_annotation(Level::Error, file, line, title, content));
            }
            Self::Azure => {
                let finding = Finding {
                    file: file.to_owned(),
                    line,
                    level: Level::Error,
                    title: title.to_owned(),
                    content: content.to_owned(),
                    code: 0,
                    targets: Vec::new(),
                };
                print(&tell::azure_issues(std::slice::from_ref(&finding)));
            }
            Self::Gitlab | Self::Bitbucket | Self::Local => {}
        }
    }

    /// Adds to the page of the run, where there is one.
    pub fn add_summary(self, env: &Environment, markdown: &str) {
        if self == Self::Github {
            github::add_summary(env, markdown);
        }
    }
}

fn print(lines: &str) {
    if !lines.is_empty() {
        tell::out(lines.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_platform_is_known_by_its_own_variable() {
        for (name, value, platform) in [
            ("GITHUB_ACTIONS", "true", Platform::Github),
            ("GITLAB_CI", "true", Platform::Gitlab),
            ("BITBUCKET_BUILD_NUMBER", "7", Platform::Bitbucket),
            ("SYSTEM_TEAMFOUNDATIONSERVERURI", "https://dev.azure.com/o/", Platform::Azure),
            ("GITHUB_ACTIONS", "false", Platform::Local),
            ("CI", "true", Platform::Local),
        ] {
            let env = Environment::new([(name.to_owned(), value.to_owned())]);
            assert_eq!(Platform::detect(&env), platform, "{name}");
        }
    }
}
