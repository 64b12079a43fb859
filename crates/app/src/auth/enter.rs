//! Lets somebody in who has shown who they are.

use base::{Error, Reason, Result, Secret};
use store::rows::{User, WorkspaceProfile};
use store::{StoreError, Tx, settings, users};

use super::login::{Entry, SECOND_STEP};
use super::token::Purpose;
use super::{session, token};
use crate::access::{Duty, duty};
use crate::cx::{Caller, Cx};
use crate::user::Account;

/// Somebody who is in.
#[derive(Debug)]
pub struct SignedIn {
    /// `None` for a browser, which has cookies.
    pub token: Option<Secret>,
    pub account: Account,
    /// What they have to do before anything else.
    pub duty: Option<Duty>,
}

impl SignedIn {
    /// The audit log is told who came in.
    pub(super) fn new(
        cx: &Cx,
        token: Option<Secret>,
        account: Account,
        duty: Option<Duty>,
    ) -> Self {
        cx.remarks.entered(match &account {
            Account::User(user) => Caller::User { email: user.email.clone() },
            Account::ServiceAccount(account) => {
                Caller::ServiceAccount { email: account.email.clone() }
            }
            Account::WorkloadIdentity(identity) => {
                Caller::WorkloadIdentity { email: identity.email.clone() }
            }
        });
        Self { token, account, duty }
    }
}

/// Lets in who has no second factor, and asks others for it. `tx` holds what is to be kept in both cases.
pub(super) async fn enter_or_ask(cx: &Cx, mut tx: Tx, mut user: User, web: bool) -> Result<Entry> {
    if user.payload.second_factor.on_since.is_none() {
        return enter(cx, tx, user, web).await.map(Entry::In);
    }
    let now = cx.app.now();
    users::update(&mut tx, &mut user, now).await?;
    tx.commit().await?;
    let (key, email) = (&cx.app.token_key, &user.email);
    token::issue(key, Purpose::SecondFactor, email, None, now, SECOND_STEP).map(Entry::SecondStep)
}

/// Writes the user's row, opens the session, commits.
pub(super) async fn enter(cx: &Cx, mut tx: Tx, mut user: User, web: bool) -> Result<SignedIn> {
    let now = cx.app.now();
    let profile = settings::get::<WorkspaceProfile>(&mut tx).await?.value;
    user.payload.last_login_at = Some(now);
    match users::update(&mut tx, &mut user, now).await {
        Ok(()) => {}
        // The code of the second factor may be the one that the other has used.
        Err(StoreError::Stale(_)) if user.payload.second_factor.on_since.is_some() => {
            return Err(Error::new(
                Reason::Conflict,
                "somebody signed in to this account at the same moment; use the next code",
            ));
        }
        // Somebody signed in as the same user at this moment: that time is as good.
        Err(StoreError::Stale(_)) => {}
        Err(e) => return Err(e.into()),
    }
    let fresh = match web {
        true => Some(session::open(cx, &mut tx, &user.email, &profile, now).await?),
        false => None,
    };
    tx.commit().await?;
    let token = match &fresh {
        Some(fresh) => {
            fresh.send(cx);
            None
        }
        None => {
            let (key, lifetime) = (&cx.app.token_key, session::access_lifetime(&profile));
            Some(token::issue(key, Purpose::Access, &user.email, None, now, lifetime)?)
        }
    };
    let duty = duty(&user, &profile, now);
    Ok(SignedIn::new(cx, token, Account::User(Box::new(user)), duty))
}
