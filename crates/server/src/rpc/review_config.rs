//! ReviewConfigService: which rules SQL is reviewed by, and where.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::review_config::{self, Draft, ReviewConfig, RuleDraft, Update};
use pb::sql_review_rule as wire;
use pb::sql_review_rule::Payload as Wire;
use review::{Level, Payload, RuleConfig};

use super::convert::value;
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
    let rules = config.rules.into_iter().enumerate().map(|(n, rule)| rule_from_wire(n, rule));
    Ok(Draft {
        rules: rules.collect::<base::Result<_>>()?,
        name: config.name,
        title: config.title,
        enabled: config.enabled,
        resources: config.resources,
    })
}

fn rule_from_wire(n: usize, rule: pb::SqlReviewRule) -> base::Result<RuleDraft> {
    let length = |field: &str, length: i32| {
        let field = format!("review_config.rules[{n}].{field}.max_length");
        usize::try_from(length).map_err(|_| base::Error::field(field, "use 0 or more"))
    };
    Ok(RuleDraft {
        rule: rule.r#type,
        level: match rule.level() {
            wire::Level::Unspecified => None,
            wire::Level::Error => Some(Level::Error),
            wire::Level::Warning => Some(Level::Warning),
        },
        engine: rule.engine,
        payload: match rule.payload {
            None => Payload::None,
            Some(Wire::NamingPayload(p)) => Payload::Naming {
                max_length: length("naming_payload", p.max_length)?,
                format: p.format,
            },
            Some(Wire::NumberPayload(p)) => Payload::Number { number: p.number.into() },
            Some(Wire::StringArrayPayload(p)) => Payload::StringArray { list: p.list },
            Some(Wire::CommentConventionPayload(p)) => Payload::CommentConvention {
                required: p.required,
                max_length: length("comment_convention_payload", p.max_length)?,
            },
            Some(Wire::StringPayload(p)) => Payload::String { value: p.value },
            Some(Wire::NamingCasePayload(p)) => Payload::NamingCase { upper: p.upper },
        },
    })
}

fn to_wire(config: ReviewConfig) -> pb::ReviewConfig {
    pb::ReviewConfig {
        name: config.name,
        title: config.title,
        enabled: config.enabled,
        rules: config.rules.into_iter().map(rule_to_wire).collect(),
        resources: config.resources,
    }
}

fn rule_to_wire(rule: RuleConfig) -> pb::SqlReviewRule {
    // Both came from the wire, where they are 32 bits.
    let length = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let payload = match rule.payload {
        Payload::None => None,
        Payload::Naming { format, max_length } => {
            let max_length = length(max_length);
            Some(Wire::NamingPayload(wire::NamingRulePayload { max_length, format }))
        }
        Payload::Number { number } => {
            let number = i32::try_from(number).unwrap_or(i32::MAX);
            Some(Wire::NumberPayload(wire::NumberRulePayload { number }))
        }
        Payload::StringArray { list } => {
            Some(Wire::StringArrayPayload(wire::StringArrayRulePayload { list }))
        }
        Payload::CommentConvention { required, max_length } => {
            let max_length = length(max_length);
            let convention = wire::CommentConventionRulePayload { required, max_length };
            Some(Wire::CommentConventionPayload(convention))
        }
        Payload::String { value } => Some(Wire::StringPayload(wire::StringRulePayload { value })),
        Payload::NamingCase { upper } => {
            Some(Wire::NamingCasePayload(wire::NamingCaseRulePayload { upper }))
        }
    };
    pb::SqlReviewRule {
        r#type: rule.rule.number(),
        level: match rule.level {
            Level::Error => wire::Level::Error,
            Level::Warning => wire::Level::Warning,
        }
        .into(),
        engine: rule.engine.number(),
        payload,
    }
}
