//! The HTTP client of the API and of the services that keep repositories. Proxies come from the environment, as curl reads it.

use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

use crate::failure::{Failure, Result};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// `timeout` is for one request with its answer. Redirects are not followed: they would carry the token elsewhere.
pub fn client(timeout: Duration, proxy: Option<&str>) -> Result<reqwest::Client> {
    let wrong =
        |e: &dyn std::fmt::Display| Failure::usage(format!("the HTTP client cannot be made: {e}"));
    let mut builder = reqwest::Client::builder()
        .use_preconfigured_tls(tls())
        .redirect(Policy::none())
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .user_agent(concat!("basalt/", env!("CARGO_PKG_VERSION")));
    if let Some(proxy) = proxy {
        builder = builder.proxy(reqwest::Proxy::all(proxy).map_err(|e| wrong(&e))?);
    }
    builder.build().map_err(|e| wrong(&e))
}

fn tls() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        // A container without authorities of its own: Mozilla's list.
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("ring speaks the default versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Why a request has no answer: the innermost cause says it best.
pub fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.is_timeout() { "no answer in time".to_owned() } else { cause.to_string() }
}
