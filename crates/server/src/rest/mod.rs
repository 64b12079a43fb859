//! REST: `/v1/…` for every rpc with an http rule, by one transcoder; handlers and gate do not know the difference.
//!
//! A call by REST is the call by Connect with another envelope: path, query and body make the request message, the answer
//! is written as JSON, errors in the form of gRPC gateways. Unknown fields and parameters are refused.

mod error;
mod message;
pub mod openapi;
mod routes;
mod schema;
mod template;

use std::sync::Arc;

use app::cx::ResponseHeaders;
use axum::extract::{Query, Request};
use axum::response::Response;
use base::{Error, Reason};
use http::{HeaderValue, StatusCode, header};
use prost::Message as _;

use crate::connect::codec::{Codec, Decoded};
use crate::connect::encoding::Encoding;
use crate::connect::request::{Refusal, deadline, in_its_own_status, takes_gzip};
use crate::connect::{Incoming, answer, finish, run};
use crate::router::Edge;
use crate::visitor::Visitor;
use message::Head;
use routes::{Found, Route};
use template::Path;

/// Answers one call.
pub async fn serve(edge: &Arc<Edge>, request: Request) -> Response {
    let visitor = Visitor::of(&request);
    let route = match routes::find(request.method(), &Path::cut(request.uri().path())) {
        Found::Route(route) => route,
        Found::OtherVerbs(verbs) => return wrong_verb(&request, &verbs, &visitor),
        Found::Nothing => {
            let text = format!("there is nothing at {}; see /docs/api", request.uri().path());
            return error::response(StatusCode::NOT_FOUND, &not_there(text), &visitor.request_id);
        }
    };
    let headers = ResponseHeaders::default();
    let work = call(edge, route, request, &visitor, &headers);
    finish(&route.facts.path, &headers, &visitor, work, error::response).await
}

async fn call(
    edge: &Arc<Edge>,
    route: &'static Route,
    request: Request,
    visitor: &Visitor,
    headers: &ResponseHeaders,
) -> Result<Response, Refusal> {
    let Some(method) = edge.registry.find(&route.facts.path).cloned() else {
        let text = format!("{} is not implemented by this server yet", route.facts.path);
        return Err(Refusal(StatusCode::NOT_IMPLEMENTED, not_there(text)));
    };
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).map(|v| v.to_str().unwrap_or("?"));
    if kind.is_some_and(|kind| Codec::from_content_type(kind) != Some(Codec::Json)) {
        let text = "send the body as JSON, with Content-Type: application/json";
        let error = Error::new(Reason::MalformedRequest, text);
        return Err(Refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    }
    let name = parts.headers.get(header::CONTENT_ENCODING).and_then(|v| v.to_str().ok());
    let encoding = Encoding::from_name(name.unwrap_or_default()).map_err(in_its_own_status)?;
    let until =
        deadline(&parts.headers, visitor.arrived, edge.limits.call).map_err(in_its_own_status)?;
    let uri = parts.uri;
    let decode = move |bytes: bytes::Bytes| {
        let Query(query) = Query::<Vec<(String, String)>>::try_from_uri(&uri).map_err(|e| {
            Error::new(Reason::MalformedRequest, format!("the query cannot be read: {e}"))
        })?;
        let message = Head { route, path: Path::cut(uri.path()), query }.with(&bytes)?;
        let proto = message.encode_to_vec().into();
        Ok(Decoded { message, proto })
    };
    let incoming = Incoming { body, encoding, decode: Box::new(decode) };
    let proto =
        run(edge, &method, incoming, visitor, headers, until).await.map_err(in_its_own_status)?;
    answer(Codec::Json, takes_gzip(&parts.headers), &method, proto).await.map_err(in_its_own_status)
}

fn wrong_verb(request: &Request, verbs: &[&str], visitor: &Visitor) -> Response {
    let allowed = verbs.join(", ");
    let text =
        format!("{} is not possible at {}; use {allowed}", request.method(), request.uri().path());
    let error = Error::new(Reason::MalformedRequest, text);
    let mut response = error::response(StatusCode::METHOD_NOT_ALLOWED, &error, &visitor.request_id);
    if let Ok(value) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

fn not_there(text: String) -> Error {
    Error::new(Reason::NotImplemented, text)
}
