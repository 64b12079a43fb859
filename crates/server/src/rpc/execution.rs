//! ExecutionService: what goes beyond running a task again.

use api::basalt::v1 as pb;
use app::cx::Cx;
use app::rollout::replace_rest;

use super::{Error, Result};

pub struct Execution;

impl pb::ExecutionService<Cx, Error> for Execution {
    async fn replace_rest(
        &self,
        cx: Cx,
        request: pb::ReplaceRestRequest,
    ) -> Result<pb::ReplaceRestResponse> {
        let made = replace_rest::replace_rest(&cx, &request.name, request.statement).await?;
        Ok(pb::ReplaceRestResponse { plan: made.to_string() })
    }
}
