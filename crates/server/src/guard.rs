//! A stream that gives up on a peer who stalls, where hyper itself would wait for ever: before it knows whether the
//! peer speaks HTTP/1 or HTTP/2, and while the peer does not read its answer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// hyper-util has told the versions apart after this many bytes at most: the preface of HTTP/2.
const PREFACE: usize = 24;

pub struct Guarded<S> {
    stream: S,
    seen: usize,
    /// Until the preface is read.
    first: Pin<Box<Sleep>>,
    /// Runs while a write waits.
    write: Pin<Box<Sleep>>,
    writing: bool,
    stall: Duration,
}

impl<S> Guarded<S> {
    pub fn new(stream: S, first: Duration, stall: Duration) -> Self {
        Self {
            stream,
            seen: 0,
            first: Box::pin(sleep(first)),
            write: Box::pin(sleep(stall)),
            writing: false,
            stall,
        }
    }

    /// Lets a waiting write wait on, but not longer than `stall` in all.
    fn limit<T>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.writing = false;
            return poll;
        }
        if !self.writing {
            self.writing = true;
            let end = Instant::now() + self.stall;
            self.write.as_mut().reset(end);
        }
        ready!(self.write.as_mut().poll(cx));
        Poll::Ready(Err(timed_out("the peer does not read its answer")))
    }
}

fn timed_out(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, message)
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let poll = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if self.seen >= PREFACE {
            return poll;
        }
        if poll.is_ready() {
            self.seen += buffer.filled().len() - before;
            return poll;
        }
        ready!(self.first.as_mut().poll(cx));
        Poll::Ready(Err(timed_out("the peer sends no request")))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.limit(cx, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.limit(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_flush(cx);
        self.limit(cx, poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.limit(cx, poll)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const SHORT: Duration = Duration::from_millis(30);
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_peer_that_says_nothing_is_left() {
        let (ours, mut theirs) = duplex(1024);
        let mut guarded = Guarded::new(ours, SHORT, LONG);
        theirs.write_all(b"PRI").await.unwrap();
        let mut buffer = [0; 64];
        assert_eq!(guarded.read(&mut buffer).await.unwrap(), 3);
        let error = guarded.read(&mut buffer).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_peer_that_does_not_read_is_left() {
        let (ours, _theirs) = duplex(16);
        let mut guarded = Guarded::new(ours, LONG, SHORT);
        let error = guarded.write_all(&[0; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_slow_reader_who_goes_on_is_served() {
        let (ours, mut theirs) = duplex(16);
        let mut guarded = Guarded::new(ours, LONG, Duration::from_millis(500));
        let reading = tokio::spawn(async move {
            let mut all = Vec::new();
            for _ in 0..4 {
                tokio::time::sleep(SHORT).await;
                let mut piece = [0; 16];
                theirs.read_exact(&mut piece).await.unwrap();
                all.extend(piece);
            }
            all.len()
        });
        guarded.write_all(&[7; 64]).await.unwrap();
        assert_eq!(reading.await.unwrap(), 64);
    }
}
