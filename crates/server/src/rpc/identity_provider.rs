//! IdentityProviderService: where people sign in who do not do so by password.

use api::bytebase::v1 as pb;
use app::auth::single_sign_on::Brought;
use app::cx::Cx;
use app::identity_provider::{self, Create, Test, Update};
use base::{Reason, Secret};
use pb::test_identity_provider_request::Context;

use super::convert::{identity_provider as wire, value};
use super::{Error, Result};

pub struct IdentityProviders;

impl pb::IdentityProviderService<Cx, Error> for IdentityProviders {
    async fn get_identity_provider(
        &self,
        cx: Cx,
        request: pb::GetIdentityProviderRequest,
    ) -> Result<pb::IdentityProvider> {
        Ok(wire::to_wire(identity_provider::get(&cx, &request.name).await?))
    }

    async fn list_identity_providers(
        &self,
        cx: Cx,
        _: pb::ListIdentityProvidersRequest,
    ) -> Result<pb::ListIdentityProvidersResponse> {
        let all = identity_provider::list(&cx).await?;
        let identity_providers = all.into_iter().map(wire::seen).collect();
        Ok(pb::ListIdentityProvidersResponse { identity_providers })
    }

    async fn create_identity_provider(
        &self,
        cx: Cx,
        request: pb::CreateIdentityProviderRequest,
    ) -> Result<pb::IdentityProvider> {
        let create = Create {
            id: request.identity_provider_id,
            draft: wire::from_wire(request.identity_provider.unwrap_or_default(), true)?,
            validate_only: request.validate_only,
        };
        Ok(wire::to_wire(identity_provider::create(&cx, create).await?))
    }

    async fn update_identity_provider(
        &self,
        cx: Cx,
        request: pb::UpdateIdentityProviderRequest,
    ) -> Result<pb::IdentityProvider> {
        let mask = value::mask(request.update_mask).unwrap_or_default();
        let whole = request.allow_missing || mask.iter().any(|path| path == "config");
        let update = Update {
            draft: wire::from_wire(request.identity_provider.unwrap_or_default(), whole)?,
            mask,
            allow_missing: request.allow_missing,
        };
        Ok(wire::to_wire(identity_provider::update(&cx, update).await?))
    }

    async fn delete_identity_provider(
        &self,
        cx: Cx,
        request: pb::DeleteIdentityProviderRequest,
    ) -> Result<()> {
        Ok(identity_provider::delete(&cx, &request.name).await?)
    }

    async fn test_identity_provider(
        &self,
        cx: Cx,
        request: pb::TestIdentityProviderRequest,
    ) -> Result<pb::TestIdentityProviderResponse> {
        let brought = match request.context {
            Some(Context::OidcContext(c)) if !c.code.is_empty() => {
                Some(Brought { code: Secret::new(c.code), state: c.state })
            }
            Some(Context::Oauth2Context(_) | Context::LdapContext(_)) => {
                let text = "only providers of type OIDC are available in this version";
                return Err(base::Error::new(Reason::NotImplemented, text).into());
            }
            Some(Context::OidcContext(_)) | None => None,
        };
        let whole = brought.is_none();
        let draft = wire::from_wire(request.identity_provider.unwrap_or_default(), whole)?;
        let found = identity_provider::test(&cx, Test { draft, brought }).await?;
        Ok(pb::TestIdentityProviderResponse {
            claims: wire::claims(found.id_token),
            user_info: wire::claims(found.user_info),
        })
    }
}
