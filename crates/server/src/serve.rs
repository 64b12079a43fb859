//! Listens: accepts connections, speaks HTTP/1.1 and HTTP/2 without TLS on one port, and stops in an orderly way.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::config::{Config, Limits, Parts};
use crate::guard::Guarded;
use crate::router::{Edge, router};
use crate::telemetry;
use crate::visitor::Peer;

/// Largest head of a request, in bytes.
const MAX_HEAD: u32 = 64 << 10;
/// Most headers of a request.
const MAX_HEADERS: usize = 128;
/// Calls at a time on one HTTP/2 connection.
const MAX_STREAMS: u32 = 128;
/// How long an HTTP/2 peer may leave a ping unanswered.
const PING: Duration = Duration::from_secs(20);
/// After an error of accept(): most often there are no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Connections get at least this long to hand over their last answer.
const LAST_ANSWER: Duration = Duration::from_secs(1);

/// Serves until `shutdown` is cancelled and what runs has ended, or `Limits::drain` has passed.
///
/// While it drains, the port stays open: /healthz and every new call answer 503, so that a load balancer takes
/// notice. `listener` is bound already, so the caller knows the port.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(
    listener: std::net::TcpListener,
    config: Config,
    parts: Parts,
    shutdown: CancellationToken,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    telemetry::install();
    let drain = config.limits.drain;
    let edge = Arc::new(Edge::new(config, parts, shutdown.clone()));
    let server = Server {
        router: router(Arc::clone(&edge)),
        http: http(&edge.limits),
        limits: edge.limits.clone(),
        places: Arc::new(Semaphore::new(edge.limits.connections)),
        connections: TaskTracker::new(),
        closing: CancellationToken::new(),
    };
    let stop = async {
        shutdown.cancelled().await;
        let end = Instant::now() + drain;
        edge.tasks.close();
        let drained = timeout_at(end, edge.tasks.wait()).await.is_ok();
        if !drained {
            tracing::warn!(calls = edge.tasks.len(), "stopped while calls were running");
        }
        end
    };
    let end = tokio::select! {
        end = stop => end,
        () = server.accept(&listener) => unreachable!("accepting goes on until it is dropped"),
    };
    drop(listener);
    server.close(end).await;
    Ok(())
}

struct Server {
    router: Router,
    http: auto::Builder<TokioExecutor>,
    limits: Limits,
    places: Arc<Semaphore>,
    connections: TaskTracker,
    closing: CancellationToken,
}

fn http(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD as usize * 2);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(MAX_HEAD)
        .max_concurrent_streams(MAX_STREAMS)
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING);
    http
}

impl Server {
    async fn accept(&self, listener: &TcpListener) {
        loop {
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => self.take(stream, Peer(peer), place),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn take(&self, stream: TcpStream, peer: Peer, place: OwnedSemaphorePermit) {
        // Answers are small and waited for.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
        let router = self.router.clone();
        let http = self.http.clone();
        let closing = self.closing.clone();
        let stream = Guarded::new(stream, self.limits.header_read, self.limits.stall);
        self.connections.spawn(async move {
            let _place = place;
            let service = service_fn(move |mut request: http::Request<Incoming>| {
                request.extensions_mut().insert(peer);
                router.clone().oneshot(request.map(Body::new))
            });
            let connection = http.serve_connection(TokioIo::new(stream), service);
            let mut connection = std::pin::pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = closing.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(peer = %peer.0, %error, "connection ended");
            }
        });
    }

    /// Lets open connections send what they have.
    async fn close(&self, end: Instant) {
        self.closing.cancel();
        self.connections.close();
        let end = end.max(Instant::now() + LAST_ANSWER);
        if timeout_at(end, self.connections.wait()).await.is_err() {
            tracing::warn!(connections = self.connections.len(), "stopped with connections open");
        }
    }
}
