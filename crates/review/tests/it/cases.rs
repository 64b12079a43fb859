//! Cases of rules: `tests/rules/RULE/ENGINE/CASE.sql`, each with a snapshot beside it.
//!
//! The rule is the folder's name, the payload that of `support::payload`. Statements before a line `-- review` make
//! the catalog. To write snapshots: `INSTA_UPDATE=always cargo test -p review`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use review::RuleType;

use crate::support;

#[test]
fn cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut rules: Vec<&str> = Vec::new();
    for file in &files {
        let folders: Vec<&str> =
            file.strip_prefix(&root).unwrap().iter().map(|f| f.to_str().unwrap()).collect();
        let [rule, _engine, case] = folders[..] else {
            panic!("{} lies elsewhere", file.display())
        };
        let ty = RuleType::from_name(rule).unwrap_or_else(|| panic!("no rule is called {rule}"));
        rules.push(rule);
        let text = std::fs::read_to_string(file).unwrap();
        let (before, script) = text.split_once("-- review\n").unwrap_or(("", &text));
        let known = support::catalog(before);
        let rules = [support::config(ty, support::payload(ty))];
        let report = support::run(script, Some(&known), &rules, None);
        let mut shown = String::new();
        for advice in &report.advices {
            let line = advice.start.map_or_else(|| "-".to_owned(), |p| p.line.to_string());
            writeln!(shown, "{line} {:?} {} {}", advice.status, advice.code, advice.content)
                .unwrap();
        }
        for suppressed in &report.suppressed {
            writeln!(shown, "suppressed {}: {}", suppressed.advice.code, suppressed.reason)
                .unwrap();
        }
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(file.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_input_file(file);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(case.trim_end_matches(".sql"), shown));
    }
    for rule in review::RULES {
        let folder = rule.rule.as_str().to_lowercase();
        assert!(rules.contains(&folder.as_str()), "{folder} has no case in tests/rules");
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "sql") {
            files.push(path);
        }
    }
}
