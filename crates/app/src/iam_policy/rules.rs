//! What a policy must be like. Pure.

use std::collections::{BTreeMap, BTreeSet};

use base::name::ServiceAccountName;
use base::{FieldViolation, Time};
use policy::iam::{ALL_USERS, Binding, Policy, RoleBook as _};
use policy::role::{self, Roles, WORKSPACE_ADMIN};

use super::BindingInput;
use super::condition::condition;
use crate::{service_account, workload_identity};

/// Most bindings, and most members over all of them.
const MOST_BINDINGS: usize = 1_000;
const MOST_MEMBERS: usize = 10_000;

/// What the bindings may name.
pub(super) struct Known {
    pub roles: Roles,
    /// `user:…`, `group:…` and `serviceAccount:…` that may be bound.
    pub members: BTreeSet<String>,
}

/// The policy that the bindings make, or everything that is wrong with them. Bindings of one role and condition become one.
///
/// `project` is whose policy it is, or `None` for the workspace's.
pub(super) fn policy(
    project: Option<&str>,
    bindings: &[BindingInput],
    before: &Policy,
    known: &Known,
    now: Time,
) -> Result<Policy, Vec<FieldViolation>> {
    let mut wrong = Vec::new();
    let mut say = |field: String, description: String| {
        if wrong.len() < 100 {
            wrong.push(FieldViolation { field, description });
        }
    };
    let members: usize = bindings.iter().map(|b| b.members.len()).sum();
    if bindings.len() > MOST_BINDINGS || members > MOST_MEMBERS {
        say(
            "policy.bindings".to_owned(),
            format!("use at most {MOST_BINDINGS} bindings with {MOST_MEMBERS} members in all"),
        );
        return Err(wrong);
    }
    let mut merged: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (i, input) in bindings.iter().enumerate() {
        let at = format!("policy.bindings[{i}]");
        if let Some(what) = wrong_role(project, &input.role, &known.roles) {
            say(format!("{at}.role"), what);
        }
        let text = input.condition.trim();
        let ends = match condition(&format!("{at}.condition.expression"), text) {
            Ok(program) => program.and_then(|p| p.end()),
            Err(e) => {
                e.field_violations()
                    .iter()
                    .for_each(|v| say(v.field.clone(), v.description.clone()));
                None
            }
        };
        let kept = |member: &str| {
            let same = |b: &&Binding| b.role == input.role && b.condition == text;
            before.bindings.iter().filter(same).any(|b| b.members.iter().any(|m| m == member))
        };
        for (j, member) in input.members.iter().enumerate() {
            let member = spelled(member);
            let kept = kept(&member);
            if let Some(what) = wrong_member(project, &input.role, &member, known) {
                say(format!("{at}.members[{j}]"), what);
            } else if ends.is_some_and(|t| t <= now) && !kept {
                say(format!("{at}.condition.expression"), "this end is in the past".to_owned());
            } else {
                merged.entry((input.role.clone(), text.to_owned())).or_default().insert(member);
            }
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let bindings = merged.into_iter().map(|((role, condition), members)| Binding {
        role,
        members: members.into_iter().collect(),
        condition,
    });
    Ok(Policy { bindings: bindings.collect() })
}

/// E-mail addresses are kept in lower case.
fn spelled(member: &str) -> String {
    match member.split_once(':') {
        Some((kind, email)) => format!("{kind}:{}", email.to_lowercase()),
        None => member.to_owned(),
    }
}

/// What is wrong with a role in the policy of a project, or of the workspace.
/// What is wrong with a role in the policy of a project, or of the workspace.
pub(crate) fn wrong_role(project: Option<&str>, name: &str, roles: &Roles) -> Option<String> {
    let shown: String = name.chars().take(100).collect();
    if roles.permissions(name).is_none() {
        return Some(format!("there is no role {shown:?}; write roles/{{role}}"));
    }
    let here = project.is_none() || !role::is_workspace_role(name);
    (!here).then(|| {
        format!("{shown} counts in the whole workspace; bind it in the workspace's policy")
    })
}

fn wrong_member(project: Option<&str>, role: &str, member: &str, known: &Known) -> Option<String> {
    let shown: String = member.chars().take(100).collect();
    if member == ALL_USERS {
        let too_much = role == WORKSPACE_ADMIN;
        return too_much.then(|| "not everybody can be administrator; name people".to_owned());
    }
    if !["user:", "group:", "serviceAccount:", "workloadIdentity:"]
        .iter()
        .any(|kind| member.starts_with(kind))
    {
        return Some(format!(
            "{shown:?} is no member; write user:{{email}}, group:{{email}}, serviceAccount:{{email}}, workloadIdentity:{{email}} or allUsers"
        ));
    }
    if !known.members.contains(member) {
        return Some(format!("{shown} does not exist or is deleted"));
    }
    // Who looks after a project can make keys for its accounts: these must not reach beyond it.
    let home = member.strip_prefix("serviceAccount:").map(ServiceAccountName::new);
    let home =
        home.and_then(|name| service_account::DOMAIN.project_of(&name.email)).or_else(|| {
            member
                .strip_prefix("workloadIdentity:")
                .and_then(|email| workload_identity::DOMAIN.project_of(email))
        });
    let foreign = home.is_some_and(|home| project != Some(home.as_str()));
    foreign.then(|| format!("{shown} belongs to a project and can be bound there only"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let custom = BTreeMap::from([(
            "roles/reader".to_owned(),
            BTreeSet::from(["bb.plans.get".to_owned()]),
        )]);
        let members = [
            "user:ann@x.io",
            "user:bob@x.io",
            "serviceAccount:ci@service.bytebase.com",
            "serviceAccount:ci@shop.service.bytebase.com",
        ];
        Known {
            roles: Roles { custom },
            members: members.iter().map(|m| (*m).to_owned()).collect(),
        }
    }

    fn bind(role: &str, members: &[&str], condition: &str) -> BindingInput {
        BindingInput {
            role: role.into(),
            members: members.iter().map(|m| (*m).to_owned()).collect(),
            condition: condition.into(),
        }
    }

    fn make(project: Option<&str>, bindings: &[BindingInput]) -> Result<Policy, Vec<String>> {
        policy(project, bindings, &Policy::default(), &known(), Time(1_000_000))
            .map_err(|all| all.into_iter().map(|v| v.field).collect())
    }

    #[test]
    fn equal_bindings_become_one() {
        let made = make(
            Some("shop"),
            &[
                bind("roles/projectOwner", &["user:Ann@X.io", "user:bob@x.io"], ""),
                bind("roles/reader", &["allUsers"], ""),
                bind("roles/projectOwner", &["user:ann@x.io"], ""),
                bind(
                    "roles/projectOwner",
                    &["user:ann@x.io"],
                    "request.time < timestamp(\"2026-01-01T00:00:00Z\")",
                ),
                bind("roles/projectViewer", &[], ""),
            ],
        );
        let made = made.unwrap().bindings;
        assert_eq!(made.len(), 3, "{made:?}");
        assert_eq!(made[0].members, ["user:ann@x.io", "user:bob@x.io"]);
        assert_eq!(made[1].ends(), Time::parse("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn each_mistake_names_its_field() {
        for (project, role, member, condition, field) in [
            (None, "roles/nosuch", "user:ann@x.io", "", "role"),
            (None, "", "user:ann@x.io", "", "role"),
            (Some("shop"), "roles/workspaceAdmin", "user:ann@x.io", "", "role"),
            (None, "roles/workspaceAdmin", "allUsers", "", "members[0]"),
            (None, "roles/workspaceDBA", "user:eve@x.io", "", "members[0]"),
            (None, "roles/workspaceDBA", "ann@x.io", "", "members[0]"),
            (None, "roles/workspaceDBA", "group:devs@x.io", "", "members[0]"),
            (
                None,
                "roles/workspaceDBA",
                "serviceAccount:ci@shop.service.bytebase.com",
                "",
                "members[0]",
            ),
            (
                Some("other"),
                "roles/projectOwner",
                "serviceAccount:ci@shop.service.bytebase.com",
                "",
                "members[0]",
            ),
            (
                Some("shop"),
                "roles/projectOwner",
                "user:ann@x.io",
                "resource",
                "condition.expression",
            ),
            (
                Some("shop"),
                "roles/projectOwner",
                "user:ann@x.io",
                "request.time < timestamp(\"1970-01-01T00:00:01Z\")",
                "condition.expression",
            ),
        ] {
            let wrong = make(project, &[bind(role, &[member], condition)]).unwrap_err();
            assert_eq!(wrong, [format!("policy.bindings[0].{field}")], "{role} {member}");
        }
        assert!(
            make(
                Some("shop"),
                &[bind("roles/projectOwner", &["serviceAccount:ci@shop.service.bytebase.com"], "")]
            )
            .is_ok()
        );
    }
}
