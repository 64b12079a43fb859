//! Cases of rules: `tests/rules/RULE/ENGINE/CASE.sql`, each with a snapshot beside it.
//!
//! The rule is the folder's name, the payload that of `support::payload`. Statements before a line `-- review` make
//! the catalog. A rule that needs a connection has `support::Target`, but in cases called `without_a_connection`.
//!
//! Every rule has at least the cases of [`EVERY`], for each engine whose scripts it reads. To write snapshots:
//! `INSTA_UPDATE=always cargo test -p review`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use base::EngineKind;
use review::{Live, Needs, RuleType};

use crate::support;

/// It fires; it does not; several statements, of which some are wrong; what an earlier statement makes of a later one.
const EVERY: [&str; 4] = ["fires", "silent", "several", "after"];

#[test]
fn cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    // How much is found in each case.
    let mut found: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for file in &files {
        let folders: Vec<&str> =
            file.strip_prefix(&root).unwrap().iter().map(|f| f.to_str().unwrap()).collect();
        let [rule, engine, case] = folders[..] else { panic!("{} lies elsewhere", file.display()) };
        let ty = RuleType::from_name(rule).unwrap_or_else(|| panic!("no rule is called {rule}"));
        let case = case.trim_end_matches(".sql");
        let text = std::fs::read_to_string(file).unwrap();
        let (before, script) = text.split_once("-- review\n").unwrap_or(("", &text));
        let mut known = support::catalog(before);
        support::owned(&mut known);
        let rules = [support::config(ty, support::payload(ty))];
        let needs = review::rule(ty).map(|r| r.needs);
        let is_live = needs == Some(Needs::Connection) && case != "without_a_connection";
        let live: Option<&dyn Live> = if is_live { Some(&support::Target) } else { None };
        let report = support::run(script, Some(&known), &rules, live);
        found.insert((rule, engine, case), report.advices.len());
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
        settings.bind(|| insta::assert_snapshot!(case, shown));
    }
    for rule in review::RULES {
        let folder = rule.rule.as_str().to_lowercase();
        for engine in rule.engines.iter().filter_map(|e| engine_folder(*e)) {
            for case in EVERY {
                let path = format!("tests/rules/{folder}/{engine}/{case}.sql");
                let count = found.get(&(&*folder, engine, case));
                let count = count.unwrap_or_else(|| panic!("{path} is missing"));
                match case {
                    "silent" => assert_eq!(*count, 0, "{path} is not silent"),
                    "fires" | "several" => assert!(*count > 0, "{path} does not fire"),
                    _ => {}
                }
            }
        }
    }
}

/// Where the cases of an engine stand; None for one that reads like another.
fn engine_folder(engine: EngineKind) -> Option<&'static str> {
    (engine == EngineKind::Postgres).then_some("postgres")
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
