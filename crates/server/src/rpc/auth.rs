//! AuthService: signing in and out.

use api::bytebase::v1 as pb;
use app::auth::{self, SignedIn};
use app::cx::Cx;
use base::Secret;
use base::name::WORKSPACE;

use super::convert::{account, setting};
use super::{Error, Result};

pub struct Auth;

impl pb::AuthService<Cx, Error> for Auth {
    async fn get_authentication_restriction(
        &self,
        cx: Cx,
        request: pb::GetAuthenticationRestrictionRequest,
    ) -> Result<pb::AuthenticationInfo> {
        only_workspace("workspace", &request.workspace)?;
        let found = auth::restriction(&cx).await?;
        Ok(pb::AuthenticationInfo {
            workspace: WORKSPACE.to_owned(),
            restriction: Some(pb::Restriction {
                disallow_signup: found.disallow_signup,
                password_restriction: Some(setting::password_rule(&found.password)),
                ..pb::Restriction::default()
            }),
        })
    }

    async fn login(&self, cx: Cx, request: pb::LoginRequest) -> Result<pb::LoginResponse> {
        only_workspace("workspace", request.workspace.as_deref().unwrap_or_default())?;
        let set = |text: &Option<String>| text.as_ref().is_some_and(|t| !t.is_empty());
        for (used, field) in [
            (!request.idp_name.is_empty() || request.idp_context.is_some(), "idp_name"),
            (set(&request.otp_code), "otp_code"),
            (set(&request.recovery_code), "recovery_code"),
            (set(&request.mfa_temp_token), "mfa_temp_token"),
            (set(&request.email_code), "email_code"),
        ] {
            if used {
                let text = "this way to sign in is not available in this version; use e-mail address and password";
                return Err(base::Error::field(field, text).into());
            }
        }
        let login = auth::Login {
            email: request.email,
            password: Secret::new(request.password),
            web: request.web,
        };
        Ok(to_wire(auth::login(&cx, login).await?))
    }

    async fn logout(&self, cx: Cx, _request: pb::LogoutRequest) -> Result<()> {
        Ok(auth::logout(&cx).await?)
    }

    async fn signup(&self, cx: Cx, request: pb::SignupRequest) -> Result<pb::LoginResponse> {
        let signup = auth::Signup {
            email: request.email,
            password: Secret::new(request.password),
            title: request.title,
        };
        Ok(to_wire(auth::signup(&cx, signup).await?))
    }

    async fn refresh(&self, cx: Cx, _request: pb::RefreshRequest) -> Result<pb::RefreshResponse> {
        auth::refresh(&cx).await?;
        Ok(pb::RefreshResponse {})
    }
}

fn to_wire(signed_in: SignedIn) -> pb::LoginResponse {
    pb::LoginResponse {
        token: signed_in.token.map(|t| t.expose().clone()).unwrap_or_default(),
        user: Some(account::account(signed_in.account)),
        ..pb::LoginResponse::default()
    }
}

fn only_workspace(field: &str, name: &str) -> Result<()> {
    match name {
        "" | WORKSPACE | "workspaces/-" => Ok(()),
        _ => Err(base::Error::field(field, format!("{WORKSPACE} is the only workspace")).into()),
    }
}
