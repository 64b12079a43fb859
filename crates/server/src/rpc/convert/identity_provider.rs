//! Identity providers. A client secret comes in and never goes out.

use std::collections::BTreeMap;

use api::bytebase::v1 as pb;
use app::identity_provider::{Draft, Seen};
use base::name::IdentityProviderName;
use base::{Error, Reason, Result, Secret};
use pb::identity_provider_config::Config;
use serde_json::{Map, Value};
use store::rows::{ClaimNames, IdentityProvider, IdentityProviderPayload};

pub fn to_wire(row: IdentityProvider) -> pb::IdentityProvider {
    let p = row.payload;
    let style = if p.secret_in_body {
        pb::OAuth2AuthStyle::InParams
    } else {
        pb::OAuth2AuthStyle::InHeader
    };
    let config = pb::OidcIdentityProviderConfig {
        issuer: p.issuer,
        client_id: p.client_id,
        client_secret: String::new(),
        scopes: p.scopes,
        field_mapping: Some(pb::FieldMapping {
            identifier: p.claims.identifier,
            display_name: p.claims.display_name,
            phone: p.claims.phone,
            groups: p.claims.groups,
        }),
        skip_tls_verify: false,
        auth_style: style.into(),
        auth_endpoint: p.auth_endpoint,
    };
    pb::IdentityProvider {
        name: IdentityProviderName::new(&row.id).to_string(),
        title: row.title,
        domain: p.domain,
        r#type: pb::IdentityProviderType::Oidc.into(),
        config: Some(pb::IdentityProviderConfig { config: Some(Config::OidcConfig(config)) }),
    }
}

/// Strangers see what a button needs.
pub fn seen(seen: Seen) -> pb::IdentityProvider {
    let whole = to_wire(seen.row);
    if seen.whole { whole } else { pb::IdentityProvider { config: None, ..whole } }
}

/// `whole`: the configuration counts, so it must be one of ours.
pub fn from_wire(wire: pb::IdentityProvider, whole: bool) -> Result<Draft> {
    let kind = wire.r#type();
    let config = wire.config.and_then(|c| c.config);
    let config = match (config, kind) {
        (Some(Config::Oauth2Config(_) | Config::LdapConfig(_)), _)
        | (_, pb::IdentityProviderType::Oauth2 | pb::IdentityProviderType::Ldap) => {
            return Err(Error::new(
                Reason::NotImplemented,
                "providers of type OAUTH2 and LDAP are not available in this version; use OIDC",
            ));
        }
        (Some(Config::OidcConfig(config)), _) => config,
        (None, _) if !whole => pb::OidcIdentityProviderConfig::default(),
        (None, _) => {
            let text = "say how the provider is reached: oidc_config";
            return Err(Error::field("identity_provider.config", text));
        }
    };
    if config.skip_tls_verify {
        return Err(Error::field(
            "identity_provider.config.oidc_config.skip_tls_verify",
            "certificates of providers are always checked; leave it off",
        ));
    }
    let secret_in_body = config.auth_style() == pb::OAuth2AuthStyle::InParams;
    let claims = config.field_mapping.unwrap_or_default();
    Ok(Draft {
        name: wire.name,
        title: wire.title,
        payload: IdentityProviderPayload {
            domain: wire.domain,
            issuer: config.issuer,
            client_id: config.client_id,
            scopes: config.scopes,
            secret_in_body,
            claims: ClaimNames {
                identifier: claims.identifier,
                display_name: claims.display_name,
                phone: claims.phone,
                groups: claims.groups,
            },
            auth_endpoint: String::new(),
        },
        client_secret: Secret::new(config.client_secret),
    })
}

/// Texts as they are, everything else as JSON.
pub fn claims(found: Map<String, Value>) -> BTreeMap<String, String> {
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    found.into_iter().map(|(name, value)| (name, text(value))).collect()
}
