//! Which files are reviewed, and what stands in them.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Error, Result, anyhow};
use walkdir::{DirEntry, WalkDir};

/// Where a script comes from.
#[derive(Debug, PartialEq, Eq, Hash, Clone)]
pub enum Source {
    Stdin,
    File(PathBuf),
}

/// A script that was read.
pub struct Text {
    pub path: String,
    pub text: String,
    /// A byte order mark stood before the text.
    pub marked: bool,
}

/// All sources in a stable order, each once; and what could not be looked into.
pub fn find(paths: &[PathBuf]) -> (Vec<Source>, Vec<Error>) {
    let (mut sources, mut failures) = (Vec::new(), Vec::new());
    for path in paths {
        if path == Path::new("-") {
            sources.push(Source::Stdin);
        } else if path.is_dir() {
            for entry in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(is_shown) {
                match entry {
                    Ok(entry) if is_script(&entry) => sources.push(Source::File(entry.into_path())),
                    Ok(_) => {}
                    Err(e) => failures.push(Error::new(e)),
                }
            }
        } else {
            sources.push(Source::File(path.clone()));
        }
    }
    let mut seen = HashSet::new();
    sources.retain(|s| seen.insert(s.clone()));
    (sources, failures)
}

/// Reads a script. It must be UTF-8; a byte order mark at its beginning is not part of it.
pub fn read(source: &Source) -> Result<Text> {
    let (path, bytes) = match source {
        Source::Stdin => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).context("standard input")?;
            ("stdin".to_owned(), bytes)
        }
        Source::File(path) => {
            // As git and editors write it.
            let shown = path.strip_prefix(".").unwrap_or(path).display().to_string();
            let bytes = std::fs::read(path).with_context(|| shown.clone())?;
            (shown, bytes)
        }
    };
    let text = String::from_utf8(bytes).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        let line = 1 + e.as_bytes()[..valid].iter().filter(|b| **b == b'\n').count();
        anyhow!("{path}:{line}: not UTF-8; convert it, for example with iconv -t UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => Text { path, text: rest.to_owned(), marked: true },
        None => Text { path, text, marked: false },
    })
}

/// Hidden folders are those of tools. The one that was named is looked into.
fn is_shown(entry: &DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_script(entry: &DirEntry) -> bool {
    let ending = entry.path().extension().and_then(OsStr::to_str);
    !entry.file_type().is_dir() && ending.is_some_and(|e| e.eq_ignore_ascii_case("sql"))
}
