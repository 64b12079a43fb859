//! A proxy before a PostgreSQL server that cuts connections in COMMIT: some right after its bytes were passed on, some right before.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Of so many COMMITs one is cut before it, one after it.
const ONE_OF: u32 = 8;

pub struct Proxy {
    pub port: u16,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    commits: AtomicU32,
    cuts: AtomicU32,
}

impl Proxy {
    /// Before the server at that port of this machine, for as long as the test's runtime lives.
    pub async fn start(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { continue };
                tokio::spawn(pass(client, server, Arc::clone(&shared)));
            }
        });
        Self { port, counts }
    }

    pub fn cuts(&self) -> u32 {
        self.counts.cuts.load(Ordering::Relaxed)
    }
}

async fn pass(client: TcpStream, server: TcpStream, counts: Arc<Counts>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, to_server) = server.into_split();
    // Either end closes both, by dropping them.
    tokio::select! {
        _ = requests(&mut from_client, to_server, &counts) => {}
        _ = tokio::io::copy(&mut from_server, &mut to_client) => {}
    }
}

async fn requests(
    from: &mut OwnedReadHalf,
    mut to: OwnedWriteHalf,
    counts: &Counts,
) -> std::io::Result<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let n = from.read(&mut bytes).await?;
        if n == 0 {
            return Ok(());
        }
        let commits = bytes[..n].windows(7).any(|w| w.eq_ignore_ascii_case(b"COMMIT\0"));
        let number =
            if commits { counts.commits.fetch_add(1, Ordering::Relaxed) % ONE_OF } else { 0 };
        if number == 3 {
            counts.cuts.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        to.write_all(&bytes[..n]).await?;
        if number == 7 {
            counts.cuts.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
    }
}
