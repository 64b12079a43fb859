//! Checks files against databases without storing anything: for pipelines before they make a release, and for editors.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use base::id::sha256_hex;
use base::name::{DatabaseName, SheetName};
use base::{Error, FieldViolation, Result};
use policy::release::Version;
use policy::risk::{self, Risk};
use store::rows::{ChangeDatabase, CheckResult, CheckType, RevisionKind, State};

use super::create::{NewFile, NewRelease, Source};
use super::rules;
use crate::cx::Cx;
use crate::plan::check::place::{self, Place};
use crate::plan::check::release::{File, MOST_CHECKED, Text, on};
use crate::{project, sheet};

/// More violations than this help nobody.
const MOST_SHOWN: usize = 20;

/// What to check, and where.
pub struct Ask {
    pub project: String,
    /// None: files without versions are scripts that run in their order.
    pub kind: Option<RevisionKind>,
    pub files: Vec<NewFile>,
    /// `instances/{instance}/databases/{database}`, of the project.
    pub targets: Vec<String>,
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

/// In the order of the targets, then of the files.
pub async fn check(cx: &Cx, mut ask: Ask) -> Result<Vec<Checked>> {
    let is_versioned = ask.kind.is_some() || ask.files.iter().any(|f| !f.version.is_empty());
    for file in &mut ask.files {
        if let Some(number) = file.version.strip_prefix(['v', 'V']) {
            file.version = number.to_owned();
        }
    }
    let new = to_check(&ask.project, ask.kind, std::mem::take(&mut ask.files));
    let mut wrong = rules::violations(&new);
    if !is_versioned {
        wrong.retain(|v| !v.field.ends_with(".version"));
    }
    wrong.extend(target_violations(&ask.targets));
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let mut conn = cx.app.store.read().await?;
    project::live(&mut conn, &ask.project).await?;
    drop(conn);
    let files = files(cx, &ask.project, new.files, is_versioned).await?;
    belong(cx, &ask.project, &ask.targets).await?;
    let change = ChangeDatabase::default();
    let mut room = MOST_CHECKED;
    let mut checked = Vec::new();
    for target in &ask.targets {
        let found = match Place::find(&cx.app, &change, target).await? {
            Some(place) => on(&cx.app, &ask.project, place, &files, &mut room).await?,
            None => vec![(None, place::gone(target, ""))],
        };
        checked.extend(by_file(&files, target, found));
    }
    Ok(checked)
}

/// A release that is not going to be made, so without a name.
fn to_check(project: &str, kind: Option<RevisionKind>, files: Vec<NewFile>) -> NewRelease {
    NewRelease {
        project: project.to_owned(),
        kind: kind.unwrap_or(RevisionKind::Versioned),
        category: String::new(),
        files,
        vcs_source: None,
        id_template: String::new(),
        id_timezone: String::new(),
    }
}

/// The same words for what is absent and what belongs to another project.
async fn belong(cx: &Cx, project: &str, targets: &[String]) -> Result<()> {
    let names = targets.iter().map(|t| DatabaseName::parse("targets", t));
    let keys: Vec<_> = names.map(|n| n.map(|n| (n.instance, n.database))).collect::<Result<_>>()?;
    let mut conn = cx.app.store.read().await?;
    let found = store::databases::get_many(&mut conn, &keys).await?;
    let own = found.into_iter().filter(|d| d.project == project && d.state == State::Active);
    let own: BTreeSet<_> = own.map(|d| (d.instance, d.name)).collect();
    let foreign = keys.iter().enumerate().filter(|(_, key)| !own.contains(*key));
    let wrong: Vec<_> = foreign
        .take(MOST_SHOWN)
        .map(|(n, _)| FieldViolation {
            field: format!("targets[{n}]"),
            description: format!("{} is no database of projects/{project}", targets[n]),
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
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
        say("targets".to_owned(), "name at most 2000 databases");
    }
    let mut seen = BTreeSet::new();
    for (n, target) in targets.iter().take(MOST_CHECKED).enumerate() {
        let field = || format!("targets[{n}]");
        if DatabaseName::parse("targets", target).is_err() {
            say(field(), "name each database as instances/{instance}/databases/{database}");
        } else if !seen.insert(target) {
            say(field(), "this database stands here twice");
        }
    }
    wrong.truncate(MOST_SHOWN);
    wrong
}

/// The texts, in the order in which they would run.
async fn files(cx: &Cx, project: &str, new: Vec<NewFile>, is_versioned: bool) -> Result<Vec<File>> {
    let mut files = Vec::with_capacity(new.len());
    let mut sheets = HashMap::new();
    for (n, file) in new.into_iter().enumerate() {
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
