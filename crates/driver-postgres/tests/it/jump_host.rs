//! An SSH server of a test's own, that forwards to wherever it is asked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{HashAlg, PrivateKey, PublicKey};
use russh::server::{
    Auth, ChannelOpenHandle, Config, Handler, Msg, Session, VerifiedPublicKey, run_stream,
};
use russh::{Channel, ChannelOpenFailure};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub const USER: &str = "jump";
pub const PASSWORD: &str = "over";

/// Stops when dropped.
pub struct JumpHost {
    pub address: SocketAddr,
    /// `SHA256:…` of its host key.
    pub fingerprint: String,
    /// OpenSSH private key that it lets in.
    pub client_key: String,
    listening: JoinHandle<()>,
}

impl JumpHost {
    pub async fn start() -> Self {
        let host_key = PrivateKey::from(Ed25519Keypair::from_seed(&[7; 32]));
        let client_key = PrivateKey::from(Ed25519Keypair::from_seed(&[9; 32]));
        let fingerprint = host_key.fingerprint(HashAlg::Sha256).to_string();
        let allowed = client_key.public_key().clone();
        let config = Arc::new(Config {
            keys: vec![host_key],
            auth_rejection_time: Duration::from_millis(10),
            ..Config::default()
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (config, allowed) = (Arc::clone(&config), allowed.clone());
                tokio::spawn(async move {
                    // A client that hangs up early is one of the tests.
                    if let Ok(session) = run_stream(config, stream, Guest { allowed }).await {
                        let _ = session.await;
                    }
                });
            }
        });
        let client_key =
            client_key.to_openssh(LineEnding::LF).expect("a key that can be written").to_string();
        Self { address, fingerprint, client_key, listening }
    }
}

impl Drop for JumpHost {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

struct Guest {
    allowed: PublicKey,
}

fn judge(accepted: bool) -> Auth {
    if accepted { Auth::Accept } else { Auth::reject() }
}

impl Handler for Guest {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        Ok(judge(user == USER && password == PASSWORD))
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Self::Error> {
        Ok(judge(user == USER && key.public_key.key_data() == self.allowed.key_data()))
    }

    async fn channel_open_direct_tcpip(
        &mut self,
        channel: Channel<Msg>,
        host: &str,
        port: u32,
        _: &str,
        _: u32,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        let port = u16::try_from(port).expect("a port");
        let Ok(mut target) = TcpStream::connect((host, port)).await else {
            reply.reject(ChannelOpenFailure::ConnectFailed).await;
            return Ok(());
        };
        reply.accept().await;
        tokio::spawn(async move {
            let mut stream = channel.into_stream();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut target).await;
        });
        Ok(())
    }
}
