//! Headers that every answer carries, so that a browser does less for an attacker.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// For everything that is not a page: nothing in it may load or run anything.
const CLOSED: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const TWO_YEARS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Adds what the route has not set itself. A 304 must not change the policy of the page it confirms.
pub fn add(response: &mut Response, request_id: &str, https: bool) {
    let unchanged = response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    if !unchanged {
        keep(headers, header::CONTENT_SECURITY_POLICY, CLOSED);
        keep(headers, header::CACHE_CONTROL, NO_STORE);
    }
    keep(headers, header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    keep(headers, header::REFERRER_POLICY, SAME_ORIGIN);
    keep(headers, HeaderName::from_static("cross-origin-opener-policy"), SAME_ORIGIN);
    keep(headers, HeaderName::from_static("cross-origin-resource-policy"), SAME_ORIGIN);
    if https {
        keep(headers, header::STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// Policy of a console page whose inline styles carry `nonce`.
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

fn keep(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
