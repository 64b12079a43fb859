//! Accounts of programs, signed in by key.
//!
//! A key is 256 random bits, shown once, and kept as its SHA-256: with that much chance in it a slow hash would add
//! nothing. The address says where an account belongs: `ci@service.bytebase.com` to the workspace,
//! `ci@shop.service.bytebase.com` to the project `shop`.

mod create;
mod delete;
mod get;
mod key;
mod update;

pub use create::create;
pub use delete::{delete, undelete};
pub use get::{get, list};
pub(crate) use key::generation;
pub use key::is_key_of;
pub use update::{MASK, Update, update};

use base::name::ServiceAccountName;
use base::{Error, Result, Secret};
use store::rows::ServiceAccount;
use store::{Conn, events, service_accounts};

use crate::filter::etag;
use crate::program::Domain;

pub const DOMAIN: Domain = Domain("service.bytebase.com");

/// An account, with its key when that was just made.
#[derive(Debug, Clone)]
pub struct WithKey {
    pub account: ServiceAccount,
    pub key: Option<Secret>,
}

/// The account of that name, deleted or not.
async fn of(conn: &mut Conn, field: &str, name: &str) -> Result<ServiceAccount> {
    let name = ServiceAccountName::parse(field, name)?;
    let found = service_accounts::get(conn, &name.email.to_ascii_lowercase()).await?;
    found.ok_or_else(|| Error::not_found(&name))
}

fn check_title(title: &str) -> Result<()> {
    let ok = !title.trim().is_empty()
        && title.chars().count() <= 200
        && !title.chars().any(char::is_control);
    if ok {
        Ok(())
    } else {
        Err(Error::field("service_account.title", "use 1 to 200 characters in one line"))
    }
}

/// Tells open pages that the account changed.
pub(crate) async fn tell(conn: &mut Conn, row: &ServiceAccount) -> Result<()> {
    let name = ServiceAccountName::new(&row.email).to_string();
    Ok(events::append(conn, &name, "service_account", &etag(row.version), row.updated_at).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_where_an_account_belongs() {
        let of = |email: &str| DOMAIN.project_of(email);
        let (address, is_address) =
            (|id, project| DOMAIN.address(id, project), |email| DOMAIN.has(email));
        assert_eq!(of(&address("ci", Some("shop"))).as_deref(), Some("shop"));
        assert_eq!(of(&address("ci", None)), None);
        assert_eq!(of("ci@evilservice.bytebase.com"), None);
        assert_eq!(of("ci@.service.bytebase.com"), None);
        assert!(
            is_address("ci@service.bytebase.com") && is_address("ci@shop.service.bytebase.com")
        );
        assert!(!is_address("ann@bytebase.com") && !is_address("ci@evilservice.bytebase.com"));
    }
}
