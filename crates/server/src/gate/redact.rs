//! A request as the audit log may show it: secrets marked, bulk left out, cut to size.
//!
//! Which fields those are stands in the proto files (`basalt.v1.redact`), so nothing here knows a field by name.

use api::facts::Redact;
use base::Result;
use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};
use serde_json::json;

use crate::connect::json;

/// What stands for a secret text.
const MARK: &str = "[redacted]";
/// Largest record, in bytes of JSON.
const MAX: usize = 64 << 10;

/// JSON without secrets, of at most 64 KiB. A longer one becomes `{"cut": true, "bytes": …, "start": …}`.
pub fn json(mut message: DynamicMessage) -> Result<String> {
    clean(&mut message);
    let text = String::from_utf8_lossy(&json::from_message(&message)?).into_owned();
    Ok(if text.len() <= MAX { text } else { cut(&text) })
}

fn clean(message: &mut DynamicMessage) {
    for field in message.descriptor().fields() {
        if !message.has_field(&field) {
            continue;
        }
        match api::facts::field(&field).and_then(|facts| facts.redact) {
            Some(Redact::Omit) => message.clear_field(&field),
            // Only a text can hold the mark; of other secrets not even the presence is shown.
            Some(Redact::Sensitive) if field.kind() == Kind::String && !field.is_list() => {
                message.set_field(&field, Value::String(MARK.to_owned()));
            }
            Some(Redact::Sensitive) => message.clear_field(&field),
            None => clean_value(message.get_field_mut(&field)),
        }
    }
}

fn clean_value(value: &mut Value) {
    match value {
        Value::Message(message) => clean(message),
        Value::List(items) => items.iter_mut().for_each(clean_value),
        Value::Map(entries) => entries.values_mut().for_each(clean_value),
        _ => {}
    }
}

/// Quoting can double the text, so half of the room is used.
fn cut(text: &str) -> String {
    let start = text.floor_char_boundary(MAX / 2 - 64);
    json!({ "cut": true, "bytes": text.len(), "start": &text[..start] }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// JSON of a request, redacted.
    fn redacted(message: &str, text: &str) -> String {
        let descriptor = api::facts::pool().get_message_by_name(message).unwrap();
        let mut json = serde_json::Deserializer::from_str(text);
        super::json(DynamicMessage::deserialize(descriptor, &mut json).unwrap()).unwrap()
    }

    #[test]
    fn secrets_are_marked_and_bulk_is_left_out() {
        let login = redacted(
            "bytebase.v1.LoginRequest",
            r#"{"email":"ann@example.com","password":"hunter2"}"#,
        );
        assert_eq!(login, r#"{"email":"ann@example.com","password":"[redacted]"}"#);
        let sheet = redacted(
            "bytebase.v1.CreateSheetRequest",
            r#"{"parent":"projects/a","sheet":{"name":"s","content":"c2VjcmV0"}}"#,
        );
        assert_eq!(sheet, r#"{"parent":"projects/a","sheet":{"name":"s"}}"#);
    }

    #[test]
    fn secrets_within_lists_are_found() {
        let instance = redacted(
            "bytebase.v1.CreateInstanceRequest",
            r#"{"instance":{"title":"x","dataSources":[{"username":"u","password":"hunter2",
                "sshPrivateKey":"hunter3","sslKey":"hunter4"}]}}"#,
        );
        assert!(instance.contains(r#""username":"u""#), "{instance}");
        assert!(!instance.contains("hunter"), "{instance}");
    }

    #[test]
    fn a_long_request_is_cut_and_stays_json() {
        let comment = "\"é".repeat(60_000);
        let text = serde_json::json!({ "parent": "projects/a/issues/1", "issueComment": { "comment": comment } });
        let cut = redacted("bytebase.v1.CreateIssueCommentRequest", &text.to_string());
        assert!(cut.len() <= MAX, "{}", cut.len());
        let parsed: serde_json::Value = serde_json::from_str(&cut).unwrap();
        assert_eq!(parsed["cut"], true);
        assert!(parsed["bytes"].as_u64().unwrap() > 100_000);
    }
}
