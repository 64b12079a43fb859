//! GET /api/engines: the kinds of database that this binary can connect to, and what each can do.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use base::EngineKind;
use base::engine::Capabilities;
use serde::Serialize;

use crate::router::Edge;

pub async fn get(State(edge): State<Arc<Edge>>) -> Response {
    let engines = edge.engines.iter().copied().map(Engine::from).collect();
    super::json(&Engines { engines })
}

#[derive(Serialize)]
struct Engines {
    engines: Vec<Engine>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Engine {
    /// The value of the API's enum `Engine`: `POSTGRES`.
    engine: &'static str,
    title: &'static str,
    /// 0 where there is none.
    default_port: u16,
    capabilities: Capabilities,
}

impl From<EngineKind> for Engine {
    fn from(kind: EngineKind) -> Self {
        Self {
            engine: kind.wire_name(),
            title: kind.title(),
            default_port: kind.default_port(),
            capabilities: kind.capabilities(),
        }
    }
}
