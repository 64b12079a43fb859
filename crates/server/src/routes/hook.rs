//! POST /hook/repositories/{repository}: a host tells that a branch of a watched repository moved.
//!
//! Outside of the gate: who sends it has no account here, and proves itself by a signature over the raw body. Unknown repositories, wrong
//! proofs and messages that came before are answered alike. What is taken is only noted; the runner asks the host for what is there.

use std::sync::Arc;

use app::repository::{self, Message, Taken};
use axum::extract::{Path, Request, State};
use axum::response::Response;
use base::{Error, Reason, Result};
use http::{HeaderMap, StatusCode};

use crate::connect::{Pieces, error};
use crate::router::Edge;
use crate::visitor::Visitor;

/// Bytes. Hosts leave out what makes a push longer.
const LARGEST: usize = 5 << 20;

pub async fn post(
    State(edge): State<Arc<Edge>>,
    Path(repository): Path<String>,
    request: Request,
) -> Response {
    let visitor = Visitor::of(&request);
    match take(&edge, &repository, request, &visitor).await {
        Ok(Taken::Queued) => accepted("queued"),
        Ok(Taken::Ignored(why)) => accepted(&format!("ignored: {why}")),
        Ok(Taken::Refused) => {
            let text = "the message is not accepted: see that its secret is that of the repository";
            let refused = Error::new(Reason::NotSignedIn, text);
            error::response_with(StatusCode::UNAUTHORIZED, &refused, &visitor.request_id)
        }
        Err(e) if e.reason() == Reason::TooLarge => {
            error::response_with(StatusCode::PAYLOAD_TOO_LARGE, &e, &visitor.request_id)
        }
        Err(e) => error::response(&e, &visitor.request_id),
    }
}

async fn take(edge: &Edge, repository: &str, request: Request, visitor: &Visitor) -> Result<Taken> {
    if edge.gate.readonly {
        return Err(Error::new(Reason::StoreUnavailable, "this server is read-only for now"));
    }
    let (head, body) = request.into_parts();
    let mut pieces = Pieces::new(body, &edge.limits);
    let mut body = Vec::new();
    while let Some(piece) = pieces.next().await? {
        if body.len() + piece.len() > LARGEST {
            let text = format!("a message has at most {} MiB", LARGEST >> 20);
            return Err(Error::new(Reason::TooLarge, text));
        }
        body.extend_from_slice(&piece);
    }
    let header = |name: &str| only(&head.headers, name);
    let message = Message {
        repository,
        header: &header,
        body: &body,
        request_id: &visitor.request_id,
        client_ip: &visitor.credentials.client_ip,
    };
    repository::message(&edge.gate.app, &message).await
}

/// A header that came twice says nothing.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
}

fn accepted(result: &str) -> Response {
    let mut response = super::json(&serde_json::json!({ "result": result }));
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}
