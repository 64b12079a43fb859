//! What a provider must be like. Pure.

use base::{FieldViolation, Result};

use super::Draft;
use crate::setting::is_domain;

const CONFIG: &str = "identity_provider.config.oidc_config";

/// Everything wrong with a draft. `http`: addresses without TLS are fine, on a server that may reach private networks.
pub(super) fn check(draft: &Draft, http: bool) -> Result<()> {
    let mut found = Vec::new();
    let mut need = |ok: bool, field: String, what: &str| {
        if !ok {
            found.push(FieldViolation { field, description: what.to_owned() });
        }
    };
    let one_line = |text: &str, most: usize| {
        text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    let payload = &draft.payload;
    need(
        !draft.title.trim().is_empty() && one_line(&draft.title, 200),
        "identity_provider.title".to_owned(),
        "use 1 to 200 characters in one line",
    );
    need(
        payload.domain.is_empty() || is_domain(&payload.domain),
        "identity_provider.domain".to_owned(),
        "use a domain like example.com, or nothing for any",
    );
    let address = payload
        .issuer
        .strip_prefix("https://")
        .or_else(|| payload.issuer.strip_prefix("http://").filter(|_| http));
    need(
        address.is_some_and(|rest| {
            !rest.is_empty()
                && rest.len() < 1_000
                && !rest.contains(['?', '#', '@', ' ', '\\'])
                && one_line(rest, 1_000)
        }),
        format!("{CONFIG}.issuer"),
        "use the https:// address of the issuer, as its discovery document names it",
    );
    need(
        !payload.client_id.trim().is_empty() && one_line(&payload.client_id, 500),
        format!("{CONFIG}.client_id"),
        "give the id that the provider gave to this client",
    );
    let token = |text: &str| {
        !text.is_empty() && text.len() <= 200 && text.bytes().all(|b| b.is_ascii_graphic())
    };
    need(
        payload.scopes.len() <= 20 && payload.scopes.iter().all(|s| token(s)),
        format!("{CONFIG}.scopes"),
        "use at most 20 scopes without blanks",
    );
    let claims = &payload.claims;
    need(
        token(&claims.identifier),
        format!("{CONFIG}.field_mapping.identifier"),
        "name the claim with the e-mail address, mostly email",
    );
    for (claim, name) in [
        (&claims.display_name, "display_name"),
        (&claims.phone, "phone"),
        (&claims.groups, "groups"),
    ] {
        need(
            claim.is_empty() || token(claim),
            format!("{CONFIG}.field_mapping.{name}"),
            "name a claim without blanks, or nothing",
        );
    }
    if found.is_empty() { Ok(()) } else { Err(base::Error::fields(found)) }
}

#[cfg(test)]
mod tests {
    use store::rows::{ClaimNames, IdentityProviderPayload};

    use super::*;

    fn draft(issuer: &str) -> Draft {
        Draft {
            title: "Ours".into(),
            payload: IdentityProviderPayload {
                issuer: issuer.into(),
                client_id: "basalt".into(),
                claims: ClaimNames { identifier: "email".into(), ..ClaimNames::default() },
                ..IdentityProviderPayload::default()
            },
            ..Draft::default()
        }
    }

    #[test]
    fn each_rule_names_its_field() {
        assert!(check(&draft("https://id.example.com/realms/a"), false).is_ok());
        assert!(check(&draft("http://127.0.0.1:9"), true).is_ok());
        for bad in
            ["", "https://", "http://id.example.com", "ftp://x", "https://a?b", "https://u@h"]
        {
            let error = check(&draft(bad), false).unwrap_err();
            assert_eq!(error.field_violations().len(), 1, "{bad}: {error}");
        }
        let nothing = check(&Draft::default(), false).unwrap_err();
        assert_eq!(nothing.field_violations().len(), 4, "{nothing}");
    }
}
