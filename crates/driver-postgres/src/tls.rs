//! rustls under tokio-postgres, with the channel binding that SCRAM-SHA-256-PLUS needs.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};
use tokio_rustls::client::TlsStream as RustlsStream;
use tokio_rustls::{Connect, TlsConnector};

/// Wraps one stream after the server agreed to TLS.
#[derive(Clone)]
pub struct Rustls {
    pub config: Arc<ClientConfig>,
    pub name: ServerName<'static>,
}

/// A stream that can be told from its own type, so that tokio-postgres takes it for one with TLS.
pub struct Wrapped<T>(pub T);

/// The encrypted stream.
pub type Encrypted<S> = Wrapped<Box<RustlsStream<S>>>;

/// The handshake under way.
pub struct Handshake<S>(Connect<S>);

impl<S> TlsConnect<S> for Rustls
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Handshake<S>;

    fn connect(self, stream: S) -> Self::Future {
        Handshake(TlsConnector::from(self.config).connect(self.name, stream))
    }
}

impl<S> Future for Handshake<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    type Output = io::Result<Encrypted<S>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map_ok(|stream| Wrapped(Box::new(stream)))
    }
}

impl<S> TlsStream for Encrypted<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    fn channel_binding(&self) -> ChannelBinding {
        let certificates = self.0.get_ref().1.peer_certificates();
        match certificates.and_then(|c| c.first()).and_then(|c| end_point(c)) {
            Some(hash) => ChannelBinding::tls_server_end_point(hash),
            None => ChannelBinding::none(),
        }
    }
}

/// `tls-server-end-point` of RFC 5929: the certificate hashed with the hash of its own signature, MD5 and SHA-1 replaced
/// by SHA-256. None for signatures that have no hash of their own (Ed25519): then there is no binding.
fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
    let oid = signature_oid(certificate)?;
    let (algorithm, last) = (oid.get(..oid.len() - 1)?, *oid.last()?);
    let sha256 = || Some(Sha256::digest(certificate).to_vec());
    if algorithm == RSA {
        return match last {
            4 | 5 | 11 => sha256(),
            12 => Some(Sha384::digest(certificate).to_vec()),
            13 => Some(Sha512::digest(certificate).to_vec()),
            _ => None,
        };
    }
    // 1.2.840.10045.4.1 is with SHA-1; 4.3.x are with SHA-2.
    match oid.strip_prefix(ECDSA)? {
        [1] | [3, 2] => sha256(),
        [3, 3] => Some(Sha384::digest(certificate).to_vec()),
        [3, 4] => Some(Sha512::digest(certificate).to_vec()),
        _ => None,
    }
}

/// `Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { OID, … }, … }`
fn signature_oid(der: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = element(der, 0x30)?;
    let (_tbs, rest) = element(certificate, 0x30)?;
    let (algorithm, _) = element(rest, 0x30)?;
    element(algorithm, 0x06).map(|(oid, _)| oid)
}

/// The contents of the DER element at the start, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    if *found != tag {
        return None;
    }
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*first) {
        short @ 0..=0x7f => (short, rest),
        long => {
            let (bytes, rest) = rest.split_at_checked(long & 0x7f)?;
            if bytes.len() > 4 {
                return None;
            }
            (bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b)), rest)
        }
    };
    rest.split_at_checked(length)
}

impl<T: AsyncRead + Unpin> AsyncRead for Wrapped<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Wrapped<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_signature_of_a_certificate() {
        // SEQ { SEQ { NULL }, SEQ { OID sha256WithRSAEncryption }, … }
        let oid = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
        let mut der = vec![0x30, 0x81, 17, 0x30, 2, 5, 0, 0x30, 11];
        der.extend(oid);
        assert_eq!(signature_oid(&der), Some(&oid[2..]));
        assert_eq!(end_point(&der), Some(Sha256::digest(&der).to_vec()));
        for broken in 0..der.len() {
            assert_eq!(signature_oid(&der[..broken]), None);
        }
    }
}
