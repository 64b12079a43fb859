//! Cargo.toml, as far as the rules need it: sections, keys, lines.

use super::Finding;
use super::tree::Tree;

/// One dependency in a manifest.
pub struct Dependency<'t> {
    /// Of the package, also where the manifest renames it.
    pub name: &'t str,
    pub value: &'t str,
    pub line: usize,
}

/// What a build needs: `[dependencies]`, also of a target, and `[build-dependencies]`.
pub fn dependencies(text: &str) -> Vec<Dependency<'_>> {
    entries(text)
        .filter(|entry| {
            let kind = entry.section.rsplit('.').next().unwrap_or_default();
            kind == "dependencies" || kind == "build-dependencies"
        })
        .map(|entry| {
            let renamed =
                entry.value.split_once("package = \"").and_then(|(_, rest)| rest.split('"').next());
            Dependency { name: renamed.unwrap_or(entry.key), value: entry.value, line: entry.line }
        })
        .collect()
}

/// A `key = value` line; a dotted key's rest is part of the value (`a.workspace = true`).
pub struct Entry<'t> {
    pub section: &'t str,
    pub key: &'t str,
    pub value: &'t str,
    pub line: usize,
}

pub fn entries(text: &str) -> impl Iterator<Item = Entry<'_>> {
    let mut section = "";
    text.lines().enumerate().filter_map(move |(index, line)| {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end().trim_end_matches(']').trim_start_matches('[');
            return None;
        }
        let (key, _) = line.split_once('=')?;
        let key = key.trim().split('.').next()?;
        let is_name = |name: &str| {
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if key.is_empty() || !is_name(key) {
            return None; // a continued array, a comment
        }
        Some(Entry { section, key, value: line[key.len()..].trim(), line: index + 1 })
    })
}

/// Every crate takes lints and versions from the workspace.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, path, text) in tree.manifests() {
        let inherits = |entry: &Entry<'_>| {
            entry.section == "lints" && entry.key == "workspace" && entry.value.ends_with("true")
        };
        let dotted = text.lines().any(|line| line.trim() == "lints.workspace = true");
        if !dotted && !entries(text).any(|entry| inherits(&entry)) {
            findings.push(Finding::new(path, 1, "add [lints] workspace = true"));
        }
        for entry in entries(text).filter(|entry| entry.section.ends_with("dependencies")) {
            let line = entry.value;
            if !line.contains("workspace = true") {
                let message = format!(
                    "{} must take its version from [workspace.dependencies]: {{ workspace = true }}",
                    entry.key
                );
                findings.push(Finding::new(path, entry.line, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n\n[dependencies]\nb = { workspace = true }\nc.workspace = true\n\n[features]\nx = [\n  \"y\",\n]\n";

    #[test]
    fn reads_sections_renames_and_targets() {
        let text = "[dependencies]\na = { workspace = true }\nb.workspace = true\nc = { package = \"real\", workspace = true }\n[target.'cfg(unix)'.dependencies]\nd = { workspace = true }\n[dev-dependencies]\ne = { workspace = true }\n";
        let found: Vec<(&str, usize)> =
            dependencies(text).iter().map(|d| (d.name, d.line)).collect();
        assert_eq!(found, [("a", 2), ("b", 3), ("real", 4), ("d", 6)]);
    }

    #[test]
    fn wants_lints_and_versions_of_the_workspace() {
        assert_eq!(check(&Tree::of(&[("crates/a/Cargo.toml", GOOD)])), []);
        let bad = "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\"\n";
        let findings = check(&Tree::of(&[("crates/a/Cargo.toml", bad)]));
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert_eq!((findings[0].line, findings[1].line), (1, 4));
    }
}
