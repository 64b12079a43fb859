//! The shape of files: size, first lines, where they lie, and what they must not say.

use super::Finding;
use super::lists::{self, LONG, is_generated};
use super::tree::Tree;

/// Aim for half of it.
const MAX_LINES: usize = 800;

/// Crate names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "core", "helpers", "misc", "shared"];

/// No file of ours over [`MAX_LINES`].
pub fn sizes(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut excused = Vec::new();
    for (path, text) in
        tree.ending_in(&[".rs", ".ts", ".tsx", ".proto"]).filter(|(path, _)| !is_generated(path))
    {
        let lines = text.lines().count();
        if lines <= MAX_LINES {
            continue;
        }
        match LONG.iter().find(|(excepted, _reason)| *excepted == path) {
            Some((excepted, _)) => excused.push(*excepted),
            None => findings.push(Finding::new(
                path,
                MAX_LINES + 1,
                format!("{lines} lines; split it (limit {MAX_LINES})"),
            )),
        }
    }
    findings.extend(lists::stale(LONG, &excused, tree));
    findings
}

/// `//!` first in each Rust file.
pub fn module_docs(tree: &Tree) -> Vec<Finding> {
    tree.ending_in(&[".rs"])
        .filter(|(path, text)| !is_generated(path) && !text.starts_with("//! "))
        .map(|(path, _)| Finding::new(path, 1, "begin with //! and say what this file is for"))
        .collect()
}

/// Crates have telling names and no build script, integration tests one binary, snapshots their source,
/// decisions a number.
pub fn places(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, path, _) in tree.manifests() {
        if EMPTY_NAMES.contains(&name) {
            findings.push(Finding::new(
                path,
                1,
                format!("a crate called {name} becomes a drawer for everything"),
            ));
        }
    }
    let mut numbers: Vec<(&str, &str)> = Vec::new();
    for (path, text) in tree.files() {
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["crates", _, "build.rs"] => {
                findings.push(Finding::new(
                    path,
                    1,
                    "no build scripts: generate with `cargo xtask gen` and commit",
                ));
            }
            ["crates", name, "tests", file] if file.ends_with(".rs") => {
                let message = format!(
                    "one integration binary a crate: make it a module of crates/{name}/tests/it/main.rs"
                );
                findings.push(Finding::new(path, 1, message));
            }
            ["docs", "adr", file] => match file.split_once('-') {
                Some((number, _))
                    if number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit()) =>
                {
                    if let Some((_, other)) = numbers.iter().find(|(taken, _)| *taken == number) {
                        findings.push(Finding::new(
                            path,
                            1,
                            format!("number {number} is taken by {other}"),
                        ));
                    }
                    numbers.push((number, path));
                }
                _ => findings.push(Finding::new(
                    path,
                    1,
                    "name it NNNN-title.md: decisions are cited by number",
                )),
            },
            _ => {}
        }
        if path.ends_with(".snap") {
            findings.extend(orphan(path, text, tree));
        }
    }
    findings
}

/// A snapshot whose test or input is gone; insta writes both into its head.
fn orphan(path: &str, text: &str, tree: &Tree) -> Option<Finding> {
    let head = text.strip_prefix("---\n")?.split("\n---").next()?;
    head.lines().enumerate().find_map(|(index, line)| {
        let (key, value) = line.split_once(": ")?;
        let value = value.trim().trim_matches('"');
        let gone = matches!(key, "source" | "input_file") && tree.text(value).is_none();
        gone.then(|| {
            Finding::new(path, index + 2, format!("snapshot of {value}, which does not exist"))
        })
    })
}

/// Nothing names a path outside the repository that only some machines have.
pub fn outside(tree: &Tree) -> Vec<Finding> {
    // In pieces, so that this file does not say them.
    let names = [concat!("..", "/shared"), concat!("/work", "/main"), concat!("/work", "/shared")];
    let mut findings = Vec::new();
    // Benches compare with data that lies beside the checkout, where it is (ARCHITECTURE, $BASALT_BENCH).
    for (path, text) in tree.files().filter(|(path, _)| !path.starts_with("bench/")) {
        for (index, line) in text.lines().enumerate() {
            for name in names.iter().filter(|name| line.contains(**name)) {
                findings.push(Finding::new(path, index + 1, format!("names {name}")));
            }
        }
    }
    findings
}

/// No marks for later in code.
pub fn unfinished(tree: &Tree) -> Vec<Finding> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("HA", "CK:")];
    let mut findings = Vec::new();
    for (path, text) in tree
        .ending_in(&[".rs", ".ts", ".tsx", ".sh", ".css"])
        .filter(|(path, _)| !is_generated(path))
    {
        for (index, line) in text.lines().enumerate() {
            for mark in marks.iter().filter(|mark| line.contains(**mark)) {
                findings.push(Finding::new(path, index + 1, format!("says {mark}")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(findings: Vec<Finding>) -> Vec<(String, usize)> {
        findings.into_iter().map(|f| (f.path, f.line)).collect()
    }

    fn at(path: &str, line: usize) -> Vec<(String, usize)> {
        vec![(path.to_owned(), line)]
    }

    #[test]
    fn long_files_are_found_and_generated_ones_are_not() {
        let (long, fits) = ("x\n".repeat(801), "x\n".repeat(800));
        let tree = Tree::of(&[
            ("crates/a/src/long.rs", &long),
            ("crates/a/src/fits.rs", &fits),
            ("crates/api/src/gen/long.rs", &long),
            ("docs/long.md", &long),
        ]);
        assert_eq!(lines(sizes(&tree)), at("crates/a/src/long.rs", 801));
    }

    #[test]
    fn rust_files_begin_with_their_purpose() {
        let tree = Tree::of(&[
            ("a/good.rs", "//! Why.\n"),
            ("a/bad.rs", "use x;\n//! Late.\n"),
            ("crates/api/src/gen/x.rs", "use x;\n"),
        ]);
        assert_eq!(lines(module_docs(&tree)), at("a/bad.rs", 1));
    }

    #[test]
    fn things_lie_where_they_should() {
        for (path, text) in [
            ("crates/util/Cargo.toml", ""),
            ("crates/a/build.rs", ""),
            ("crates/a/tests/sync.rs", ""),
            ("docs/adr/choice.md", ""),
        ] {
            assert_eq!(lines(places(&Tree::of(&[(path, text)]))), at(path, 1));
        }
        let fine = [
            ("crates/a/tests/it/main.rs", ""),
            ("docs/adr/0001-a.md", ""),
            ("docs/adr/0002-b.md", ""),
        ];
        assert_eq!(lines(places(&Tree::of(&fine))), []);
        let twice = [("docs/adr/0001-a.md", ""), ("docs/adr/0001-b.md", "")];
        assert_eq!(lines(places(&Tree::of(&twice))), at("docs/adr/0001-b.md", 1));
    }

    #[test]
    fn a_snapshot_without_its_test_is_an_orphan() {
        let snap = ("a/x.snap", "---\nsource: a/x.rs\nexpression: y\n---\nsource: no\n");
        assert_eq!(lines(places(&Tree::of(&[snap]))), at("a/x.snap", 2));
        assert_eq!(lines(places(&Tree::of(&[snap, ("a/x.rs", "")]))), []);
    }

    #[test]
    fn nothing_reaches_outside_or_waits_for_later() {
        let text = format!("a\nsee {}{}/api\n", "..", "/shared");
        assert_eq!(lines(outside(&Tree::of(&[("docs/a.md", &text)]))), at("docs/a.md", 2));
        let text = format!("a\n// {}{} later\n", "TO", "DO");
        assert_eq!(
            lines(unfinished(&Tree::of(&[("a.ts", &text), ("a.md", &text)]))),
            at("a.ts", 2)
        );
    }
}
