//! Rules of SQL review as people configure them.

use api::bytebase::v1 as pb;
use app::review_config::{ConfigException, ExceptionDraft, RuleDraft};
use base::Result;
use pb::sql_review_rule as wire;
use pb::sql_review_rule::Payload as Wire;
use review::{Exception, Level, Payload, RuleConfig};

/// Rules of a request; `prefix` stands before `rules[0]` in the names of fields.
pub fn from_wire(prefix: &str, rules: Vec<pb::SqlReviewRule>) -> Result<Vec<RuleDraft>> {
    rules
        .into_iter()
        .enumerate()
        .map(|(n, rule)| one(&format!("{prefix}rules[{n}]"), rule))
        .collect()
}

fn one(at: &str, rule: pb::SqlReviewRule) -> Result<RuleDraft> {
    let length = |field: &str, length: i32| {
        let field = format!("{at}.{field}.max_length");
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

pub fn to_wire(rule: RuleConfig) -> pb::SqlReviewRule {
    pb::SqlReviewRule {
        r#type: rule.rule.number(),
        level: level(rule.level).into(),
        engine: rule.engine.number(),
        payload: payload(rule.payload),
    }
}

/// Where rules do not hold.
pub fn exception(wire: pb::ReviewException) -> ExceptionDraft {
    let pb::ReviewException { rules, schema, table, label, reason } = wire;
    ExceptionDraft { rules, exception: Exception { schema, table, label, reason } }
}

pub fn exception_to_wire(exception: ConfigException) -> pb::ReviewException {
    let Exception { schema, table, label, reason } = exception.exception;
    let rules = exception.rules.into_iter().map(review::RuleType::number).collect();
    pb::ReviewException { rules, schema, table, label, reason }
}

pub const fn level(level: Level) -> wire::Level {
    match level {
        Level::Error => wire::Level::Error,
        Level::Warning => wire::Level::Warning,
    }
}

/// None for a rule that takes none.
pub fn payload(payload: Payload) -> Option<Wire> {
    // Both came from the wire, where they are 32 bits.
    let length = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    match payload {
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
    }
}
