//! Bindings of roles to members, and the question whether somebody has a permission.
//!
//! A binding may have a condition. A question about the databases of a project answers the variables of it (see [`About`]);
//! one about anything else knows the time only, and what a condition says of resources does not restrict it.

use std::collections::BTreeSet;

use base::Time;
use serde::{Deserialize, Serialize};

use crate::cel::{self, IAM_BINDING, Program, Value, Vars};

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
#[serde(default, from = "Stored")]
pub struct Binding {
    /// `roles/{role}`
    pub role: String,
    /// `user:{email}`, `group:{email}`, `serviceAccount:{email}`, or `allUsers`.
    pub members: Vec<String>,
    /// CEL over [`IAM_BINDING`]; empty for always.
    pub condition: String,
}

/// A binding as it may be stored: an end stood beside it before there were conditions.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Stored {
    role: String,
    members: Vec<String>,
    condition: String,
    expires_at: Option<Time>,
}

impl From<Stored> for Binding {
    fn from(stored: Stored) -> Self {
        let condition = match stored.expires_at {
            Some(end) if stored.condition.is_empty() => until(end),
            _ => stored.condition,
        };
        Self { role: stored.role, members: stored.members, condition }
    }
}

/// The condition that ends at a moment.
pub fn until(end: Time) -> String {
    format!("request.time < timestamp(\"{end}\")")
}

/// What a question is about: the values that conditions of bindings ask for. What is not said is not known.
#[derive(Debug, Clone, Default)]
pub struct About {
    vars: Vars,
    strict: bool,
}

impl About {
    /// A question that is about no database.
    pub fn at(now: Time) -> Self {
        Self { vars: Vars::from([("request.time", Value::Time(now))]), strict: false }
    }

    /// A condition must hold by what is said: one that asks for more does not count.
    #[must_use]
    pub fn strictly(mut self) -> Self {
        self.strict = true;
        self
    }

    /// About a database by its name, and the id of its environment if it has one.
    #[must_use]
    pub fn database(mut self, name: &str, environment: Option<&str>) -> Self {
        self.vars.insert("resource.database", name.into());
        // A database without an environment is in none: no condition that names one holds for it.
        self.vars.insert("resource.environment_id", environment.unwrap_or_default().into());
        self
    }

    /// About one table of it; the schema is empty where the engine has none.
    #[must_use]
    pub fn table(mut self, schema: &str, table: &str) -> Self {
        self.vars.insert("resource.schema_name", schema.into());
        self.vars.insert("resource.table_name", table.into());
        self
    }

    /// About a statement of this kind, such as `SELECT`.
    #[must_use]
    pub fn statement(mut self, kind: &str) -> Self {
        self.vars.insert("statement.sql_type", kind.into());
        self
    }
}

impl Binding {
    /// For members without a condition.
    pub fn always(role: &str, members: Vec<String>) -> Self {
        Self { role: role.to_owned(), members, condition: String::new() }
    }

    /// Whether it counts: its condition is not false by what is known, or, asked strictly, true. One that cannot be read
    /// counts for nothing.
    pub fn counts(&self, about: &About) -> bool {
        let holds = |p: Program| match about.strict {
            true => p.eval(&about.vars) == Ok(true),
            false => p.may_hold(&about.vars),
        };
        self.condition.is_empty() || self.program().is_some_and(holds)
    }

    /// The moment from which it counts no more, whatever it is about.
    pub fn ends(&self) -> Option<Time> {
        self.program()?.end()
    }

    /// Whether it counts only for some of what the policy is about, apart from its time.
    pub fn is_partial(&self) -> bool {
        self.program().is_some_and(|p| p.variables().iter().any(|v| *v != "request.time"))
    }

    fn program(&self) -> Option<Program> {
        (!self.condition.is_empty()).then(|| cel::compile(&self.condition, &IAM_BINDING).ok())?
    }
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
    about: &About,
) -> Verdict {
    let mut because = Vec::new();
    for at in policies {
        for role in roles_about(names, at.policy, about) {
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

/// The roles that somebody of these names holds by one policy, each once, at least for a part of what it is about.
pub fn roles_of<'a>(names: &[String], policy: &'a Policy, now: Time) -> BTreeSet<&'a str> {
    roles_about(names, policy, &About::at(now))
}

/// The roles that somebody of these names holds by one policy for what is asked about.
pub fn roles_about<'a>(names: &[String], policy: &'a Policy, about: &About) -> BTreeSet<&'a str> {
    let of_them = |b: &&Binding| b.members.iter().any(|m| names.contains(m) || m == ALL_USERS);
    let counts = policy.bindings.iter().filter(of_them).filter(|b| b.counts(about));
    counts.map(|b| b.role.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Predefined;

    fn policy(role: &str, member: &str, condition: &str) -> Policy {
        let condition = condition.to_owned();
        Policy {
            bindings: vec![Binding { role: role.into(), members: vec![member.into()], condition }],
        }
    }

    #[test]
    fn denies_unless_a_live_binding_allows() {
        let owner = policy("roles/projectOwner", "user:ann@x.io", "");
        let at = [At { resource: "projects/shop", policy: &owner }];
        let ask = |member: &str, permission: &str| {
            decide(&[member.to_owned()], permission, &at, &Predefined, &About::at(Time(10)))
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
        let devs = policy("roles/projectOwner", "group:devs@x.io", "");
        let at = [At { resource: "projects/shop", policy: &devs }];
        let ask = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|n| (*n).to_owned()).collect();
            decide(&names, "bb.plans.create", &at, &Predefined, &About::at(Time(10))).allowed
        };
        assert!(ask(&["user:ann@x.io", "group:devs@x.io"]));
        assert!(!ask(&["user:ann@x.io", "group:ops@x.io"]));
        assert!(!ask(&[]));
    }

    #[test]
    fn expired_and_unknown_grant_nothing() {
        for p in [
            policy("roles/projectOwner", ALL_USERS, &until(Time(10))),
            policy("roles/projectOwner", ALL_USERS, "resource.nothing == 1"),
            policy("roles/nosuch", ALL_USERS, ""),
        ] {
            let at = [At { resource: "projects/shop", policy: &p }];
            let names = ["user:ann@x.io".to_owned()];
            let about = About::at(Time(10));
            assert!(!decide(&names, "bb.plans.get", &at, &Predefined, &about).allowed);
        }
    }

    #[test]
    fn a_condition_restricts_what_it_speaks_of() {
        let prod = "resource.environment_id == \"prod\" && resource.table_name in [\"a\", \"b\"] && request.time < timestamp(\"1970-01-01T00:00:01Z\")";
        let p = policy("roles/sqlEditorReadUser", "user:ann@x.io", prod);
        let ask = |about: About| !roles_about(&["user:ann@x.io".to_owned()], &p, &about).is_empty();
        let at = |now: i64| About::at(Time(now));
        let db = "instances/i/databases/d";
        assert!(ask(at(10)), "in general it counts");
        assert!(!ask(at(1_000_000)), "but not after its end");
        assert!(ask(at(10).database(db, Some("prod"))));
        assert!(!ask(at(10).database(db, Some("test"))));
        assert!(!ask(at(10).database(db, None)));
        assert!(ask(at(10).database(db, Some("prod")).table("public", "b")));
        assert!(!ask(at(10).database(db, Some("prod")).table("public", "c")));
        assert!(!ask(at(10).database(db, Some("prod")).strictly()), "no table is said");
        assert!(ask(at(10).database(db, Some("prod")).table("public", "a").strictly()));
        assert_eq!(p.bindings[0].ends(), Some(Time(1_000_000)));
        assert!(p.bindings[0].is_partial());
    }

    #[test]
    fn an_end_that_stood_beside_a_binding_is_its_condition() {
        let old = r#"{"role":"roles/a","members":[],"expires_at":1000000}"#;
        let read: Binding = serde_json::from_str(old).unwrap();
        assert_eq!(read.condition, "request.time < timestamp(\"1970-01-01T00:00:01Z\")");
        let again: Binding = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
        assert_eq!(again, read);
        assert!(!read.is_partial());
    }
}
