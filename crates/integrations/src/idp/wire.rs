//! Requests of the crate openidconnect, sent by our own client.

use openidconnect::{HttpRequest, HttpResponse, http};

use super::IdpError;
use crate::http::{Http, HttpError, Method, Request, Url};

/// Sends one request of the protocol.
pub(super) async fn send(http: Http, request: HttpRequest) -> Result<HttpResponse, IdpError> {
    let (head, body) = request.into_parts();
    let headers = ["accept", "authorization", "content-type"].into_iter().filter_map(|name| {
        let value = head.headers.get(name)?.to_str().ok()?;
        Some((name, value.to_owned()))
    });
    let url = url(&head.uri.to_string())?;
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
    address: &str,
    access_token: &str,
) -> Result<serde_json::Map<String, serde_json::Value>, IdpError> {
    let headers = vec![
        ("accept", "application/json".to_owned()),
        ("authorization", format!("Bearer {access_token}")),
    ];
    let request = Request { method: Method::GET, url: url(address)?, headers, body: Vec::new() };
    let answer = http.send(request).await?;
    if answer.status != 200 || answer.cut {
        return Err(IdpError::Answer("it does not tell about the person"));
    }
    serde_json::from_slice(&answer.body).map_err(|_| IdpError::Answer("it is not JSON"))
}

fn url(text: &str) -> Result<Url, HttpError> {
    Url::parse(text).map_err(|_| HttpError::Request("the address is none"))
}
