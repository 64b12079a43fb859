//! GET /healthz for load balancers, GET /metrics for Prometheus. Neither needs a token, neither tells about data.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};

use crate::router::Edge;
use crate::telemetry;

/// `OK`, or 503 from the moment the server was told to stop.
pub async fn healthz(State(edge): State<Arc<Edge>>) -> Response {
    if edge.stopping.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping").into_response();
    }
    "OK".into_response()
}

pub async fn metrics() -> Response {
    let kind = (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    ([kind], telemetry::render()).into_response()
}
