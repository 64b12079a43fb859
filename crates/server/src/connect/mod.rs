//! The Connect protocol, unary: `POST /package.Service/Method`, or GET for rpcs without side effects.
//!
//! Written after connectrpc.com/docs/protocol and pinned by the byte vectors in tests/it/vectors. A call runs in a
//! task of its own: a client that goes away does not stop it half way, unless its use case asks ([`app::Cx::gone`]).

mod body;
pub mod codec;
pub mod encoding;
pub mod error;
pub mod json;
pub mod request;
mod transcode;

use std::sync::Arc;
use std::time::Instant;

use app::cx::ResponseHeaders;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use base::{Error, Reason, Result};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method as Verb, StatusCode, header};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

pub use body::Pieces;
use encoding::Encoding;
pub use encoding::accepts;

use crate::gate::{Evidence, Visit, readonly, scope, validate};
use crate::registry::Method;
use crate::router::Edge;
use crate::telemetry::Flight;
use crate::visitor::Visitor;
use codec::{Codec, Decoded};
use request::{Envelope, Refusal, in_its_own_status};

/// Rpcs that carry whole files, so their messages may be large.
const LARGE: [&str; 3] = [
    "/bytebase.v1.ReleaseService/CheckRelease",
    "/bytebase.v1.ReleaseService/CreateRelease",
    "/bytebase.v1.SheetService/CreateSheet",
];

/// Answers one rpc.
pub async fn serve(State(edge): State<Arc<Edge>>, request: Request) -> Response {
    let visitor = Visitor::of(&request);
    let Some(method) = edge.registry.find(request.uri().path()).cloned() else {
        return unknown(request.uri().path(), &visitor.request_id);
    };
    let headers = ResponseHeaders::default();
    let work = call(&edge, &method, request, &visitor, &headers);
    finish(&method.facts.path, &headers, &visitor, work, error::response_with).await
}

/// Counts a call, and makes its answer: with the headers that its use case asked for, a refusal in the form of the protocol.
pub async fn finish(
    path: &'static str,
    headers: &ResponseHeaders,
    visitor: &Visitor,
    call: impl Future<Output = Result<Response, Refusal>>,
    refusal: fn(StatusCode, &Error, &str) -> Response,
) -> Response {
    let mut flight = Flight::start(path);
    let mut response = match call.await {
        Ok(response) => {
            flight.succeed();
            response
        }
        Err(Refusal(status, error)) => {
            flight.fail(error.code());
            refusal(status, &error, &visitor.request_id)
        }
    };
    apply(headers, &mut response);
    response
}

async fn call(
    edge: &Edge,
    method: &Arc<Method>,
    request: Request,
    visitor: &Visitor,
    headers: &ResponseHeaders,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    if parts.method == Verb::GET && !readonly::is_read(method.facts) {
        let error = Error::new(
            Reason::MalformedRequest,
            format!("{} changes something; call it by POST", method.facts.path),
        );
        return Err(Refusal(StatusCode::METHOD_NOT_ALLOWED, error));
    }
    let envelope = Envelope::read(&parts.method, &parts.uri, &parts.headers)?;
    let deadline = request::deadline(&parts.headers, visitor.arrived, edge.limits.call)
        .map_err(in_its_own_status)?;
    let (codec, input) = (envelope.codec, method.facts.input.clone());
    let incoming = Incoming {
        body: envelope.query.map_or(body, Body::from),
        encoding: envelope.encoding,
        decode: Box::new(move |bytes| codec.decode(&input, bytes)),
    };
    let proto =
        run(edge, method, incoming, visitor, headers, deadline).await.map_err(in_its_own_status)?;
    answer(codec, envelope.gzip, method, proto).await.map_err(in_its_own_status)
}

/// A request message on its way in, and how it is read.
pub struct Incoming {
    pub body: Body,
    pub encoding: Encoding,
    pub decode: Box<dyn FnOnce(Bytes) -> Result<Decoded> + Send>,
}

/// From the message's bytes to the response's, both as protobuf in the end.
pub async fn run(
    edge: &Edge,
    method: &Arc<Method>,
    incoming: Incoming,
    visitor: &Visitor,
    headers: &ResponseHeaders,
    deadline: Instant,
) -> Result<Vec<u8>> {
    let caller = edge.gate.identify(method.facts, &visitor.credentials).await;
    let limit = match &caller {
        Ok(caller) if !caller.is_anonymous() => message_limit(edge, method),
        _ => edge.limits.anonymous_body.min(message_limit(edge, method)),
    };
    let Incoming { body, encoding, decode } = incoming;
    let bytes = match (body::read(body, encoding, limit, &edge.limits).await, &caller) {
        // Above what strangers may send: whether it would be too much for others as well is not their business.
        (Err(e), Err(stranger)) if e.reason() == Reason::TooLarge => return Err(stranger.clone()),
        (bytes, _) => bytes?,
    };
    // This future is dropped when the client hangs up.
    let gone = CancellationToken::new();
    let _gone = gone.clone().drop_guard();
    let decoded = decode(bytes)?;
    validate::check(&decoded.message)?;
    let visit = Visit {
        facts: method.facts,
        visitor: visitor.clone(),
        caller,
        scope: scope::of(method.facts, &decoded.message)?,
        evidence: Evidence::Message(decoded.message),
        deadline,
        gone: gone.clone(),
        headers: headers.clone(),
    };
    let gate = Arc::clone(&edge.gate);
    let handler = Arc::clone(method);
    let proto = decoded.proto;
    let work = async move {
        gate.pass(visit, move |cx| async move {
            handler.call(cx, &proto).await.map_err(crate::rpc::Error::into_inner)
        })
        .await
    };
    let work = edge.tasks.spawn(work.in_current_span());
    work.await
        .unwrap_or_else(|e| Err(Error::internal("the task of a call ended early").with_source(e)))
}

fn message_limit(edge: &Edge, method: &Method) -> usize {
    if LARGE.contains(&method.facts.path.as_str()) {
        edge.limits.large_message
    } else {
        edge.limits.message
    }
}

pub async fn answer(codec: Codec, gzip: bool, method: &Method, proto: Vec<u8>) -> Result<Response> {
    let mut body = Bytes::from(codec.encode(&method.facts.output, proto)?);
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, codec.content_type());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if gzip && let Some(packed) = encoding::gzip(&body).await {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        body = packed.into();
    }
    *response.body_mut() = Body::from(body);
    Ok(response)
}

/// A path below `/bytebase.v1.` or `/basalt.v1.` that no handler stands behind.
pub fn unknown(path: &str, request_id: &str) -> Response {
    let error = Error::new(Reason::NotImplemented, format!("{path} is not an rpc of this server"));
    error::response_with(StatusCode::NOT_FOUND, &error, request_id)
}

/// Headers that the use case asked for: cookies.
fn apply(headers: &ResponseHeaders, response: &mut Response) {
    for (name, value) in headers.take() {
        match HeaderValue::from_str(&value) {
            Ok(value) => {
                response.headers_mut().append(HeaderName::from_static(name), value);
            }
            Err(_) => tracing::error!(name, "a response header cannot be written and was left out"),
        }
    }
}
