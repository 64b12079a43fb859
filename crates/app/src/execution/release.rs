//! Runs the files of a release that are not in force on the database, in version order. Each becomes a revision with its last
//! unit's record, so that no crash can apply one twice.

use std::collections::HashMap;
use std::ops::Range;

use base::{Blocker, Error, Result};
use engine::Session;
use policy::release::{Level, SkipReason};
use policy::rollout::TaskRunStatus;
use store::rows::{Checkpoint, Database, Release, ReleaseFile, Revision, RevisionKind};

use super::fresh::Fresh;
use super::journal::Journal;
use super::outcome::Outcome;
use super::pending::{Marked, Replaced};
use super::script::Work;
use crate::app::App;
use crate::release::{Decided, Scope, decide, files_of};

/// Texts of files, together, that are looked at before the first of them runs.
const LOOKED_AT: usize = 4 << 20;
/// Files that are read at once.
const TOGETHER: usize = 50;
/// More refusals than this help nobody.
const MOST_SAID: usize = 20;

/// What is to do on one database.
pub struct Todo<'a> {
    release: &'a Release,
    stream: String,
    decided: Decided,
    /// Texts of the files to run, with a line that names each: what the changelog shows.
    pub text: String,
    /// Where the first files stand in it.
    scripts: Vec<Range<usize>>,
}

/// Decides which files run.
pub async fn todo<'a>(
    app: &App,
    fresh: &Fresh,
    release: &'a Release,
    database: &Database,
) -> Result<Todo<'a>> {
    let files = &release.payload.files;
    let scope = Scope::of(&fresh.project, release);
    let versions = files_of(release);
    let reader = fresh.engine.reader(fresh.instance.engine);
    let mut conn = app.store.read().await?;
    let decided = decide(&mut conn, &versions, &HashMap::new(), &scope, database, reader).await?;
    let stream = scope.stream;
    let mut todo = Todo { release, stream, decided, text: String::new(), scripts: Vec::new() };
    'all: for some in todo.decided.steps.run.chunks(TOGETHER) {
        let some: Vec<_> = some.iter().map(|index| &files[*index]).collect();
        let names: Vec<_> = some.iter().map(|file| file.sheet_sha256.as_str()).collect();
        let sizes = store::blobs::sizes(&mut conn, &names).await?;
        let size: i64 = names.iter().filter_map(|name| sizes.get(*name)).sum();
        // Large files are read one by one, until there are enough.
        let mut read = match usize::try_from(size) {
            Ok(size) if size <= LOOKED_AT => store::blobs::texts(&mut conn, &names).await?,
            _ => HashMap::new(),
        };
        for file in some {
            let script = match read.remove(&file.sheet_sha256) {
                Some(script) => script,
                None => script(&mut conn, file).await?,
            };
            if todo.text.len() + script.len() > LOOKED_AT {
                todo.text.push_str("-- and more files\n");
                break 'all;
            }
            todo.text.push_str(&format!("-- {} (version {})\n", file.path, file.version));
            let start = todo.text.len();
            todo.text.push_str(&script);
            todo.scripts.push(start..todo.text.len());
            todo.text.push('\n');
        }
    }
    Ok(todo)
}

impl Todo<'_> {
    /// Nothing is left to run.
    pub const fn is_empty(&self) -> bool {
        self.decided.steps.run.is_empty()
    }

    /// Fails when the release is refused on the database, with all the reasons.
    pub fn refuse(&self) -> Result<()> {
        let files = &self.release.payload.files;
        let blockers: Vec<_> = self
            .decided
            .refusals()
            .map(|note| Blocker {
                reason: note.reason.to_owned(),
                subject: files[note.file].path.clone(),
                message: format!("{}: {}", files[note.file].path, note.message),
            })
            .collect();
        if blockers.is_empty() {
            return Ok(());
        }
        let said: Vec<_> = blockers.iter().take(MOST_SAID).map(|b| b.message.as_str()).collect();
        let more = match blockers.len().saturating_sub(MOST_SAID) {
            0 => String::new(),
            n => format!(" And {n} files more."),
        };
        let text = format!("Nothing was run. {}{more}", said.join(" "));
        Err(Error::blocked(text, blockers))
    }

    /// The end of a run with nothing to do.
    pub fn nothing(&self) -> Outcome {
        let detail = all_applied(self.decided.steps.skipped.len());
        Outcome { status: TaskRunStatus::Done, detail, position: None }
    }
}

/// The last word about a run with nothing to do.
pub fn all_applied(files: usize) -> String {
    match files {
        1 => "The file was applied before.".to_owned(),
        n => format!("All {n} files were applied before."),
    }
}

/// The line of the log about files that do not run.
pub fn skipped(files: usize) -> String {
    match files {
        1 => "1 file was applied before; it is skipped.".to_owned(),
        n => format!("{n} files were applied before; they are skipped."),
    }
}

/// Writes down what there is to say about files, and records the new texts of those that were accepted, so that they are asked about
/// once.
pub async fn settle(
    work: &Work<'_>,
    journal: &mut Journal,
    todo: &Todo<'_>,
    database: &Database,
) -> Result<()> {
    let files = &todo.release.payload.files;
    let Decided { steps, applied, notes } = &todo.decided;
    let plain = steps.skipped.iter().filter(|s| s.reason == SkipReason::Applied).count();
    if plain > 0 {
        journal.note(skipped(plain)).await?;
    }
    for note in notes.iter().filter(|n| n.level > Level::Info || n.runs) {
        journal.note(format!("{}: {}", files[note.file].path, note.message)).await?;
    }
    for skip in steps.skipped.iter().filter(|s| s.reason != SkipReason::Applied) {
        let (file, was) = (&files[skip.file], &applied[skip.applied]);
        let mut revision = revision(work.app, work.fresh, journal, file, todo, database);
        revision.stream.clone_from(&was.stream);
        revision.version.clone_from(&was.version);
        let reason = match skip.reason {
            SkipReason::Changed => todo.release.payload.accept_changed.clone(),
            SkipReason::Applied | SkipReason::Formatting => String::new(),
        };
        let replaces = Some(Replaced { id: was.id.clone(), reason });
        journal.revise(Marked { revision, replaces }).await?;
    }
    Ok(())
}

/// Runs what is to do, from the run's checkpoint on.
pub async fn run(
    work: &Work<'_>,
    journal: &mut Journal,
    session: &mut Box<dyn Session>,
    todo: &Todo<'_>,
    database: &Database,
) -> Result<Outcome> {
    let files = &todo.release.payload.files;
    let steps = &todo.decided.steps;
    let count = steps.run.len();
    for (n, index) in steps.run.iter().enumerate() {
        let file = &files[*index];
        journal
            .note(format!("File {} of {count}: {} (version {}).", n + 1, file.path, file.version))
            .await?;
        if journal.checkpoint.version != file.version {
            journal.checkpoint =
                Checkpoint { version: file.version.clone(), ..Checkpoint::default() };
        }
        let outcome = match todo.scripts.get(n) {
            Some(place) => work.run(journal, session, &todo.text[place.clone()]).await?,
            None => {
                let mut conn = work.app.store.read().await?;
                let text = script(&mut conn, file).await?;
                drop(conn);
                work.run(journal, session, &text).await?
            }
        };
        if outcome.status != TaskRunStatus::Done {
            let detail = format!(
                "{} (version {}): {} {n} of {count} files were applied before it and stay.",
                file.path, file.version, outcome.detail
            );
            return Ok(Outcome { detail, ..outcome });
        }
        // It becomes durable before the next file can take effect.
        let revision = revision(work.app, work.fresh, journal, file, todo, database);
        journal.revise(Marked { revision, replaces: None }).await?;
    }
    let skipped = match steps.skipped.len() {
        0 => String::new(),
        n => format!("; {n} were applied before"),
    };
    let detail = match count {
        1 => format!("1 file applied{skipped}."),
        n => format!("{n} files applied{skipped}."),
    };
    Ok(Outcome { status: TaskRunStatus::Done, detail, position: None })
}

/// That the file's version is in force with its text.
fn revision(
    app: &App,
    fresh: &Fresh,
    journal: &Journal,
    file: &ReleaseFile,
    todo: &Todo<'_>,
    database: &Database,
) -> Revision {
    let run = journal.run();
    Revision {
        id: app.new_id(),
        database_id: database.id.clone(),
        kind: RevisionKind::Versioned,
        stream: todo.stream.clone(),
        version: file.version.clone(),
        file: file.path.clone(),
        release: fresh.task.payload.release.clone().unwrap_or_default(),
        sheet: format!("projects/{}/sheets/{}", run.project, file.sheet_sha256),
        sheet_sha256: file.sheet_sha256.clone(),
        task_run: journal.name().to_owned(),
        creator: run.creator.clone(),
        created_at: app.now(),
        deleter: String::new(),
        deleted_at: None,
        delete_reason: String::new(),
    }
}

async fn script(conn: &mut store::Conn, file: &ReleaseFile) -> Result<String> {
    let text = store::blobs::text(conn, &file.sheet_sha256).await?;
    text.ok_or_else(|| {
        Error::internal(format!("sheet {} of {} is not in the store", file.sheet_sha256, file.path))
    })
}
