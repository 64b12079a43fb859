//! Names of policies: `projects/{project}/policies/data_query`.

use std::fmt;

use base::name::{EnvironmentName, ProjectName, WORKSPACE};
use base::{Error, Result};

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Rollout,
    Tag,
    QueryData,
}

/// What a policy belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Workspace,
    Environment,
    Project,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyName {
    /// `workspaces/{workspace}`, `environments/{environment}` or `projects/{project}`.
    pub resource: String,
    pub kind: Kind,
}

impl Kind {
    pub const ALL: &[Self] = &[Self::Rollout, Self::Tag, Self::QueryData];

    /// The number of PolicyType on the wire.
    pub const fn number(self) -> i32 {
        match self {
            Self::Rollout => 3,
            Self::Tag => 4,
            Self::QueryData => 6,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Rollout => "rollout_policy",
            Self::Tag => "tag",
            Self::QueryData => "data_query",
        }
    }

    const fn levels(self) -> &'static [Level] {
        match self {
            Self::Rollout => &[Level::Environment],
            Self::Tag => &[Level::Environment, Level::Project],
            Self::QueryData => &[Level::Workspace, Level::Project],
        }
    }

    /// By the number on the wire.
    pub fn from_number(field: &str, number: i32) -> Result<Self> {
        let found = Self::ALL.iter().copied().find(|k| k.number() == number);
        found.ok_or_else(|| match number {
            1 | 2 => Error::field(field, "masking policies are not part of this version"),
            _ => Error::field(field, "use ROLLOUT_POLICY, TAG or DATA_QUERY"),
        })
    }

    /// In any case: clients write it as the enum value, too.
    fn parse(field: &str, text: &str) -> Result<Self> {
        let lower = text.to_lowercase();
        let found = Self::ALL.iter().copied().find(|k| k.as_str() == lower);
        found.ok_or_else(|| match lower.as_str() {
            "masking_rule" | "masking_exemption" => {
                Error::field(field, "masking policies are not part of this version")
            }
            _ => Error::field(field, "end the name with rollout_policy, tag or data_query"),
        })
    }
}

impl Level {
    /// Of the name of a resource.
    pub fn of(field: &str, resource: &str) -> Result<Self> {
        if resource == WORKSPACE {
            Ok(Self::Workspace)
        } else if EnvironmentName::parse(field, resource).is_ok() {
            Ok(Self::Environment)
        } else if ProjectName::parse(field, resource).is_ok() {
            Ok(Self::Project)
        } else {
            let what =
                format!("name {WORKSPACE}, environments/{{environment}} or projects/{{project}}");
            Err(Error::field(field, what))
        }
    }

    const fn plural(self) -> &'static str {
        match self {
            Self::Workspace => "the workspace",
            Self::Environment => "environments",
            Self::Project => "projects",
        }
    }
}

impl PolicyName {
    /// What the policy of that name belongs to, whatever the policy is.
    pub fn resource_of<'a>(field: &str, text: &'a str) -> Result<&'a str> {
        let (resource, _) = halves(field, text)?;
        Level::of(field, resource)?;
        Ok(resource)
    }

    /// Reads a name that stood in request field `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let (resource, kind) = halves(field, text)?;
        Self::new(field, resource, Kind::parse(field, kind)?)
    }

    /// Errors when resources of this sort have no policy of the kind.
    pub fn new(field: &str, resource: &str, kind: Kind) -> Result<Self> {
        let level = Level::of(field, resource)?;
        if !kind.levels().contains(&level) {
            let levels: Vec<_> = kind.levels().iter().map(|l| l.plural()).collect();
            let what = format!(
                "{} has no policy {}; it is for {}",
                resource,
                kind.as_str(),
                levels.join(" and ")
            );
            return Err(Error::field(field, what));
        }
        Ok(Self { resource: resource.to_owned(), kind })
    }
}

fn halves<'a>(field: &str, text: &'a str) -> Result<(&'a str, &'a str)> {
    let what = || format!("{text:?} is no policy; use {{parent}}/policies/{{policy}}");
    text.rsplit_once("/policies/").ok_or_else(|| Error::field(field, what()))
}

impl fmt::Display for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/policies/{}", self.resource, self.kind.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        PolicyName::parse("name", text).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn names_go_both_ways_in_any_case() {
        for text in ["environments/prod/policies/rollout_policy", "projects/shop/policies/tag"] {
            assert_eq!(PolicyName::parse("name", text).expect(text).to_string(), text);
        }
        let upper = PolicyName::parse("name", "workspaces/default/policies/DATA_QUERY");
        assert_eq!(upper.expect("a name").to_string(), "workspaces/default/policies/data_query");
    }

    #[test]
    fn what_is_no_name_says_what_would_be() {
        assert!(said("projects/shop/policies/masking_rule").contains("not part of this version"));
        assert!(said("projects/shop/policies/iam").contains("rollout_policy, tag or data_query"));
        assert!(said("projects/shop/policies/rollout_policy").contains("it is for environments"));
        assert!(said("instances/a/policies/tag").contains("environments/{environment}"));
        assert!(said("workspaces/other/policies/data_query").contains("workspaces/default"));
        assert!(said("tag").contains("is no policy"));
    }
}
