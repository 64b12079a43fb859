//! Policies of the workspace, of environments and of projects: how changes are rolled out, what queries may do, and by which
//! configuration SQL is reviewed.
//!
//! A policy of a kind that nothing obeys is refused, so that nobody relies on it. What reviews a resource is kept with the
//! configurations alone: the tag policy is another way to read and write it.

mod change;
mod get;
mod limits;
mod name;
mod tag;

pub use change::{Change, create, delete, update};
pub use get::{get, list, named};
pub use limits::{automatic, query_data, rollout};
pub use name::{Kind, PolicyName};

use std::collections::BTreeMap;

use store::rows::{OrgPolicyBody, QueryDataPolicy, RolloutPolicy};

/// The tag that names the configuration by which SQL is reviewed.
pub const REVIEW_TAG: &str = "bb.tag.review_config";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub name: PolicyName,
    pub inherit_from_parent: bool,
    /// One that is not enforced counts as none.
    pub enforce: bool,
    pub body: Body,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Rollout(RolloutPolicy),
    QueryData(QueryDataPolicy),
    Tag(BTreeMap<String, String>),
}

impl Body {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Rollout(_) => Kind::Rollout,
            Self::QueryData(_) => Kind::QueryData,
            Self::Tag(_) => Kind::Tag,
        }
    }
}

impl From<OrgPolicyBody> for Body {
    fn from(body: OrgPolicyBody) -> Self {
        match body {
            OrgPolicyBody::Rollout(policy) => Self::Rollout(policy),
            OrgPolicyBody::QueryData(policy) => Self::QueryData(policy),
        }
    }
}
