//! What the rules do not apply to, each with its reason. An entry that excuses nothing is itself a finding.

use super::tree::Tree;
use super::{Finding, glob};

/// This file, where a finding about a stale entry points.
const SELF: &str = "crates/xtask/src/tidy/lists.rs";

/// Made by a program or by others: no size limit, no module doc, no house style.
pub const GENERATED: &[&str] = &[
    "crates/api/src/gen/**",
    "crates/review/src/rule_type/**",
    "web/src/api/gen/**",
    "proto/google/**",
    "**/package-lock.json",
];

/// Longer than the limit for a reason: tables of data, where a split would hide the order.
pub const LONG: &[(&str, &str)] = &[];

/// Paths that documents name although git has none: what builds and tests leave behind.
pub const PRODUCED: &[&str] =
    &["web/dist", "web/dist/**", "e2e/test-results", "e2e/playwright-report"];

/// Where a variant of `EngineKind` may be named outside its family, and why.
pub const ENGINE_NAMED: &[(&str, &str)] = &[];

pub fn is_generated(path: &str) -> bool {
    GENERATED.iter().any(|pattern| glob::matches(pattern, path))
}

/// Entries of a list that were of no use in this run.
pub fn stale(list: &[(&str, &str)], used: &[&str], tree: &Tree) -> Vec<Finding> {
    // A test's tree of two files does not have what the lists name; only the real one has this file.
    let Some(text) = tree.text(SELF) else { return Vec::new() };
    list.iter()
        .filter(|(path, _)| !used.contains(path))
        .map(|(path, _)| {
            let line =
                text.lines().position(|line| line.contains(path)).map_or(1, |index| index + 1);
            Finding::new(
                SELF,
                line,
                format!("{path} needs no exception any more: delete its entry"),
            )
        })
        .collect()
}
