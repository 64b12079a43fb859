//! Every crate's dependencies against the table of arrows in `layers.rs`.

use super::Finding;
use super::manifest::dependencies;
use super::tree::Tree;
use crate::layers::{OWNED, layer, matches, may_use};

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, path, text) in tree.manifests() {
        if layer(name).is_none() {
            findings.push(Finding::new(
                path,
                1,
                format!("crate {name} has no row in xtask/src/layers.rs"),
            ));
            continue;
        }
        let declared = text.lines().any(|line| line.trim() == format!("name = \"{name}\""));
        if !declared {
            findings.push(Finding::new(
                path,
                1,
                format!("the package is not called {name} like its folder"),
            ));
        }
        for dependency in dependencies(text) {
            let used = dependency.name;
            let ours = tree.text(&format!("crates/{used}/Cargo.toml")).is_some();
            let owner = OWNED
                .iter()
                .find(|owned| matches(owned.name, used) && (ours || !owned.name.ends_with('*')));
            if let Some(owned) = owner
                && !owned.by.iter().any(|by| matches(by, name))
            {
                let only = owned.by.join(", ");
                let message = format!("{name} may not use {used} (only {only} may): {}", owned.why);
                findings.push(Finding::new(path, dependency.line, message));
            } else if ours && !may_use(name, used) {
                findings.push(Finding::new(
                    path,
                    dependency.line,
                    format!("{name} may not use {used}"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, uses: &[&str]) -> (String, String) {
        let uses: String =
            uses.iter().map(|used| format!("{used} = {{ workspace = true }}\n")).collect();
        (
            format!("crates/{name}/Cargo.toml"),
            format!("[package]\nname = \"{name}\"\n[dependencies]\n{uses}"),
        )
    }

    fn lines_of(crates: &[(&str, &[&str])]) -> Vec<String> {
        let files: Vec<(String, String)> =
            crates.iter().map(|(name, uses)| manifest(name, uses)).collect();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        check(&Tree::of(&files))
            .into_iter()
            .map(|f| format!("{}:{} {}", f.path, f.line, f.message))
            .collect()
    }

    #[test]
    fn allowed_arrows_are_silent() {
        assert_eq!(
            lines_of(&[
                ("base", &["serde"]),
                ("schema", &["base"]),
                ("store", &["schema", "sqlx"]),
                ("api", &["prost"]),
                ("server", &["api", "axum"])
            ]),
            [""; 0]
        );
    }

    #[test]
    fn an_arrow_up_or_across_is_found_with_its_line() {
        let lines = lines_of(&[("base", &["serde", "schema"]), ("schema", &[])]);
        assert_eq!(lines, ["crates/base/Cargo.toml:5 base may not use schema"]);
    }

    #[test]
    fn what_is_owned_is_kept_back() {
        for (user, used) in [
            ("app", "driver-mysql"),
            ("server", "sql-mysql"),
            ("app", "api"),
            ("server", "sqlx"),
            ("app", "axum"),
            ("store", "rusqlite"),
        ] {
            let lines = lines_of(&[
                (user, &[used]),
                ("driver-mysql", &[]),
                ("sql-mysql", &[]),
                ("api", &[]),
            ]);
            assert_eq!(lines.len(), 1, "{user} → {used}: {lines:?}");
            assert!(lines[0].contains("only "), "{lines:?}");
        }
    }

    #[test]
    fn a_crate_needs_a_row_and_its_folder_s_name() {
        assert!(lines_of(&[("helpers", &[])])[0].contains("no row"));
        let tree = Tree::of(&[("crates/base/Cargo.toml", "[package]\nname = \"basic\"\n")]);
        assert!(check(&tree)[0].message.contains("not called base"));
    }
}
