//! SingleSignOnService: the first half of a sign-in at an identity provider.

use api::basalt::v1 as pb;
use app::auth::single_sign_on;
use app::cx::Cx;

use super::{Error, Result};

pub struct SingleSignOn;

impl pb::SingleSignOnService<Cx, Error> for SingleSignOn {
    async fn begin_single_sign_on(
        &self,
        cx: Cx,
        request: pb::BeginSingleSignOnRequest,
    ) -> Result<pb::BeginSingleSignOnResponse> {
        let begun = single_sign_on::begin(&cx, &request.identity_provider, request.test).await?;
        Ok(pb::BeginSingleSignOnResponse { authorization_url: begun })
    }
}
