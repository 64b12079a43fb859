//! Where the rules of a configuration do not hold: by table, schema, or label of the database.

use base::FieldViolation;
use review::{Exception, RuleType};
use serde::{Deserialize, Serialize};

/// Far more than anybody keeps in mind.
const MOST: usize = 500;
const MOST_REASON: usize = 1_000;
const MOST_NAME: usize = 200;

/// As it came in: numbers as on the wire, which may be of no rule.
#[derive(Debug, Clone, Default)]
pub struct ExceptionDraft {
    pub rules: Vec<i32>,
    pub exception: Exception,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigException {
    /// None: every rule.
    #[serde(default)]
    pub rules: Vec<RuleType>,
    #[serde(flatten)]
    pub exception: Exception,
}

impl ConfigException {
    pub fn is_about(&self, rule: RuleType) -> bool {
        self.rules.is_empty() || self.rules.contains(&rule)
    }
}

/// The exceptions of a request; what is wrong with them goes into `wrong`. `prefix` stands before `exceptions[0]`.
pub(super) fn read(
    prefix: &str,
    drafts: &[ExceptionDraft],
    wrong: &mut Vec<FieldViolation>,
) -> Vec<ConfigException> {
    let mut say = |field: String, description: &str| {
        let field = format!("{prefix}{field}");
        wrong.push(FieldViolation { field, description: description.to_owned() });
    };
    if drafts.len() > MOST {
        say("exceptions".to_owned(), "use at most 500 exceptions");
    }
    let mut read = Vec::new();
    for (n, draft) in drafts.iter().take(MOST).enumerate() {
        let mut say = |field: &str, what: &str| say(format!("exceptions[{n}].{field}"), what);
        let Exception { schema, table, label, reason } = &draft.exception;
        let mut rules = Vec::new();
        for (m, number) in draft.rules.iter().enumerate() {
            match RuleType::from_number(*number) {
                Some(rule) if !rules.contains(&rule) => rules.push(rule),
                Some(_) => {}
                None => say(&format!("rules[{m}]"), "use a name of SQLReviewRule.Type"),
            }
        }
        if [schema, table, label].iter().all(|t| t.is_empty()) {
            say("table", "say where: give a table, a schema or a label");
        }
        for (field, pattern) in [("schema", schema), ("table", table)] {
            let star = pattern.find('*').is_some_and(|at| at + 1 < pattern.len());
            if star || pattern.contains('.') {
                say(field, "give one name; * at its end stands for any rest");
            }
        }
        let (key, value) = label.split_once(':').unwrap_or((label, "any"));
        if !label.is_empty() && (key.is_empty() || value.is_empty()) {
            say("label", "give key:value, or the key alone");
        }
        for (field, text, most) in [
            ("schema", schema, MOST_NAME),
            ("table", table, MOST_NAME),
            ("label", label, MOST_NAME),
            ("reason", reason, MOST_REASON),
        ] {
            if text.chars().count() > most {
                say(field, &format!("use at most {most} characters"));
            }
        }
        if reason.trim().is_empty() {
            say("reason", "say why; whoever reviews sees it");
        }
        let reason = reason.trim().to_owned();
        let exception = Exception { reason, ..draft.exception.clone() };
        read.push(ConfigException { rules, exception });
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(schema: &str, table: &str, label: &str, reason: &str) -> Vec<String> {
        let text = ToOwned::to_owned;
        let exception = Exception {
            schema: text(schema),
            table: text(table),
            label: text(label),
            reason: text(reason),
        };
        let mut found = Vec::new();
        read("", &[ExceptionDraft { rules: vec![53], exception }], &mut found);
        found.into_iter().map(|v| v.field.replace("exceptions[0].", "")).collect()
    }

    #[test]
    fn each_mistake_names_its_field() {
        assert_eq!(wrong("app", "tmp_*", "tier:cold", "a queue"), [""; 0]);
        assert_eq!(wrong("", "", "", " "), ["table", "reason"]);
        assert_eq!(wrong("a.b", "*a", "", "why"), ["schema", "table"]);
        assert_eq!(wrong("", "", ":cold", "why"), ["label"]);
        let mut found = Vec::new();
        let draft = ExceptionDraft { rules: vec![32], ..ExceptionDraft::default() };
        read("c.", &[draft], &mut found);
        assert_eq!(found[0].field, "c.exceptions[0].rules[0]");
    }
}
