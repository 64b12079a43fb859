//! The two steps of a sign-in: where the browser goes, and what the code it brings back is worth.

use base::Time;
use base64::Engine as _;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse as _,
};
use serde_json::{Map, Value};

use super::{IdpError, Provider, Providers, Seed, wire};
use crate::http::Http;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

const OTHER_KEY: &str = "it is signed with a key that is none of the provider's";
const OTHER_CLIENT: &str = "it is for another client";

/// What the provider says about somebody.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    pub id_token: Map<String, Value>,
    /// Empty when the provider has no such endpoint.
    pub user_info: Map<String, Value>,
}

impl Claims {
    /// A claim, by the provider's answer about the person before the ID token.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.user_info.get(name).or_else(|| self.id_token.get(name))
    }

    /// The provider's own name for the person, which it gives to nobody else.
    pub fn subject(&self) -> &str {
        self.id_token.get("sub").and_then(Value::as_str).unwrap_or_default()
    }
}

/// Where the browser of whoever signs in goes first.
pub async fn authorization_url(
    http: &Http,
    providers: &Providers,
    provider: &Provider,
    seed: &Seed,
    now: Time,
) -> Result<String, IdpError> {
    let metadata = providers.get(http, &provider.issuer, now).await?;
    let client = client(&metadata, provider)?;
    let (state, nonce) = (seed.state(), seed.nonce());
    let verifier = PkceCodeVerifier::new(seed.verifier());
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(state),
            move || Nonce::new(nonce),
        )
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    for scope in provider.scopes.iter().filter(|scope| *scope != "openid") {
        request = request.add_scope(Scope::new(scope.clone()));
    }
    Ok(request.url().0.to_string())
}

/// Exchanges the code, and checks everything about what comes for it.
pub async fn claims(
    http: &Http,
    providers: &Providers,
    provider: &Provider,
    code: &str,
    seed: &Seed,
    now: Time,
) -> Result<Claims, IdpError> {
    let metadata = providers.get(http, &provider.issuer, now).await?;
    let client = client(&metadata, provider)?;
    let send = |request| wire::send(http.clone(), provider.issuer.clone(), request);
    let answer = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(|_| IdpError::Answer("it names no address for tokens"))?
        .set_pkce_verifier(PkceCodeVerifier::new(seed.verifier()))
        .request_async(&send)
        .await
        .map_err(|e| match e {
            RequestTokenError::Request(e) => e,
            RequestTokenError::ServerResponse(_) => IdpError::Code,
            _ => IdpError::Answer("it is no answer about tokens"),
        })?;
    let token = answer.id_token().ok_or(IdpError::Answer("it holds no ID token"))?;
    let nonce = Nonce::new(seed.nonce());
    match check(&client, &metadata, token, &nonce, now) {
        Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_),
        )) => {
            let unknown = IdpError::Token(OTHER_KEY);
            let Some(newer) = providers.again(http, &provider.issuer, now).await? else {
                return Err(unknown);
            };
            let client = self::client(&newer, provider)?;
            check(&client, &newer, token, &nonce, now).map_err(|e| why(&e))?;
        }
        checked => checked.map_err(|e| why(&e))?,
    }
    let id_token = payload(&token.to_string())?;
    if id_token.get("sub").and_then(Value::as_str).unwrap_or_default().is_empty() {
        return Err(IdpError::Token("it does not say who it is about"));
    }
    if !is_for(&id_token, &provider.client_id) {
        return Err(IdpError::Token(OTHER_CLIENT));
    }
    if !has_begun(&id_token, now) {
        return Err(IdpError::Token("it is too old, or not valid yet"));
    }
    let user_info = match metadata.userinfo_endpoint() {
        Some(address) => {
            let access = answer.access_token().secret();
            let found = wire::object(http, &provider.issuer, address.as_str(), access).await?;
            if found.get("sub") != id_token.get("sub") {
                return Err(IdpError::Token("the provider tells about another person"));
            }
            found
        }
        None => Map::new(),
    };
    Ok(Claims { id_token, user_info })
}

fn client(metadata: &CoreProviderMetadata, provider: &Provider) -> Result<Client, IdpError> {
    let redirect = RedirectUrl::new(provider.redirect.clone())
        .map_err(|_| IdpError::Address(provider.redirect.clone()))?;
    let secret = provider.client_secret.expose().clone();
    let secret = (!secret.is_empty()).then(|| ClientSecret::new(secret));
    let id = ClientId::new(provider.client_id.clone());
    let how = if provider.secret_in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
    let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret);
    Ok(client.set_redirect_uri(redirect).set_auth_type(how))
}

/// Signature, issuer, audience, nonce, times.
fn check(
    client: &Client,
    metadata: &CoreProviderMetadata,
    token: &CoreIdToken,
    nonce: &Nonce,
    now: Time,
) -> Result<(), ClaimsVerificationError> {
    let now = chrono::DateTime::from_timestamp(now.seconds(), 0).unwrap_or_default();
    let keyed = metadata.id_token_signing_alg_values_supported().iter().filter(|alg| is_keyed(alg));
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(keyed.cloned().collect::<Vec<_>>())
        .set_time_fn(move || now);
    token.claims(&verifier, nonce).map(drop)
}

/// Signed with a key of the provider's own: a secret that two know proves nothing, and `none` less.
const fn is_keyed(algorithm: &CoreJwsSigningAlgorithm) -> bool {
    use CoreJwsSigningAlgorithm as Alg;
    !matches!(algorithm, Alg::HmacSha256 | Alg::HmacSha384 | Alg::HmacSha512 | Alg::None)
}

/// Whoever it was given to, when it says so. The crate openidconnect looks at `aud` only.
fn is_for(id_token: &Map<String, Value>, client_id: &str) -> bool {
    id_token.get("azp").is_none_or(|party| party == client_id)
}

/// Nor does it look at this. Clocks may differ by a minute.
fn has_begun(id_token: &Map<String, Value>, now: Time) -> bool {
    match id_token.get("nbf") {
        None => true,
        Some(from) => from.as_f64().is_some_and(|from| from <= now.seconds() as f64 + 60.0),
    }
}

fn why(error: &ClaimsVerificationError) -> IdpError {
    IdpError::Token(match error {
        ClaimsVerificationError::Expired(_) => "it is too old, or not valid yet",
        ClaimsVerificationError::InvalidAudience(_) => OTHER_CLIENT,
        ClaimsVerificationError::InvalidIssuer(_) => "it is of another issuer",
        ClaimsVerificationError::Unsupported(_) => "it uses what is not known here",
        ClaimsVerificationError::InvalidNonce(_) => "it is of another sign-in",
        ClaimsVerificationError::SignatureVerification(e) => match e {
            SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::NoSignature => {
                "it is not signed with a key of the provider's own"
            }
            SignatureVerificationError::AmbiguousKeyId(_) => {
                "it does not say with which of the provider's keys it is signed"
            }
            SignatureVerificationError::NoMatchingKey
            | SignatureVerificationError::CryptoError(_) => OTHER_KEY,
            _ => "its signature is wrong",
        },
        _ => "it is not as it should be",
    })
}

/// All claims of a token that was checked.
fn payload(token: &str) -> Result<Map<String, Value>, IdpError> {
    let part = token.split('.').nth(1).unwrap_or_default();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part);
    let unreadable = IdpError::Answer("its ID token is not JSON");
    bytes.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or(unreadable)
}
