//! The policies that bind members to roles: of the workspace and of each project.

mod condition;
mod get;
mod rules;
mod set;

pub use condition::{condition, wrong};
pub use get::get;
pub(crate) use rules::wrong_role;
pub use set::{BindingInput, Set, set};

use base::name::{ProjectName, WORKSPACE};
use base::{Blocker, Error, Result};
use policy::iam::{Binding, Policy};
use policy::role::WORKSPACE_ADMIN;
use store::rows::{IamPolicy, State};
use store::{Conn, projects, users};

/// What a policy belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Holder {
    Workspace,
    Project(String),
}

impl Holder {
    fn parse(resource: &str) -> Result<Self> {
        if resource == WORKSPACE {
            return Ok(Self::Workspace);
        }
        let name = ProjectName::parse("resource", resource).map_err(|_| {
            Error::field("resource", format!("name {WORKSPACE} or projects/{{project}}"))
        })?;
        Ok(Self::Project(name.project))
    }

    /// The stored policy; an empty one of version 0 where none was set.
    async fn load(&self, conn: &mut Conn) -> Result<IamPolicy> {
        let resource = match self {
            Self::Workspace => WORKSPACE.to_owned(),
            Self::Project(id) => {
                let name = ProjectName::new(id);
                projects::get(conn, id).await?.ok_or_else(|| Error::not_found(&name))?;
                name.to_string()
            }
        };
        let row = store::iam::get(conn, &resource).await?;
        Ok(row.unwrap_or(IamPolicy {
            resource,
            policy: Policy::default(),
            version: 0,
            updated_at: base::Time(0),
        }))
    }
}

/// The stored policy of `workspaces/default` or `projects/{project}`.
pub(crate) async fn load(conn: &mut Conn, resource: &str) -> Result<IamPolicy> {
    Holder::parse(resource)?.load(conn).await
}

/// Refuses to remove `name` while policies hold a binding that is `of_it`; lists those policies.
pub(crate) async fn refuse_bound(
    conn: &mut Conn,
    name: &str,
    reason: &str,
    of_it: impl Fn(&Binding) -> bool,
) -> Result<()> {
    refuse_used(name, bound(conn, name, reason, of_it).await?)
}

/// The policies that hold a binding that is `of_it`.
pub(crate) async fn bound(
    conn: &mut Conn,
    name: &str,
    reason: &str,
    of_it: impl Fn(&Binding) -> bool,
) -> Result<Vec<Blocker>> {
    let policies = store::iam::all(conn).await?;
    let bound = policies.into_iter().filter(|p| p.policy.bindings.iter().any(&of_it));
    let blocker = |p: IamPolicy| Blocker {
        reason: reason.to_owned(),
        message: format!("remove {name} from the policy of {}", p.resource),
        subject: p.resource,
    };
    Ok(bound.map(blocker).collect())
}

/// Passes when nothing uses it.
pub(crate) fn refuse_used(name: &str, uses: Vec<Blocker>) -> Result<()> {
    match uses.is_empty() {
        true => Ok(()),
        false => Err(Error::blocked(format!("{name} is in use"), uses)),
    }
}

/// People who are administrators by `policy`, without a condition, and who can sign in.
pub(crate) async fn admins(conn: &mut Conn, policy: &Policy) -> Result<Vec<String>> {
    let lasting =
        policy.bindings.iter().filter(|b| b.role == WORKSPACE_ADMIN && b.condition.is_empty());
    let emails: Vec<_> = lasting
        .flat_map(|b| &b.members)
        .filter_map(|m| m.strip_prefix("user:"))
        .map(str::to_owned)
        .collect();
    let found = users::get_many(conn, &emails).await?;
    Ok(found.into_iter().filter(|u| u.state == State::Active).map(|u| u.email).collect())
}

/// The refusal of whatever would leave nobody to administrate.
pub(crate) fn last_admin() -> Error {
    let blocker = Blocker {
        reason: "LAST_ADMINISTRATOR".to_owned(),
        subject: WORKSPACE.to_owned(),
        message: "make somebody else workspace admin first, without an end date".to_owned(),
    };
    Error::blocked("the workspace would be left without an administrator", vec![blocker])
}
