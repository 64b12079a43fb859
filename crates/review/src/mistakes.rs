//! What is wrong with a rule as a person configured it, before it reviews anything.

use base::EngineKind;
use regex::Regex;

use crate::payload::{Payload, PayloadKind};
use crate::rule_type::RuleType;
use crate::rules;

/// Most items of a list, and bytes of a text, in a payload.
const MOST_ITEMS: usize = 1_000;
const MOST_BYTES: usize = 1_000;

/// One thing to mend: the field of the rule, as on the wire, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub field: &'static str,
    pub what: String,
}

/// Everything wrong with a rule for scripts of an engine.
pub fn mistakes(rule: RuleType, engine: EngineKind, payload: &Payload) -> Vec<Mistake> {
    let name = rule.as_str();
    let mut found = Vec::new();
    let mut say = |field, what| found.push(Mistake { field, what });
    let Some(known) = rules::rule(rule) else {
        say("type", format!("{name} is not available in this version; leave the rule out"));
        return found;
    };
    if !known.engines.contains(&engine) {
        let all: Vec<_> = known.engines.iter().map(|e| e.wire_name()).collect();
        let what = format!(
            "{name} cannot be used for {}; in this version it is for {}",
            engine.wire_name(),
            all.join(", ")
        );
        say("engine", what);
    }
    if payload.kind() != known.payload {
        let given = field(payload.kind()).or_else(|| field(known.payload));
        say(given.unwrap_or("payload"), wanted(name, known.payload));
    } else if let Some((field, what)) = content(payload) {
        say(field, what);
    }
    found
}

fn wanted(name: &str, kind: PayloadKind) -> String {
    match (field(kind), kind) {
        (None, _) => format!("{name} takes no payload; leave it out"),
        (Some(field), PayloadKind::Naming) => {
            format!("{name} takes {field}: a format, and max_length if you want")
        }
        (Some(field), _) => format!("{name} takes {field}; give that"),
    }
}

/// The field of the wire that holds payloads of a kind.
const fn field(kind: PayloadKind) -> Option<&'static str> {
    match kind {
        PayloadKind::None => None,
        PayloadKind::Naming => Some("naming_payload"),
        PayloadKind::Number => Some("number_payload"),
        PayloadKind::StringArray => Some("string_array_payload"),
        PayloadKind::CommentConvention => Some("comment_convention_payload"),
        PayloadKind::String => Some("string_payload"),
        PayloadKind::NamingCase => Some("naming_case_payload"),
    }
}

fn content(payload: &Payload) -> Option<(&'static str, String)> {
    match payload {
        Payload::Naming { format, .. } => {
            let why = expression_mistake(format)?;
            Some(("naming_payload.format", why))
        }
        Payload::Number { number } if *number < 0 => {
            Some(("number_payload.number", "use 0 or more".to_owned()))
        }
        Payload::StringArray { list } => {
            let bad = list.len() > MOST_ITEMS
                || list.iter().any(|item| item.trim().is_empty() || item.len() > MOST_BYTES);
            let what = || {
                format!("use at most {MOST_ITEMS} items, each of 1 to {MOST_BYTES} bytes of text")
            };
            bad.then(|| ("string_array_payload.list", what()))
        }
        Payload::String { value } if value.len() > MOST_BYTES => {
            Some(("string_payload.value", format!("use at most {MOST_BYTES} bytes")))
        }
        _ => None,
    }
}

/// Tokens stand for names, so a name stands in their place here.
fn expression_mistake(format: &str) -> Option<String> {
    if format.is_empty() || format.len() > MOST_BYTES {
        return Some(format!("give a regular expression of 1 to {MOST_BYTES} bytes"));
    }
    let mut plain = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((_, behind)) = after.split_once("}}") else {
            return Some("close each {{ with }}: {{table}}".to_owned());
        };
        plain.push_str(before);
        plain.push_str("name");
        rest = behind;
    }
    plain.push_str(rest);
    let error = Regex::new(&plain).err()?.to_string();
    // The error draws where it is on lines of its own; its last line says what it is.
    let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
    Some(format!("{format:?} is no regular expression: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(rule: RuleType, engine: EngineKind, payload: &Payload) -> Vec<&'static str> {
        mistakes(rule, engine, payload).into_iter().map(|m| m.field).collect()
    }

    fn naming(format: &str) -> Payload {
        Payload::Naming { format: format.into(), max_length: 63 }
    }

    #[test]
    fn each_mistake_names_its_field() {
        let pg = EngineKind::Postgres;
        let list = |item: &str| Payload::StringArray { list: vec![item.into()] };
        for (rule, engine, payload, wrong) in [
            (RuleType::TableRequirePk, pg, Payload::None, &[][..]),
            (RuleType::TableRequirePk, EngineKind::Snowflake, Payload::None, &["engine"]),
            (RuleType::EngineMysqlUseInnodb, EngineKind::Mysql, Payload::None, &["type"]),
            (RuleType::TableRequirePk, pg, Payload::Number { number: 1 }, &["number_payload"]),
            (RuleType::NamingTable, pg, Payload::None, &["naming_payload"]),
            (RuleType::NamingTable, pg, naming("("), &["naming_payload.format"]),
            (RuleType::NamingTable, pg, naming(""), &["naming_payload.format"]),
            (RuleType::NamingIndexIdx, pg, naming("^idx_{{table"), &["naming_payload.format"]),
            (RuleType::NamingIndexIdx, pg, naming("^idx_{{table}}_{{column_list}}$"), &[]),
            (
                RuleType::StatementInsertRowLimit,
                pg,
                Payload::Number { number: -1 },
                &["number_payload.number"],
            ),
            (RuleType::ColumnRequired, pg, list(" "), &["string_array_payload.list"]),
            (RuleType::ColumnRequired, pg, list("id"), &[]),
        ] {
            assert_eq!(fields(rule, engine, &payload), wrong, "{rule:?} {payload:?}");
        }
    }

    #[test]
    fn a_bad_expression_says_why() {
        let found = mistakes(RuleType::NamingTable, EngineKind::Postgres, &naming("^[a-z"));
        assert_eq!(found[0].what, "\"^[a-z\" is no regular expression: unclosed character class");
    }
}
