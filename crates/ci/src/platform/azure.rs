//! Azure Pipelines. Repositories may lie elsewhere: then Azure has no pull request of theirs.

use super::Request;
use crate::environment::Environment;
use crate::forge::{Azure, Forge as _};

/// The provider of a build whose repository is in Azure Repos.
const OWN: &str = "TfsGit";

fn collection(env: &Environment) -> Option<&str> {
    env.first(&[
        "SYSTEM_COLLECTIONURI",
        "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",
        "SYSTEM_TEAMFOUNDATIONSERVERURI",
    ])
}

fn project(env: &Environment) -> Option<&str> {
    env.first(&["SYSTEM_TEAMPROJECTID", "SYSTEM_TEAMPROJECT"])
}

pub fn request(env: &Environment) -> Request {
    let Some(number) = env.get("SYSTEM_PULLREQUEST_PULLREQUESTID") else { return Ok(None) };
    if env.get("BUILD_REPOSITORY_PROVIDER").unwrap_or(OWN) != OWN {
        return Err("the repository is not in Azure Repos".to_owned());
    }
    let azure = Azure {
        collection: collection(env).ok_or("SYSTEM_COLLECTIONURI is not set")?.to_owned(),
        project: project(env).ok_or("SYSTEM_TEAMPROJECT is not set")?.to_owned(),
        repository: env
            .get("BUILD_REPOSITORY_ID")
            .ok_or("BUILD_REPOSITORY_ID is not set")?
            .to_owned(),
        number: number.to_owned(),
        token: String::new(),
    };
    let token = env
        .get("SYSTEM_ACCESSTOKEN")
        .ok_or_else(|| format!("SYSTEM_ACCESSTOKEN is not set; {}", azure.needs()))?;
    Ok(Some(Box::new(Azure { token: token.to_owned(), ..azure })))
}

pub fn url(env: &Environment) -> Option<String> {
    let repository = env.get("BUILD_REPOSITORY_URI")?.trim_end_matches('/');
    match env.get("SYSTEM_PULLREQUEST_PULLREQUESTID") {
        Some(number) => Some(format!("{repository}/pullrequest/{number}")),
        None => Some(format!("{repository}/commit/{}", env.get("BUILD_SOURCEVERSION")?)),
    }
}

pub fn run_url(env: &Environment) -> String {
    match (collection(env), project(env), env.get("BUILD_BUILDID")) {
        (Some(collection), Some(project), Some(build)) => {
            let collection = collection.trim_end_matches('/');
            format!("{collection}/{}/_build/results?buildId={build}", project.replace(' ', "%20"))
        }
        _ => String::new(),
    }
}
