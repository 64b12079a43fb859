//! Pipelines that sign in with a token of their CI system: nothing secret is kept on either side.
//!
//! The address says where an identity belongs, as that of a service account does: `ci@workload.bytebase.com` to the workspace,
//! `ci@shop.workload.bytebase.com` to the project `shop`.

mod change;
mod exchange;
mod list;
mod rules;

pub use change::{Create, MASK, Update, create, delete, undelete, update};
pub use exchange::exchange;
pub use list::{get, list};

use base::id::sha256_hex;
use base::name::WorkloadIdentityName;
use base::{Error, Result};
use store::rows::WorkloadIdentity;
use store::{Conn, events, workload_identities};

use crate::filter::etag;
use crate::program::Domain;

pub const DOMAIN: Domain = Domain("workload.bytebase.com");

/// Tells apart whose tokens are taken: our own carry it, so that a change ends those of before.
pub(crate) fn generation(identity: &WorkloadIdentity) -> String {
    let p = &identity.payload;
    let all = format!("{:?} {:?} {:?} {:?}", p.provider, p.issuer, p.audiences, p.subject);
    sha256_hex(all.as_bytes()).chars().take(16).collect()
}

/// The identity of that name, deleted or not.
async fn of(conn: &mut Conn, field: &str, name: &str) -> Result<WorkloadIdentity> {
    let name = WorkloadIdentityName::parse(field, name)?;
    let found = workload_identities::get(conn, &name.email.to_ascii_lowercase()).await?;
    found.ok_or_else(|| Error::not_found(&name))
}

async fn tell(conn: &mut Conn, row: &WorkloadIdentity) -> Result<()> {
    let name = WorkloadIdentityName::new(&row.email).to_string();
    Ok(events::append(conn, &name, "workload_identity", &etag(row.version), row.updated_at).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_where_an_identity_belongs() {
        let project_of = |email: &str| DOMAIN.project_of(email);
        let (address, is_address) =
            (|id, project| DOMAIN.address(id, project), |email: &str| DOMAIN.has(email));
        assert_eq!(project_of(&address("ci", Some("shop"))).as_deref(), Some("shop"));
        assert_eq!(project_of(&address("ci", None)), None);
        assert!(is_address(&address("ci", None)) && is_address(&address("ci", Some("shop"))));
        assert!(!is_address("ci@evilworkload.bytebase.com") && !is_address("ann@bytebase.com"));
    }
}
