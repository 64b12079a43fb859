//! `basalt move-to-git`: what was changed by plans of the console becomes versioned files of a folder, and the databases that have a change are
//! marked so that a rollout of the folder skips it there.
//!
//! Invariants: only what ended well is written or marked; what is left out is said with its reason; nothing is written before somebody has seen
//! what; files that are there are never changed; a second run writes nothing new.

mod files;
mod history;

use std::path::{Path, PathBuf};

use serde_json::json;

use self::files::{Planned, plan};
use self::history::{Left, read};
use crate::confirm::confirmed;
use crate::environment::Environment;
use crate::failure::{Exit, Failure, Result};
use crate::files::{File, Found, versioned};
use crate::findings::counted;
use crate::output::{self, Output};
use crate::platform::Platform;
use crate::revisions::{self, Mark, State, Step};
use crate::schema::of_project;
use crate::settings::Given;
use crate::stream;
use crate::tell;

#[derive(Debug, Clone)]
pub struct MoveToGit {
    pub given: Given,
    /// Where the files go, seen from the root.
    pub folder: String,
    pub category: String,
    pub dry_run: bool,
    /// Do not ask.
    pub yes: bool,
    pub root: PathBuf,
}

pub async fn move_to_git(env: &Environment, asked: &MoveToGit) -> Result<Exit> {
    let mut output = Output::default();
    let done = run(env, asked, &mut output).await;
    let written = output.write(asked.given.output.as_deref());
    let exit = done?;
    written?;
    Ok(exit)
}

async fn run(env: &Environment, asked: &MoveToGit, output: &mut Output) -> Result<Exit> {
    let (remote, project) = (asked.given.remote(env)?, asked.given.project(env)?);
    let databases = match asked.given.named_databases(env)? {
        Some(named) => named,
        None => of_project(&remote, &project).await?,
    };
    let folder = asked.folder.trim_matches('/').trim_start_matches("./");
    let pattern = format!("{folder}/*.sql");
    let there = there(&asked.root, &pattern)?;
    let source = Platform::detect(env).source(env, &asked.root);
    let stream = stream::of(&project, &asked.category, source.as_ref());
    let (changes, left) = read(&remote, &databases).await?;
    let planned = plan(folder, changes, &there);
    let all: Vec<File> = planned.iter().map(|p| p.file.clone()).collect();
    let mut steps: Vec<(&String, Vec<Step>)> = Vec::new();
    for database in &databases {
        let has = |(_, p): &(usize, &Planned)| p.databases.contains(database);
        let mark = |(at, p): (usize, &Planned)| Mark {
            version: p.file.version.clone(),
            file: Some(at),
            note: String::new(),
        };
        let marks: Vec<Mark> = planned.iter().enumerate().filter(has).map(mark).collect();
        if !marks.is_empty() {
            steps
                .push((database, revisions::steps(&remote, database, marks, &all, &stream).await?));
        }
    }
    tell::out(&text(&planned, &databases, &left));
    output.set("stream", stream.as_str());
    output.set("files", planned.iter().map(|p| json!({
        "path": p.file.path, "version": p.file.version, "sha256": base::id::sha256_hex(&p.file.statement), "new": p.is_new, "databases": p.databases,
    })).collect::<Vec<_>>());
    let shown = |l: &Left| json!({"target": l.database, "what": l.what, "reason": l.reason, "message": l.message});
    output.set("left", left.iter().map(shown).collect::<Vec<_>>());
    let differs = steps.iter().flat_map(|(d, all)| all.iter().map(move |s| (d, s)));
    for (database, step) in differs.filter(|(_, s)| s.state == State::Differs) {
        tell::note(&format!(
            "{database} has another text as version {}, which stays marked",
            step.mark.version
        ));
    }
    let new_files = planned.iter().filter(|p| p.is_new).count();
    let is_new = |s: &&Step| s.state == State::New;
    let marks: usize = steps.iter().map(|(_, all)| all.iter().filter(is_new).count()).sum();
    let what = format!(
        "{} to write, {} to set, {}",
        counted(new_files, "file"),
        counted(marks, "mark"),
        stream::counts(&stream)
    );
    tell::out(&what);
    output.set("written", 0);
    if new_files + marks == 0 || asked.dry_run {
        return Ok(Exit::Done);
    }
    if !asked.yes && !confirmed("Write the files and set the marks?")? {
        tell::note("nothing was written");
        return Ok(Exit::Done);
    }
    for one in planned.iter().filter(|p| p.is_new) {
        let text = String::from_utf8_lossy(&one.file.statement);
        output::write(&asked.root.join(&one.file.path), &text)?;
    }
    for (database, all_steps) in &steps {
        revisions::write(&remote, &project, database, all_steps, &all, &stream).await?;
    }
    output.set("written", new_files);
    output.set("marked", marks);
    tell::out(&format!(
        "wrote {} and set {}: commit {folder}, and roll out from --file-pattern '{pattern}'",
        counted(new_files, "file"),
        counted(marks, "mark")
    ));
    Ok(Exit::Done)
}

/// The files that the folder has.
fn there(root: &Path, pattern: &str) -> Result<Vec<File>> {
    if pattern.starts_with("/*") || pattern.contains("..") {
        return Err(Failure::usage("--folder: name a folder below this one, as migrations"));
    }
    let Found { files, ignored } = versioned(root, pattern)?;
    for one in ignored.iter().filter(|i| i.path.starts_with(pattern.trim_end_matches("*.sql"))) {
        tell::note(&format!("{} is not looked at: {}", one.path, one.why));
    }
    Ok(files)
}

fn text(planned: &[Planned], databases: &[String], left: &[Left]) -> String {
    let mut lines = Vec::new();
    for one in planned {
        lines.push(format!("{:<6} {}", if one.is_new { "new" } else { "there" }, one.file.path));
        for database in databases {
            lines.push(match one.databases.contains(database) {
                true => format!("         has it     {database}"),
                false => format!("         would run  {database}"),
            });
        }
    }
    for one in left {
        lines.push(format!(
            "no     {} on {}: {} ({})",
            one.what, one.database, one.message, one.reason
        ));
    }
    if planned.is_empty() {
        lines.push("no change of these databases can become a file".to_owned());
    }
    lines.join("\n")
}
