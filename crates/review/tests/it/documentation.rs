//! The examples in the documentation of rules are true: `example` fires, `instead` does not. Their pages in docs/rules
//! are what comes of it.
//!
//! To write the pages: `INSTA_UPDATE=always cargo test -p review pages`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use review::{Fix, Group, Level, Live, Needs, Payload, Report, Rule, Safety, Status, fix};
use schema::Catalog;

use crate::support;

const CATALOG: &str = "
    CREATE SCHEMA bbdataarchive;
    CREATE TABLE book (id int, name text, author_id int, a int);
    CREATE INDEX book_name ON book (name);
    CREATE TABLE shelf (id int);
";

/// Reviews a text by one rule, as its documentation means it.
fn reviewed(rule: &Rule, script: &str) -> Report {
    let rules = [support::config(rule.rule, support::payload(rule.rule))];
    let live: Option<&dyn Live> = match rule.needs {
        Needs::Connection => Some(&support::Target),
        _ => None,
    };
    support::run(script, Some(&catalog()), &rules, live)
}

fn catalog() -> Catalog {
    let mut catalog = support::catalog(CATALOG);
    support::owned(&mut catalog);
    catalog
}

#[test]
fn examples_are_true() {
    for rule in review::RULES {
        let name = rule.rule.as_str();
        let fired = |script: &str| {
            let report = reviewed(rule, script);
            report.advices.iter().map(|a| format!("{} {}", a.title, a.code)).collect::<Vec<_>>()
        };
        if rule.doc.example.is_empty() {
            // A script too long for a page makes it fire.
            assert_eq!(rule.payload, review::PayloadKind::Number, "{name} has no example");
        } else {
            let found = fired(rule.doc.example);
            assert!(!found.is_empty(), "the example of {name} does not fire");
            assert!(found.iter().all(|f| f.starts_with(name) && !f.ends_with(" 1")), "{found:?}");
        }
        assert_eq!(fired(rule.doc.instead), Vec::<String>::new(), "`instead` of {name} fires");
    }
}

#[test]
fn advices_have_the_codes_that_their_rule_says() {
    let catalog = support::catalog(CATALOG);
    for rule in review::RULES {
        let codes = rule.codes;
        assert!(!codes.is_empty(), "{} has no code", rule.rule.as_str());
        let rules = [support::config(rule.rule, support::payload(rule.rule))];
        for advice in support::run(rule.doc.example, Some(&catalog), &rules, None).advices {
            assert!(codes.contains(&advice.code), "{}: {}", advice.title, advice.code);
        }
    }
}

#[test]
fn every_rule_takes_the_payload_that_it_says() {
    for rule in review::RULES {
        assert_eq!(support::payload(rule.rule).kind(), rule.payload, "{}", rule.rule.as_str());
        let wrong = match rule.payload {
            review::PayloadKind::None => continue,
            review::PayloadKind::Number => review::Payload::None,
            _ => review::Payload::Number { number: 1 },
        };
        // Looked at before the rules run; without a limit there is none.
        if rule.rule == review::RuleType::BuiltinStatementMaximumSqlSize
            || rule.needs == review::Needs::Connection
        {
            continue;
        }
        let report = support::run(
            "CREATE TABLE t (id int)",
            None,
            &[support::config(rule.rule, wrong)],
            None,
        );
        let advice = report.advices.first().expect("a rule that cannot be evaluated says so");
        assert_eq!((advice.code, advice.status), (1, review::Status::Error));
        assert!(advice.content.starts_with("Not evaluated: "), "{}", advice.content);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch by which snapshots are written, too")]
fn pages_say_what_rules_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let mut pages = vec![(folder.join("README.md"), index())];
    pages.extend(review::RULES.iter().map(|r| (folder.join(file(r)), page(r))));
    if std::env::var("INSTA_UPDATE").is_ok_and(|v| v == "always") {
        std::fs::create_dir_all(&folder).expect("a folder");
        let there =
            std::fs::read_dir(&folder).expect("a folder").map(|e| e.expect("an entry").path());
        for gone in there.filter(|p| !pages.iter().any(|(path, _)| path == p)) {
            std::fs::remove_file(gone).expect("a page of a rule that is no more");
        }
        pages.iter().for_each(|(path, text)| std::fs::write(path, text).expect("a page"));
    }
    let how = "INSTA_UPDATE=always cargo test -p review pages";
    for (path, text) in &pages {
        let there = std::fs::read_to_string(path).unwrap_or_default();
        assert!(there == *text, "{} is not what the rule says: {how}", path.display());
    }
    let there: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("docs/rules")
        .map(|e| e.expect("an entry").path())
        .collect();
    assert_eq!(there.len(), pages.len(), "docs/rules has pages of rules that are no more: {how}");
}

fn file(rule: &Rule) -> String {
    format!("{}.md", rule.rule.as_str().to_lowercase())
}

const GENERATED: &str = "<!-- Written by `INSTA_UPDATE=always cargo test -p review pages` from crates/review/src/rules. -->\n\n";

fn index() -> String {
    let mut text = format!("{GENERATED}# Rules\n\n");
    text.push_str(
        "What SQL review reports, one page a rule: why, an example that is reported and one that is not, what a machine can mend, options. All\n\
         examples are run by a test. How to turn rules on: `docs/howto/review.md` in the server, `docs/howto/review-in-ci.md` in a pipeline.\n",
    );
    let mut groups: Vec<Group> = Vec::new();
    for rule in review::RULES {
        if !groups.contains(&rule.group) {
            groups.push(rule.group);
        }
    }
    for group in groups {
        let _ = write!(
            text,
            "\n## {}\n\n| rule | production | fix | reports |\n|---|---|---|---|\n",
            title(group)
        );
        for rule in review::RULES.iter().filter(|r| r.group == group) {
            let report = reviewed(rule, rule.doc.example);
            let fix = match fixes(&report).first() {
                Some(fix) if fix.safety == Safety::Safe => "safe",
                Some(_) => "to look at",
                None => "",
            };
            let _ = writeln!(
                text,
                "| [{}]({}) | {} | {fix} | {} |",
                rule.rule.as_str(),
                file(rule),
                level(rule),
                cell(rule.doc.what)
            );
        }
    }
    text
}

fn page(rule: &Rule) -> String {
    let mut text =
        format!("{GENERATED}# {}\n\n{}\n\n{}\n\n", rule.rule.as_str(), rule.doc.what, rule.doc.why);
    let engines: Vec<&str> = rule.engines.iter().map(|e| e.title()).collect();
    let needs = match rule.needs {
        Needs::Script => "the script",
        Needs::Catalog => "the script; it sees more with the schema of the database",
        Needs::Connection => "a live database; without one it says nothing",
    };
    let _ = write!(
        text,
        "| | |\n|---|---|\n| Group | {} |\n| In the production set | {} |\n| For | {} |\n| Reads | {needs} |\n",
        title(rule.group),
        level(rule),
        engines.join(", ")
    );
    example(&mut text, rule);
    options(&mut text, rule);
    let _ = write!(
        text,
        "\n## Where it is meant\n\nA comment above the statement takes the finding away; the reason is shown to the reviewer.\n\n\
         ```sql\n-- basalt:ignore {} why this one is right\n```\n",
        rule.rule.as_str()
    );
    text
}

fn example(text: &mut String, rule: &Rule) {
    let payload = support::payload(rule.rule);
    let told = if payload == review::default_payload(rule) {
        String::new()
    } else {
        format!(" with `{}`", fields(&payload).join("`, `"))
    };
    if !rule.doc.example.is_empty() {
        let report = reviewed(rule, rule.doc.example);
        let _ = write!(text, "\n## Reported{told}\n\n```sql\n{}\n```\n\n", rule.doc.example);
        for advice in &report.advices {
            let place = match advice.start.filter(|p| p.line > 0) {
                Some(at) => format!("Line {}", at.line),
                None => "The script".to_owned(),
            };
            let _ = writeln!(text, "- {place}, code {}: {}", advice.code, advice.content);
        }
        if let Some(fix) = fixes(&report).first() {
            let option = match fix.safety {
                Safety::Safe => "`basalt review --fix` makes it",
                Safety::Look => "`basalt review --fix=all` makes it; read it before it is run",
            };
            let fixed = fix::apply(rule.doc.example, [*fix]).text;
            let _ = write!(text, "\n## Fix\n\n{}: {option}.\n\n```sql\n{fixed}\n```\n", fix.title);
        }
    }
    let _ = write!(text, "\n## Not reported\n\n```sql\n{}\n```\n", rule.doc.instead);
}

fn options(text: &mut String, rule: &Rule) {
    let default = review::default_payload(rule);
    let _ = write!(text, "\n## Options\n\n");
    let meaning = match &default {
        Payload::None => "It takes none.",
        Payload::Naming { .. } => {
            "`format` is a regular expression, in which words in double braces stand for names; `max_length` is the longest name in bytes (0: 63)."
        }
        Payload::Number { .. } => "`number` is the limit.",
        Payload::StringArray { .. } => "`list` is what the rule compares with.",
        Payload::CommentConvention { .. } => {
            "`required` says whether there has to be a comment; `max_length` is the longest one in bytes (0: any)."
        }
        Payload::String { .. } => "`value` is what the rule compares with.",
        Payload::NamingCase { .. } => "`upper` says whether names are in upper case.",
    };
    let shown = if level(rule) == "off" { "WARNING" } else { level(rule) };
    let _ = write!(
        text,
        "{meaning} In `basalt.toml`, with what it is told by default:\n\n```toml\n[[review.rules]]\nrule = \"{}\"\nlevel = \"{shown}\"\n",
        rule.rule.as_str()
    );
    for field in fields(&default) {
        let _ = writeln!(text, "{field}");
    }
    text.push_str("```\n");
}

/// `name = value`: a JSON value is a TOML value here.
fn fields(payload: &Payload) -> Vec<String> {
    let value = serde_json::to_value(payload).expect("a payload");
    let fields = value.as_object().expect("an object").iter();
    fields
        .filter(|(name, _)| *name != "kind")
        .map(|(name, value)| format!("{name} = {value}"))
        .collect()
}

fn fixes(report: &Report) -> Vec<&Fix> {
    report
        .advices
        .iter()
        .filter(|a| a.status != Status::Success)
        .filter_map(|a| a.fix.as_ref())
        .collect()
}

fn level(rule: &Rule) -> &'static str {
    match review::production_level(rule.rule) {
        Some(Level::Error) => "ERROR",
        Some(Level::Warning) => "WARNING",
        None => "off",
    }
}

fn title(group: Group) -> String {
    let (first, rest) = group.as_str().split_at(1);
    format!("{first}{}", rest.to_lowercase())
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
