//! Looks at a branch without keeping anything: whether a repository is set up as it should be.

use base::name::ProjectName;
use base::{Error, Result, Secret};
use integrations::vcs::VcsError;
use policy::release::file_name;
use store::repositories;
use store::rows::{IgnoredFile, Repository, RepositoryPayload, RepositoryState};

use super::change::NewRepository;
use super::look::{client, look, pattern};
use super::outcome::{End, of_host, twice};
use super::rules;
use crate::cx::Cx;

/// Paths that are named.
const MOST_NAMED: usize = 100;

/// What there is to be seen.
#[derive(Debug, Clone, Default)]
pub struct Tested {
    pub repository_visible: bool,
    pub branch_found: bool,
    pub commit: String,
    /// Files that would be in a release; the first of them.
    pub files: Vec<String>,
    pub file_count: usize,
    pub ignored: Vec<IgnoredFile>,
    pub missing_scopes: Vec<String>,
    /// What is wrong and what to do; empty when nothing is.
    pub error: String,
}

/// `name` of a repository that is kept lends its token, to its own host only.
pub async fn test(cx: &Cx, parent: &str, name: &str, new: NewRepository) -> Result<Tested> {
    let project = ProjectName::parse("parent", parent)?.project;
    let now = cx.now();
    let mut row = Repository {
        project,
        id: String::new(),
        title: new.title,
        actor: String::new(),
        payload: RepositoryPayload { mode: new.mode.unwrap_or_default(), ..new.payload },
        version: 0,
        created_at: now,
        updated_at: now,
        state: RepositoryState::default(),
        checked_at: None,
        next_at: None,
        epoch: 0,
    };
    let mut token = new.token;
    if !name.is_empty() && token.is_empty() {
        let mut conn = cx.app.store.read().await?;
        let kept = super::of(&mut conn, "repository.name", name).await?;
        if kept.project != row.project {
            return Err(Error::not_found(name));
        }
        if row.payload.path.is_empty() {
            row.payload = kept.payload.clone();
        }
        rules::fill(&mut row);
        if row.payload.url != kept.payload.url && kept.payload.has_token {
            let what =
                "give a token of the new host: the kept one is sent to no other than its own";
            return Err(Error::field("repository.access_token", what));
        }
        token = repositories::token(&mut conn, &kept).await?;
    }
    rules::fill(&mut row);
    row.payload.has_token = !token.is_empty();
    let http = cx.app.outside.http.outbound().allow_private;
    let mode = Some(row.payload.mode);
    let url = rules::check(&row, mode, &token, http)?;
    rules::judge(&cx.app, &url).await?;
    see(cx, &row, token).await
}

async fn see(cx: &Cx, row: &Repository, token: Secret) -> Result<Tested> {
    let mut tested = Tested::default();
    let anonymous = token.is_empty();
    let client = client(&cx.app, row, token)?;
    let pattern = pattern(row)?;
    let looked = async {
        let scopes = if anonymous { Ok(Default::default()) } else { client.scopes().await };
        if let Ok(scopes) = &scopes {
            tested.missing_scopes.clone_from(&scopes.missing);
        }
        if matches!(scopes, Err(VcsError::Unauthorized)) {
            return Err(VcsError::Unauthorized);
        }
        client.visible().await?;
        tested.repository_visible = true;
        tested.commit = client.head(&row.payload.branch).await?;
        tested.branch_found = true;
        let looked = look(&client, &pattern, &tested.commit).await?;
        let missing =
            if row.payload.report { client.missing_for_reports().await? } else { Vec::new() };
        Ok((looked, missing))
    }
    .await;
    match looked {
        Ok((looked, missing)) => {
            // What was read all the same needs no more scopes.
            tested.missing_scopes = missing;
            let version = |path: &str| file_name(path).map_or("", |name| name.version).to_owned();
            let files: Vec<_> =
                looked.taken.iter().map(|e| (e.path.clone(), version(&e.path))).collect();
            let doubles = twice(files.iter().map(|(p, v)| (p.as_str(), v.as_str())));
            if !doubles.is_empty() {
                tested.error =
                    format!("{}. Each file needs a version of its own.", doubles.join("; "));
            } else if files.is_empty() {
                tested.error = format!(
                    "No file is named by {} and has a version; see what was left out, and why.",
                    pattern.as_str()
                );
            }
            if tested.error.is_empty() && !tested.missing_scopes.is_empty() {
                tested.error = format!(
                    "The token reads the repository, but lacks {} to tell the host what came of commits. Give it that, or do not have the host told.",
                    tested.missing_scopes.join(", ")
                );
            }
            tested.file_count = files.len();
            tested.files = files.into_iter().map(|(path, _)| path).take(MOST_NAMED).collect();
            tested.ignored = looked.ignored;
        }
        Err(e) => {
            if let VcsError::Forbidden { needs } = &e
                && !needs.is_empty()
            {
                tested.missing_scopes.push(needs.clone());
            }
            tested.error = match of_host(&e) {
                End::Nothing(why) | End::Failed { why, .. } | End::Again { why, .. } => why.message,
            };
        }
    }
    Ok(tested)
}
