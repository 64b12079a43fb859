//! May they? Loads what `policy::iam` needs to decide.

use std::collections::{BTreeMap, BTreeSet};

use base::name::{DatabaseName, ProjectName, UserName, WORKSPACE};
use base::{Error, PermissionDenied, Reason, Result, Time};
use policy::iam::{self, About, At, Policy};
use policy::role::Roles;
use store::rows::Database;
use store::{Conn, List, roles};

use super::grantors;
use super::scope::{self, Scope};
use crate::app::App;
use crate::cx::Caller;

/// Parent of a list over projects.
const ANY_PROJECT: &str = "projects/-";

/// What one caller was granted, for any number of questions.
pub struct Grants {
    who: Who,
    workspace: Policy,
    roles: Roles,
    now: Time,
}

enum Who {
    /// This server itself, which may do everything.
    System,
    /// Who has not signed in may do nothing, not even what `allUsers` may.
    Nobody,
    /// As policies write them: the account, then its groups.
    Named(Vec<String>),
}

/// What one caller was granted in a database, and in parts of it.
pub(crate) struct Within<'g> {
    grants: &'g Grants,
    about: About,
    project: String,
    policy: Policy,
}

/// Everything that policies let one caller do.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// On every resource.
    pub everywhere: BTreeSet<String>,
    /// In one project or more, by the policies of those.
    pub in_projects: BTreeSet<String>,
}

/// Where a caller has a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everywhere.
    All,
    /// In the projects with these ids.
    Projects(BTreeSet<String>),
}

/// Passes when `caller` has all `permissions` on each of the `resources`.
pub(super) async fn require(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    method: &str,
    permissions: &[&str],
    resources: &[String],
) -> Result<()> {
    if caller.is_anonymous() {
        return Err(Error::new(Reason::NotSignedIn, "sign in first"));
    }
    let grants = Grants::load(conn, caller, app.now()).await?;
    let mut refused = (BTreeSet::new(), Vec::new());
    for resource in resources {
        let mut missing = false;
        for permission in permissions {
            if !grants.has(conn, permission, resource).await? {
                refused.0.insert((*permission).to_owned());
                missing = true;
            }
        }
        if missing {
            refused.1.push(resource.clone());
        }
    }
    let (permissions, resources) = refused;
    if resources.is_empty() {
        return Ok(());
    }
    Err(denied(conn, &grants, method, permissions.into_iter().collect(), resources).await?)
}

/// The refusal, with who can grant what is missing.
pub(super) async fn denied(
    conn: &mut Conn,
    grants: &Grants,
    method: &str,
    permissions: Vec<String>,
    resources: Vec<String>,
) -> Result<Error> {
    let who = grantors::of(conn, grants, &resources).await?;
    let denied = PermissionDenied { method: method.to_owned(), permissions, resources };
    Ok(grantors::named(Error::permission(denied), &who))
}

impl Grants {
    pub async fn load(conn: &mut Conn, caller: &Caller, now: Time) -> Result<Self> {
        let who = match caller {
            Caller::User { email } => Who::Named(names(conn, email).await?),
            Caller::ServiceAccount { email } => Who::Named(vec![format!("serviceAccount:{email}")]),
            Caller::WorkloadIdentity { email } => {
                Who::Named(vec![format!("workloadIdentity:{email}")])
            }
            Caller::Anonymous => Who::Nobody,
            Caller::System => Who::System,
        };
        let (workspace, roles) = match who {
            Who::Named(_) => (policy_of(conn, WORKSPACE).await?, custom_roles(conn).await?),
            Who::System | Who::Nobody => (Policy::default(), Roles::default()),
        };
        Ok(Self { who, workspace, roles, now })
    }

    /// Whether the caller has `permission` on the resource of that name.
    pub async fn has(&self, conn: &mut Conn, permission: &str, resource: &str) -> Result<bool> {
        let names = match &self.who {
            Who::System => return Ok(true),
            Who::Nobody => return Ok(false),
            Who::Named(names) => names,
        };
        let placed = scope::of(conn, resource).await?;
        let about = self.about(placed.database.as_ref());
        if self.allows(names, permission, WORKSPACE, &self.workspace, &about) {
            return Ok(true);
        }
        if resource == ANY_PROJECT {
            // A list over all projects, which shows each caller those within reach: see `project_filter`.
            return Ok(!self.projects(conn, permission).await?.is_empty());
        }
        let Scope::Project(project) = placed.scope else { return Ok(false) };
        let name = ProjectName::new(project).to_string();
        let policy = policy_of(conn, &name).await?;
        Ok(self.allows(names, permission, &name, &policy, &about))
    }

    /// Those of the databases on which the caller has `permission`: conditions of bindings may leave some out of a project.
    pub async fn on_databases(
        &self,
        conn: &mut Conn,
        permission: &str,
        databases: Vec<Database>,
    ) -> Result<Vec<Database>> {
        let names = match &self.who {
            Who::System => return Ok(databases),
            Who::Nobody => return Ok(Vec::new()),
            Who::Named(names) => names,
        };
        let mut policies: BTreeMap<String, Policy> = BTreeMap::new();
        let mut allowed = Vec::with_capacity(databases.len());
        for database in databases {
            if !policies.contains_key(&database.project) {
                let of = ProjectName::new(&database.project).to_string();
                policies.insert(database.project.clone(), policy_of(conn, &of).await?);
            }
            let about = self.about(Some(&database));
            let here = policies.get(&database.project).into_iter().chain([&self.workspace]);
            if here.into_iter().any(|p| self.allows(names, permission, "", p, &about)) {
                allowed.push(database);
            }
        }
        Ok(allowed)
    }

    /// For questions about parts of a database: its project's policy is read once.
    pub(crate) async fn of_database(
        &self,
        conn: &mut Conn,
        database: &Database,
    ) -> Result<Within<'_>> {
        let project = ProjectName::new(&database.project).to_string();
        let policy = policy_of(conn, &project).await?;
        Ok(Within { grants: self, about: self.about(Some(database)).strictly(), project, policy })
    }

    fn about(&self, database: Option<&Database>) -> About {
        let now = About::at(self.now);
        match database {
            Some(database) => now.database(
                &DatabaseName::new(&database.instance, &database.name).to_string(),
                database.effective_environment.as_deref(),
            ),
            None => now,
        }
    }

    fn allows(
        &self,
        names: &[String],
        permission: &str,
        resource: &str,
        policy: &Policy,
        about: &About,
    ) -> bool {
        iam::decide(names, permission, &[At { resource, policy }], &self.roles, about).allowed
    }

    /// Where the caller has `permission`.
    pub async fn reach(&self, conn: &mut Conn, permission: &str) -> Result<Reach> {
        let names = match &self.who {
            Who::System => return Ok(Reach::All),
            Who::Nobody => return Ok(Reach::Projects(BTreeSet::new())),
            Who::Named(names) => names,
        };
        if self.allows(names, permission, WORKSPACE, &self.workspace, &self.about(None)) {
            return Ok(Reach::All);
        }
        Ok(Reach::Projects(self.projects(conn, permission).await?))
    }

    /// Members named by the workspace's policy, or by that of a project, who have `permission` by it.
    pub(super) async fn holders(
        &self,
        conn: &mut Conn,
        permission: &str,
        project: Option<&str>,
    ) -> Result<BTreeSet<String>> {
        let policy = match project {
            None => self.workspace.clone(),
            Some(name) => policy_of(conn, name).await?,
        };
        let named = policy.bindings.iter().flat_map(|binding| &binding.members);
        let holds = |member: &&String| {
            iam::permissions_of(std::slice::from_ref(*member), &policy, &self.roles, self.now)
                .contains(permission)
        };
        Ok(named.filter(holds).cloned().collect())
    }

    /// The roles that the caller holds on a project, by its policy or the workspace's. None for this server itself.
    pub async fn roles_in(&self, conn: &mut Conn, project: &str) -> Result<BTreeSet<String>> {
        let mut roles = self.roles_by(&policy_of(conn, project).await?);
        roles.append(&mut self.roles_by(&self.workspace));
        Ok(roles)
    }

    /// The roles that one policy gives the caller.
    pub fn roles_by(&self, policy: &Policy) -> BTreeSet<String> {
        let Who::Named(names) = &self.who else { return BTreeSet::new() };
        iam::roles_of(names, policy, self.now).into_iter().map(str::to_owned).collect()
    }

    /// All that the caller may do. Nothing for this server itself, which no policy names.
    pub async fn held(&self, conn: &mut Conn) -> Result<Held> {
        let Who::Named(names) = &self.who else { return Ok(Held::default()) };
        let of = |policy: &Policy| iam::permissions_of(names, policy, &self.roles, self.now);
        let mut held = Held { everywhere: of(&self.workspace), in_projects: BTreeSet::new() };
        for row in store::iam::all(conn).await? {
            if row.resource.starts_with("projects/") {
                held.in_projects.append(&mut of(&row.policy));
            }
        }
        Ok(held)
    }

    /// Projects whose own policy gives the permission.
    async fn projects(&self, conn: &mut Conn, permission: &str) -> Result<BTreeSet<String>> {
        let Who::Named(names) = &self.who else { return Ok(BTreeSet::new()) };
        let mut ids = BTreeSet::new();
        for row in store::iam::all(conn).await? {
            let Some(id) = row.resource.strip_prefix("projects/") else { continue };
            if self.allows(names, permission, &row.resource, &row.policy, &self.about(None)) {
                ids.insert(id.to_owned());
            }
        }
        Ok(ids)
    }
}

impl Within<'_> {
    /// Whether the caller has `permission` on what `part` adds to the database, which must be all that conditions ask for.
    pub fn has(&self, permission: &str, part: impl FnOnce(About) -> About) -> bool {
        let grants = self.grants;
        let names = match &grants.who {
            Who::System => return true,
            Who::Nobody => return false,
            Who::Named(names) => names,
        };
        let about = part(self.about.clone());
        grants.allows(names, permission, WORKSPACE, &grants.workspace, &about)
            || grants.allows(names, permission, &self.project, &self.policy, &about)
    }
}

/// How policies may name a person.
async fn names(conn: &mut Conn, email: &str) -> Result<Vec<String>> {
    let groups = store::groups::of_member(conn, &UserName::new(email).to_string()).await?;
    let groups = groups.into_iter().map(|group| format!("group:{group}"));
    Ok(std::iter::once(format!("user:{email}")).chain(groups).collect())
}

/// The people among the members of a policy, with those of its groups: their addresses.
pub(crate) async fn people<'a>(
    conn: &mut Conn,
    members: impl IntoIterator<Item = &'a String>,
) -> Result<BTreeSet<String>> {
    let (mut emails, mut groups) = (BTreeSet::new(), Vec::new());
    for member in members {
        match member.split_once(':') {
            Some(("user", email)) => _ = emails.insert(email.to_owned()),
            Some(("group", email)) => groups.push(email.to_owned()),
            _ => {}
        }
    }
    for group in store::groups::get_many(conn, &groups).await? {
        let names = group.members.iter().filter_map(|m| m.name.strip_prefix("users/"));
        emails.extend(names.map(str::to_owned));
    }
    Ok(emails)
}

/// The policy of a resource; an empty one where none was set.
pub(crate) async fn policy_of(conn: &mut Conn, resource: &str) -> Result<Policy> {
    Ok(store::iam::get(conn, resource).await?.map(|row| row.policy).unwrap_or_default())
}

/// The workspace's own roles.
pub(crate) async fn custom_roles(conn: &mut Conn) -> Result<Roles> {
    let mut roles = Roles::default();
    let mut args = List::default();
    loop {
        let page = roles::list(conn, &args).await?;
        let custom = page.items.into_iter();
        roles.custom.extend(
            custom.map(|r| (format!("roles/{}", r.id), r.permissions.into_iter().collect())),
        );
        match page.next {
            Some(token) => args.token = Some(token),
            None => return Ok(roles),
        }
    }
}
