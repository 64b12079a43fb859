//! People make their own account. The first one becomes administrator.

use base::id::sha256_hex;
use base::name::WORKSPACE;
use base::{Error, Reason, Result, Secret, Time};
use policy::iam::Binding;
use policy::role::WORKSPACE_ADMIN;
use store::rows::{IamPolicy, WorkspaceProfile};
use store::{Conn, events, settings};

use super::enter::SignedIn;
use super::{password, session};
use crate::access::duty;
use crate::cx::Cx;
use crate::filter::etag;
use crate::user::{self, Account, UserInput};
use crate::workspace::needs_first_admin;

/// A new account.
#[derive(Debug)]
pub struct Signup {
    pub email: String,
    pub password: Secret,
    pub title: String,
}

/// Signs the new user in, by cookies.
///
/// Errors: `SIGNUP_CLOSED` unless sign-up is open or nobody is there yet; `SETUP_TOKEN_REQUIRED` for the first one on a
/// server that others can reach.
pub async fn signup(cx: &Cx, input: Signup) -> Result<SignedIn> {
    let (first, profile) = {
        let mut conn = cx.app.store.read().await?;
        let first = needs_first_admin(&mut conn).await?;
        (first, settings::get::<WorkspaceProfile>(&mut conn).await?.value)
    };
    admit(cx, first, &profile)?;
    let input = UserInput {
        email: input.email,
        title: input.title,
        password: input.password,
        ..UserInput::default()
    };
    let (email, mut wrong) = match user::check(&input, &profile) {
        Ok(email) => (email, Vec::new()),
        Err(e) if e.field_violations().is_empty() => return Err(e),
        Err(e) => (String::new(), e.field_violations().to_vec()),
    };
    wrong.extend(password::violations("user.password", input.password.expose(), &profile.password));
    for violation in &mut wrong {
        // Here the fields are the request's own.
        violation.field = violation.field.trim_start_matches("user.").to_owned();
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let hash = password::hash(cx.app.rng.as_ref(), input.password.clone()).await?;
    let now = cx.app.now();
    let mut user = user::row(email, &input, hash, now);
    let mut tx = cx.app.store.begin().await?;
    // Again: somebody may have been faster.
    let first = needs_first_admin(&mut tx).await?;
    admit(cx, first, &profile)?;
    user.payload.last_login_at = Some(now);
    user::insert(&mut tx, &mut user).await?;
    if first {
        make_admin(&mut tx, &user.email, now).await?;
    }
    let fresh = session::open(cx, &mut tx, &user.email, &profile, now).await?;
    tx.commit().await?;
    fresh.send(cx);
    let duty = duty(&user, &profile, now);
    Ok(SignedIn::new(cx, None, Account::User(Box::new(user)), duty))
}

fn admit(cx: &Cx, first: bool, profile: &WorkspaceProfile) -> Result<()> {
    if !first && profile.disallow_signup {
        return Err(Error::new(
            Reason::SignupClosed,
            "sign-up is closed; ask an administrator to make an account for you",
        ));
    }
    if !first && profile.disallow_password_signin {
        return Err(Error::new(
            Reason::SignupClosed,
            "this workspace signs in by its identity provider only; use that button",
        ));
    }
    let needed = cx.app.config.setup_token.as_ref().filter(|_| first);
    let shown = cx.credentials.setup_token.as_ref();
    // Hashes are compared, so the time it takes tells nothing of the token.
    let same = |a: &Secret, b: &Secret| {
        sha256_hex(a.expose().as_bytes()) == sha256_hex(b.expose().as_bytes())
    };
    if needed.is_some_and(|needed| !shown.is_some_and(|shown| same(needed, shown))) {
        return Err(Error::new(
            Reason::SetupTokenRequired,
            "the first administrator needs the set-up token that stands in the server's log",
        ));
    }
    Ok(())
}

/// Two first ones at the same moment: the policy of one of them is stale, and their sign-up fails.
async fn make_admin(conn: &mut Conn, email: &str, now: Time) -> Result<()> {
    let found = store::iam::get(conn, WORKSPACE).await?;
    let mut row = found.unwrap_or_else(|| IamPolicy {
        resource: WORKSPACE.to_owned(),
        policy: policy::iam::Policy::default(),
        version: 0,
        updated_at: now,
    });
    let members = vec![format!("user:{email}")];
    row.policy.bindings.push(Binding::always(WORKSPACE_ADMIN, members));
    store::iam::put(conn, &mut row, now).await?;
    Ok(events::append(conn, WORKSPACE, "iam_policy", &etag(row.version), now).await?)
}
