//! Sign-in at an identity provider: the browser goes there and comes back with a code.
//!
//! A cookie binds the two halves: it holds the seed of state, nonce and PKCE verifier, so that a code counts only in the
//! browser that began, once, and only within ten minutes. Invariants: the first time an account is found by an address that
//! the provider vouches for, never by one that it calls unverified; from then on by the provider's own name for the person
//! (`sub`), so that whoever is given that address later is somebody else; who has a second factor here is asked for it as well.

use std::time::Duration;

use base::id::token as random;
use base::name::{IdentityProviderName, UserName, WORKSPACE};
use base::{Error, Reason, Result, Secret};
use integrations::idp::{self, Claims, Seed};
use serde_json::Value;
use store::rows::{IdentityProvider, State, User, WorkspaceProfile};
use store::{
    Conn, StoreError, groups, identity_links, identity_providers, settings, sign_ons, users,
};

use super::login::Entry;
use super::throttle::{self, Guess};
use super::token::{self, Purpose};
use super::{cookie, enter};
use crate::cx::Cx;
use crate::identity_provider::provider_of;
use crate::user::{self, UserInput};

const WITHIN: Duration = Duration::from_secs(600);

/// What the provider's page sent the browser back with.
#[derive(Debug)]
pub struct Brought {
    pub code: Secret,
    pub state: String,
}

/// Begins, for anybody; a test only for whoever administers providers. Gives where the browser goes.
pub async fn begin(cx: &Cx, name: &str, test: bool) -> Result<String> {
    let name = IdentityProviderName::parse("identity_provider", name)?;
    if test {
        cx.require("bb.identityProviders.update", WORKSPACE).await?;
    }
    let provider = {
        let mut conn = cx.app.store.read().await?;
        let row = found(&mut conn, &name).await?;
        provider_of(cx, &mut conn, &row).await?
    };
    let seed = Seed(Secret::new(random(cx.app.rng.as_ref())));
    let (outside, now) = (&cx.app.outside, cx.now());
    let url =
        idp::authorization_url(&outside.http, &outside.providers, &provider, &seed, now).await;
    let url = url.map_err(|e| not_now(cx, &name, &e))?;
    let (key, kept) = (&cx.app.token_key, subject(&name, test));
    let kept = token::issue(key, Purpose::SignOn, &kept, Some(seed.0.expose()), now, WITHIN)?;
    cookie::sign_on(cx, &kept, WITHIN);
    Ok(url)
}

/// Ends, in the browser that began: with a session, or with the question for the second factor.
///
/// Errors: `WRONG_CREDENTIALS` when it did not begin here or the provider does not vouch; `SIGNUP_CLOSED` for somebody who has
/// no account and may not make one.
pub(super) async fn sign_in(cx: &Cx, name: &str, brought: &Brought, web: bool) -> Result<Entry> {
    let name = IdentityProviderName::parse("idp_name", name)?;
    let seed = seed(cx, &name, brought, false)?;
    // Each attempt asks the provider, so a source has as many as for passwords. No address has a blank.
    let attempt = throttle::begin(cx, Guess::Password(&format!("by {}", cx.client_ip))).await?;
    once(cx, &seed).await?;
    let (row, provider) = {
        let mut conn = cx.app.store.read().await?;
        let row = found(&mut conn, &name).await?;
        let provider = provider_of(cx, &mut conn, &row).await?;
        (row, provider)
    };
    let (outside, code) = (&cx.app.outside, brought.code.expose());
    let claims = idp::claims(&outside.http, &outside.providers, &provider, code, &seed, cx.now());
    let claims = claims.await.map_err(|e| not_now(cx, &name, &e))?;
    let mut tx = cx.app.store.begin().await?;
    attempt.succeeded(&mut tx).await?;
    let mut user = person(cx, &mut tx, &row, &claims).await?;
    join(cx, &mut tx, &row, &claims, &mut user).await?;
    cookie::sign_on(cx, &Secret::default(), Duration::ZERO);
    enter::enter_or_ask(cx, tx, user, web).await
}

/// A code that is read from a history or a log is worth nothing, also where the provider takes it again.
async fn once(cx: &Cx, seed: &Seed) -> Result<()> {
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    sign_ons::prune(&mut tx, now.minus(WITHIN * 2)).await?;
    if !sign_ons::is_first(&mut tx, &seed.state(), now).await? {
        return Err(refused("this sign-in came back once already; begin again"));
    }
    Ok(tx.commit().await?)
}

/// Whose account it is, or becomes.
async fn person(cx: &Cx, conn: &mut Conn, row: &IdentityProvider, claims: &Claims) -> Result<User> {
    let email = email(row, claims)?;
    let subject = claims.subject();
    let known = identity_links::owner(conn, &row.id, subject).await?;
    let known = known.as_deref().and_then(|owner| owner.strip_prefix("users/"));
    let user = match users::get(conn, known.unwrap_or(&email)).await? {
        Some(user) if user.state == State::Active => user,
        Some(_) => return Err(refused("this account was deleted; ask an administrator")),
        None => new_user(cx, conn, row, claims, &email).await?,
    };
    if known.is_none() {
        let owner = UserName::new(&user.email).to_string();
        if identity_links::is_linked(conn, &row.id, &owner).await? {
            return Err(somebody_else(&email));
        }
        // Both may come for the first time at the same moment.
        match identity_links::insert(conn, &row.id, subject, &owner, cx.now()).await {
            Err(StoreError::Exists(_)) => return Err(somebody_else(&email)),
            inserted => inserted?,
        }
    }
    Ok(user)
}

fn somebody_else(email: &str) -> Error {
    refused(&format!(
        "{email} belongs to another account of this provider, which signed in here before; if the address is yours now, \
         ask an administrator to delete and restore the user"
    ))
}

/// The seed of a sign-in that began in this browser, for this provider, with this state.
pub(crate) fn seed(
    cx: &Cx,
    name: &IdentityProviderName,
    brought: &Brought,
    test: bool,
) -> Result<Seed> {
    let shown = cx.credentials.cookie_sign_on.as_ref();
    let claims = shown.and_then(|t| token::read(&cx.app.token_key, Purpose::SignOn, t.expose()));
    let claims = claims.filter(|c| c.is_live(cx.now()) && c.subject == subject(name, test));
    let seed = claims.and_then(|c| c.session).map(|text| Seed(Secret::new(text)));
    // Both are hashes, so the time it takes tells nothing.
    seed.filter(|seed| seed.state() == brought.state && !brought.code.is_empty()).ok_or_else(|| {
        refused("this sign-in did not begin in this browser, or took too long; begin again")
    })
}

fn subject(name: &IdentityProviderName, test: bool) -> String {
    if test { format!("test {name}") } else { name.to_string() }
}

async fn found(conn: &mut Conn, name: &IdentityProviderName) -> Result<IdentityProvider> {
    let row = identity_providers::get(conn, &name.idp).await?;
    row.ok_or_else(|| Error::not_found(name))
}

/// The address that the provider vouches for.
fn email(row: &IdentityProvider, claims: &Claims) -> Result<String> {
    let claim = &row.payload.claims.identifier;
    let text = claims.get(claim).and_then(Value::as_str).unwrap_or_default();
    let email = user::email::checked(claim, text).map_err(|_| {
        refused(&format!("the provider gives no e-mail address of yours in its claim {claim:?}"))
    })?;
    if !is_vouched_for(claim, &email, claims) {
        return Err(refused(
            "the provider does not say that it verified your e-mail address; do that there first",
        ));
    }
    let domain = &row.payload.domain;
    if !domain.is_empty() && email.split_once('@').is_none_or(|(_, of)| of != domain) {
        return Err(refused(&format!("only addresses of {domain} sign in by this provider")));
    }
    Ok(email)
}

/// The claim `email` is whatever people typed unless `email_verified` says otherwise. An administrator who names another
/// claim says that the provider alone fills it; an address that is called unverified counts by no name. Some write the claim as text.
fn is_vouched_for(claim: &str, email: &str, claims: &Claims) -> bool {
    let verified = claims.get("email_verified");
    if verified.is_some_and(|v| *v == Value::Bool(true) || v == "true") {
        return true;
    }
    let typed = claims.get("email").and_then(Value::as_str).unwrap_or_default();
    claim != "email" && (verified.is_none() || !typed.trim().eq_ignore_ascii_case(email))
}

/// Under the rules of sign-up.
async fn new_user(
    cx: &Cx,
    conn: &mut Conn,
    row: &IdentityProvider,
    claims: &Claims,
    email: &str,
) -> Result<User> {
    let profile = settings::get::<WorkspaceProfile>(conn).await?.value;
    if profile.disallow_signup {
        return Err(Error::new(
            Reason::SignupClosed,
            format!("there is no account for {email}; ask an administrator to make one for you"),
        ));
    }
    let names = &row.payload.claims;
    let text = |claim: &str| {
        claims.get(claim).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
    };
    let mut input = UserInput {
        email: email.to_owned(),
        title: text(&names.display_name).chars().take(200).collect(),
        phone: text(&names.phone),
        password: Secret::default(),
    };
    if !user::violations("user", "x", &input.phone).is_empty() {
        input.phone.clear();
    }
    let email = user::check(&input, &profile)?;
    let mut user = user::row(email, &input, Secret::default(), cx.now());
    user::insert(conn, &mut user).await?;
    Ok(user)
}

/// Puts the person into the groups that the provider names, and takes them out of those it named before.
async fn join(
    cx: &Cx,
    conn: &mut Conn,
    row: &IdentityProvider,
    claims: &Claims,
    user: &mut User,
) -> Result<()> {
    if row.payload.claims.groups.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = match claims.get(&row.payload.claims.groups) {
        Some(Value::Array(all)) => {
            all.iter().filter_map(Value::as_str).map(str::to_ascii_lowercase).collect()
        }
        Some(Value::String(one)) => vec![one.to_ascii_lowercase()],
        _ => Vec::new(),
    };
    let member = UserName::new(&user.email).to_string();
    let before = std::mem::take(&mut user.payload.groups_of_provider);
    let mut all: Vec<_> = named.iter().chain(&before).cloned().collect();
    all.sort();
    all.dedup();
    for mut group in groups::get_many(conn, &all).await? {
        let (is, should) = (group.has(&member), named.contains(&group.email));
        if should {
            user.payload.groups_of_provider.push(group.email.clone());
        }
        if is == should {
            continue;
        }
        group.members.retain(|m| m.name != member);
        if should {
            let role = store::rows::GroupRole::Member;
            group.members.push(store::rows::GroupMember { name: member.clone(), role });
        }
        groups::update(conn, &mut group, cx.now()).await?;
        crate::group::tell(conn, &group.email, group.version, cx.now()).await?;
    }
    Ok(())
}

fn refused(text: &str) -> Error {
    Error::new(Reason::WrongCredentials, text)
}

/// A stranger is told little; the log says what it was.
fn not_now(cx: &Cx, name: &IdentityProviderName, error: &idp::IdpError) -> Error {
    tracing::warn!(provider = %name, request_id = %cx.request_id, %error, "single sign-on failed");
    Error::new(
        Reason::WrongCredentials,
        "the identity provider did not confirm this sign-in; begin again, or ask an administrator to test the provider",
    )
}
