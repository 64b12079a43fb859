//! The process id that a connection was given at sign-in, next to the key for cancelling.
//!
//! tokio-postgres keeps it to itself, but writes it into every request to cancel: this has one written to nobody and reads it there.

use std::future::{Ready, ready};
use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};
use tokio_postgres::{CancelToken, NoTls};

use crate::tls::Wrapped;

/// The request for TLS (8 bytes), and the one to cancel (16): length, code, process id, key.
const ASKS_FOR_TLS: usize = 8;
const PROCESS_ID_AT: usize = 8;

/// None when the library writes something else than it does today.
pub async fn process_id(token: &CancelToken, has_tls: bool) -> Option<i32> {
    let (near, mut far) = duplex(64);
    let skipped = if has_tls {
        far.write_all(b"S").await.ok()?;
        token.cancel_query_raw(near, Pretend).await.ok()?;
        ASKS_FOR_TLS
    } else {
        token.cancel_query_raw(near, NoTls).await.ok()?;
        0
    };
    let mut written = Vec::new();
    far.read_to_end(&mut written).await.ok()?;
    let at = skipped + PROCESS_ID_AT;
    let bytes = written.get(at..at + 4)?.try_into().ok()?;
    Some(i32::from_be_bytes(bytes))
}

/// Agrees to TLS and does nothing.
struct Pretend;

type Plain = Wrapped<DuplexStream>;

impl TlsConnect<DuplexStream> for Pretend {
    type Stream = Plain;
    type Error = io::Error;
    type Future = Ready<io::Result<Plain>>;

    fn connect(self, stream: DuplexStream) -> Self::Future {
        ready(Ok(Wrapped(stream)))
    }
}

impl TlsStream for Plain {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}
