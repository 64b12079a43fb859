//! Requests of the crate openidconnect, sent by our own client.

use openidconnect::{HttpRequest, HttpResponse, http};

use super::IdpError;
use crate::http::{Http, HttpError, Method, Request, Url};

/// Sends one request of the protocol with this issuer.
pub(super) async fn send(
    http: Http,
    issuer: String,
    request: HttpRequest,
) -> Result<HttpResponse, IdpError> {
    let (head, body) = request.into_parts();
    let headers = ["accept", "authorization", "content-type"].into_iter().filter_map(|name| {
        let value = head.headers.get(name)?.to_str().ok()?;
        Some((name, value.to_owned()))
    });
    let url = url(&issuer, &head.uri.to_string())?;
    let request = Request { method: head.method, url, headers: headers.collect(), body };
    let answer = http.send(request).await?;
    if answer.cut {
        return Err(IdpError::Answer("it is too long"));
    }
    http::Response::builder()
        .status(answer.status)
        .body(answer.body)
        .map_err(|_| IdpError::Answer("its status is none"))
}

/// A JSON object that an access token opens.
pub(super) async fn object(
    http: &Http,
    issuer: &str,
    address: &str,
    access_token: &str,
) -> Result<serde_json::Map<String, serde_json::Value>, IdpError> {
    let headers = vec![
        ("accept", "application/json".to_owned()),
        ("authorization", format!("Bearer {access_token}")),
    ];
    let request =
        Request { method: Method::GET, url: url(issuer, address)?, headers, body: Vec::new() };
    let answer = http.send(request).await?;
    if answer.status != 200 || answer.cut {
        return Err(IdpError::Answer("it does not tell about the person"));
    }
    serde_json::from_slice(&answer.body).map_err(|_| IdpError::Answer("it is not JSON"))
}

/// Where an issuer with TLS names an address without, somebody in between could read along.
pub(super) fn url(issuer: &str, text: &str) -> Result<Url, IdpError> {
    let url = Url::parse(text).map_err(|_| HttpError::Request("the address is none"))?;
    if issuer.starts_with("https://") && url.scheme() != "https" {
        return Err(IdpError::Answer("it names an address without TLS"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_tls_keeps_it() {
        assert!(url("https://id.example.com", "https://api.example.com/token").is_ok());
        assert!(url("http://127.0.0.1:9", "http://127.0.0.1:9/token").is_ok());
        assert!(url("https://id.example.com", "http://id.example.com/token").is_err());
    }
}
