//! One HTTP request to a service that somebody named.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use reqwest::{Method, Url};
use rustls::{ClientConfig, RootCertStore};

use crate::outbound::{Outbound, Unreachable};

/// From the first byte sent to the last one read.
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of an answer that are looked at.
const LONGEST_ANSWER: usize = 64 << 10;

/// The way out. Cheap to clone.
#[derive(Clone)]
pub struct Http {
    outbound: Outbound,
    tls: ClientConfig,
    timeout: Duration,
}

#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// An answer of any status, to the bound.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// For programs only, as the body is.
    pub headers: HeaderMap,
    /// For programs only: never shown to anybody.
    pub body: Vec<u8>,
    /// There was more.
    pub cut: bool,
}

/// Why there is no answer. Texts hold nothing that a server said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    #[error("the connection to {0} failed")]
    Connection(String),
    #[error("the answer of {0} is not HTTP")]
    Protocol(String),
    #[error("the request cannot be sent: {0}")]
    Request(&'static str),
}

impl HttpError {
    /// Trying again cannot help: our own policy is in the way, or the request itself.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Unreachable(Unreachable::Refused { .. }) | Self::Request(_))
    }
}

impl Http {
    pub fn new(outbound: Outbound) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            // A container without authorities of its own: Mozilla's list.
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        let tls =
            ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
                .with_safe_default_protocol_versions()
                .expect("ring speaks the default versions")
                .with_root_certificates(roots)
                .with_no_client_auth();
        Self { outbound, tls, timeout: TIMEOUT }
    }

    pub const fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// Asks about an address without connecting: whether a request to it would be refused.
    pub async fn judge(&self, url: &Url) -> Result<(), HttpError> {
        let (host, port) = target(url)?;
        match self.outbound.resolve(&host, port, self.outbound.public()).await {
            Err(refused @ Unreachable::Refused { .. }) => Err(refused.into()),
            // A name that is not there yet may be there when it is needed.
            Ok(_) | Err(Unreachable::Unknown(_)) => Ok(()),
        }
    }

    /// Sends to what was judged: to no proxy, no redirect, no second address of the name.
    pub async fn send(&self, request: Request) -> Result<Answer, HttpError> {
        self.send_within(request, LONGEST_ANSWER).await
    }

    /// The same, with a bound of one's own for the bytes of the answer.
    pub async fn send_within(&self, request: Request, most: usize) -> Result<Answer, HttpError> {
        match tokio::time::timeout(self.timeout, self.exchange(request, most)).await {
            Ok(answer) => answer,
            Err(_) => Err(HttpError::Timeout(self.timeout)),
        }
    }

    async fn exchange(&self, request: Request, most: usize) -> Result<Answer, HttpError> {
        let (host, port) = target(&request.url)?;
        let found = self.outbound.resolve(&host, port, self.outbound.public()).await?;
        let client = reqwest::Client::builder()
            .use_preconfigured_tls(self.tls.clone())
            .resolve_to_addrs(&host, &found)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(0)
            .user_agent("basalt")
            .build()
            .map_err(|_| HttpError::Request("the client cannot be built"))?;
        let sent = client
            .request(request.method, request.url)
            .headers(headers(&request.headers)?)
            .body(Bytes::from(request.body))
            .send()
            .await;
        let mut response = sent.map_err(|e| failure(&e, &host))?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let (mut body, mut cut) = (Vec::new(), false);
        while let Some(piece) = response.chunk().await.map_err(|e| failure(&e, &host))? {
            let room = most - body.len();
            body.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.len() > room {
                cut = true;
                break;
            }
        }
        Ok(Answer { status, headers, body, cut })
    }
}

/// Host and port of an address that a request can go to.
fn target(url: &Url) -> Result<(String, u16), HttpError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(HttpError::Request("only http and https are spoken here"));
    }
    let host = url.host_str().ok_or(HttpError::Request("the address has no host"))?;
    let port = url.port_or_known_default().ok_or(HttpError::Request("the address has no port"))?;
    Ok((host.to_owned(), port))
}

fn headers(given: &[(&'static str, String)]) -> Result<HeaderMap, HttpError> {
    let mut all = HeaderMap::new();
    for (name, value) in given {
        let value = HeaderValue::from_str(value)
            .map_err(|_| HttpError::Request("a header has characters that cannot be sent"))?;
        all.insert(HeaderName::from_static(name), value);
    }
    Ok(all)
}

fn failure(error: &reqwest::Error, host: &str) -> HttpError {
    if error.is_timeout() {
        return HttpError::Timeout(CONNECT_TIMEOUT);
    }
    if error.is_connect() || error.is_body() {
        return HttpError::Connection(host.to_owned());
    }
    HttpError::Protocol(host.to_owned())
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("outbound", &self.outbound).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    fn open() -> Http {
        Http::new(Outbound { allow_private: true, ..Outbound::default() })
    }

    fn post(url: &str) -> Request {
        let url = Url::parse(url).unwrap();
        Request { method: Method::POST, url, headers: Vec::new(), body: b"{}".to_vec() }
    }

    /// Answers one connection with `answer`, and gives the address.
    async fn server(answer: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(&answer).await;
            // Until the client hangs up.
            while stream.read(&mut buffer).await.is_ok_and(|n| n > 0) {}
        });
        format!("http://{address}/hook")
    }

    #[tokio::test]
    async fn redirects_are_answers_and_not_followed() {
        let to =
            "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n";
        let url = server(to.into()).await;
        assert_eq!(open().send(post(&url)).await.unwrap().status, 302);
    }

    #[tokio::test]
    async fn an_endless_answer_is_cut() {
        let mut long = b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n".to_vec();
        long.resize(LONGEST_ANSWER * 3, b'x');
        let answer = open().send(post(&server(long).await)).await.unwrap();
        assert!(answer.cut && answer.body.len() == LONGEST_ANSWER);
    }

    #[tokio::test]
    async fn silence_ends_in_time() {
        let mut http = open();
        http.timeout = Duration::from_millis(200);
        let error = http.send(post(&server(Vec::new()).await)).await.unwrap_err();
        assert_eq!(error, HttpError::Timeout(http.timeout));
    }

    #[tokio::test]
    async fn what_may_not_be_reached_is_refused_however_it_is_written() {
        let http = Http::new(Outbound::default());
        for bad in [
            "http://127.0.0.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://127.1/",
            "http://localhost./",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/latest/meta-data",
            "http://0.0.0.0/",
        ] {
            let error = http.send(post(bad)).await.unwrap_err();
            assert!(error.is_final(), "{bad}: {error}");
            assert!(http.judge(&Url::parse(bad).unwrap()).await.is_err(), "{bad}");
        }
        for bad in ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://example.com/"] {
            assert!(matches!(http.send(post(bad)).await, Err(HttpError::Request(_))), "{bad}");
        }
    }
}
