//! Checks the files of a release: on each target those that are not applied there.
//!
//! A file is reviewed on the schema that those before it make; rows are estimated as the database is now.

use std::sync::Arc;

use base::Result;
use base::name::SheetName;
use policy::release::{self, Steps, steps};
use store::rows::{ChangeDatabase, CheckLevel, CheckResult, ReleaseFile, Revision, RevisionKind};

use super::analyse::{CODE_INTERNAL, analyse};
use super::place::{self, Place, problem};
use super::run::{script, too_large};
use crate::app::App;

/// Files checked in one run, each counted once a target. The rest is said not to be checked.
pub const MOST_CHECKED: usize = 2_000;

/// A file, stored or not.
pub struct File {
    /// Empty for a script that belongs to no release: it always runs.
    pub version: String,
    pub path: String,
    pub text: Text,
}

pub enum Text {
    /// SHA-256 of a sheet of the project.
    Sheet(String),
    Inline {
        sha256: String,
        text: Arc<str>,
    },
}

/// A finding, and the index of the file that it is about.
pub type Found = (Option<usize>, CheckResult);

/// One target that cannot be checked is a finding; it does not fail the others.
pub async fn check(
    app: &Arc<App>,
    project: &str,
    change: &ChangeDatabase,
) -> Result<Vec<CheckResult>> {
    let mut conn = app.store.read().await?;
    let files = crate::release::files_of(&mut conn, project, &change.release).await?;
    drop(conn);
    let files: Vec<File> = files.into_iter().map(File::from).collect();
    let mut room = MOST_CHECKED;
    let mut results = Vec::new();
    for target in &change.targets {
        match one(app, project, change, target, &files, &mut room).await {
            Ok(found) => results.extend(found.into_iter().map(|(at, result)| match at {
                Some(at) => about(&files[at], result),
                None => result,
            })),
            Err(e) => results.push(problem(target, "", &e.to_string())),
        }
    }
    Ok(results)
}

async fn one(
    app: &Arc<App>,
    project: &str,
    change: &ChangeDatabase,
    target: &str,
    files: &[File],
    room: &mut usize,
) -> Result<Vec<Found>> {
    match Place::find(app, change, target).await? {
        Some(place) => on(app, project, place, files, room).await,
        None => Ok(vec![(None, place::gone(target, ""))]),
    }
}

/// Checks the files on one target. `room` is how many texts may still be looked at.
pub async fn on(
    app: &Arc<App>,
    project: &str,
    mut place: Place<'_>,
    files: &[File],
    room: &mut usize,
) -> Result<Vec<Found>> {
    let target = place.target;
    let mut conn = app.store.read().await?;
    let versioned = RevisionKind::Versioned;
    let applied = store::revisions::live(&mut conn, &place.database.id, versioned).await?;
    drop(conn);
    let steps = plan_of(files, &applied)?;
    let mut results = skipped(target, files, &steps);
    let checked = steps.run.len().min(*room);
    *room -= checked;
    if checked > 0 {
        let _slot = place.slot(app).await;
        let (mut session, mut unreachable) = place.connect(app).await;
        for (n, at) in steps.run[..checked].iter().enumerate() {
            let (sheet, text) = text_of(app, project, &files[*at]).await?;
            let found = match too_large(&text) {
                Some(why) => vec![problem(target, &sheet, &why)],
                None => {
                    let subject = place.subject(app, &sheet, &text);
                    // That the database was not reached is said once.
                    analyse(&subject, &mut session, unreachable.take().as_deref()).await
                }
            };
            results.extend(found.into_iter().map(|r| (Some(*at), r)));
            if n + 1 < checked {
                place.review.advance(&text).await;
            }
        }
        if let Some(session) = session {
            session.close().await;
        }
    }
    if checked < steps.run.len() {
        let text = format!(
            "{} files were not checked here: one run of the checks looks at {MOST_CHECKED} files.",
            steps.run.len() - checked
        );
        results.push((None, note(target, CheckLevel::Warning, "Not all files checked", &text)));
    }
    Ok(results)
}

/// The name of the sheet, if it is one, and the text.
async fn text_of(app: &App, project: &str, file: &File) -> Result<(String, Arc<str>)> {
    match &file.text {
        Text::Inline { text, .. } => Ok((String::new(), Arc::clone(text))),
        Text::Sheet(sha256) => {
            let sheet = SheetName::new(project, sha256);
            Ok((sheet.to_string(), script(app, &sheet).await?.into()))
        }
    }
}

/// What the release comes to on a database with these revisions. Without versions every file runs.
fn plan_of(files: &[File], applied: &[Revision]) -> Result<Steps> {
    if files.iter().any(|f| f.version.is_empty()) {
        return Ok(Steps { run: (0..files.len()).collect(), skipped: Vec::new() });
    }
    let files: Vec<_> = files
        .iter()
        .map(|f| release::File { version: &f.version, sha256: f.text.sha256() })
        .collect();
    let applied: Vec<_> = applied
        .iter()
        .map(|r| release::File { version: &r.version, sha256: &r.sheet_sha256 })
        .collect();
    steps(&files, &applied)
}

/// A finding for each file whose text changed since it was applied, and one when nothing is left to run.
fn skipped(target: &str, files: &[File], steps: &Steps) -> Vec<Found> {
    let warnings = steps.skipped.iter().filter(|s| s.reason.is_warning()).map(|skip| {
        let text = skip.message(&files[skip.file].version);
        let result = note(target, CheckLevel::Warning, "Changed since it was applied", &text);
        (Some(skip.file), result)
    });
    let mut found: Vec<_> = warnings.collect();
    if steps.run.is_empty() {
        let text = format!("All {} files are applied to this database already.", files.len());
        found.push((None, note(target, CheckLevel::Success, "Nothing to run", &text)));
    }
    found
}

/// The finding with the file that it is about.
fn about(file: &File, mut result: CheckResult) -> CheckResult {
    let shown = if file.path.is_empty() { &file.version } else { &file.path };
    result.title = format!("{shown}: {}", result.title);
    result.details.insert("version".to_owned(), file.version.clone());
    result.details.insert("file".to_owned(), file.path.clone());
    result
}

fn note(target: &str, level: CheckLevel, title: &str, content: &str) -> CheckResult {
    CheckResult {
        level,
        title: title.to_owned(),
        content: content.to_owned(),
        code: if level == CheckLevel::Success { 0 } else { CODE_INTERNAL },
        target: target.to_owned(),
        ..CheckResult::default()
    }
}

impl From<ReleaseFile> for File {
    fn from(file: ReleaseFile) -> Self {
        let ReleaseFile { version, path, sheet_sha256 } = file;
        Self { version, path, text: Text::Sheet(sheet_sha256) }
    }
}

impl Text {
    fn sha256(&self) -> &str {
        match self {
            Self::Sheet(sha256) | Self::Inline { sha256, .. } => sha256,
        }
    }
}
