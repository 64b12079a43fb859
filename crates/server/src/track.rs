//! Around every request: identity, cross-site check, panic to answer, headers, one line in the log.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base::{Error, Reason, Result};
use futures_util::FutureExt as _;
use http::{HeaderValue, Version, header};
use tracing::{Instrument as _, Level};

use crate::connect::error::{self, Refused};
use crate::gate::panic_text;
use crate::router::Edge;
use crate::visitor::Visitor;
use crate::{csrf, headers};

pub async fn track(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let visitor = Visitor::read(&request, &edge.trust, || edge.new_id());
    request.extensions_mut().insert(visitor.clone());
    let line = Line::of(&request);
    let is_http1 = request.version() < Version::HTTP_2;
    // The gate fills in the actor.
    let span = tracing::info_span!(
        "request",
        request_id = %visitor.request_id,
        method = %line.method,
        path = %line.path,
        actor = tracing::field::Empty,
    );
    let mut response = match admit(&edge, &request, &visitor) {
        Ok(()) => answer(request, next, &visitor).instrument(span.clone()).await,
        Err(e) => error::response(&e, &visitor.request_id),
    };
    headers::add(&mut response, &visitor.request_id, visitor.credentials.https);
    if edge.stopping.is_cancelled() && is_http1 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    span.in_scope(|| line.write(&response, &visitor));
    response
}

fn admit(edge: &Edge, request: &Request, visitor: &Visitor) -> Result<()> {
    let is_probe = matches!(request.uri().path(), "/healthz" | "/metrics");
    if edge.stopping.is_cancelled() && !is_probe {
        return Err(Error::new(
            Reason::Unavailable,
            "the server is stopping; try again in a moment",
        ));
    }
    let external = edge.external.as_deref();
    csrf::check(request, &visitor.credentials, external)
}

async fn answer(request: Request, next: Next, visitor: &Visitor) -> Response {
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let text = format!("a route panicked: {}", panic_text(&*panic));
            error::response(&Error::internal(text), &visitor.request_id)
        }
    }
}

/// One line of the access log. The query is left out: it may hold what nobody should read.
struct Line {
    method: String,
    path: String,
}

impl Line {
    fn of(request: &Request) -> Self {
        Self { method: request.method().to_string(), path: request.uri().path().to_owned() }
    }

    fn write(&self, response: &Response, visitor: &Visitor) {
        let status = response.status().as_u16();
        let code =
            response.extensions().get::<Refused>().map_or("ok", |refused| refused.0.as_str());
        let millis = visitor.arrived.elapsed().as_secs_f64() * 1000.0;
        let client = &visitor.credentials.client_ip;
        let is_call = self.path.starts_with("/bytebase.v1.")
            || self.path.starts_with("/basalt.v1.")
            || self.path.starts_with("/api/");
        let level = if is_call { Level::INFO } else { Level::DEBUG };
        if level == Level::INFO {
            tracing::info!(status, code, millis, client, "request");
        } else {
            tracing::debug!(status, code, millis, client, "request");
        }
    }
}
