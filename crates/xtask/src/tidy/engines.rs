//! Nobody outside an engine's family asks which engine it is.
//!
//! A textual check: a variant (`EngineKind::Mysql`, `Engine.MYSQL` in the console) in code that is not a
//! test. Functions and constants of the table (`EngineKind::from_wire`, `EngineKind::ALL`) are what to use.

use super::lists::{self, ENGINE_NAMED};
use super::tree::Tree;
use super::{Finding, code};

const CRATES: &[&str] = &["app", "server", "policy", "store"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut excused = Vec::new();
    let rust = CRATES
        .iter()
        .flat_map(|name| tree.sources(name))
        .map(|(path, text)| (path, code::built(text)));
    let console = tree.ending_in(&[".ts", ".tsx"]).filter(|(path, _)| is_console(path));
    for (path, text) in rust.chain(console.map(|(path, text)| (path, text.to_owned()))) {
        for (index, line) in text.lines().enumerate() {
            let Some(variant) = variant(line) else { continue };
            match ENGINE_NAMED.iter().find(|(excepted, _reason)| *excepted == path) {
                Some((excepted, _)) => excused.push(*excepted),
                None => findings.push(Finding::new(
                    path,
                    index + 1,
                    format!("names one engine: {variant}"),
                )),
            }
        }
    }
    findings.extend(lists::stale(ENGINE_NAMED, &excused, tree));
    findings
}

fn is_console(path: &str) -> bool {
    path.starts_with("web/src/") && !lists::is_generated(path) && !path.contains(".test.")
}

fn variant(line: &str) -> Option<&str> {
    let rust = find(line, "EngineKind::", |name| {
        name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.contains(|c: char| c.is_ascii_lowercase())
    });
    rust.or_else(|| {
        find(line, "Engine.", |name| {
            name.starts_with(|first: char| first.is_ascii_uppercase())
                && name != "ENGINE_UNSPECIFIED"
        })
    })
}

/// `prefix` and the name after it, if `is_variant` says so of the name.
fn find<'l>(line: &'l str, prefix: &str, is_variant: impl Fn(&str) -> bool) -> Option<&'l str> {
    line.match_indices(prefix).find_map(|(at, _)| {
        let name = &line[at + prefix.len()..];
        let length = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
        let begins =
            !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
        (begins && is_variant(&name[..length])).then_some(&line[at..at + prefix.len() + length])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_variants_and_leaves_the_table_alone() {
        let rust = "fn f(k: EngineKind) {\n  let all = EngineKind::ALL;\n  let x = EngineKind::from_wire(1);\n  if k == EngineKind::Mysql {}\n}\n#[cfg(test)]\nmod tests { const K: EngineKind = EngineKind::Sqlite; }\n";
        let tree = Tree::of(&[
            ("crates/app/src/a.rs", rust),
            ("crates/driver-mysql/src/a.rs", rust),
            ("web/src/pages/A.tsx", "const a: Engine = e;\nif (e === Engine.MYSQL) {}\n"),
            ("web/src/pages/A.test.tsx", "Engine.MYSQL\n"),
            ("web/src/api/gen/a.ts", "Engine.MYSQL\n"),
        ]);
        let found: Vec<(String, usize, String)> =
            check(&tree).into_iter().map(|f| (f.path, f.line, f.message)).collect();
        assert_eq!(
            found,
            [
                (
                    "crates/app/src/a.rs".to_owned(),
                    4,
                    "names one engine: EngineKind::Mysql".to_owned()
                ),
                ("web/src/pages/A.tsx".to_owned(), 2, "names one engine: Engine.MYSQL".to_owned()),
            ]
        );
    }
}
