//! Checks files against databases without storing anything: for pipelines before they make a release, and for editors.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use base::id::sha256_hex;
use base::name::{DatabaseName, SheetName};
use base::{Error, FieldViolation, Result};
use policy::release::{Level, Note, Terms, Version, file_name};
use policy::risk::{self, Risk};
use store::rows::{ChangeDatabase, CheckResult, CheckType, RevisionKind, VcsSource};

use super::create::{NewFile, NewRelease, Source};
use super::decide::Scope;
use super::rules;
use crate::cx::Cx;
use crate::database::belong;
use crate::plan::check::place;
use crate::plan::check::release::{self, File, MOST_CHECKED, Subject, Text};
use crate::{project, sheet};

/// More violations than this help nobody.
const MOST_SHOWN: usize = 20;

/// What to check, and where.
pub struct Ask {
    pub project: String,
    /// None: files without versions are scripts that run in their order.
    pub kind: Option<RevisionKind>,
    /// With the link, says what the versions are counted in.
    pub category: String,
    pub vcs_source: Option<VcsSource>,
    /// As a release would say it.
    pub accept_changed: String,
    pub files: Vec<NewFile>,
    /// `instances/{instance}/databases/{database}`, of the project.
    pub targets: Vec<String>,
}

/// What a check found.
#[derive(Debug)]
pub struct Found {
    /// In the order of the targets, then of the files.
    pub checked: Vec<Checked>,
    /// In the order of the files' versions; first those without one.
    pub skipped: Vec<Skipped>,
}

/// What was found about one file on one target. A file that is applied there already has none.
#[derive(Debug)]
pub struct Checked {
    /// Path of the file, or its version. Empty for what is about the target as a whole.
    pub file: String,
    pub target: String,
    /// As the checks of a plan say it.
    pub results: Vec<CheckResult>,
    pub affected_rows: i64,
    pub risk: Risk,
}

/// A file that would not run on these targets, and why.
#[derive(Debug)]
pub struct Skipped {
    pub file: String,
    pub version: String,
    /// A stable word.
    pub reason: &'static str,
    pub message: String,
    /// None: on all.
    pub targets: Vec<String>,
    /// A rollout of the release would be refused there for it.
    pub refused: bool,
}

/// Several targets at once; on each, later files on the state after earlier ones.
pub async fn check(cx: &Cx, mut ask: Ask) -> Result<Found> {
    let is_versioned = ask.kind.is_some() || ask.files.iter().any(|f| !f.version.is_empty());
    rules::can_be(ask.kind.unwrap_or(RevisionKind::Versioned))?;
    let mut files = std::mem::take(&mut ask.files);
    if is_versioned {
        rules::read_versions(&mut files);
    }
    let new = to_check(&ask, files);
    let mut wrong = rules::violations(&new);
    // Files without a version do not run, which is said of each.
    wrong.retain(|v| !nameless(&new, &v.field) && (is_versioned || !v.field.ends_with(".version")));
    wrong.extend(target_violations(&ask.targets));
    if !wrong.is_empty() {
        wrong.truncate(MOST_SHOWN);
        return Err(Error::fields(wrong));
    }
    let mut conn = cx.app.store.read().await?;
    let project = project::live(&mut conn, &ask.project).await?;
    drop(conn);
    let scope = Scope {
        stream: super::stream(&ask.project, &ask.category, ask.vcs_source.as_ref()),
        terms: Terms {
            out_of_order: project.payload.out_of_order,
            accept_changed: ask.accept_changed.trim().to_owned(),
        },
    };
    let (new, mut skipped) = split(new.files, is_versioned);
    let files = files_of(cx, &ask.project, new, is_versioned).await?;
    let mut conn = cx.app.store.read().await?;
    belong(&mut conn, &ask.project, "targets", &ask.targets).await?;
    drop(conn);
    if files.is_empty() {
        return Ok(Found { checked: Vec::new(), skipped });
    }
    let change = ChangeDatabase::default();
    let subject = Arc::new(Subject::new(ask.project, change, files, scope));
    let mut checked = Vec::new();
    let mut notes = BTreeMap::new();
    let mut applied: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (target, on) in ask.targets.iter().zip(release::each(&cx.app, &subject, &ask.targets).await)
    {
        match on {
            Ok(on) => {
                checked.extend(by_file(&subject.files, target, on.found));
                for note in on.notes.into_iter().filter(|note| !note.runs) {
                    let key = (note.file, note.reason, note.message.clone());
                    notes.entry(key).or_insert_with(|| (note, Vec::new())).1.push(target.clone());
                }
                for file in on.applied {
                    applied.entry(file).or_default().push(target.clone());
                }
            }
            Err(e) => {
                let found = vec![(None, place::problem(target, "", &e.to_string()))];
                checked.extend(by_file(&subject.files, target, found));
            }
        }
    }
    for (file, targets) in applied {
        let note = Note::already_applied(file, &subject.files[file].version);
        notes.insert((file, note.reason, note.message.clone()), (note, targets));
    }
    let said = |(note, targets): (Note, Vec<String>)| {
        let file = &subject.files[note.file];
        Skipped {
            file: file.path.clone(),
            version: file.version.clone(),
            reason: note.reason,
            refused: note.level == Level::Refused,
            message: note.message,
            targets,
        }
    };
    skipped.extend(notes.into_values().map(said));
    Ok(Found { checked, skipped })
}

/// Whether the field is the version of a file whose name has none.
fn nameless(new: &NewRelease, field: &str) -> bool {
    let at = field.strip_prefix("release.files[").and_then(|rest| rest.strip_suffix("].version"));
    let file = at.and_then(|at| new.files.get(at.parse::<usize>().ok()?));
    file.is_some_and(|f| f.version.is_empty() && !f.path.is_empty())
}

/// The files that can run, with their places in the request, and those whose names have no version.
fn split(files: Vec<NewFile>, is_versioned: bool) -> (Vec<(usize, NewFile)>, Vec<Skipped>) {
    let has = |(_, f): &(usize, NewFile)| !is_versioned || !f.version.is_empty();
    let (run, not): (Vec<_>, Vec<_>) = files.into_iter().enumerate().partition(has);
    let said = |(_, file): (usize, NewFile)| {
        let why = file_name(&file.path).err().map_or("it has no version", |why| why.message());
        Skipped {
            version: String::new(),
            reason: "NO_VERSION",
            message: format!("{} is left out: {why}.", file.path),
            targets: Vec::new(),
            refused: false,
            file: file.path,
        }
    };
    (run, not.into_iter().map(said).collect())
}

/// A release that is not going to be made, so without a name.
fn to_check(ask: &Ask, files: Vec<NewFile>) -> NewRelease {
    NewRelease {
        project: ask.project.clone(),
        kind: RevisionKind::Versioned,
        category: ask.category.clone(),
        files,
        vcs_source: ask.vcs_source.clone(),
        accept_changed: ask.accept_changed.clone(),
        id_template: String::new(),
        id_timezone: String::new(),
    }
}

fn target_violations(targets: &[String]) -> Vec<FieldViolation> {
    let mut wrong = Vec::new();
    let mut say = |field: String, description: &str| {
        wrong.push(FieldViolation { field, description: description.to_owned() });
    };
    if targets.is_empty() {
        say("targets".to_owned(), "name at least one database");
    }
    if targets.len() > MOST_CHECKED {
        say("targets".to_owned(), "name at most 20000 databases");
    }
    let mut seen = BTreeSet::new();
    for (n, target) in targets.iter().take(MOST_CHECKED).enumerate() {
        let field = || format!("targets[{n}]");
        if target.contains("/databaseGroups/") {
            let text = "database groups are not available in this version; list the databases";
            say(field(), text);
        } else if DatabaseName::parse("targets", target).is_err() {
            say(field(), "name each database as instances/{instance}/databases/{database}");
        } else if !seen.insert(target) {
            say(field(), "this database stands here twice");
        }
    }
    wrong.truncate(MOST_SHOWN);
    wrong
}

/// The texts, in the order in which they would run.
async fn files_of(
    cx: &Cx,
    project: &str,
    new: Vec<(usize, NewFile)>,
    is_versioned: bool,
) -> Result<Vec<File>> {
    let mut files = Vec::with_capacity(new.len());
    let mut sheets = HashMap::new();
    for (n, file) in new {
        let text = match file.source {
            Source::Statement(content) => {
                sheet::check(&format!("release.files[{n}].statement"), &content)?;
                let text: Arc<str> = String::from_utf8_lossy(&content).into();
                Text::Inline { sha256: sha256_hex(&content), text }
            }
            Source::Sheet(name) => {
                let sha256 = SheetName::parse("sheet", &name)?.sheet;
                sheets.insert(sha256.clone(), n);
                Text::Sheet(sha256)
            }
            Source::Both => return Err(Error::internal("a file with two texts passed the rules")),
        };
        files.push(File { version: file.version, path: file.path, text });
    }
    let mut conn = cx.app.store.read().await?;
    let wanted: Vec<_> = sheets.keys().cloned().collect();
    for found in store::sheets::get_many(&mut conn, project, &wanted).await? {
        sheets.remove(&found.sha256);
    }
    if let Some((sha256, n)) = sheets.into_iter().min_by_key(|(_, n)| *n) {
        let what = format!("{} does not exist", SheetName::new(project, &sha256));
        return Err(Error::field(format!("release.files[{n}].sheet"), what));
    }
    if is_versioned {
        files.sort_by_cached_key(|f| Version::parse(&f.version));
    }
    Ok(files)
}

/// Findings about the target as a whole come first.
fn by_file(files: &[File], target: &str, found: Vec<(Option<usize>, CheckResult)>) -> Vec<Checked> {
    let mut all: Vec<(Option<usize>, Checked)> = Vec::new();
    for (at, result) in found {
        let place = all.iter().position(|(a, _)| *a == at).unwrap_or_else(|| {
            let file = at.map_or("", |at| match files[at].path.as_str() {
                "" => &files[at].version,
                path => path,
            });
            all.push((
                at,
                Checked {
                    file: file.to_owned(),
                    target: target.to_owned(),
                    results: Vec::new(),
                    affected_rows: 0,
                    risk: Risk::Low,
                },
            ));
            all.len() - 1
        });
        let checked = &mut all[place].1;
        if result.kind == CheckType::StatementSummaryReport {
            checked.affected_rows = result.affected_rows;
            checked.risk = risk::of(result.statement_types.iter().map(String::as_str));
        }
        checked.results.push(result);
    }
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, checked)| checked).collect()
}
