//! Lark: Feishu beyond China. Custom bots take the same card with the same signature, at another host.

use serde_json::Value;

use super::{Envelope, feishu};

pub(super) fn body(envelope: &Envelope<'_>) -> Value {
    feishu::body(envelope)
}
