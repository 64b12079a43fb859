//! Rows of the conformance data: what a dialect is given, and what must come out.
//!
//! The data lies outside the project: in the folder that `BASALT_CONFORMANCE` names, by default `shared/conformance`
//! beside the workspace. Without it a test prints `SKIPPED: …`; with `CI=true` it panics.

use std::path::{Path, PathBuf};

use crate::environment::{is_judged, say, variable};

/// The rows of `file` (JSON lines) whose `engine` is the given one, or all when `engine` is None.
/// None when the data is not there.
pub fn rows(file: &str, engine: Option<&str>) -> Option<Vec<serde_json::Value>> {
    let path = folder().join(file);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if is_judged() => {
            panic!("conformance data is obligatory in CI: {}: {error}", path.display())
        }
        Err(error) => {
            say(&format!("SKIPPED: no conformance data: {}: {error}", path.display()));
            return None;
        }
    };
    let rows = text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        serde_json::from_str::<serde_json::Value>(line)
            .unwrap_or_else(|error| panic!("{}: {error}: {line}", path.display()))
    });
    Some(rows.filter(|row| engine.is_none_or(|engine| row["engine"] == engine)).collect())
}

fn folder() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate lies two folders below the root");
    variable("BASALT_CONFORMANCE").map_or_else(
        || workspace.with_file_name("shared").join("conformance"),
        |folder| workspace.join(folder),
    )
}
