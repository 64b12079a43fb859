//! `basalt check`: what a release of these files would meet in each database. Nothing is stored, nothing is run.

use std::path::PathBuf;

use api::bytebase::v1::release::{File as WireFile, Type, VcsSource};
use api::bytebase::v1::{CheckReleaseRequest, CheckReleaseResponse, Release};

use crate::environment::Environment;
use crate::failure::{Exit, Failure, Result};
use crate::files::{self, File, Found};
use crate::findings::{Findings, Level, counted};
use crate::output::Output;
use crate::platform::Platform;
use crate::settings::Given;
use crate::tell::{self, Summary};

/// What makes the exit status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    Nothing,
    Warning,
    Error,
}

/// What a release says beside its files.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Its versions are counted apart from those of other categories, and of repositories.
    pub category: String,
    /// Why files may differ from what was applied; empty when they may not.
    pub accept_changed: String,
}

#[derive(Debug, Clone)]
pub struct Check {
    pub given: Given,
    pub fail_on: FailOn,
    pub terms: Terms,
    /// Rules in words, for servers that have a model to read them.
    pub custom_rules: String,
    /// Where patterns and paths begin.
    pub root: PathBuf,
}

pub async fn check(env: &Environment, check: &Check) -> Result<Exit> {
    let mut output = Output::default();
    let done = run(env, check, &mut output).await;
    let written = output.write(check.given.output.as_deref());
    let exit = done?;
    written?;
    Ok(exit)
}

async fn run(env: &Environment, check: &Check, output: &mut Output) -> Result<Exit> {
    let remote = check.given.remote(env)?;
    let project = check.given.project(env)?;
    let targets = check.given.targets(env)?;
    let found = find(&check.root, &check.given.pattern(env)?, check.given.declarative, false)?;
    let platform = Platform::detect(env);
    let request = CheckReleaseRequest {
        parent: project.clone(),
        release: Some(release(
            &found.files,
            check.given.declarative,
            &check.terms,
            platform.source(env, &check.root),
        )),
        targets: targets.clone(),
        custom_rules: check.custom_rules.clone(),
        vcs_user: platform.author(env),
    };
    let response: CheckReleaseResponse =
        remote.read("ReleaseService/CheckRelease", &request).await?;
    output.set_check(&response)?;

    let findings = Findings::of(&response);
    let failed = fails(&findings, check.fail_on);
    if matches!(platform, Platform::Gitlab | Platform::Bitbucket | Platform::Local)
        && !findings.all.is_empty()
    {
        tell::out(tell::findings(&findings.all).trim_end());
    }
    let summary = Summary {
        project: &project,
        files: found.files.len(),
        targets: targets.len(),
        findings: &findings,
        ignored: &found.ignored,
        commit: platform.commit(env),
        run_url: &platform.run_url(env),
        failed,
    };
    platform.show(env, &summary, check.given.retry_delay).await?;
    let applied = response.skipped.iter().filter(|s| !s.refused).count();
    if applied > 0 {
        let (are, applied) = (if applied == 1 { "is" } else { "are" }, counted(applied, "file"));
        tell::note(&format!("{applied} {are} applied already; basalt why FILE tells where"));
    }
    let (files, databases) = (counted(summary.files, "file"), counted(summary.targets, "database"));
    tell::out(&format!("{}: {files} on {databases}", findings.counts()));
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

fn fails(findings: &Findings, on: FailOn) -> bool {
    match on {
        FailOn::Nothing => false,
        FailOn::Warning => !findings.all.is_empty(),
        FailOn::Error => findings.count(Level::Error) > 0,
    }
}

/// The files, with a line for each that is left out. That there is none is an error: else a pattern with a typing mistake would pass for
/// ever.
pub fn find(
    root: &std::path::Path,
    pattern: &str,
    declarative: bool,
    together: bool,
) -> Result<Found> {
    let found = match declarative {
        true => files::declarative(root, pattern, together)?,
        false => files::versioned(root, pattern)?,
    };
    for ignored in &found.ignored {
        tell::note(&format!("{} is left out: {}", ignored.path, ignored.why));
    }
    if found.files.is_empty() {
        return Err(Failure::usage(format!(
            "--file-pattern {pattern} names no file with a version, seen from {}; write ** for folders of any depth",
            root.canonicalize().unwrap_or_else(|_| root.to_owned()).display()
        )));
    }
    Ok(found)
}

/// A release as it is sent: the text of each file with its path and version.
pub fn release(
    files: &[File],
    declarative: bool,
    terms: &Terms,
    vcs_source: Option<VcsSource>,
) -> Release {
    let file = |f: &File| WireFile {
        path: f.path.clone(),
        version: f.version.clone(),
        statement: f.statement.clone(),
        ..WireFile::default()
    };
    let kind = if declarative { Type::Declarative } else { Type::Versioned };
    Release {
        r#type: kind.into(),
        files: files.iter().map(file).collect(),
        category: terms.category.clone(),
        accept_changed: terms.accept_changed.clone(),
        vcs_source,
        ..Release::default()
    }
}
