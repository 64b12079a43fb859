//! One user, some by name, or the caller.

use std::collections::BTreeMap;

use base::name::UserName;
use base::{Error, Reason, Result};
use store::rows::{ServiceAccount, User, WorkloadIdentity, WorkspaceProfile};
use store::{service_accounts, settings, users, workload_identities};

use super::email;
use crate::access::{Duty, Grants, Held, duty};
use crate::auth::second_factor;
use crate::cx::{Caller, Cx};

/// Most names in a batch.
const MOST: usize = 1_000;

/// Whoever can be signed in.
#[derive(Debug, Clone)]
pub enum Account {
    User(Box<User>),
    ServiceAccount(Box<ServiceAccount>),
    WorkloadIdentity(Box<WorkloadIdentity>),
}

pub async fn get(cx: &Cx, name: &str) -> Result<User> {
    let email = email::of_name("name", name)?;
    let mut conn = cx.app.store.read().await?;
    super::of(&mut conn, &email).await
}

/// In the order of `names`; one that does not exist fails the whole.
pub async fn batch_get(cx: &Cx, names: &[String]) -> Result<Vec<User>> {
    if names.len() > MOST {
        return Err(Error::field("names", format!("ask for at most {MOST} at once")));
    }
    let emails: Vec<_> = names.iter().map(|n| email::of_name("names", n)).collect::<Result<_>>()?;
    let mut conn = cx.app.store.read().await?;
    let rows = users::get_many(&mut conn, &emails).await?;
    let rows: BTreeMap<String, User> = rows.into_iter().map(|u| (u.email.clone(), u)).collect();
    let one =
        |email| rows.get(&email).cloned().ok_or_else(|| Error::not_found(UserName::new(email)));
    emails.into_iter().map(one).collect()
}

/// The caller.
#[derive(Debug)]
pub struct Current {
    pub account: Account,
    /// What they may do.
    pub held: Held,
    /// What they have to do before anything else.
    pub duty: Option<Duty>,
    pub recovery_codes_left: usize,
}

/// Errors: `NOT_SIGNED_IN` for nobody.
pub async fn current(cx: &Cx) -> Result<Current> {
    let nobody = || Error::new(Reason::NotSignedIn, "nobody is signed in");
    let mut conn = cx.app.store.read().await?;
    let account = match &cx.caller {
        Caller::User { email } => users::get(&mut conn, email)
            .await?
            .map(|u| Account::User(Box::new(u)))
            .ok_or_else(nobody),
        Caller::ServiceAccount { email } => service_accounts::get(&mut conn, email)
            .await?
            .map(|a| Account::ServiceAccount(Box::new(a)))
            .ok_or_else(nobody),
        Caller::WorkloadIdentity { email } => workload_identities::get(&mut conn, email)
            .await?
            .map(|w| Account::WorkloadIdentity(Box::new(w)))
            .ok_or_else(nobody),
        Caller::Anonymous | Caller::System => Err(nobody()),
    }?;
    let grants = Grants::load(&mut conn, &cx.caller, cx.app.now()).await?;
    let held = grants.held(&mut conn).await?;
    let Account::User(user) = &account else {
        return Ok(Current { account, held, duty: None, recovery_codes_left: 0 });
    };
    let profile = settings::get::<WorkspaceProfile>(&mut conn).await?.value;
    let duty = duty(user, &profile, cx.app.now());
    let recovery_codes_left = second_factor::recovery_codes_left(&mut conn, &user.email).await?;
    Ok(Current { account, held, duty, recovery_codes_left })
}
