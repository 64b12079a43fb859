//! Webhooks, and messages on their way.

use base::{Secret, Time};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub project: String,
    pub id: String,
    /// SLACK, …, GENERIC: as the wire names it.
    pub kind: String,
    pub title: String,
    pub payload: WebhookPayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookPayload {
    /// What it is told of: `issue.created`, …
    pub events: Vec<String>,
    pub direct_message: bool,
    /// Scheme and host of its address.
    pub url_masked: String,
    /// A signing secret is kept.
    pub signs: bool,
}

impl WebhookPayload {
    /// Whether it is told of that event.
    pub fn asks_for(&self, event: &str) -> bool {
        self.events.iter().any(|e| e == event)
    }
}

/// What only the runner reads.
#[derive(Debug, Clone, Default)]
pub struct WebhookSecrets {
    pub url: Secret,
    /// May be empty.
    pub signing: Secret,
}

/// One message on its way to one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: String,
    /// `projects/{p}/webhooks/{w}` or `mailto:{address}`
    pub target: String,
    pub event: String,
    pub status: DeliveryStatus,
    pub attempts: i64,
    /// Not before.
    pub next_at: Time,
    /// Why the last attempt failed.
    pub error: String,
    /// Of the last answer; 0 for none.
    pub http_status: i64,
    /// JSON of the message. Of a mail it is a secret: [`crate::outbox::mail_text`].
    pub payload: String,
    pub created_at: Time,
    pub finished_at: Option<Time>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryStatus {
    Pending,
    Delivered,
    /// Given up.
    Failed,
}
