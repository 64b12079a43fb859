//! Reads a request body, with limits on its size and on how long it may take.

use std::time::Duration;

use axum::body::Body;
use base::{Error, Reason, Result};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use tokio::time::{Instant, timeout};

use super::encoding::{Collector, Encoding};
use crate::config::Limits;

/// The whole body, inflated. `limit` is in bytes.
pub async fn read(body: Body, encoding: Encoding, limit: usize, limits: &Limits) -> Result<Bytes> {
    let mut pieces = Pieces::new(body, limits);
    let mut collector = Collector::new(encoding, limit);
    while let Some(piece) = pieces.next().await? {
        collector.push(&piece)?;
    }
    collector.finish().map(Bytes::from)
}

/// The pieces of a body as they arrive.
pub struct Pieces {
    body: Body,
    stall: Duration,
    end: Instant,
}

impl Pieces {
    pub fn new(body: Body, limits: &Limits) -> Self {
        Self { body, stall: limits.stall, end: Instant::now() + limits.body }
    }

    /// `None` at the end of the body.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            let left = self.end.saturating_duration_since(Instant::now());
            let frame = timeout(self.stall.min(left), self.body.frame())
                .await
                .map_err(|_| Error::new(Reason::Timeout, "the request body came too slowly"))?;
            match frame {
                None => return Ok(None),
                Some(Err(e)) => {
                    return Err(
                        Error::new(Reason::Canceled, "the request body broke off").with_source(e)
                    );
                }
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }
}
