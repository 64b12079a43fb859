//! GET /api/openapi.json: what can be called by REST, for programs that make clients and for `/docs/api` of the console.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::rest;
use crate::router::Edge;

pub async fn get(State(edge): State<Arc<Edge>>) -> Response {
    // Seldom asked for, and a megabyte: made when somebody asks, and not kept.
    super::json_text(rest::openapi::document(&edge.registry).to_string())
}
