//! What the sign-in page may offer.

use base::Result;
use store::rows::{PasswordRule, WorkspaceProfile};
use store::settings;

use crate::cx::Cx;
use crate::workspace::needs_first_admin;

/// For anybody, before signing in.
#[derive(Debug, Clone, PartialEq)]
pub struct Restriction {
    pub disallow_signup: bool,
    /// For all but administrators.
    pub disallow_password_signin: bool,
    pub password: PasswordRule,
    pub email_code_signin: bool,
    pub password_reset: bool,
}

pub async fn restriction(cx: &Cx) -> Result<Restriction> {
    let mut conn = cx.app.store.read().await?;
    let first = needs_first_admin(&mut conn).await?;
    let profile = settings::get::<WorkspaceProfile>(&mut conn).await?.value;
    let mail = crate::mail::is_set_up(&mut conn).await?;
    Ok(Restriction {
        disallow_signup: profile.disallow_signup && !first,
        disallow_password_signin: profile.disallow_password_signin,
        password: profile.password,
        email_code_signin: profile.allow_email_code_signin && mail,
        password_reset: mail,
    })
}
