//! The plain HTTP routes, one file each.

pub mod bootstrap;
pub mod console;
pub mod engines;
pub mod events;
pub mod health;
pub mod hook;
pub mod logs;
pub mod openapi;
pub mod program;
pub mod sheets;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};
use serde::Serialize;

/// A JSON answer. The types here always serialise.
fn json(value: &impl Serialize) -> Response {
    let text = serde_json::to_string(value).expect("plain structs with text keys are JSON");
    json_text(text)
}

fn json_text(text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    let value = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response
}
