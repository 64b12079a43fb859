//! BaselineService: databases that are taken over as they are.

use api::basalt::v1 as pb;
use app::changelog::{self, Recorded};
use app::cx::Cx;

use super::{Error, Result};

pub struct Baselines;

impl pb::BaselineService<Cx, Error> for Baselines {
    async fn create_baseline(
        &self,
        cx: Cx,
        request: pb::CreateBaselineRequest,
    ) -> Result<pb::CreateBaselineResponse> {
        let Recorded { name, is_new } =
            changelog::create_baseline(&cx, &request.parent, &request.project).await?;
        Ok(pb::CreateBaselineResponse { changelog: name.to_string(), recorded: is_new })
    }
}
