//! Checks the files of a release: on each target those that are not applied there.
//!
//! A file is reviewed on the schema that those before it make; rows are estimated as the database is now.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base::name::SheetName;
use base::{Error, Result};
use engine::Session;
use futures_util::{StreamExt as _, stream};
use policy::release::{self, Hint, Level, Note, file_name};
use store::Conn;
use store::rows::{ChangeDatabase, CheckLevel, CheckResult, CheckType, ReleaseFile};
use tokio_util::task::AbortOnDropHandle;

use super::analyse::{CODE_INTERNAL, analyse};
use super::place::{self, Place, problem};
use super::run::{script, too_large};
use crate::app::App;
use crate::release::{Decided, Scope, decide};

/// Files checked in one run, each counted once a target. The rest is said not to be checked.
pub const MOST_CHECKED: usize = 20_000;
/// Targets that are checked at once. How many connections an instance allows is kept to all the same.
const AT_ONCE: usize = 8;

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

/// What was found on one target.
#[derive(Default)]
pub struct OnTarget {
    pub found: Vec<Found>,
    /// What there is to say about files because of what is in force there.
    pub notes: Vec<Note>,
    /// Indexes of those that are applied there as they are.
    pub applied: Vec<usize>,
}

/// Files to check, on whatever target.
pub struct Subject {
    pub project: String,
    pub change: ChangeDatabase,
    pub files: Vec<File>,
    pub scope: Scope,
    /// How many texts may still be looked at.
    room: AtomicUsize,
}

impl Subject {
    pub const fn new(
        project: String,
        change: ChangeDatabase,
        files: Vec<File>,
        scope: Scope,
    ) -> Self {
        Self { project, change, files, scope, room: AtomicUsize::new(MOST_CHECKED) }
    }

    /// Takes room for so many texts, or for what is left.
    fn take(&self, wanted: usize) -> usize {
        let left = |room: usize| Some(room.saturating_sub(wanted));
        let before = self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left);
        before.map_or(0, |room| room.min(wanted))
    }
}

/// One target that cannot be checked is a finding; it does not fail the others.
pub async fn check(
    app: &Arc<App>,
    project: &str,
    change: &ChangeDatabase,
) -> Result<Vec<CheckResult>> {
    let mut conn = app.store.read().await?;
    let release = crate::release::of_project(&mut conn, project, &change.release).await?;
    let scope = Scope::of(&crate::project::of(&mut conn, project).await?, &release);
    drop(conn);
    let files = release.payload.files.into_iter().map(File::from).collect();
    let subject = Arc::new(Subject::new(project.to_owned(), change.clone(), files, scope));
    let mut results = Vec::new();
    for (target, on) in change.targets.iter().zip(each(app, &subject, &change.targets).await) {
        match on {
            Ok(on) => results.extend(on.found.into_iter().map(|(at, result)| match at {
                Some(at) => about(&subject.files[at], result),
                None => result,
            })),
            Err(e) => results.push(problem(target, "", &e.to_string())),
        }
    }
    Ok(results)
}

/// What is found on each of the targets, several at once.
pub async fn each(
    app: &Arc<App>,
    subject: &Arc<Subject>,
    targets: &[String],
) -> Vec<Result<OnTarget>> {
    let one = |target: &String| {
        let (app, subject, target) = (Arc::clone(app), Arc::clone(subject), target.clone());
        // A task of its own uses every processor, and ends when nobody waits for it any more.
        let task = tokio::spawn(async move { one(&app, &subject, &target).await });
        async move {
            let broke_off = |e| Error::internal("a check broke off").with_source(e);
            AbortOnDropHandle::new(task).await.map_err(broke_off)?
        }
    };
    stream::iter(targets).map(one).buffered(AT_ONCE).collect().await
}

async fn one(app: &Arc<App>, subject: &Subject, target: &str) -> Result<OnTarget> {
    match Place::find(app, &subject.change, target).await? {
        Some(place) => on(app, subject, place).await,
        None => {
            let found = vec![(None, place::gone(target, ""))];
            Ok(OnTarget { found, ..OnTarget::default() })
        }
    }
}

async fn on(app: &Arc<App>, subject: &Subject, mut place: Place<'_>) -> Result<OnTarget> {
    let target = place.target;
    let files = &subject.files;
    let mut conn = app.store.read().await?;
    let decided = decided(&mut conn, subject, &place).await?;
    drop(conn);
    let run = decided.as_ref().map_or_else(|| (0..files.len()).collect(), |d| d.steps.run.clone());
    let applied = decided.iter().flat_map(|d| d.steps.applied()).collect();
    let notes = decided.map(|d| d.notes).unwrap_or_default();
    let mut found: Vec<_> = notes.iter().map(|note| finding(target, note)).collect();
    if run.is_empty() {
        let text = format!("All {} files are applied to this database already.", files.len());
        found.push((None, note(target, CheckLevel::Success, "Nothing to run", &text)));
    }
    let checked = subject.take(run.len());
    if checked > 0 {
        let _slot = place.slot(app).await;
        let (mut session, mut unreachable) = place.connect(app).await;
        for (n, at) in run[..checked].iter().enumerate() {
            let file = &files[*at];
            let (sheet, text) = text_of(app, &subject.project, file).await?;
            let results = match too_large(&text) {
                Some(why) => vec![problem(target, &sheet, &why)],
                None => {
                    let subject = place.subject(app, &sheet, &text);
                    // That the database was not reached is said once.
                    analyse(&subject, &mut session, unreachable.take().as_deref()).await
                }
            };
            found.extend(hinted(target, file, &results).map(|r| (Some(*at), r)));
            found.extend(results.into_iter().map(|r| (Some(*at), r)));
            if n + 1 < checked {
                place.review.advance(&text).await;
            }
        }
        close(session).await;
    }
    if checked < run.len() {
        let text = format!(
            "{} files were not checked here: one run of the checks looks at {MOST_CHECKED} files.",
            run.len() - checked
        );
        found.push((None, note(target, CheckLevel::Warning, "Not all files checked", &text)));
    }
    Ok(OnTarget { found, notes, applied })
}

async fn close(session: Option<Box<dyn Session>>) {
    if let Some(session) = session {
        session.close().await;
    }
}

/// What the release comes to there. None for files without versions: all of them run.
async fn decided(conn: &mut Conn, subject: &Subject, place: &Place<'_>) -> Result<Option<Decided>> {
    let files = &subject.files;
    if files.iter().any(|f| f.version.is_empty()) {
        return Ok(None);
    }
    let versions: Vec<_> = files
        .iter()
        .map(|f| release::File { version: &f.version, sha256: f.text.sha256() })
        .collect();
    let inline = files.iter().filter_map(|f| match &f.text {
        Text::Inline { sha256, text } => Some((sha256.as_str(), Arc::clone(text))),
        Text::Sheet(_) => None,
    });
    let inline: HashMap<_, _> = inline.collect();
    let (scope, database, reader) = (&subject.scope, &place.database, place.reader());
    decide(conn, &versions, &inline, scope, database, reader).await.map(Some)
}

/// What there is to say about a file, as a finding.
fn finding(target: &str, about: &Note) -> Found {
    let level = match about.level {
        Level::Info => CheckLevel::Success,
        Level::Warning => CheckLevel::Warning,
        Level::Refused => CheckLevel::Error,
    };
    let title = match about.reason {
        "FORMATTING_CHANGED" => "Formatting changed since it was applied",
        "CHANGE_ACCEPTED" => "Accepted: changed since it was applied",
        "OUT_OF_ORDER" => "Out of order",
        "APPLIED_IN_OTHER_STREAM" => "Applied by another stream",
        _ => "Changed since it was applied",
    };
    let mut result = note(target, level, title, &about.message);
    result.details.insert("reason".to_owned(), about.reason.to_owned());
    (Some(about.file), result)
}

/// A finding when the end of the name says something else than the statements do.
fn hinted(target: &str, file: &File, results: &[CheckResult]) -> Option<CheckResult> {
    let hint = file_name(&file.path).ok()?.hint?;
    let summary = results.iter().find(|r| r.kind == CheckType::StatementSummaryReport)?;
    let of = |words: &[&str]| {
        let is = |kind: &&String| words.iter().any(|word| kind.starts_with(word));
        summary.statement_types.iter().find(is)
    };
    let odd = match hint {
        Hint::Ddl => of(&["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"]),
        Hint::Dml => of(&["CREATE", "ALTER", "DROP", "TRUNCATE", "RENAME"]),
        Hint::Ghost => {
            let text = "The name asks for an online change (_ghost), which this version does not make: the statements run directly. Look at the lock forecast.";
            return Some(note(target, CheckLevel::Warning, "Not an online change", text));
        }
    };
    let text = format!(
        "The name ends with _{}, but the file has {}. What it is follows from its statements: name it after them.",
        hint.suffix(),
        odd?
    );
    Some(note(target, CheckLevel::Warning, "Name and statements differ", &text))
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
