//! Bindings of roles to members, and the question whether somebody has a permission.

use std::collections::BTreeSet;

use base::Time;
use serde::{Deserialize, Serialize};

/// Every signed-in user and service account.
pub const ALL_USERS: &str = "allUsers";

/// The policy of the workspace or of one project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    pub bindings: Vec<Binding>,
}

/// One role for some members.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Binding {
    /// `roles/{role}`
    pub role: String,
    /// `user:{email}`, `group:{email}`, `serviceAccount:{email}`, or `allUsers`.
    pub members: Vec<String>,
    /// After this moment the binding does not count.
    pub expires_at: Option<Time>,
}

/// Answers what a role holds: predefined roles, then the workspace's own.
pub trait RoleBook {
    /// None when there is no such role: it then grants nothing.
    fn permissions(&self, role: &str) -> Option<&BTreeSet<String>>;
}

/// The answer and the bindings it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub allowed: bool,
    /// Roles that gave the permission, with the resource they are bound at: `roles/workspaceAdmin on workspaces/default`.
    pub because: Vec<String>,
}

/// A policy and the name of what it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    pub resource: &'a str,
    pub policy: &'a Policy,
}

/// Whether somebody has `permission` by any of the policies. Deny is the default; expired bindings and unknown roles
/// grant nothing.
///
/// `names` is how policies may name them: their account, and each group they are in.
pub fn decide(
    names: &[String],
    permission: &str,
    policies: &[At<'_>],
    roles: &dyn RoleBook,
    now: Time,
) -> Verdict {
    let mut because = Vec::new();
    for at in policies {
        for role in roles_of(names, at.policy, now) {
            if roles.permissions(role).is_some_and(|p| p.contains(permission)) {
                because.push(format!("{role} on {}", at.resource));
            }
        }
    }
    Verdict { allowed: !because.is_empty(), because }
}

/// Everything somebody of these names may do by one policy.
pub fn permissions_of(
    names: &[String],
    policy: &Policy,
    roles: &dyn RoleBook,
    now: Time,
) -> BTreeSet<String> {
    let held = roles_of(names, policy, now).into_iter();
    held.filter_map(|role| roles.permissions(role)).flatten().cloned().collect()
}

/// The roles that somebody of these names holds by one policy, each once.
pub fn roles_of<'a>(names: &[String], policy: &'a Policy, now: Time) -> BTreeSet<&'a str> {
    let live = policy.bindings.iter().filter(|b| b.expires_at.is_none_or(|t| t > now));
    live.filter(|b| b.members.iter().any(|m| names.contains(m) || m == ALL_USERS))
        .map(|b| b.role.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Predefined;

    fn policy(role: &str, member: &str, expires_at: Option<Time>) -> Policy {
        Policy {
            bindings: vec![Binding { role: role.into(), members: vec![member.into()], expires_at }],
        }
    }

    #[test]
    fn denies_unless_a_live_binding_allows() {
        let owner = policy("roles/projectOwner", "user:ann@x.io", None);
        let at = [At { resource: "projects/shop", policy: &owner }];
        let ask = |member: &str, permission: &str| {
            decide(&[member.to_owned()], permission, &at, &Predefined, Time(10))
        };
        assert!(ask("user:ann@x.io", "bb.plans.create").allowed);
        assert_eq!(
            ask("user:ann@x.io", "bb.plans.create").because,
            ["roles/projectOwner on projects/shop"]
        );
        assert!(!ask("user:ann@x.io", "bb.settings.set").allowed);
        assert!(!ask("user:bob@x.io", "bb.plans.create").allowed);
        let all =
            |member: &str| permissions_of(&[member.to_owned()], &owner, &Predefined, Time(10));
        assert_eq!(Some(&all("user:ann@x.io")), Predefined.permissions("roles/projectOwner"));
        assert!(all("user:bob@x.io").is_empty());
    }

    #[test]
    fn what_a_group_may_its_people_may() {
        let devs = policy("roles/projectOwner", "group:devs@x.io", None);
        let at = [At { resource: "projects/shop", policy: &devs }];
        let ask = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|n| (*n).to_owned()).collect();
            decide(&names, "bb.plans.create", &at, &Predefined, Time(10)).allowed
        };
        assert!(ask(&["user:ann@x.io", "group:devs@x.io"]));
        assert!(!ask(&["user:ann@x.io", "group:ops@x.io"]));
        assert!(!ask(&[]));
    }

    #[test]
    fn expired_and_unknown_grant_nothing() {
        for p in [
            policy("roles/projectOwner", ALL_USERS, Some(Time(10))),
            policy("roles/nosuch", ALL_USERS, None),
        ] {
            let at = [At { resource: "projects/shop", policy: &p }];
            assert!(
                !decide(&["user:ann@x.io".to_owned()], "bb.plans.get", &at, &Predefined, Time(10))
                    .allowed
            );
        }
    }
}
