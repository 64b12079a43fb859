//! GET /api/bootstrap: what the console must know before anybody has signed in.

use std::sync::Arc;

use app::ports::{Bootstrap, DemoUser};
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;

use crate::connect::error;
use crate::router::Edge;
use crate::visitor::Visitor;

pub async fn get(State(edge): State<Arc<Edge>>, request: Request) -> Response {
    match edge.about.bootstrap().await {
        Ok(bootstrap) => super::json(&Wire::from(&bootstrap)),
        Err(e) => error::response(&e, &Visitor::of(&request).request_id),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'b> {
    needs_first_admin: bool,
    setup_token_required: bool,
    readonly: bool,
    demo: bool,
    demo_users: &'b [DemoUser],
    basalt_version: &'b str,
}

impl<'b> From<&'b Bootstrap> for Wire<'b> {
    fn from(b: &'b Bootstrap) -> Self {
        Self {
            needs_first_admin: b.needs_first_admin,
            setup_token_required: b.setup_token_required,
            readonly: b.readonly,
            demo: b.demo,
            demo_users: &b.demo_users,
            basalt_version: &b.basalt_version,
        }
    }
}
