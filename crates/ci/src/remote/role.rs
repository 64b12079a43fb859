//! Which role to ask for when a permission is missing.

/// Predefined roles of a project, with the permissions that are best had by each.
const ROLES: [(&str, &[&str]); 4] = [
    (
        "roles/gitopsServiceAgent",
        &[
            "bb.plans.create",
            "bb.plans.get",
            "bb.releases.check",
            "bb.releases.create",
            "bb.releases.get",
            "bb.rollouts.create",
            "bb.rollouts.get",
            "bb.rollouts.list",
            "bb.taskRuns.create",
            "bb.taskRuns.list",
        ],
    ),
    (
        "roles/projectViewer",
        &[
            "bb.databases.get",
            "bb.databases.getSchema",
            "bb.databases.list",
            "bb.issues.create",
            "bb.issues.get",
        ],
    ),
    ("roles/sqlEditorReadUser", &["bb.databases.sync", "bb.sql.select"]),
    (
        "roles/projectDeveloper",
        &[
            "bb.changelogs.list",
            "bb.releases.list",
            "bb.revisions.list",
            "bb.sheets.create",
            "bb.sheets.get",
        ],
    ),
];
/// Has whatever a command needs.
const OWNER: &str = "roles/projectOwner";

/// The role, among those that have the permission, that gives the least beside it.
pub fn with(permission: &str) -> &'static str {
    let found = ROLES.iter().find(|(_, all)| all.contains(&permission));
    found.map_or(OWNER, |(role, _)| role)
}

#[cfg(test)]
mod tests {
    use policy::iam::RoleBook as _;
    use policy::role::Predefined;

    use super::*;

    #[test]
    fn each_role_has_what_is_said_of_it() {
        for (role, all) in ROLES {
            let has = Predefined.permissions(role).expect(role);
            for permission in all {
                assert!(has.contains(*permission), "{role} has no {permission}");
                assert_eq!(with(permission), role);
            }
        }
        // What pipelines are given is no more than what they need.
        let agent: Vec<&str> = Predefined
            .permissions(ROLES[0].0)
            .expect("a role")
            .iter()
            .map(String::as_str)
            .collect();
        assert_eq!(agent, ROLES[0].1);
        let owner = Predefined.permissions(OWNER).expect("a role");
        let adopts = "bb.revisions.create";
        assert!(with(adopts) == OWNER && owner.contains(adopts));
        assert!(
            ROLES.iter().flat_map(|(_, all)| *all).all(|permission| owner.contains(*permission))
        );
    }
}
