//! The predefined roles. Which permission each has is data: permissions.tsv.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::iam::RoleBook;

pub const WORKSPACE_ADMIN: &str = "roles/workspaceAdmin";
pub const WORKSPACE_DBA: &str = "roles/workspaceDBA";
pub const WORKSPACE_MEMBER: &str = "roles/workspaceMember";
pub const PROJECT_OWNER: &str = "roles/projectOwner";
pub const PROJECT_DEVELOPER: &str = "roles/projectDeveloper";

/// A role that every workspace has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleInfo {
    pub name: &'static str,
    pub title: &'static str,
    pub description: &'static str,
}

/// In the order in which people meet them.
pub const PREDEFINED: &[RoleInfo] = &[
    RoleInfo {
        name: WORKSPACE_ADMIN,
        title: "Workspace admin",
        description: "May do everything in the workspace.",
    },
    RoleInfo {
        name: WORKSPACE_DBA,
        title: "Workspace DBA",
        description: "Looks after instances, databases, rollouts and policies in every project.",
    },
    RoleInfo {
        name: WORKSPACE_MEMBER,
        title: "Workspace member",
        description: "May sign in and see who else is here; sees a project only by a role in it.",
    },
    RoleInfo {
        name: PROJECT_OWNER,
        title: "Project owner",
        description: "Looks after one project: members, settings, all changes.",
    },
    RoleInfo {
        name: PROJECT_DEVELOPER,
        title: "Project developer",
        description: "Writes changes and files them for review in one project.",
    },
    RoleInfo {
        name: "roles/sqlEditorUser",
        title: "SQL editor user",
        description: "May query and change data of a project's databases.",
    },
    RoleInfo {
        name: "roles/sqlEditorReadUser",
        title: "SQL editor reader",
        description: "May query data of a project's databases.",
    },
    RoleInfo {
        name: "roles/projectReleaser",
        title: "Project releaser",
        description: "Runs what was reviewed in one project.",
    },
    RoleInfo {
        name: "roles/gitopsServiceAgent",
        title: "GitOps service agent",
        description: "What a pipeline needs: check, release, plan and roll out.",
    },
    RoleInfo {
        name: "roles/projectViewer",
        title: "Project viewer",
        description: "Sees one project.",
    },
];

static TABLE: LazyLock<BTreeMap<String, BTreeSet<String>>> = LazyLock::new(|| {
    let mut lines = include_str!("permissions.tsv").lines();
    let heads: Vec<String> = lines
        .next()
        .into_iter()
        .flat_map(|l| l.split('\t').skip(1))
        .map(|r| format!("roles/{r}"))
        .collect();
    let mut table: BTreeMap<String, BTreeSet<String>> =
        heads.iter().map(|h| (h.clone(), BTreeSet::new())).collect();
    for line in lines {
        let mut cells = line.split('\t');
        let Some(permission) = cells.next() else { continue };
        for (head, cell) in heads.iter().zip(cells) {
            if cell == "1" {
                table.entry(head.clone()).or_default().insert(permission.to_owned());
            }
        }
    }
    table
});

/// Every permission there is.
static PERMISSIONS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    include_str!("permissions.tsv").lines().skip(1).filter_map(|l| l.split('\t').next()).collect()
});

/// Only the predefined roles.
#[derive(Debug, Clone, Copy, Default)]
pub struct Predefined;

/// The predefined roles and the workspace's own; a predefined one cannot be replaced.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    /// `roles/{role}` → permissions.
    pub custom: BTreeMap<String, BTreeSet<String>>,
}

impl RoleBook for Predefined {
    fn permissions(&self, role: &str) -> Option<&BTreeSet<String>> {
        TABLE.get(role)
    }
}

impl RoleBook for Roles {
    fn permissions(&self, role: &str) -> Option<&BTreeSet<String>> {
        TABLE.get(role).or_else(|| self.custom.get(role))
    }
}

/// The permissions of a predefined role, sorted.
pub fn predefined_permissions(role: &str) -> Option<&'static BTreeSet<String>> {
    TABLE.get(role)
}

pub fn is_permission(text: &str) -> bool {
    PERMISSIONS.contains(text)
}

/// Whether the role belongs in the workspace's policy (else in a project's).
pub fn is_workspace_role(role: &str) -> bool {
    role.starts_with("roles/workspace")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_list_agree() {
        let listed: BTreeSet<_> = PREDEFINED.iter().map(|r| r.name.to_owned()).collect();
        assert_eq!(listed, TABLE.keys().cloned().collect());
        // 150 of the peer, and ours: proto/EXTENSIONS.md.
        assert_eq!(PERMISSIONS.len(), 150 + 2);
        let count = |r| TABLE[r].len();
        assert_eq!(
            (
                count(WORKSPACE_ADMIN),
                count("roles/gitopsServiceAgent"),
                count("roles/projectViewer")
            ),
            (151, 10, 15)
        );
    }
}
