//! A way for mysql_async, which connects by itself, through an SSH jump host: a port on loopback that carries one
//! connection and closes.
//!
//! Whoever else on this machine connected to it first would meet the server's own sign-in; ours would fail and say so.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use engine::tunnel::{Wire, dial};
use engine::{Failure, FailureKind, Outbound, Target};
use tokio::net::TcpListener;

/// Connects to the target through its jump host, and gives the address at which one connection to it can be had within
/// the target's time limit.
pub(crate) async fn forward(outbound: &Outbound, target: &Target) -> Result<SocketAddr, Failure> {
    let local = |e: std::io::Error| {
        Failure::new(FailureKind::Network, format!("local end of the tunnel: {e}"))
    };
    let stream = dial(outbound, &target.host, target.port, target.ssh.as_ref()).await?;
    let any = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    let listener = TcpListener::bind(any).await.map_err(local)?;
    let address = listener.local_addr().map_err(local)?;
    tokio::spawn(carry(listener, stream, target.connect_timeout));
    Ok(address)
}

/// Ends when either side closes, or when nobody comes.
async fn carry(listener: TcpListener, mut remote: Wire, patience: Duration) {
    let accepted = tokio::time::timeout(patience, listener.accept()).await;
    drop(listener);
    let Ok(Ok((mut near, _))) = accepted else { return };
    if let Err(e) = tokio::io::copy_bidirectional(&mut near, &mut remote).await {
        tracing::debug!(error = %e, "the tunnel broke");
    }
}
