//! ReviewConfigService: which rules SQL is reviewed by, and where.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::review_config::{self, Draft, ReviewConfig, Update};

use super::convert::{review_rule, value};
use super::{Error, Result};

pub struct ReviewConfigs;

impl pb::ReviewConfigService<Cx, Error> for ReviewConfigs {
    async fn create_review_config(
        &self,
        cx: Cx,
        request: pb::CreateReviewConfigRequest,
    ) -> Result<pb::ReviewConfig> {
        let draft = from_wire(request.review_config.unwrap_or_default())?;
        Ok(to_wire(review_config::create(&cx, draft).await?))
    }

    async fn list_review_configs(
        &self,
        cx: Cx,
        _: pb::ListReviewConfigsRequest,
    ) -> Result<pb::ListReviewConfigsResponse> {
        let all = review_config::list(&cx).await?;
        let review_configs = all.into_iter().map(to_wire).collect();
        Ok(pb::ListReviewConfigsResponse { review_configs })
    }

    async fn get_review_config(
        &self,
        cx: Cx,
        request: pb::GetReviewConfigRequest,
    ) -> Result<pb::ReviewConfig> {
        Ok(to_wire(review_config::get(&cx, &request.name).await?))
    }

    async fn update_review_config(
        &self,
        cx: Cx,
        request: pb::UpdateReviewConfigRequest,
    ) -> Result<pb::ReviewConfig> {
        let update = Update {
            draft: from_wire(request.review_config.unwrap_or_default())?,
            mask: value::mask(request.update_mask).unwrap_or_default(),
            allow_missing: request.allow_missing,
        };
        Ok(to_wire(review_config::update(&cx, update).await?))
    }

    async fn delete_review_config(
        &self,
        cx: Cx,
        request: pb::DeleteReviewConfigRequest,
    ) -> Result<()> {
        Ok(review_config::delete(&cx, &request.name).await?)
    }
}

fn from_wire(config: pb::ReviewConfig) -> base::Result<Draft> {
    Ok(Draft {
        rules: review_rule::from_wire("review_config.", config.rules)?,
        exceptions: config.exceptions.into_iter().map(review_rule::exception).collect(),
        refuse_suppression: config.refuse_suppression,
        etag: config.etag,
        name: config.name,
        title: config.title,
        enabled: config.enabled,
        resources: config.resources,
    })
}

fn to_wire(config: ReviewConfig) -> pb::ReviewConfig {
    pb::ReviewConfig {
        name: config.name,
        title: config.title,
        enabled: config.enabled,
        rules: config.rules.into_iter().map(review_rule::to_wire).collect(),
        resources: config.resources,
        etag: config.etag,
        refuse_suppression: config.refuse_suppression,
        exceptions: config.exceptions.into_iter().map(review_rule::exception_to_wire).collect(),
    }
}
