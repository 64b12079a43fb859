//! Exchanges a token of a CI system for one of ours. Each opens once.

use std::time::Duration;

use base::id::sha256_hex;
use base::{Error, Reason, Result, Secret};
use integrations::idp::{Expected, IdpError};
use store::rows::State;
use store::workload_identities;

use crate::auth::token::{self, Purpose};
use crate::cx::{Caller, Cx};

const LIFETIME: Duration = Duration::from_secs(3_600);

/// Errors: `WRONG_CREDENTIALS` with what is wrong about the token; `CONNECTION_…` when its issuer cannot be asked for keys.
pub async fn exchange(cx: &Cx, foreign: &Secret, email: &str) -> Result<Secret> {
    let email = email.trim().to_ascii_lowercase();
    if !super::DOMAIN.has(&email) {
        let text = "give the address of the workload identity, e.g. ci@shop.workload.bytebase.com";
        return Err(Error::field("email", text));
    }
    let found = {
        let mut conn = cx.app.store.read().await?;
        workload_identities::get(&mut conn, &email).await?
    };
    let identity = found
        .filter(|found| found.state == State::Active)
        .ok_or_else(|| refused(&format!("there is no workload identity {email}")))?;
    let expected = Expected {
        issuer: identity.payload.issuer.clone(),
        audiences: identity.payload.audiences.clone(),
        subject: identity.payload.subject.clone(),
    };
    let (outside, now) = (&cx.app.outside, cx.app.now());
    let workload =
        outside.issuers.check(&outside.http, foreign.expose(), &expected, now).await.map_err(
            |e| match e {
                IdpError::Token(why) => refused(why),
                _ => crate::identity_provider::failure("workload_identity_config.issuer_url", &e),
            },
        )?;
    let mut tx = cx.app.store.begin().await?;
    let hash = sha256_hex(workload.signed.as_bytes());
    if !workload_identities::exchange(&mut tx, &hash, workload.expires_at, now).await? {
        return Err(refused("it was exchanged before; ask the CI system for a new one"));
    }
    tx.commit().await?;
    cx.remarks.entered(Caller::WorkloadIdentity { email: email.clone() });
    let generation = super::generation(&identity);
    token::issue(&cx.app.token_key, Purpose::Access, &email, Some(&generation), now, LIFETIME)
}

fn refused(why: &str) -> Error {
    Error::new(Reason::WrongCredentials, format!("The token is not taken: {why}"))
}
