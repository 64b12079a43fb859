//! Checks the files of a release: on each target those that are not applied there, each by itself.
//!
//! A file is reviewed on the schema that those before it make; rows are estimated as the database is now.

use std::sync::Arc;

use base::Result;
use base::name::SheetName;
use policy::release::{File, Steps, steps};
use store::rows::{ChangeDatabase, CheckLevel, CheckResult, ReleaseFile, Revision, RevisionKind};

use super::analyse::{CODE_INTERNAL, analyse};
use super::place::{self, Place, problem};
use super::run::{script, too_large};
use crate::app::App;

/// Files checked in one run, each counted once a target. The rest is said not to be checked.
const MOST_CHECKED: usize = 2_000;

/// One target that cannot be checked is a finding; it does not fail the others.
pub async fn check(
    app: &Arc<App>,
    project: &str,
    change: &ChangeDatabase,
) -> Result<Vec<CheckResult>> {
    let mut conn = app.store.read().await?;
    let files = crate::release::files_of(&mut conn, project, &change.release).await?;
    drop(conn);
    let mut room = MOST_CHECKED;
    let mut results = Vec::new();
    for target in &change.targets {
        match one(app, project, change, target, &files, &mut room).await {
            Ok(found) => results.extend(found),
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
    files: &[ReleaseFile],
    room: &mut usize,
) -> Result<Vec<CheckResult>> {
    let Some(mut place) = Place::find(app, change, target).await? else {
        return Ok(vec![place::gone(target, "")]);
    };
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
            let file = &files[*at];
            let sheet = SheetName::new(project, &file.sheet_sha256);
            let text = script(app, &sheet).await?;
            let sheet = sheet.to_string();
            let found = match too_large(&text) {
                Some(why) => vec![problem(target, &sheet, &why)],
                None => {
                    let subject = place.subject(app, &sheet, &text);
                    // That the database was not reached is said once.
                    analyse(&subject, &mut session, unreachable.take().as_deref()).await
                }
            };
            results.extend(found.into_iter().map(|r| about(file, r)));
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
        results.push(note(target, CheckLevel::Warning, "Not all files checked", &text));
    }
    Ok(results)
}

/// What the release comes to on a database with these revisions.
fn plan_of(files: &[ReleaseFile], applied: &[Revision]) -> Result<Steps> {
    let files: Vec<_> =
        files.iter().map(|f| File { version: &f.version, sha256: &f.sheet_sha256 }).collect();
    let applied: Vec<_> =
        applied.iter().map(|r| File { version: &r.version, sha256: &r.sheet_sha256 }).collect();
    steps(&files, &applied)
}

/// A finding for each file whose text changed since it was applied, and one when nothing is left to run.
fn skipped(target: &str, files: &[ReleaseFile], steps: &Steps) -> Vec<CheckResult> {
    let warnings = steps.skipped.iter().filter(|s| s.reason.is_warning()).map(|skip| {
        let file = &files[skip.file];
        let text = skip.message(&file.version);
        about(file, note(target, CheckLevel::Warning, "Changed since it was applied", &text))
    });
    let mut found: Vec<_> = warnings.collect();
    if steps.run.is_empty() {
        let text = format!("All {} files are applied to this database already.", files.len());
        found.push(note(target, CheckLevel::Success, "Nothing to run", &text));
    }
    found
}

/// The finding with the file that it is about.
fn about(file: &ReleaseFile, mut result: CheckResult) -> CheckResult {
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
