//! Who stands at the door: request id, address, and what they show, read from the HTTP headers once a request.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use app::gate::{ACCESS_COOKIE, Credentials, DEVICE_COOKIE, REFRESH_COOKIE, SIGN_ON_COOKIE};
use axum::extract::Request;
use base::Secret;
use http::{HeaderMap, header};

/// Longest request id we take over from a client.
const MAX_REQUEST_ID: usize = 64;
/// A user agent is kept for the audit log, but not a novel.
const MAX_USER_AGENT: usize = 256;

/// The address of the other end of the connection. An extension of each request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// What the transport knows of a request before it looks at its content. An extension of each request.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub request_id: String,
    pub credentials: Arc<Credentials>,
    pub arrived: Instant,
}

/// What decides how far headers of a proxy are believed.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub proxies: Vec<IpAddr>,
    /// The external URL is `https://…`, so a proxy in front speaks TLS.
    pub external_https: bool,
}

impl Visitor {
    /// # Panics
    /// Outside of `track`, which puts a visitor into every request.
    pub fn of(request: &Request) -> Self {
        request.extensions().get().cloned().expect("track stands in front of all routes")
    }

    pub fn read(request: &Request, trust: &Trust, new_id: impl FnOnce() -> String) -> Self {
        let headers = request.headers();
        let peer = request
            .extensions()
            .get::<Peer>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip().to_canonical());
        let request_id = text(headers, "x-request-id")
            .filter(|id| is_sane(id))
            .map_or_else(new_id, str::to_owned);
        let (mut cookie_access, mut cookie_refresh) = (None, None);
        let (mut cookie_device, mut cookie_sign_on) = (None, None);
        for (name, value) in cookies(headers) {
            match name {
                ACCESS_COOKIE => cookie_access = Some(Secret::from(value)),
                REFRESH_COOKIE => cookie_refresh = Some(Secret::from(value)),
                DEVICE_COOKIE => cookie_device = Some(Secret::from(value)),
                SIGN_ON_COOKIE => cookie_sign_on = Some(Secret::from(value)),
                _ => {}
            }
        }
        let user_agent = text(headers, header::USER_AGENT.as_str()).unwrap_or_default();
        let credentials = Credentials {
            bearer: bearer(headers),
            cookie_access,
            cookie_refresh,
            cookie_device,
            cookie_sign_on,
            setup_token: text(headers, "basalt-setup-token").map(Secret::from),
            client_ip: client_ip(headers, peer, &trust.proxies).to_string(),
            user_agent: user_agent.chars().take(MAX_USER_AGENT).collect(),
            https: https(headers, peer, trust),
        };
        Self { request_id, credentials: Arc::new(credentials), arrived: Instant::now() }
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// An id that can stand in a log line and a header without any quoting.
fn is_sane(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(plain)
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = text(headers, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::from(token.trim()))
}

/// HTTP/2 may send several `Cookie` headers.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(_, value)| !value.is_empty())
}

/// From the right, the first address that is not a proxy of ours. What stands left of it anybody can write.
fn client_ip(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> IpAddr {
    let mut client = peer;
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .collect();
    for hop in forwarded.iter().rev() {
        if !proxies.contains(&client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

fn https(headers: &HeaderMap, peer: IpAddr, trust: &Trust) -> bool {
    let origin = text(headers, header::ORIGIN.as_str()).is_some_and(|o| o.starts_with("https://"));
    let forwarded = trust.proxies.contains(&peer)
        && text(headers, "x-forwarded-proto").is_some_and(|p| p.eq_ignore_ascii_case("https"));
    trust.external_https || origin || forwarded
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn read(peer: &str, trust: &Trust, headers: &[(&str, &str)]) -> Visitor {
        let mut request = Request::new(Body::empty());
        for (name, value) in headers {
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        Visitor::read(&request, trust, || "new".to_owned())
    }

    #[test]
    fn forwarded_addresses_count_only_from_our_proxies() {
        let proxies = vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        let trust = Trust { proxies, external_https: false };
        let ip = |peer: &str, forwarded: &str| {
            read(peer, &trust, &[("x-forwarded-for", forwarded)]).credentials.client_ip.clone()
        };
        assert_eq!(ip("203.0.113.9:1", "1.2.3.4"), "203.0.113.9");
        assert_eq!(ip("10.0.0.1:1", "1.2.3.4"), "1.2.3.4");
        assert_eq!(ip("10.0.0.1:1", "6.6.6.6, 1.2.3.4, 10.0.0.2"), "1.2.3.4");
        assert_eq!(ip("10.0.0.1:1", "nonsense"), "10.0.0.1");
        assert_eq!(ip("[::ffff:10.0.0.1]:1", "1.2.3.4"), "1.2.3.4");
    }

    #[test]
    fn https_is_believed_from_origin_url_and_proxies() {
        let none = Trust::default();
        let forwarded = [("x-forwarded-proto", "https")];
        assert!(!read("1.1.1.1:1", &none, &forwarded).credentials.https);
        let trust = Trust { proxies: vec!["1.1.1.1".parse().unwrap()], external_https: false };
        assert!(read("1.1.1.1:1", &trust, &forwarded).credentials.https);
        assert!(read("1.1.1.1:1", &none, &[("origin", "https://b.example")]).credentials.https);
    }

    #[test]
    fn credentials_and_ids() {
        let visitor = read(
            "127.0.0.1:1",
            &Trust::default(),
            &[
                ("authorization", "bearer abc"),
                ("cookie", "theme=dark; access-token=t1"),
                ("cookie", "refresh-token=t2; access-token2=no"),
                ("x-request-id", "build-17.4"),
            ],
        );
        let credentials = &visitor.credentials;
        let shown = |secret: &Option<Secret>| secret.as_ref().map(|s| s.expose().clone());
        assert_eq!(shown(&credentials.bearer).as_deref(), Some("abc"));
        assert_eq!(shown(&credentials.cookie_access).as_deref(), Some("t1"));
        assert_eq!(shown(&credentials.cookie_refresh).as_deref(), Some("t2"));
        assert_eq!(visitor.request_id, "build-17.4");
        let long = "a".repeat(65);
        for bad in ["a b", "<x>", "", long.as_str()] {
            let visitor = read("127.0.0.1:1", &Trust::default(), &[("x-request-id", bad)]);
            assert_eq!(visitor.request_id, "new", "{bad}");
        }
    }
}
