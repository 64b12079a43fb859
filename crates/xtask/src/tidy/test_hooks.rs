//! Hooks for tests (a settable clock, failing calls) are in no build that leaves the house.

use super::Finding;
use super::manifest::{dependencies, entries};
use super::tree::Tree;

const FEATURE: &str = "test-hooks";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, path, text) in tree.manifests() {
        for entry in
            entries(text).filter(|entry| entry.section == "features" && entry.key == "default")
        {
            // An array may go over several lines: look up to its end.
            let rest: String = text
                .lines()
                .skip(entry.line - 1)
                .take_while(|line| !line.starts_with('['))
                .collect::<Vec<_>>()
                .join("\n");
            if rest.split(']').next().is_some_and(|array| array.contains(FEATURE)) {
                findings.push(Finding::new(
                    path,
                    entry.line,
                    format!("{FEATURE} is a default feature"),
                ));
            }
        }
        for dependency in
            dependencies(text).iter().filter(|dependency| dependency.value.contains(FEATURE))
        {
            let message = format!(
                "{} is always built with {FEATURE}; forward it as a feature",
                dependency.name
            );
            findings.push(Finding::new(path, dependency.line, message));
        }
    }
    findings.extend(packaging(tree));
    findings
}

/// The recipes that make what users get.
fn packaging(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut search = |path: &str, line: usize, text: &str| {
        if text.contains(FEATURE) || text.contains("--all-features") {
            findings.push(Finding::new(path, line, format!("a package is built with {FEATURE}")));
        }
    };
    for (index, line) in tree.text("Dockerfile").unwrap_or_default().lines().enumerate() {
        search("Dockerfile", index + 1, line);
    }
    let mut target = "";
    for (index, line) in tree.text("Makefile").unwrap_or_default().lines().enumerate() {
        if !line.starts_with(['\t', ' ', '#']) {
            target = line.split(':').next().unwrap_or_default();
        }
        if ["package", "run", "bench"].contains(&target) {
            search("Makefile", index + 1, line);
        }
    }
    for (path, text) in
        tree.files().filter(|(path, _)| path.starts_with("scripts/") && path.contains("package"))
    {
        for (index, line) in text.lines().enumerate() {
            search(path, index + 1, line);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(files: &[(&str, &str)]) -> Vec<(String, usize)> {
        check(&Tree::of(files)).into_iter().map(|f| (f.path, f.line)).collect()
    }

    #[test]
    fn a_feature_that_one_asks_for_is_fine() {
        let manifest = "[features]\ndefault = [\"postgres\"]\ntest-hooks = [\"server/test-hooks\"]\n[dependencies]\nserver = { workspace = true }\n";
        let makefile =
            "e2e:\n\tcargo build --features test-hooks\npackage:\n\tcargo build --release\n";
        assert_eq!(lines(&[("crates/basalt/Cargo.toml", manifest), ("Makefile", makefile)]), []);
    }

    #[test]
    fn finds_it_where_packages_would_have_it() {
        let default =
            ("crates/basalt/Cargo.toml", "[features]\ndefault = [\n  \"test-hooks\",\n]\n");
        assert_eq!(lines(&[default]), [("crates/basalt/Cargo.toml".to_owned(), 2)]);
        let forced = (
            "crates/basalt/Cargo.toml",
            "[dependencies]\nserver = { workspace = true, features = [\"test-hooks\"] }\n",
        );
        assert_eq!(lines(&[forced]), [("crates/basalt/Cargo.toml".to_owned(), 2)]);
        let make = ("Makefile", "package:\n\tcargo build --features test-hooks\n");
        assert_eq!(lines(&[make]), [("Makefile".to_owned(), 2)]);
        assert_eq!(
            lines(&[("Dockerfile", "RUN cargo build --all-features\n")]),
            [("Dockerfile".to_owned(), 1)]
        );
    }
}
