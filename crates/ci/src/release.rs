//! `basalt release list` and `basalt release show`.

use std::fmt::Write as _;

use api::bytebase::v1::{
    GetReleaseRequest, ListReleasesRequest, ListReleasesResponse, Release, VcsType,
};
use base::Time;

use crate::environment::Environment;
use crate::failure::Result;
use crate::findings::counted;
use crate::settings::Given;
use crate::tell;

const PAGE: i32 = 100;

/// The newest `most` releases of the project, one a line.
pub async fn list(env: &Environment, given: &Given, most: usize) -> Result<()> {
    let (remote, project) = (given.remote(env)?, given.project(env)?);
    let mut releases: Vec<Release> = Vec::new();
    let mut token = String::new();
    loop {
        let request = ListReleasesRequest {
            parent: project.clone(),
            page_size: PAGE.min(i32::try_from(most - releases.len()).unwrap_or(PAGE)),
            page_token: token,
            ..ListReleasesRequest::default()
        };
        let page: ListReleasesResponse =
            remote.read("ReleaseService/ListReleases", &request).await?;
        let came = page.releases.len();
        releases.extend(page.releases);
        token = page.next_page_token;
        if token.is_empty() || came == 0 || releases.len() >= most {
            break;
        }
    }
    if releases.is_empty() {
        tell::note(&format!("{project} has no release yet"));
    }
    for release in releases.iter().take(most) {
        tell::out(&line(release));
    }
    Ok(())
}

/// One release with its files. `name`: whole, or the id alone.
pub async fn show(env: &Environment, given: &Given, name: &str) -> Result<()> {
    let remote = given.remote(env)?;
    let name = match name.starts_with("projects/") {
        true => name.to_owned(),
        false => format!("{}/releases/{name}", given.project(env)?),
    };
    let release: Release =
        remote.read("ReleaseService/GetRelease", &GetReleaseRequest { name }).await?;
    let mut text = line(&release);
    if let Some(source) = &release.vcs_source
        && !source.url.is_empty()
    {
        let _ = write!(text, "\nfrom {} {}", platform(source.vcs_type()), source.url);
    }
    for file in &release.files {
        let hash: String = file.sheet_sha256.chars().take(12).collect();
        let _ = write!(text, "\n  {:<16} {hash:<12} {}", file.version, file.path);
    }
    tell::out(&text);
    Ok(())
}

fn line(release: &Release) -> String {
    let at = release.create_time.as_ref().map(|t| Time::from_parts(t.seconds, t.nanos).to_string());
    let creator = release.creator.strip_prefix("users/").unwrap_or(&release.creator);
    let category =
        if release.category.is_empty() { String::new() } else { format!("  {}", release.category) };
    let files = counted(release.files.len(), "file");
    format!("{}  {}  {files}  {creator}{category}", release.name, at.unwrap_or_default())
}

const fn platform(kind: VcsType) -> &'static str {
    match kind {
        VcsType::Github => "GitHub",
        VcsType::Gitlab => "GitLab",
        VcsType::Bitbucket => "Bitbucket",
        VcsType::AzureDevops => "Azure DevOps",
        VcsType::Unspecified => "",
    }
}
