//! The console: the files of web/dist, inside the binary in release builds, read from the folder in debug builds.
//!
//! Hashed files are cached for ever and sent as the brotli twin that the build made; index.html is asked for anew
//! each time and gets a fresh nonce for inline styles. Paths that are no file show index.html, because the console
//! routes by itself.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

use crate::headers::page_policy;
use crate::router::Edge;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Finds a file of the console by its path, without a leading slash.
pub type Lookup = fn(&str) -> Option<ConsoleFile>;

/// A file of the console.
pub struct ConsoleFile {
    pub data: Cow<'static, [u8]>,
    pub sha256: [u8; 32],
}

/// The files of this build.
pub fn embedded(path: &str) -> Option<ConsoleFile> {
    let file = Dist::get(path)?;
    Some(ConsoleFile { data: file.data, sha256: file.metadata.sha256_hash() })
}

const INDEX: &str = "index.html";
/// What index.html holds in place of the nonce.
const NONCE: &str = "__CSP_NONCE__";
/// Below this, names hold a hash of the content.
const HASHED: &str = "assets/";
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

pub fn serve(edge: &Edge, request: &Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    // Of an answer to HEAD hyper sends the headers only.
    match file(edge, path, request.headers()) {
        Some(response) => response,
        None if path.starts_with(HASHED) => StatusCode::NOT_FOUND.into_response(),
        None => index(edge, request.headers()),
    }
}

fn file(edge: &Edge, path: &str, headers: &HeaderMap) -> Option<Response> {
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    if path == INDEX || path.is_empty() || hidden || path.ends_with(".br") {
        return None;
    }
    let plain = (edge.console)(path)?;
    let etag = etag(&plain);
    let cache = if path.starts_with(HASHED) { FOR_EVER } else { ASK };
    if is_known(headers, &etag) {
        return Some(unchanged(&etag, cache));
    }
    let packed = accepts_brotli(headers).then(|| (edge.console)(&format!("{path}.br"))).flatten();
    let is_packed = packed.is_some();
    let mut response = Response::new(body(packed.unwrap_or(plain)));
    let to = response.headers_mut();
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    insert(to, header::CONTENT_TYPE, &with_charset(kind.essence_str()));
    insert(to, header::ETAG, &etag);
    to.insert(header::CACHE_CONTROL, cache);
    to.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_packed {
        to.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    Some(response)
}

fn index(edge: &Edge, headers: &HeaderMap) -> Response {
    let Some(page) = (edge.console)(INDEX) else {
        let text = "The console is not part of this build: run `npm ci && npm run build` in web/, then build again.\n";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let etag = format!("W/{}", etag(&page));
    if is_known(headers, &etag) {
        return unchanged(&etag, ASK);
    }
    let mut random = [0; 16];
    edge.gate.app.rng.fill(&mut random);
    let nonce = URL_SAFE_NO_PAD.encode(random);
    let html = String::from_utf8_lossy(&page.data).replace(NONCE, &nonce);
    let mut response = Response::new(Body::from(html));
    let to = response.headers_mut();
    to.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    to.insert(header::CACHE_CONTROL, ASK);
    insert(to, header::ETAG, &etag);
    insert(to, header::CONTENT_SECURITY_POLICY, &page_policy(&nonce));
    response
}

fn body(file: ConsoleFile) -> Body {
    match file.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

fn etag(file: &ConsoleFile) -> String {
    format!("\"{}\"", hex::encode(&file.sha256[..16]))
}

/// Whether `If-None-Match` names the content; weak comparison, as for any GET.
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let strong = etag.trim_start_matches("W/");
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == strong)
}

fn unchanged(etag: &str, cache: HeaderValue) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    insert(response.headers_mut(), header::ETAG, etag);
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    response
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|accept| crate::connect::accepts(accept, "br"))
}

fn with_charset(kind: &str) -> String {
    let is_text =
        kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("javascript");
    if is_text { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}

fn insert(headers: &mut HeaderMap, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
