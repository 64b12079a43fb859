//! A rule, and what is told of one that was tried.

use std::collections::BTreeMap;

use base::FieldViolation;
use serde::{Deserialize, Serialize};

use crate::cel;

/// Most rules of a workspace, and most steps of a template.
const MAX_RULES: usize = 200;
const MAX_STEPS: usize = 20;
const MAX_TITLE: usize = 200;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    ChangeDatabase,
    CreateDatabase,
    RequestRole,
    RequestAccess,
    /// Any of them for which no rule of its own matched.
    #[default]
    Fallback,
}

impl Source {
    /// As on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChangeDatabase => "CHANGE_DATABASE",
            Self::CreateDatabase => "CREATE_DATABASE",
            Self::RequestRole => "REQUEST_ROLE",
            Self::RequestAccess => "REQUEST_ACCESS",
            Self::Fallback => "SOURCE_UNSPECIFIED",
        }
    }

    /// What conditions of such rules may speak of.
    pub const fn variables(self) -> &'static cel::Environment {
        match self {
            Self::ChangeDatabase => &cel::CHANGE_DATABASE,
            Self::CreateDatabase => &cel::CREATE_DATABASE,
            Self::RequestRole => &cel::ROLE_REQUEST,
            Self::RequestAccess => &cel::ACCESS_REQUEST,
            Self::Fallback => &cel::FALLBACK,
        }
    }
}

/// Who approves, one after the other. No role: nobody has to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    pub title: String,
    pub description: String,
    /// `roles/{role}`
    pub roles: Vec<String>,
}

/// One rule of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    pub source: Source,
    /// An empty one never matches, `true` always does.
    pub condition: String,
    pub condition_title: String,
    pub condition_description: String,
    pub template: Template,
}

/// A rule as it was when it was tried.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleRef {
    /// Its place among all rules, from 1.
    pub number: usize,
    pub title: String,
    pub source: Source,
    pub condition: String,
}

/// A rule that did not match.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Attempt {
    pub rule: RuleRef,
    pub reason: String,
    /// What its condition asks for, as it was once.
    pub values: BTreeMap<String, String>,
}

/// Why something must be approved, or need not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Why {
    /// None: none matched.
    pub rule: Option<RuleRef>,
    /// The database whose change it matched on; empty when it matched without one.
    pub target: String,
    pub values: BTreeMap<String, String>,
    pub tried: Vec<Attempt>,
}

impl Rule {
    pub fn at(&self, number: usize) -> RuleRef {
        let title =
            [&self.template.title, &self.condition_title].into_iter().find(|t| !t.is_empty());
        RuleRef {
            number,
            title: title.cloned().unwrap_or_else(|| format!("Rule {number}")),
            source: self.source,
            condition: self.condition.clone(),
        }
    }
}

/// Everything that is wrong with rules, each with its field below `path`. `known` tells whether there is a role of that name.
pub fn violations(path: &str, rules: &[Rule], known: impl Fn(&str) -> bool) -> Vec<FieldViolation> {
    let mut wrong = Vec::new();
    let mut say = |field: String, description: String| {
        wrong.push(FieldViolation { field, description });
    };
    if rules.len() > MAX_RULES {
        say(path.to_owned(), format!("use at most {MAX_RULES} rules"));
    }
    for (i, rule) in rules.iter().enumerate() {
        let at = |field: &str| format!("{path}[{i}].{field}");
        if !rule.condition.trim().is_empty()
            && let Err(error) = cel::compile(&rule.condition, rule.source.variables())
        {
            say(at("condition.expression"), error.shown(&rule.condition));
        }
        if rule.template.roles.len() > MAX_STEPS {
            say(at("template.flow.roles"), format!("use at most {MAX_STEPS} steps"));
        }
        for (step, role) in rule.template.roles.iter().enumerate() {
            if !known(role) {
                let text = format!(
                    "there is no role {role:?}; name one as roles/{{role}}, for example roles/projectOwner"
                );
                say(at(&format!("template.flow.roles[{step}]")), text);
            }
        }
        if rule.template.title.chars().count() > MAX_TITLE {
            say(at("template.title"), format!("use at most {MAX_TITLE} characters"));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(source: Source, condition: &str, roles: &[&str]) -> Rule {
        let roles = roles.iter().map(|r| (*r).to_owned()).collect();
        Rule {
            source,
            condition: condition.to_owned(),
            template: Template { roles, ..Template::default() },
            ..Rule::default()
        }
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let rules = [
            rule(Source::ChangeDatabase, "statement.affected_rows > 10", &["roles/projectOwner"]),
            rule(Source::ChangeDatabase, "statement.affected_rows > \"ten\"", &["roles/nosuch"]),
            rule(Source::Fallback, "resource.environment_id == \"prod\"", &[]),
            rule(Source::CreateDatabase, "", &[]),
        ];
        let found = violations("rules", &rules, |r| r == "roles/projectOwner");
        let fields: Vec<_> = found.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "rules[1].condition.expression",
                "rules[1].template.flow.roles[0]",
                "rules[2].condition.expression"
            ]
        );
        assert!(found[0].description.contains('^'), "a caret: {}", found[0].description);
        assert!(
            found[2].description.contains("resource.environment_id"),
            "{}",
            found[2].description
        );
    }

    #[test]
    fn a_rule_is_called_by_its_template_or_its_condition() {
        let mut one = rule(Source::Fallback, "true", &[]);
        assert_eq!(one.at(3).title, "Rule 3");
        one.condition_title = "Always".to_owned();
        assert_eq!(one.at(3).title, "Always");
        one.template.title = "Owner".to_owned();
        assert_eq!(one.at(3).title, "Owner");
    }
}
