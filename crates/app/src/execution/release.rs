//! Runs the files of a release that are not in force on the database, in version order. Each becomes a revision with its last
//! unit's record, so that no crash can apply one twice.

use std::collections::HashMap;
use std::ops::Range;

use base::{Error, Result};
use engine::Session;
use policy::release::{File, Steps, steps};
use policy::rollout::TaskRunStatus;
use store::rows::{Checkpoint, Database, ReleaseFile, Revision, RevisionKind};

use super::fresh::Fresh;
use super::journal::Journal;
use super::outcome::Outcome;
use super::script::Work;
use crate::app::App;

/// Texts of files, together, that are looked at before the first of them runs.
const LOOKED_AT: usize = 4 << 20;
/// Files that are read at once.
const TOGETHER: usize = 50;

/// What is to do on one database.
pub struct Todo {
    steps: Steps,
    /// Texts of the files to run, with a line that names each: what the changelog shows.
    pub text: String,
    /// Where the first files stand in it.
    scripts: Vec<Range<usize>>,
}

/// Decides which files run.
pub async fn todo(app: &App, files: &[ReleaseFile], database: &Database) -> Result<Todo> {
    let mut conn = app.store.read().await?;
    let live = store::revisions::live(&mut conn, &database.id, RevisionKind::Versioned).await?;
    let in_release: Vec<_> =
        files.iter().map(|f| File { version: &f.version, sha256: &f.sheet_sha256 }).collect();
    let applied: Vec<_> =
        live.iter().map(|r| File { version: &r.version, sha256: &r.sheet_sha256 }).collect();
    let steps = steps(&in_release, &applied)?;
    let mut todo = Todo { steps, text: String::new(), scripts: Vec::new() };
    'all: for some in todo.steps.run.chunks(TOGETHER) {
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

/// Runs what is to do, from the run's checkpoint on.
pub async fn run(
    work: &Work<'_>,
    journal: &mut Journal,
    session: &mut Box<dyn Session>,
    todo: &Todo,
    files: &[ReleaseFile],
    database: &Database,
) -> Result<Outcome> {
    for skip in &todo.steps.skipped {
        let file = &files[skip.file];
        journal.note(format!("{}: {}", file.path, skip.message(&file.version))).await?;
    }
    let count = todo.steps.run.len();
    for (n, index) in todo.steps.run.iter().enumerate() {
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
        revise(work.app, work.fresh, journal, file, database).await?;
    }
    let skipped = match todo.steps.skipped.len() {
        0 => String::new(),
        n => format!("; {n} were applied before"),
    };
    let detail = match count {
        1 => format!("1 file applied{skipped}."),
        n => format!("{n} files applied{skipped}."),
    };
    Ok(Outcome { status: TaskRunStatus::Done, detail, position: None })
}

/// Records that the file's version is in force. It becomes durable before the next file can take effect.
async fn revise(
    app: &App,
    fresh: &Fresh,
    journal: &mut Journal,
    file: &ReleaseFile,
    database: &Database,
) -> Result<()> {
    let now = app.now();
    let run = journal.run();
    let revision = Revision {
        id: app.new_id(),
        database_id: database.id.clone(),
        kind: RevisionKind::Versioned,
        version: file.version.clone(),
        file: file.path.clone(),
        release: fresh.task.payload.release.clone().unwrap_or_default(),
        sheet: format!("projects/{}/sheets/{}", run.project, file.sheet_sha256),
        sheet_sha256: file.sheet_sha256.clone(),
        task_run: journal.name().to_owned(),
        creator: run.creator.clone(),
        created_at: now,
        deleter: String::new(),
        deleted_at: None,
    };
    journal.revise(revision).await
}

async fn script(conn: &mut store::Conn, file: &ReleaseFile) -> Result<String> {
    let text = store::blobs::text(conn, &file.sheet_sha256).await?;
    text.ok_or_else(|| {
        Error::internal(format!("sheet {} of {} is not in the store", file.sheet_sha256, file.path))
    })
}
