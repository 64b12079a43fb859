//! What documents name exists: paths, crates, make targets, xtask commands.
//!
//! Read are README.md and docs/**/*.md. A path is a word in backticks that begins with a folder of ours;
//! `*`, `<x>`, a family's `-x` and `{a,b}` in it stand for what they look like, and at least one file must fit.

use super::lists::PRODUCED;
use super::tree::Tree;
use super::{Finding, glob};

const ROOTS: &[&str] =
    &["crates/", "web/", "docs/", "proto/", "e2e/", "bench/", "scripts/", "packaging/", ".ci/"];

/// A word in backticks with one of these beginnings is a crate.
const FAMILIES: &[&str] = &["driver-", "sql-"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let targets = make_targets(tree.text("Makefile").unwrap_or_default());
    let commands: Vec<&str> = crate::COMMANDS.iter().map(|command| command.0).collect();
    let mut findings = Vec::new();
    for (path, text) in
        tree.files().filter(|(path, _)| *path == "README.md" || glob::matches("docs/**/*.md", path))
    {
        let mut fenced = false;
        for (index, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
                continue;
            }
            let mut add = |message: String| findings.push(Finding::new(path, index + 1, message));
            // A fenced block shows trees and output, so only commands in it are taken at their word.
            let spans: Vec<&str> =
                if fenced { vec![line] } else { line.split('`').skip(1).step_by(2).collect() };
            for span in spans {
                for (lead, known) in [("make ", &targets), ("cargo xtask ", &commands)] {
                    if let Some(word) = span
                        .trim_start_matches("$ ")
                        .trim_start()
                        .strip_prefix(lead)
                        .and_then(first_word)
                        && !known.contains(&word)
                    {
                        add(format!("there is no `{lead}{word}`"));
                    }
                }
                if fenced {
                    continue;
                }
                if is_path(span) && !exists(span, tree) {
                    add(format!("{span} does not exist"));
                }
                if is_crate(span) && tree.text(&format!("crates/{span}/Cargo.toml")).is_none() {
                    add(format!("there is no crate {span}"));
                }
            }
        }
    }
    findings
}

fn first_word(text: &str) -> Option<&str> {
    let word = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next()?;
    (!word.is_empty() && !word.starts_with('-')).then_some(word)
}

fn make_targets(makefile: &str) -> Vec<&str> {
    makefile
        .lines()
        .filter(|line| !line.starts_with(['\t', '#', '.', ' ']))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(targets, _)| targets.split_whitespace())
        .collect()
}

fn is_path(span: &str) -> bool {
    ROOTS.iter().any(|root| span.starts_with(root)) && !span.contains([' ', '…', '(', '$'])
}

fn is_crate(span: &str) -> bool {
    FAMILIES.iter().any(|family| span.len() > family.len() && span.starts_with(family))
        && !span.ends_with("-x")
        && span
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn exists(span: &str, tree: &Tree) -> bool {
    // `path:12` points at a line, `folder/` at all in it.
    let span = span.split(':').next().unwrap_or(span).trim_end_matches('/');
    alternatives(span).iter().all(|path| {
        let pattern = family_stars(&stars_for_names(path));
        let inside = format!("{pattern}/**");
        PRODUCED.iter().any(|produced| glob::matches(produced, &pattern))
            || tree
                .files()
                .any(|(file, _)| glob::matches(&pattern, file) || glob::matches(&inside, file))
    })
}

/// `a/{b,c}.rs` is `a/b.rs` and `a/c.rs`.
fn alternatives(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let Some((choices, after)) = rest.split_once('}') else { return vec![path.to_owned()] };
    choices
        .split(',')
        .flat_map(|choice| alternatives(&format!("{before}{choice}{after}")))
        .collect()
}

/// `<name>` is any name.
fn stars_for_names(path: &str) -> String {
    let Some((before, rest)) = path.split_once('<') else { return path.to_owned() };
    let Some((_, after)) = rest.split_once('>') else { return path.to_owned() };
    format!("{before}*{}", stars_for_names(after))
}

/// `driver-x` is any driver.
fn family_stars(path: &str) -> String {
    let star = |segment: &str| {
        segment.strip_suffix("-x").map_or(segment.to_owned(), |stem| format!("{stem}-*"))
    };
    path.split('/').map(star).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(doc: &str) -> Vec<String> {
        let tree = Tree::of(&[
            ("docs/A.md", doc),
            ("Makefile", "run: web\n\tx\ncheck test:\n\ty\n"),
            ("crates/sql-mysql/Cargo.toml", ""),
            ("crates/sql-mysql/src/split.rs", ""),
            ("crates/sql-mysql/src/parse.rs", ""),
        ]);
        check(&tree).into_iter().map(|f| format!("{}: {}", f.line, f.message)).collect()
    }

    #[test]
    fn what_exists_may_be_named() {
        let doc = "`crates/sql-mysql` `crates/sql-mysql/src/` `crates/sql-<x>/src/{split,parse}.rs` `crates/*/src/split.rs:3` `crates/sql-x/src` `driver-x`\n\
                   `sql-mysql` `make run` `make test` `cargo xtask servers up` `web/dist` `crates/…` `make`\n\
                   ```\nmake check\ncrates/\n  gone/\n```\n";
        assert_eq!(messages(doc), [""; 0]);
    }

    #[test]
    fn what_does_not_exist_is_found() {
        for (doc, message) in [
            ("\nsee `crates/gone/src/a.rs`", "2: crates/gone/src/a.rs does not exist"),
            (
                "`crates/sql-<x>/src/{split,gone}.rs`",
                "1: crates/sql-<x>/src/{split,gone}.rs does not exist",
            ),
            ("`driver-oracle`", "1: there is no crate driver-oracle"),
            ("`make gone`", "1: there is no `make gone`"),
            ("```sh\n$ cargo xtask gone\n```", "2: there is no `cargo xtask gone`"),
        ] {
            assert_eq!(messages(doc), [message]);
        }
    }
}
