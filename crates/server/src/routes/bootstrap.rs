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
    let visitor = Visitor::of(&request);
    match edge.about.bootstrap().await {
        Ok(bootstrap) => super::json(&Wire::new(&bootstrap, visitor.credentials.has_session())),
        Err(e) => error::response(&e, &visitor.request_id),
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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    test_hooks: bool,
    /// The browser shows a session, which may be over: only then is it worth asking whose it is.
    signed_in: bool,
}

impl<'b> Wire<'b> {
    fn new(b: &'b Bootstrap, signed_in: bool) -> Self {
        Self {
            needs_first_admin: b.needs_first_admin,
            setup_token_required: b.setup_token_required,
            readonly: b.readonly,
            demo: b.demo,
            demo_users: &b.demo_users,
            basalt_version: &b.basalt_version,
            test_hooks: b.test_hooks,
            signed_in,
        }
    }
}
