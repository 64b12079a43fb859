//! `cargo xtask tidy`: what the compiler and clippy cannot see, checked on the text of the tree.
//!
//! A rule is one function from [`Tree`] to findings, listed in [`RULES`] with its reason; each has its test
//! on a tree of a few lines. The whole is also a test of this crate, so that `cargo test` fails where
//! `make check` would.

mod code;
mod docs;
mod engines;
mod glob;
mod layering;
mod lists;
mod lock;
mod manifest;
mod purity;
mod shape;
mod test_hooks;
mod tree;

use anyhow::{Result, bail};

use crate::paths;
use tree::Tree;

struct Rule {
    name: &'static str,
    why: &'static str,
    check: fn(&Tree) -> Vec<Finding>,
}

const RULES: &[Rule] = &[
    Rule {
        name: "layers",
        why: "arrows run one way (xtask/src/layers.rs), so that a part can be read and tested without the rest",
        check: layering::check,
    },
    Rule {
        name: "manifest",
        why: "versions and lints are decided once, in the root Cargo.toml",
        check: manifest::check,
    },
    Rule {
        name: "pure",
        why: "pure code does no I/O and reads no clock: its tests need nothing and its results repeat",
        check: purity::check,
    },
    Rule {
        name: "engine-kind",
        why: "what engines differ in stands in the table base/src/engine.rs and in their own crates; ask for a capability",
        check: engines::check,
    },
    Rule {
        name: "test-hooks",
        why: "a package that can be told to fail or to lie about time must not be built",
        check: test_hooks::check,
    },
    Rule { name: "banned", why: "one TLS: rustls with ring (deny.toml)", check: lock::check },
    Rule {
        name: "size",
        why: "a file is one thing and is read in one sitting",
        check: shape::sizes,
    },
    Rule {
        name: "module-doc",
        why: "a reader learns first what a file is for and what it keeps true",
        check: shape::module_docs,
    },
    Rule { name: "place", why: "things lie where the next person looks", check: shape::places },
    Rule {
        name: "outside",
        why: "a clone must build and test alone, on any machine",
        check: shape::outside,
    },
    Rule {
        name: "unfinished",
        why: "what is not done is an issue, not a comment",
        check: shape::unfinished,
    },
    Rule {
        name: "docs",
        why: "a document that names what is not there misleads",
        check: docs::check,
    },
];

/// One thing that is not as it should be.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: String,
    /// From 1.
    pub line: usize,
    pub message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

pub fn run(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("usage: cargo xtask tidy");
    }
    let tree = Tree::read(paths::workspace())?;
    let report = report(&tree);
    if report.is_empty() {
        println!("tidy: {} files, {} rules, nothing to say", tree.len(), RULES.len());
        return Ok(());
    }
    for line in &report {
        println!("{line}");
    }
    bail!("tidy: {} findings", report.len());
}

/// Every finding as text.
fn report(tree: &Tree) -> Vec<String> {
    let mut lines = Vec::new();
    for rule in RULES {
        let mut findings = (rule.check)(tree);
        findings.sort();
        for finding in findings {
            let Finding { path, line, message } = finding;
            lines.push(format!("{path}:{line}: {}: {message}\n    why: {}", rule.name, rule.why));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        let tree = Tree::read(paths::workspace()).unwrap();
        let report = report(&tree);
        assert!(report.is_empty(), "\n{}", report.join("\n"));
    }

    #[test]
    fn a_finding_names_file_line_rule_and_reason() {
        let tree = Tree::of(&[("crates/x/src/lib.rs", "fn f() {}\n")]);
        let report = report(&tree);
        assert!(
            report.iter().any(|line| line.starts_with("crates/x/src/lib.rs:1: module-doc:")
                && line.contains("why: a reader learns first")),
            "{report:#?}"
        );
    }
}
