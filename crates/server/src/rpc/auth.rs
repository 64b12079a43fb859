//! AuthService: signing in and out.

use api::bytebase::v1 as pb;
use app::access::Duty;
use app::auth::single_sign_on::Brought;
use app::auth::{self, Entry, SecondStep, SignedIn};
use app::cx::Cx;
use base::Secret;
use base::name::WORKSPACE;
use pb::identity_provider_context::Context;

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
                disallow_password_signin: found.disallow_password_signin,
                password_restriction: Some(setting::password_rule(&found.password)),
                allow_email_code_signin: found.email_code_signin,
                password_reset_enabled: found.password_reset,
            }),
        })
    }

    async fn login(&self, cx: Cx, request: pb::LoginRequest) -> Result<pb::LoginResponse> {
        only_workspace("workspace", request.workspace.as_deref().unwrap_or_default())?;
        let second = second_step(request.mfa_temp_token, request.otp_code, request.recovery_code)?;
        let login = auth::Login {
            second,
            provider: provider(request.idp_name, request.idp_context)?,
            email: request.email,
            password: Secret::new(request.password),
            web: request.web,
            mail_code: request.email_code.filter(|code| !code.is_empty()).map(Secret::new),
        };
        Ok(match auth::login(&cx, login).await? {
            Entry::In(signed_in) => to_wire(signed_in),
            Entry::SecondStep(token) => pb::LoginResponse {
                mfa_temp_token: Some(token.expose().clone()),
                ..pb::LoginResponse::default()
            },
        })
    }

    async fn logout(&self, cx: Cx, _request: pb::LogoutRequest) -> Result<()> {
        Ok(auth::logout(&cx).await?)
    }

    async fn exchange_token(
        &self,
        cx: Cx,
        request: pb::ExchangeTokenRequest,
    ) -> Result<pb::ExchangeTokenResponse> {
        let token = Secret::new(request.token);
        let ours = app::workload_identity::exchange(&cx, &token, &request.email).await?;
        Ok(pb::ExchangeTokenResponse { access_token: ours.expose().clone() })
    }

    async fn signup(&self, cx: Cx, request: pb::SignupRequest) -> Result<pb::LoginResponse> {
        let signup = auth::Signup {
            email: request.email,
            password: Secret::new(request.password),
            title: request.title,
        };
        Ok(to_wire(auth::signup(&cx, signup).await?))
    }

    async fn request_password_reset(
        &self,
        cx: Cx,
        request: pb::RequestPasswordResetRequest,
    ) -> Result<()> {
        only_workspace("workspace", request.workspace.as_deref().unwrap_or_default())?;
        Ok(auth::request_password_reset(&cx, &request.email).await?)
    }

    async fn reset_password(&self, cx: Cx, request: pb::ResetPasswordRequest) -> Result<()> {
        let (code, new) = (Secret::new(request.code), Secret::new(request.new_password));
        Ok(auth::reset_password(&cx, &request.email, &code, new).await?)
    }

    async fn send_email_login_code(
        &self,
        cx: Cx,
        request: pb::SendEmailLoginCodeRequest,
    ) -> Result<()> {
        only_workspace("workspace", request.workspace.as_deref().unwrap_or_default())?;
        Ok(auth::send_login_code(&cx, &request.email).await?)
    }

    async fn refresh(&self, cx: Cx, _request: pb::RefreshRequest) -> Result<pb::RefreshResponse> {
        auth::refresh(&cx).await?;
        Ok(pb::RefreshResponse {})
    }
}

fn to_wire(signed_in: SignedIn) -> pb::LoginResponse {
    pb::LoginResponse {
        token: signed_in.token.map(|t| t.expose().clone()).unwrap_or_default(),
        require_reset_password: signed_in.duty == Some(Duty::ChangePassword),
        user: Some(account::signed_in(signed_in.account, signed_in.duty)),
        ..pb::LoginResponse::default()
    }
}

/// Where somebody comes from, and what they brought back.
fn provider(
    name: String,
    context: Option<pb::IdentityProviderContext>,
) -> Result<Option<(String, Brought)>> {
    match context.and_then(|c| c.context) {
        None if name.is_empty() => Ok(None),
        Some(Context::OidcContext(c)) => {
            Ok(Some((name, Brought { code: Secret::new(c.code), state: c.state })))
        }
        _ => {
            let text = "give the oidc_context with the code and state that the provider's page brought back";
            Err(base::Error::field("idp_context", text).into())
        }
    }
}

/// The token of the first step, and one code.
fn second_step(
    token: Option<String>,
    otp_code: Option<String>,
    recovery_code: Option<String>,
) -> Result<Option<SecondStep>> {
    let given = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
    let (token, codes) = (given(token), (given(otp_code), given(recovery_code)));
    let Some(token) = token else {
        return match codes {
            (None, None) => Ok(None),
            _ => {
                let text =
                    "a code comes with the mfa_temp_token that the first call of Login answered";
                Err(base::Error::field("mfa_temp_token", text).into())
            }
        };
    };
    match codes {
        (Some(code), None) | (None, Some(code)) => {
            Ok(Some(SecondStep { token: Secret::new(token), code: Secret::new(code) }))
        }
        _ => {
            Err(base::Error::field("otp_code", "give a code of the app or a recovery code").into())
        }
    }
}

fn only_workspace(field: &str, name: &str) -> Result<()> {
    match name {
        "" | WORKSPACE | "workspaces/-" => Ok(()),
        _ => Err(base::Error::field(field, format!("{WORKSPACE} is the only workspace")).into()),
    }
}
