//! `cargo xtask gen [--check]`: Rust and TypeScript out of `proto/`, without protoc or a build script.
//!
//! The generated files are committed, so that a build needs no generator and a review shows what a change
//! of the contract does. `--check` writes nothing and fails when a committed file differs from what would
//! be written; CI runs it. Everything is made in memory first: a failing generator leaves no half state.

mod contract;
mod rule_types;
mod rust;
mod services;
mod typescript;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::paths::workspace;
use contract::Contract;

/// Folders that hold generated files and nothing else, counted from the workspace.
const OUTPUT: [&str; 3] = ["crates/api/src/gen", "web/src/api/gen", "crates/review/src/rule_type"];

/// What is generated: path from the workspace → content.
type Files = BTreeMap<PathBuf, Vec<u8>>;

pub fn run(args: &[String]) -> Result<()> {
    let check = match args {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("usage: cargo xtask gen [--check]"),
    };
    let contract = Contract::read(&workspace().join("proto"))?;
    let mut files = rust_files(&contract)?;
    files.extend(typescript::files(&contract, Path::new(OUTPUT[1]))?);
    let stale = stale_files(&files)?;
    let changed: Vec<&Path> = changed_files(&files)?;
    if !check {
        return write(&files, &changed, &stale);
    }
    if changed.is_empty() && stale.is_empty() {
        println!("{} generated files are current", files.len());
        return Ok(());
    }
    for path in changed.iter().copied().chain(stale.iter().map(PathBuf::as_path)) {
        eprintln!("differs: {}", path.display());
    }
    bail!("generated files do not fit proto/: run `cargo xtask gen` and commit the result")
}

/// All that needs no Node.
fn rust_files(contract: &Contract) -> Result<Files> {
    let mut files = rust::files(contract, Path::new(OUTPUT[0]))?;
    files.extend(rule_types::files(contract, Path::new(OUTPUT[2]))?);
    Ok(files)
}

fn write(files: &Files, changed: &[&Path], stale: &[PathBuf]) -> Result<()> {
    for path in changed {
        let target = workspace().join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        fs::write(&target, &files[*path])
            .with_context(|| format!("cannot write {}", target.display()))?;
    }
    for path in stale {
        fs::remove_file(workspace().join(path))
            .with_context(|| format!("cannot remove {}", path.display()))?;
    }
    println!("{} generated files: {} written, {} removed", files.len(), changed.len(), stale.len());
    Ok(())
}

/// Files whose committed content is another one, or that are not there.
fn changed_files(files: &Files) -> Result<Vec<&Path>> {
    let mut changed = Vec::new();
    for (path, content) in files {
        let target = workspace().join(path);
        let same = target.exists()
            && fs::read(&target).with_context(|| format!("cannot read {}", target.display()))?
                == *content;
        if !same {
            changed.push(path.as_path());
        }
    }
    Ok(changed)
}

/// Files in the output folders that nothing generates any more.
fn stale_files(files: &Files) -> Result<Vec<PathBuf>> {
    let mut stale = Vec::new();
    let mut folders: Vec<PathBuf> = OUTPUT.iter().map(PathBuf::from).collect();
    while let Some(folder) = folders.pop() {
        let full = workspace().join(&folder);
        if !full.exists() {
            continue;
        }
        for entry in
            fs::read_dir(&full).with_context(|| format!("cannot list {}", full.display()))?
        {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if !files.contains_key(&path) {
                stale.push(path);
            }
        }
    }
    stale.sort();
    Ok(stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The half of `gen --check` that needs no Node, so that plain `cargo test` notices a forgotten run.
    #[test]
    fn committed_rust_is_current() {
        let contract = Contract::read(&workspace().join("proto")).expect("proto/ parses");
        let files = rust_files(&contract).expect("generates");
        let changed = changed_files(&files).expect("the committed files can be read");
        assert!(changed.is_empty(), "run `cargo xtask gen`, these differ: {changed:?}");
    }
}
