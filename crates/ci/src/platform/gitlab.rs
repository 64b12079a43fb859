//! GitLab CI.

use std::path::Path;

use api::bytebase::v1::{VcsType, VcsUser};

use super::Request;
use crate::environment::Environment;
use crate::failure::Result;
use crate::findings::Finding;
use crate::forge::{Forge as _, Gitlab};
use crate::{output, tell};

/// Where the code quality report goes, unless `BASALT_CODE_QUALITY` says otherwise: pipelines that come from the action name it so.
const QUALITY: &str = "bytebase_codequality.json";

pub fn request(env: &Environment) -> Request {
    let Some(number) = env.get("CI_MERGE_REQUEST_IID") else { return Ok(None) };
    let project = env.first(&["CI_MERGE_REQUEST_PROJECT_ID", "CI_PROJECT_ID"]);
    let gitlab = Gitlab {
        api: env
            .get("CI_API_V4_URL")
            .ok_or("CI_API_V4_URL is not set")?
            .trim_end_matches('/')
            .to_owned(),
        project: project.ok_or("CI_PROJECT_ID is not set")?.to_owned(),
        number: number.to_owned(),
        token: String::new(),
    };
    // The job's own token may not write notes.
    let token = env.own("GITLAB_TOKEN").or(env.get("GITLAB_TOKEN"));
    let token = token.ok_or_else(|| format!("GITLAB_TOKEN is not set; {}", gitlab.needs()))?;
    Ok(Some(Box::new(Gitlab { token: token.to_owned(), ..gitlab })))
}

pub fn url(env: &Environment) -> Option<String> {
    if let (Some(project), Some(number)) = (
        env.first(&["CI_MERGE_REQUEST_PROJECT_URL", "CI_PROJECT_URL"]),
        env.get("CI_MERGE_REQUEST_IID"),
    ) {
        return Some(format!("{project}/-/merge_requests/{number}"));
    }
    Some(format!("{}/-/commit/{}", env.get("CI_PROJECT_URL")?, env.get("CI_COMMIT_SHA")?))
}

pub fn author(env: &Environment) -> Option<VcsUser> {
    env.get("CI_MERGE_REQUEST_IID")?;
    let login = env.get("GITLAB_USER_LOGIN")?;
    // Users that access tokens make.
    if (login.starts_with("project_") || login.starts_with("group_")) && login.contains("_bot") {
        return None;
    }
    Some(VcsUser {
        vcs_type: VcsType::Gitlab.into(),
        user_id: env.text("GITLAB_USER_ID").to_owned(),
        user_name: login.to_owned(),
        display_name: env.get("GITLAB_USER_NAME").unwrap_or(login).to_owned(),
    })
}

/// For `artifacts: reports: codequality:`.
pub fn write_quality(env: &Environment, findings: &[Finding]) -> Result<()> {
    let path = env.own("CODE_QUALITY").unwrap_or(QUALITY);
    let general = env.get("CI_CONFIG_PATH").unwrap_or(".gitlab-ci.yml");
    let report = tell::code_quality(findings, general);
    output::write(Path::new(path), &format!("{report:#}\n"))
}
