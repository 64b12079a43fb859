//! PUT /api/projects/{project}/sheets: a sheet too large for a message, as the raw body.
//!
//! The text streams through: it is hashed, checked and handed on piece by piece, and never held whole here. Behind
//! the same gate as SheetService.CreateSheet, with its permission and audit. Answers with the sheet, without content.

use std::sync::Arc;
use std::time::Instant;

use api::bytebase::v1::Sheet;
use app::cx::{Cx, ResponseHeaders};
use app::ports::{Sheets, UploadedSheet};
use axum::extract::{Path, Request, State};
use axum::response::Response;
use base::name::ProjectName;
use base::{Error, Reason, Result};
use http::{HeaderMap, StatusCode, header};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::connect::{Pieces, error, json};
use crate::gate::scope::Scope;
use crate::gate::{Evidence, Visit};
use crate::router::Edge;
use crate::visitor::Visitor;

const RPC: &str = "/bytebase.v1.SheetService/CreateSheet";

pub async fn put(
    State(edge): State<Arc<Edge>>,
    Path(project): Path<String>,
    request: Request,
) -> Response {
    let visitor = Visitor::of(&request);
    match store(&edge, &project, request, &visitor).await {
        Ok(text) => super::json_text(text),
        Err(e) if e.reason() == Reason::TooLarge => {
            error::response_with(StatusCode::PAYLOAD_TOO_LARGE, &e, &visitor.request_id)
        }
        Err(e) => error::response(&e, &visitor.request_id),
    }
}

async fn store(edge: &Edge, project: &str, request: Request, visitor: &Visitor) -> Result<String> {
    let project = ProjectName::parse("project", &format!("projects/{project}"))?.to_string();
    let limit = edge.limits.sheet;
    // Refused before the first byte when the client says how much will come.
    if announced(request.headers()).is_some_and(|length| length > limit) {
        return Err(sheet_too_large(limit));
    }
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Error::new(
            Reason::MalformedRequest,
            "send the sheet as it is, not compressed",
        ));
    }
    let facts = api::facts::rpc(RPC).expect("the rpc is in the contract");
    let visit = Visit {
        facts,
        visitor: visitor.clone(),
        caller: edge.gate.identify(facts, &visitor.credentials).await,
        scope: Scope { resources: vec![project.clone()], upsert: false },
        evidence: Evidence::Json(serde_json::json!({ "parent": project }).to_string()),
        deadline: Instant::now() + edge.limits.call,
        gone: CancellationToken::new(),
        headers: ResponseHeaders::default(),
    };
    let pieces = Pieces::new(request.into_body(), &edge.limits);
    let sheets = Arc::clone(&edge.sheets);
    let gate = Arc::clone(&edge.gate);
    // A task of its own, so that the outcome is recorded also when the client goes away.
    let work = async move {
        gate.pass(
            visit,
            move |cx| async move { receive(&*sheets, &cx, &project, pieces, limit).await },
        )
        .await
    };
    let work = edge.tasks.spawn(work.in_current_span());
    let sheet = work
        .await
        .unwrap_or_else(|e| Err(Error::internal("the upload ended early").with_source(e)))?;
    let sheet = Sheet { name: sheet.name, content_size: sheet.size, ..Sheet::default() };
    json::of("bytebase.v1.Sheet", &sheet)
}

async fn receive(
    sheets: &dyn Sheets,
    cx: &Cx,
    project: &str,
    mut pieces: Pieces,
    limit: u64,
) -> Result<UploadedSheet> {
    let mut upload = sheets.begin(cx, project).await?;
    let mut hash = Sha256::new();
    let mut text = TextCheck::default();
    let mut size = 0;
    while let Some(piece) = pieces.next().await? {
        size += piece.len() as u64;
        if size > limit {
            return Err(sheet_too_large(limit));
        }
        text.check(&piece)?;
        hash.update(&piece);
        upload.write(piece).await?;
    }
    text.finish()?;
    upload.finish(&hex::encode(hash.finalize())).await
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn sheet_too_large(limit: u64) -> Error {
    Error::new(
        Reason::TooLarge,
        format!(
            "a sheet holds at most {limit} bytes ({} MiB); split the script into several sheets",
            limit >> 20
        ),
    )
}

/// Checks text that comes in pieces: UTF-8 without NUL.
#[derive(Default)]
struct TextCheck {
    /// Bytes before this piece.
    offset: u64,
    /// The beginning of a character that the last piece ended in.
    rest: Vec<u8>,
}

impl TextCheck {
    fn check(&mut self, piece: &[u8]) -> Result<()> {
        if let Some(at) = piece.iter().position(|b| *b == 0) {
            return Err(not_text("a NUL byte", self.offset + at as u64));
        }
        let start = self.offset - self.rest.len() as u64;
        let mut piece_left = piece;
        while !self.rest.is_empty() {
            let Some((byte, left)) = piece_left.split_first() else { break };
            self.rest.push(*byte);
            piece_left = left;
            match std::str::from_utf8(&self.rest) {
                Ok(_) => self.rest.clear(),
                Err(e) if e.error_len().is_some() => {
                    return Err(not_text("bytes that are not UTF-8", start));
                }
                Err(_) => {}
            }
        }
        if let Err(e) = std::str::from_utf8(piece_left) {
            let valid = e.valid_up_to();
            if e.error_len().is_some() {
                let at = self.offset + (piece.len() - piece_left.len() + valid) as u64;
                return Err(not_text("bytes that are not UTF-8", at));
            }
            self.rest.extend_from_slice(&piece_left[valid..]);
        }
        self.offset += piece.len() as u64;
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(not_text("half a UTF-8 character", self.offset - self.rest.len() as u64))
    }
}

fn not_text(what: &str, at: u64) -> Error {
    Error::new(
        Reason::NotText,
        format!("the sheet holds {what} at byte {at}; save the file as UTF-8 text"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the bytes in pieces of every size. The error's text, if there is one.
    fn check(bytes: &[u8]) -> Option<String> {
        let run = |size: usize| {
            let mut check = TextCheck::default();
            let pieces = bytes.chunks(size).try_for_each(|piece| check.check(piece));
            pieces.and_then(|()| check.finish()).err().map(|e| e.message().to_owned())
        };
        let first = run(1);
        for size in 2..=bytes.len().max(2) {
            assert_eq!(run(size), first, "pieces of {size}");
        }
        first
    }

    #[test]
    fn text_is_checked_across_pieces() {
        assert_eq!(check("select 'é€😀';".as_bytes()), None);
        assert_eq!(check(b""), None);
        assert!(check(b"ab\0c").unwrap().contains("NUL byte at byte 2"));
        assert!(check(b"ab\xffc").unwrap().contains("at byte 2"));
        assert!(check(b"ab\xe2\x82").unwrap().contains("half a UTF-8 character at byte 2"));
        assert!(check(b"\xe2\x28\xa1").unwrap().contains("not UTF-8"));
    }
}
