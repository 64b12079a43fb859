//! What the rules are: `basalt review rules` and `basalt review explain`.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use base::EngineKind;
use review::{Level, Needs, Payload, RULES, Rule, RuleType};

use super::config::near;

/// One line a rule, by group.
pub fn list(engine: Option<EngineKind>) -> String {
    let of_engine = |r: &&Rule| engine.is_none_or(|e| r.engines.contains(&e));
    let rules: Vec<&Rule> = RULES.iter().filter(of_engine).collect();
    let width = rules.iter().map(|r| r.rule.as_str().len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules {
        let _ = writeln!(
            text,
            "{:9}  {:7}  {:width$}  {}",
            rule.group.as_str(),
            level(rule.rule),
            rule.rule.as_str(),
            rule.doc.what
        );
    }
    text
}

pub fn explain(name: &str) -> Result<String> {
    let Some(rule) = RuleType::from_name(name).and_then(review::rule) else {
        let known = RULES.iter().map(|r| r.rule.as_str());
        bail!("there is no rule {name}{}; see basalt review rules", near(name, known));
    };
    let engines: Vec<&str> = rule.engines.iter().map(|e| e.title()).collect();
    let mut text = format!(
        "{}\n{}, {} in the production set, for {}\n\n{}\n{}\n",
        rule.rule.as_str(),
        rule.group.as_str(),
        level(rule.rule),
        engines.join(", "),
        rule.doc.what,
        rule.doc.why
    );
    match rule.needs {
        Needs::Script => {}
        Needs::Catalog => text.push_str("\nIt sees more with --schema.\n"),
        Needs::Connection => {
            text.push_str("\nIt asks the target: it says nothing on the command line.\n");
        }
    }
    for (title, sql) in [("Reported", rule.doc.example), ("Instead", rule.doc.instead)] {
        if !sql.is_empty() {
            let _ = writeln!(text, "\n{title}:\n");
            sql.lines().for_each(|line| {
                let _ = writeln!(text, "    {line}");
            });
        }
    }
    let _ = writeln!(text, "\nIn basalt.toml:\n\n{}", entry(rule));
    Ok(text)
}

fn level(rule: RuleType) -> &'static str {
    match review::production_level(rule) {
        Some(Level::Error) => "ERROR",
        Some(Level::Warning) => "WARNING",
        None => "OFF",
    }
}

/// The rule as it stands in basalt.toml, with what it is told by default.
fn entry(rule: &Rule) -> String {
    let level = match level(rule.rule) {
        "OFF" => "WARNING",
        level => level,
    };
    let mut text = format!(
        "    [[review.rules]]\n    rule = \"{}\"\n    level = \"{level}\"",
        rule.rule.as_str()
    );
    // A JSON string is a TOML string; so are numbers, booleans and arrays.
    let mut field = |name: &str, value: serde_json::Value| {
        let _ = write!(text, "\n    {name} = {value}");
    };
    match review::default_payload(rule) {
        Payload::None => {}
        Payload::Naming { format, max_length } => {
            field("format", format.into());
            field("max_length", max_length.into());
        }
        Payload::Number { number } => field("number", number.into()),
        Payload::StringArray { list } => field("list", list.into()),
        Payload::CommentConvention { required, max_length } => {
            field("required", required.into());
            field("max_length", max_length.into());
        }
        Payload::String { value } => field("value", value.into()),
        Payload::NamingCase { upper } => field("upper", upper.into()),
    }
    text
}
