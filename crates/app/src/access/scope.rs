//! Which policy decides about a resource.

use base::name::InstanceName;
use store::rows::Database;
use store::{Conn, Result, databases, instances};

use crate::{service_account, workload_identity};

/// Where permissions on a resource come from. Bindings of the workspace always count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    Workspace,
    /// Id of a project, which need not exist.
    Project(String),
}

/// Where a resource stands.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub scope: Scope,
    /// The database that it is, or is in.
    pub database: Option<Database>,
}

/// The place of a resource named in a request, in whatever shape. What cannot be placed is the workspace's: only
/// people who may see everything learn whether it exists.
pub(super) async fn of(conn: &mut Conn, resource: &str) -> Result<Placed> {
    let mut parts = resource.split('/');
    let (kind, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let rest: Vec<_> = parts.collect();
    if id.is_empty() || id == "-" {
        return Ok(Placed { scope: Scope::Workspace, database: None });
    }
    let mut within = None;
    let project = match (kind, rest.as_slice()) {
        ("projects", _) => Some(id.to_owned()),
        ("serviceAccounts", _) => service_account::DOMAIN.project_of(id),
        ("workloadIdentities", _) => workload_identity::DOMAIN.project_of(id),
        ("instances", ["databases", database, ..]) if *database != "-" => {
            within = databases::get(conn, id, database).await?;
            within.as_ref().map(|d| d.project.clone())
        }
        ("instances", _) => {
            let InstanceName { instance } = InstanceName::new(id);
            instances::get(conn, &instance).await?.and_then(|i| i.project)
        }
        _ => None,
    };
    Ok(Placed { scope: project.map_or(Scope::Workspace, Scope::Project), database: within })
}
