//! Compression: gzip in requests and responses, nothing else.
//!
//! Invariant: a request is inflated while it arrives, and never beyond the limit, so a bomb costs no more than an
//! honest body of that size.

use std::io::{self, Write};

use base::{Error, Reason, Result};
use flate2::Compression;
use flate2::write::{GzDecoder, GzEncoder};

/// Below this, compressing costs more than it saves.
const MIN_COMPRESSED: usize = 1024;
/// From here on the work is too long for a thread that serves others.
const LONG: usize = 256 << 10;

/// How a request body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Identity,
    Gzip,
}

impl Encoding {
    pub fn from_name(name: &str) -> Result<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Self::Identity),
            "gzip" => Ok(Self::Gzip),
            other => Err(Error::new(
                Reason::NotImplemented,
                format!("this server does not know compression {other:?}; send gzip or identity"),
            )),
        }
    }
}

/// Collects a body piece by piece, inflating it, up to `limit` bytes.
pub struct Collector {
    sink: Sink,
    empty: bool,
}

enum Sink {
    Plain(Capped),
    Gzip(Box<GzDecoder<Capped>>),
}

impl Collector {
    pub fn new(encoding: Encoding, limit: usize) -> Self {
        let capped = Capped { bytes: Vec::new(), limit };
        let sink = match encoding {
            Encoding::Identity => Sink::Plain(capped),
            Encoding::Gzip => Sink::Gzip(Box::new(GzDecoder::new(capped))),
        };
        Self { sink, empty: true }
    }

    pub fn push(&mut self, piece: &[u8]) -> Result<()> {
        self.empty &= piece.is_empty();
        let written = match &mut self.sink {
            Sink::Plain(capped) => capped.write_all(piece),
            Sink::Gzip(decoder) => decoder.write_all(piece),
        };
        written.map_err(|e| failure(&e))
    }

    pub fn finish(self) -> Result<Vec<u8>> {
        match self.sink {
            Sink::Plain(capped) => Ok(capped.bytes),
            // An empty body may be marked as compressed without being so.
            Sink::Gzip(_) if self.empty => Ok(Vec::new()),
            Sink::Gzip(decoder) => decoder.finish().map(|c| c.bytes).map_err(|e| failure(&e)),
        }
    }
}

/// A buffer that refuses to grow beyond its limit.
struct Capped {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Capped {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if piece.len() > self.limit - self.bytes.len() {
            return Err(io::Error::other(Full(self.limit)));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Debug)]
struct Full(usize);

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "more than {} bytes", self.0)
    }
}

impl std::error::Error for Full {}

fn failure(error: &io::Error) -> Error {
    match error.get_ref().and_then(|e| e.downcast_ref::<Full>()) {
        Some(Full(limit)) => too_large(*limit),
        None => Error::new(Reason::MalformedRequest, format!("the body is not gzip: {error}")),
    }
}

/// The body, inflated, is larger than `limit` bytes.
pub fn too_large(limit: usize) -> Error {
    Error::new(
        Reason::TooLarge,
        format!("the request is larger than {} MiB; send less in one call", limit >> 20),
    )
}

/// Whether `Accept-Encoding` admits a coding: by name, or by `*`, and not with q=0.
pub fn accepts(accept: &str, coding: &str) -> bool {
    let mut any = false;
    for item in accept.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let q = parts.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")));
        let wanted = q.is_none_or(|q| q.trim().parse().is_ok_and(|q: f32| q > 0.0));
        if name.eq_ignore_ascii_case(coding) {
            return wanted;
        }
        any |= name == "*" && wanted;
    }
    any
}

/// The body as gzip, or `None` when it is too small to bother.
pub async fn gzip(body: &bytes::Bytes) -> Option<Vec<u8>> {
    if body.len() < MIN_COMPRESSED {
        return None;
    }
    if body.len() < LONG {
        return compress(body).ok();
    }
    let body = body.clone();
    tokio::task::spawn_blocking(move || compress(&body).ok()).await.ok().flatten()
}

fn compress(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inflate(pieces: &[&[u8]], limit: usize) -> Result<Vec<u8>> {
        let mut collector = Collector::new(Encoding::Gzip, limit);
        for piece in pieces {
            collector.push(piece)?;
        }
        collector.finish()
    }

    #[test]
    fn inflates_whatever_the_pieces() {
        let text = b"basalt ".repeat(1000);
        let packed = compress(&text).unwrap();
        assert_eq!(inflate(&[&packed], 7000).unwrap(), text);
        let bytes: Vec<&[u8]> = packed.chunks(1).collect();
        assert_eq!(inflate(&bytes, 7000).unwrap(), text);
        assert_eq!(inflate(&[&packed], 6999).unwrap_err().reason(), Reason::TooLarge);
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = compress(&vec![0; 64 << 20]).unwrap();
        assert!(bomb.len() < 400_000);
        assert_eq!(inflate(&[&bomb], 1 << 20).unwrap_err().reason(), Reason::TooLarge);
    }

    #[test]
    fn half_a_gzip_is_malformed_and_none_is_empty() {
        let packed = compress(b"select 1").unwrap();
        let half = inflate(&[&packed[..packed.len() / 2]], 100).unwrap_err();
        assert_eq!(half.reason(), Reason::MalformedRequest);
        assert_eq!(inflate(&[b"plain text"], 100).unwrap_err().reason(), Reason::MalformedRequest);
        assert_eq!(inflate(&[], 100).unwrap(), b"");
    }

    #[test]
    fn accept_encoding() {
        for (text, yes) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("*", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000, *", false),
            ("*;q=0", false),
            ("br", false),
            ("", false),
        ] {
            assert_eq!(accepts(text, "gzip"), yes, "{text}");
        }
    }
}
