//! GET /api/cli: the very program that serves. Pipelines take it from here, so that client and server are of one version.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use base::{Error, Reason};
use http::{HeaderValue, header};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use crate::connect::error;
use crate::router::Edge;
use crate::visitor::Visitor;

/// Leads to the program also when its file was replaced meanwhile.
const OWN: &str = "/proc/self/exe";

pub async fn get(_: State<Arc<Edge>>, request: Request) -> Response {
    match open().await {
        Ok(response) => response,
        Err(e) => {
            let error =
                Error::new(Reason::NotImplemented, "this server cannot read its own program")
                    .with_source(e);
            error::response(&error, &Visitor::of(&request).request_id)
        }
    }
}

async fn open() -> std::io::Result<Response> {
    let file = File::open(OWN).await?;
    let length = file.metadata().await?.len();
    let mut response = Response::new(Body::from_stream(ReaderStream::new(file)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let kind = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    let name = HeaderValue::from_static("attachment; filename=\"basalt\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
