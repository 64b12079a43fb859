//! `basalt ci init`: a workflow that is ready, with a check on each request and a rollout on each merge.
//!
//! The templates are those of the console's wizard, so that both make the same file: `<<name>>` is an answer, and a line that begins with
//! `@word ` stands only when that word holds. No secret is ever written into one.

use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::failure::{Failure, Result};
use crate::settings::Given;
use crate::{output, tell};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Github,
    Gitlab,
    Bitbucket,
    Azure,
}

#[derive(Debug, Clone)]
pub struct Init {
    pub given: Given,
    pub service: Service,
    pub target_stage: Option<String>,
    /// Who the pipeline signs in as where the platform proves who it is.
    pub workload_identity: Option<String>,
    pub branch: String,
    /// Where runners get the program from; None: from Basalt.
    pub program: Option<String>,
    pub sha256: Option<String>,
    /// Print it, and write nothing.
    pub print: bool,
    /// Put it in the place of a file that is there.
    pub force: bool,
    pub root: PathBuf,
}

impl Service {
    const fn template(self) -> &'static str {
        match self {
            Self::Github => {
                include_str!("../../../web/src/features/gitops/workflows/github.yml.tmpl")
            }
            Self::Gitlab => {
                include_str!("../../../web/src/features/gitops/workflows/gitlab.yml.tmpl")
            }
            Self::Bitbucket => {
                include_str!("../../../web/src/features/gitops/workflows/bitbucket.yml.tmpl")
            }
            Self::Azure => {
                include_str!("../../../web/src/features/gitops/workflows/azure.yml.tmpl")
            }
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Github => ".github/workflows/basalt.yml",
            Self::Gitlab => ".gitlab-ci.yml",
            Self::Bitbucket => "bitbucket-pipelines.yml",
            Self::Azure => "azure-pipelines.yml",
        }
    }

    /// Its jobs can prove which repository they belong to, to a server that knows the platform.
    const fn has_identity(self) -> bool {
        matches!(self, Self::Github | Self::Gitlab)
    }

    /// What the comment needs, beside the account.
    const fn comments_need(self) -> &'static str {
        match self {
            Self::Github => "Comments need nothing more.",
            Self::Gitlab => {
                "For comments, make a project access token with scope api, and give it as the masked variable GITLAB_TOKEN."
            }
            Self::Bitbucket => {
                "For comments, make a repository access token with scope pullrequest:write, and give it as the secured variable BITBUCKET_ACCESS_TOKEN."
            }
            Self::Azure => {
                "For comments, let the build service of the project contribute to pull requests; in Azure Repos make the pipeline a build validation of the branch."
            }
        }
    }
}

pub fn init(env: &Environment, asked: &Init) -> Result<()> {
    let text = workflow(env, asked)?;
    if asked.print {
        tell::out(text.trim_end());
        return Ok(());
    }
    let path = Path::new(asked.service.path());
    let whole = asked.root.join(path);
    if whole.exists() && !asked.force {
        return Err(Failure::usage(format!(
            "{} is there already: look at what --print shows, or replace it with --force",
            path.display()
        )));
    }
    output::write(&whole, &text)?;
    let account = match is_by_identity(env, asked) {
        true => {
            "The workload identity needs the role roles/gitopsServiceAgent in the project; nothing secret is to be stored."
        }
        false => {
            "The service account needs the role roles/gitopsServiceAgent in the project; store its key as the secret BASALT_SERVICE_ACCOUNT_SECRET."
        }
    };
    tell::out(&format!(
        "{} is written.\n{account}\n{}",
        path.display(),
        asked.service.comments_need()
    ));
    Ok(())
}

fn is_by_identity(env: &Environment, asked: &Init) -> bool {
    asked.service.has_identity()
        && asked.workload_identity.as_deref().or(env.own("WORKLOAD_IDENTITY")).is_some()
}

fn workflow(env: &Environment, asked: &Init) -> Result<String> {
    let given = &asked.given;
    let url = given.url.as_deref().or(env.own("URL"));
    let url = url.ok_or_else(|| {
        Failure::usage("say where runners find Basalt: --url https://basalt.example.com")
    })?;
    let url = url.trim_end_matches('/');
    let project = given.project(env)?;
    let targets = given.targets(env)?.join(",");
    let id = project.trim_start_matches("projects/");
    let identity = is_by_identity(env, asked);
    let account = match identity {
        true => asked.workload_identity.as_deref().or(env.own("WORKLOAD_IDENTITY")),
        false => given.service_account.as_deref().or(env.own("SERVICE_ACCOUNT")),
    };
    let account = account.map_or_else(|| format!("ci@{id}.service.bytebase.com"), str::to_owned);
    let files =
        given.file_pattern.as_deref().or(env.own("FILE_PATTERN")).unwrap_or("migrations/**/*.sql");
    let program = asked.program.clone().unwrap_or_else(|| format!("{url}/api/cli"));
    let stage = asked.target_stage.as_deref().or(env.own("TARGET_STAGE")).unwrap_or_default();
    let sha256 = asked.sha256.as_deref().unwrap_or_default().to_ascii_lowercase();
    let values = [
        ("url", url),
        ("project", &project),
        ("targets", &targets),
        ("files", files),
        ("branch", &asked.branch),
        ("account", &account),
        ("program", &program),
        ("stage", stage),
        ("sha256", &sha256),
    ];
    for (name, value) in values {
        // It would end a quoted word, or a shell or the platform would expand it.
        if value.contains(['\'', '"', '`', '$', '\\', '<', '>'])
            || value.chars().any(char::is_control)
        {
            return Err(Failure::usage(format!("the {name} {value:?} cannot stand in a workflow")));
        }
    }
    let holds = |word: &str| match word {
        "key" => !identity,
        "identity" => identity,
        "stage" => !stage.is_empty(),
        "nowhere" => stage.is_empty(),
        "sha256" => !sha256.is_empty(),
        _ => false,
    };
    let mut text = String::new();
    for line in asked.service.template().lines() {
        let line = match line.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
            Some((word, rest)) if holds(word) => rest,
            Some(_) => continue,
            None => line,
        };
        let filled = values
            .iter()
            .fold(line.to_owned(), |l, (name, value)| l.replace(&format!("<<{name}>>"), value));
        text.push_str(&filled);
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Exit;

    fn asked(service: Service) -> Init {
        Init {
            given: Given {
                url: Some("https://basalt.test/".to_owned()),
                project: Some("projects/shop".to_owned()),
                targets: vec!["instances/test/databases/shop".to_owned()],
                ..Given::default()
            },
            service,
            target_stage: Some("environments/test".to_owned()),
            workload_identity: None,
            branch: "main".to_owned(),
            program: None,
            sha256: None,
            print: false,
            force: false,
            root: PathBuf::new(),
        }
    }

    #[test]
    fn every_place_is_filled() {
        for service in [Service::Github, Service::Gitlab, Service::Bitbucket, Service::Azure] {
            let text = workflow(&Environment::default(), &asked(service)).unwrap();
            assert!(!text.contains("<<") && !text.lines().any(|l| l.starts_with('@')), "{text}");
            for part in [
                "\"https://basalt.test\"",
                "https://basalt.test/api/cli",
                "projects/shop",
                "basalt check --check-release FAIL_ON_ERROR",
                "basalt rollout --target-stage \"environments/test\"",
                "ci@shop.service.bytebase.com",
            ] {
                assert!(text.contains(part), "{service:?} lacks {part}: {text}");
            }
            // A stage that waits is no failure; GitLab has a colour for that.
            let takes_waiting = text.contains(&format!("exit_codes: {}", Exit::Waits as u8));
            assert_eq!(takes_waiting, service == Service::Gitlab, "{text}");
        }
    }

    #[test]
    fn a_platform_that_proves_who_it_is_needs_no_key() {
        for service in [Service::Github, Service::Gitlab] {
            let mut init = asked(service);
            init.workload_identity = Some("ci@shop.workload.bytebase.com".to_owned());
            let text = workflow(&Environment::default(), &init).unwrap();
            assert!(text.contains("BASALT_WORKLOAD_IDENTITY: \"ci@shop.workload"), "{text}");
            assert!(!text.contains("BASALT_SERVICE_ACCOUNT"), "{text}");
        }
    }

    #[test]
    fn what_would_break_out_of_a_string_is_refused() {
        for bad in ["a\"; rm -rf /", "$(id)", "a`id`", "${{ secrets.X }}"] {
            let mut init = asked(Service::Github);
            init.given.file_pattern = Some(bad.to_owned());
            assert!(workflow(&Environment::default(), &init).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_file_that_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut asked = asked(Service::Gitlab);
        folder.path().clone_into(&mut asked.root);
        let path = folder.path().join(".gitlab-ci.yml");
        std::fs::write(&path, "mine").unwrap();
        assert!(init(&Environment::default(), &asked).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
        asked.force = true;
        init(&Environment::default(), &asked).unwrap();
        assert!(std::fs::read_to_string(&path).unwrap().contains("basalt check"));
    }
}
