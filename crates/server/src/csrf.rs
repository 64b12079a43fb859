//! Refuses calls that another web site makes a browser send.
//!
//! Session cookies are SameSite=Strict, so a cross-site request comes without them; this is the second lock, and
//! covers signing in as well, where there is no cookie yet. A bearer token is not sent by a browser on its own, so
//! such calls are let through.

use app::gate::Credentials;
use base::{Error, Reason, Result};
use http::{Method, Request, header};

/// Checks a request by its head. `external` is the origin people use, when we were told.
pub fn check<B>(
    request: &Request<B>,
    credentials: &Credentials,
    external: Option<&str>,
) -> Result<()> {
    let headers = request.headers();
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || credentials.bearer.is_some() {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    // Set by browsers only, and not by scripts.
    if let Some(site) = text("sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") { Ok(()) } else { Err(refused()) };
    }
    if let Some(origin) = text(header::ORIGIN.as_str()) {
        // HTTP/2 has no Host header, but says the same in the address.
        let authority = request.uri().authority().map(http::uri::Authority::as_str);
        let host = text(header::HOST.as_str()).or(authority);
        let same = external.is_some_and(|e| e.eq_ignore_ascii_case(origin))
            || host.is_some_and(|host| is_of_host(origin, host));
        return if same { Ok(()) } else { Err(refused()) };
    }
    // No browser of today, or none at all. What a bare HTML form can send is refused.
    let content_type = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let form = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
        .iter()
        .any(|form| content_type.to_ascii_lowercase().starts_with(form));
    if form && !(credentials.is_empty() && credentials.cookie_refresh.is_none()) {
        return Err(refused());
    }
    Ok(())
}

/// `https://basalt.example:8443` → `https://basalt.example:8443`, without path and case of the host.
pub fn origin_of(url: &str) -> Option<String> {
    let uri: http::Uri = url.parse().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?.as_str().to_ascii_lowercase()))
}

fn is_of_host(origin: &str, host: &str) -> bool {
    origin.split_once("://").is_some_and(|(scheme, authority)| {
        matches!(scheme, "http" | "https") && authority.eq_ignore_ascii_case(host)
    })
}

fn refused() -> Error {
    Error::new(
        Reason::NotAllowed,
        "this request came from another web site; open Basalt itself, or, if a proxy changes the Host header, start the \
         server with --external-url",
    )
}

#[cfg(test)]
mod tests {
    use base::Secret;

    use super::*;

    fn post(headers: &[(&str, &str)], bearer: bool) -> bool {
        let mut request = Request::new(());
        *request.method_mut() = Method::POST;
        for (name, value) in headers {
            if *name == ":authority" {
                *request.uri_mut() = format!("http://{value}/x").parse().unwrap();
                continue;
            }
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let credentials = Credentials {
            bearer: bearer.then(|| Secret::from("t")),
            cookie_access: Some(Secret::from("c")),
            ..Credentials::default()
        };
        let external = origin_of("https://Basalt.example/console");
        check(&request, &credentials, external.as_deref()).is_ok()
    }

    #[test]
    fn only_our_own_pages_may_write_by_cookie() {
        let host = ("host", "localhost:8080");
        let json = ("content-type", "application/json");
        for (headers, allowed) in [
            (vec![host, ("origin", "http://localhost:8080")], true),
            (vec![host, ("origin", "https://basalt.example")], true),
            (vec![host, ("sec-fetch-site", "same-origin"), ("origin", "http://x")], true),
            (vec![host, ("sec-fetch-site", "none")], true),
            (vec![host, json], true),
            (vec![(":authority", "localhost:8080"), ("origin", "http://localhost:8080")], true),
            (vec![(":authority", "localhost:8080"), ("origin", "http://evil.example")], false),
            (vec![host, ("origin", "http://evil.example")], false),
            (vec![host, ("origin", "http://localhost:8081")], false),
            (vec![host, ("origin", "http://localhost:8080.evil.example")], false),
            (vec![host, ("origin", "null")], false),
            (vec![host, ("sec-fetch-site", "cross-site"), json], false),
            (vec![host, ("sec-fetch-site", "same-site"), json], false),
            (vec![host, ("content-type", "text/plain;charset=utf-8")], false),
        ] {
            assert_eq!(post(&headers, false), allowed, "{headers:?}");
        }
        assert!(post(&[host, ("origin", "http://evil.example")], true));
    }
}
