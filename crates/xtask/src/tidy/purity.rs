//! Pure crates touch no machine: neither by a dependency nor by the standard library.

use super::Finding;
use super::code;
use super::manifest::dependencies;
use super::tree::Tree;
use crate::layers::{IMPURE, PURE_EXCEPTIONS, layer, matches};

/// What a pure crate's code does not say.
const BANNED: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::io::stdin",
    "SystemTime",
    "Instant::now",
    "thread::sleep",
    "thread::spawn",
    "now_utc",
    "now_local",
    "tokio::",
    "println!",
    "eprintln!",
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, path, text) in tree.manifests() {
        if !layer(name).is_some_and(|layer| layer.pure) {
            continue;
        }
        if !is_excepted(path) {
            for dependency in
                dependencies(text).iter().filter(|dependency| is_impure(dependency.name))
            {
                findings.push(Finding::new(
                    path,
                    dependency.line,
                    format!("pure crate {name} uses {}", dependency.name),
                ));
            }
        }
        for (path, text) in tree
            .sources(name)
            .filter(|(path, _)| !is_excepted(path) && !path.ends_with("/tests.rs"))
        {
            for (index, line) in code::built(text).lines().enumerate() {
                for word in BANNED.iter().filter(|word| says(line, word)) {
                    findings.push(Finding::new(
                        path,
                        index + 1,
                        format!("pure crate {name} says {word}"),
                    ));
                }
            }
        }
    }
    findings
}

fn is_impure(dependency: &str) -> bool {
    IMPURE.iter().any(|pattern| matches(pattern, dependency))
}

fn is_excepted(path: &str) -> bool {
    PURE_EXCEPTIONS.iter().any(|(excepted, _reason)| *excepted == path)
}

/// Whether the line has the word, not as the end of a longer one.
fn says(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_machine_in_manifest_and_code() {
        let tree = Tree::of(&[
            (
                "crates/schema/Cargo.toml",
                "[dependencies]\ntokio = { workspace = true }\nserde = { workspace = true }\n",
            ),
            (
                "crates/schema/src/lib.rs",
                "//! std::fs\nuse std::fs;\nfn f() -> &'static str { \"std::net\" }\n#[cfg(test)]\nmod tests { use std::env; }\n",
            ),
            ("crates/store/Cargo.toml", "[dependencies]\ntokio = { workspace = true }\n"),
        ]);
        let found: Vec<(String, usize)> =
            check(&tree).into_iter().map(|f| (f.path, f.line)).collect();
        assert_eq!(
            found,
            [
                ("crates/schema/Cargo.toml".to_owned(), 2),
                ("crates/schema/src/lib.rs".to_owned(), 2)
            ]
        );
    }

    #[test]
    fn the_system_clock_has_its_one_file() {
        let manifest =
            ("crates/base/Cargo.toml", "[dependencies]\ngetrandom = { workspace = true }\n");
        let code = "fn now() { SystemTime::now() }";
        assert_eq!(check(&Tree::of(&[manifest, ("crates/base/src/clock.rs", code)])), []);
        assert_eq!(check(&Tree::of(&[manifest, ("crates/base/src/other.rs", code)])).len(), 1);
    }
}
