//! A byte stream to the target: straight over TCP, or through an SSH jump host.
//!
//! Invariants: whatever is connected to from here was judged after it was resolved. A name that only the jump host
//! resolves cannot be judged; an address given as such always is. The jump host's key is checked before anything secret
//! is sent to it. There is no time limit in here: the caller puts one around the whole of connecting.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use russh::client::{self, Handle};
use russh::keys::{HashAlg, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::address::Outbound;
use crate::failure::{Failure, FailureKind};
use crate::target::{Ssh, SshAuth};

/// What a driver speaks its protocol over.
pub struct Wire(Way);

enum Way {
    Tcp(TcpStream),
    /// The channel, with the session that carries it.
    Ssh(
        Box<russh::ChannelStream<client::Msg>>,
        #[expect(dead_code, reason = "keeps the session open")] Handle<HostKey>,
    ),
}

/// A peer that says nothing for about four of these is gone.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// Connects to `host:port`, through the jump host if there is one.
pub async fn dial(
    outbound: &Outbound,
    host: &str,
    port: u16,
    ssh: Option<&Ssh>,
) -> Result<Wire, Failure> {
    let Some(ssh) = ssh else {
        return Ok(Wire(Way::Tcp(tcp(outbound, host, port).await?)));
    };
    if let Ok(ip) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        outbound.judge(SocketAddr::new(ip, port))?;
    }
    through(outbound, host, port, ssh).await.map(Wire)
}

/// The first address of the host that lets us in.
async fn tcp(outbound: &Outbound, host: &str, port: u16) -> Result<TcpStream, Failure> {
    let mut last = None;
    for address in outbound.resolve(host, port).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                prepare(&stream).map_err(|e| network(format!("{address}: {e}")))?;
                return Ok(stream);
            }
            Err(e) => last = Some(network(format!("cannot connect to {address}: {e}"))),
        }
    }
    Err(last.unwrap_or_else(|| network(format!("{host} has no address"))))
}

/// Statements are short messages that wait for answers, some of them for hours: a peer that is gone without a word must
/// be noticed, and a firewall must not forget the connection.
fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let keepalive =
        TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE).with_retries(4);
    SockRef::from(stream).set_tcp_keepalive(&keepalive)
}

async fn through(outbound: &Outbound, host: &str, port: u16, ssh: &Ssh) -> Result<Way, Failure> {
    let socket = tcp(outbound, &ssh.host, ssh.port).await.map_err(at_jump_host)?;
    let refused = Arc::new(Mutex::new(None));
    let check = HostKey {
        host: ssh.host.clone(),
        want: ssh.host_key.clone(),
        refused: Arc::clone(&refused),
    };
    let config =
        client::Config { keepalive_interval: Some(KEEPALIVE), ..client::Config::default() };
    let connected = client::connect_stream(Arc::new(config), socket, check).await;
    let mut session = connected.map_err(|error| {
        let found = refused.lock().unwrap_or_else(PoisonError::into_inner).take();
        match found {
            Some(found) => Failure::new(
                FailureKind::Tls,
                format!(
                    "SSH host {} has the key {found}, not the one that is set for it",
                    ssh.host
                ),
            ),
            None => at_jump_host(network(error.to_string())),
        }
    })?;
    sign_in(&mut session, ssh).await?;
    let channel =
        session.channel_open_direct_tcpip(host, u32::from(port), "127.0.0.1", 0).await.map_err(
            |e| network(format!("SSH host {} cannot connect to {host}:{port}: {e}", ssh.host)),
        )?;
    Ok(Way::Ssh(Box::new(channel.into_stream()), session))
}

async fn sign_in(session: &mut Handle<HostKey>, ssh: &Ssh) -> Result<(), Failure> {
    let lost = |e: russh::Error| at_jump_host(network(e.to_string()));
    let answer = match &ssh.auth {
        SshAuth::Password(password) => {
            session.authenticate_password(&ssh.user, password.expose()).await.map_err(lost)?
        }
        SshAuth::Key { pem, passphrase } => {
            let key = russh::keys::decode_secret_key(
                pem.expose(),
                passphrase.as_ref().map(|p| p.expose().as_str()),
            )
            .map_err(|e| Failure::new(FailureKind::Auth, format!("SSH private key: {e}")))?;
            let hash = session.best_supported_rsa_hash().await.map_err(lost)?.flatten();
            let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
            session.authenticate_publickey(&ssh.user, key).await.map_err(lost)?
        }
    };
    if answer.success() {
        Ok(())
    } else {
        Err(Failure::new(
            FailureKind::Auth,
            format!("SSH host {} refused the user {:?}", ssh.host, ssh.user),
        ))
    }
}

fn network(message: String) -> Failure {
    Failure::new(FailureKind::Network, message)
}

fn at_jump_host(mut failure: Failure) -> Failure {
    failure.message.insert_str(0, "SSH host: ");
    failure
}

/// Compares the jump host's key with the one that is set for it.
struct HostKey {
    host: String,
    want: Option<String>,
    /// The fingerprint that was refused.
    refused: Arc<Mutex<Option<String>>>,
}

impl client::Handler for HostKey {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        key: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let found = match key {
            PublicKeyOrCertificate::PublicKey { key, .. } => key.fingerprint(HashAlg::Sha256),
            PublicKeyOrCertificate::Certificate(c) => c.public_key().fingerprint(HashAlg::Sha256),
        }
        .to_string();
        match &self.want {
            Some(want) if want.trim() != found => {
                *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
                Ok(false)
            }
            Some(_) => Ok(true),
            None => {
                tracing::warn!(host = %self.host, key = %found, "SSH host key accepted unchecked: none is set");
                Ok(true)
            }
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Way::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Way::Ssh(stream, _) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.0 {
            Way::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Way::Ssh(stream, _) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Way::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Way::Ssh(stream, _) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Way::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Way::Ssh(stream, _) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
