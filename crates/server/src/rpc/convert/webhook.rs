//! Webhooks and their deliveries.

use api::basalt::v1 as own;
use api::bytebase::v1 as pb;
use app::webhook::{EventKind, NewWebhook};
use base::name::WebhookName;
use base::{Error, Result, Secret};
use pb::activity::Type;
use store::rows::{Delivery, DeliveryStatus, Webhook};

use super::value::timestamp;

/// Without its secrets.
pub fn to_wire(webhook: Webhook) -> pb::Webhook {
    let kind = pb::WebhookType::from_str_name(&webhook.kind).unwrap_or_default();
    let types = webhook.payload.events.iter().filter_map(|word| EventKind::parse(word));
    pb::Webhook {
        name: WebhookName::new(&webhook.project, &webhook.id).to_string(),
        r#type: kind.into(),
        title: webhook.title,
        url: String::new(),
        url_supports_direct_message: false,
        direct_message: webhook.payload.direct_message,
        notification_types: types.map(|kind| type_of(kind).into()).collect(),
        url_masked: webhook.payload.url_masked,
        signing_secret: String::new(),
        signing_secret_set: webhook.payload.signs,
    }
}

pub fn from_wire(wire: pb::Webhook) -> Result<NewWebhook> {
    let mut events = Vec::with_capacity(wire.notification_types.len());
    for (i, number) in wire.notification_types.iter().enumerate() {
        let known = Type::try_from(*number).ok().and_then(kind_of);
        let kind = known.ok_or_else(|| {
            let field = format!("webhook.notification_types[{i}]");
            Error::field(field, "use one of the types of Activity, e.g. ISSUE_CREATED")
        })?;
        events.push(kind.as_str());
    }
    let kind = match pb::WebhookType::try_from(wire.r#type) {
        Ok(pb::WebhookType::Unspecified) | Err(_) => String::new(),
        Ok(kind) => kind.as_str_name().to_owned(),
    };
    Ok(NewWebhook {
        kind,
        title: wire.title,
        url: Secret::new(wire.url),
        signing_secret: Secret::new(wire.signing_secret),
        events,
        direct_message: wire.direct_message,
    })
}

pub fn delivery(delivery: Delivery) -> own::Delivery {
    let kind = EventKind::parse(&delivery.event).map_or(Type::Unspecified, type_of);
    let waits = delivery.status == DeliveryStatus::Pending;
    own::Delivery {
        r#type: kind.into(),
        title: app::webhook::title(&delivery),
        name: format!("{}/deliveries/{}", delivery.target, delivery.id),
        status: match delivery.status {
            DeliveryStatus::Pending => own::delivery::Status::Pending,
            DeliveryStatus::Delivered => own::delivery::Status::Delivered,
            DeliveryStatus::Failed => own::delivery::Status::Failed,
        }
        .into(),
        attempts: i32::try_from(delivery.attempts).unwrap_or(i32::MAX),
        error: delivery.error,
        http_status: i32::try_from(delivery.http_status).unwrap_or(0),
        create_time: Some(timestamp(delivery.created_at)),
        next_attempt_time: waits.then(|| timestamp(delivery.next_at)),
        finish_time: delivery.finished_at.map(timestamp),
    }
}

const fn type_of(kind: EventKind) -> Type {
    match kind {
        EventKind::IssueCreated => Type::IssueCreated,
        EventKind::ApprovalRequested => Type::IssueApprovalRequested,
        EventKind::SentBack => Type::IssueSentBack,
        EventKind::Approved => Type::IssueApproved,
        EventKind::RolloutFailed => Type::PipelineFailed,
        EventKind::RolloutCompleted => Type::PipelineCompleted,
        EventKind::ReleaseCreated => Type::ReleaseCreated,
        EventKind::EmergencyUsed => Type::EmergencyUsed,
    }
}

fn kind_of(wanted: Type) -> Option<EventKind> {
    EventKind::ALL.into_iter().find(|kind| type_of(*kind) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_goes_both_ways_but_none() {
        for kind in EventKind::ALL {
            assert_eq!(kind_of(type_of(kind)), Some(kind));
        }
        assert_eq!(kind_of(Type::Unspecified), None);
        let wire = pb::Webhook { notification_types: vec![0], ..pb::Webhook::default() };
        let error = from_wire(wire).unwrap_err();
        assert_eq!(error.field_violations()[0].field, "webhook.notification_types[0]");
    }
}
