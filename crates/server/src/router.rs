//! Which path goes where, and what all routes share.

use std::sync::Arc;

use app::ports::{About, Events, Logs, Sheets};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post, put};
use base::{EngineKind, Error, Reason};
use http::{Method, StatusCode};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, Limits, Parts};
use crate::connect;
use crate::csrf::origin_of;
use crate::gate::Gate;
use crate::registry::Registry;
use crate::rest;
use crate::routes::{
    bootstrap, console, engines, events, health, hook, logs, openapi, program, sheets,
};
use crate::track::track;
use crate::visitor::{Trust, Visitor};

/// Paths of programs: an unknown one is an error there, never a page of the console.
const PROGRAM: [&str; 7] =
    ["/api/", "/hook/", "/v1/", "/bytebase.v1.", "/basalt.v1.", "/healthz/", "/metrics/"];

/// What the routes share.
pub struct Edge {
    pub registry: Registry,
    pub gate: Arc<Gate>,
    pub about: Arc<dyn About>,
    pub events: Arc<dyn Events>,
    pub logs: Arc<dyn Logs>,
    pub sheets: Arc<dyn Sheets>,
    pub engines: Vec<EngineKind>,
    pub limits: Limits,
    pub console: console::Lookup,
    pub trust: Trust,
    /// The origin people use, when we were told.
    pub external: Option<String>,
    /// Cancelled when the server is told to stop.
    pub stopping: CancellationToken,
    /// Calls that run.
    pub tasks: TaskTracker,
}

impl Edge {
    pub fn new(config: Config, parts: Parts, stopping: CancellationToken) -> Self {
        let Parts { app, gatekeeper, registry, about, events, logs, sheets } = parts;
        let external = config.external_url.as_deref().and_then(origin_of);
        let external_https = external.as_deref().is_some_and(|url| url.starts_with("https://"));
        Self {
            registry,
            engines: app.engines.kinds().collect(),
            gate: Arc::new(Gate { app, keeper: gatekeeper, readonly: config.readonly }),
            about,
            events,
            logs,
            sheets,
            limits: config.limits,
            console: config.console,
            trust: Trust { proxies: config.trusted_proxies, external_https },
            external,
            stopping,
            tasks: TaskTracker::new(),
        }
    }

    pub fn new_id(&self) -> String {
        self.gate.app.new_id()
    }
}

/// All routes, with what stands in front of them.
pub fn router(edge: Arc<Edge>) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(health::metrics))
        .route("/api/bootstrap", get(bootstrap::get))
        .route("/api/cli", get(program::get))
        .route("/api/engines", get(engines::get))
        .route("/api/events", get(events::get))
        .route("/api/logs/{*task_run}", get(logs::get))
        .route("/api/openapi.json", get(openapi::get))
        .route("/api/projects/{project}/sheets", put(sheets::put))
        .route("/hook/repositories/{repository}", post(hook::post))
        .method_not_allowed_fallback(wrong_verb)
        .fallback(other)
        .layer(from_fn_with_state(Arc::clone(&edge), track))
        .with_state(edge)
}

async fn other(state: State<Arc<Edge>>, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/bytebase.v1.") || path.starts_with("/basalt.v1.") {
        return connect::serve(state, request).await;
    }
    if path.starts_with("/v1/") || path.starts_with("/v1:") {
        return rest::serve(&state, request).await;
    }
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && !PROGRAM
            .iter()
            .any(|start| path.starts_with(start) || path == start.trim_end_matches('/'));
    if is_page {
        return console::serve(&state, &request);
    }
    let error = Error::new(Reason::NotImplemented, format!("there is nothing at {path}"));
    connect::error::response_with(StatusCode::NOT_FOUND, &error, &Visitor::of(&request).request_id)
}

async fn wrong_verb(request: Request) -> Response {
    let text = format!("{} is not possible at {}", request.method(), request.uri().path());
    let error = Error::new(Reason::MalformedRequest, text);
    let id = Visitor::of(&request).request_id;
    connect::error::response_with(StatusCode::METHOD_NOT_ALLOWED, &error, &id)
}
