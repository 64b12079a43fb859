//! [`base::Error`] as the Connect protocol shows it: a JSON object with typed details, whatever codec was asked for.
//!
//! Invariant: of an internal error a client sees the request id and nothing else; the cause goes to the log.

use std::collections::BTreeMap;

use api::bytebase::v1::PermissionDeniedDetail;
use axum::body::Body;
use axum::response::Response;
use base::{Code, Error};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::{HeaderValue, StatusCode, header};
use prost::Message;
use serde_json::{Value, json};

/// `ErrorInfo.domain` of every error of ours.
const DOMAIN: &str = "basalt";

/// The answer for a refused call.
pub fn response(error: &Error, request_id: &str) -> Response {
    let status = StatusCode::from_u16(error.code().http_status())
        .expect("the table of codes holds HTTP statuses");
    response_with(status, error, request_id)
}

/// The same with another HTTP status than the code's own, e.g. 415 and 413.
pub fn response_with(status: StatusCode, error: &Error, request_id: &str) -> Response {
    response_of(status, error, request_id, &body(error, request_id))
}

/// The same with a body of another form.
pub fn response_of(status: StatusCode, error: &Error, request_id: &str, body: &Value) -> Response {
    log(error, request_id);
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(wait) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    response.extensions_mut().insert(Refused(error.code()));
    response
}

/// Marks a response as an error, for logs and metrics.
#[derive(Debug, Clone, Copy)]
pub struct Refused(pub Code);

/// The JSON object: `{code, message, details: [{type, value, debug}]}`.
pub fn body(error: &Error, request_id: &str) -> Value {
    if is_internal(error.code()) {
        let metadata = BTreeMap::from([("request_id".to_owned(), request_id.to_owned())]);
        return json!({
            "code": error.code().as_str(),
            "message": format!("internal error; the server's log has the cause under request {request_id}"),
            "details": [error_info(error, metadata)],
        });
    }
    let mut details = vec![error_info(error, error.metadata().iter().cloned().collect())];
    details.extend(bad_request(error));
    details.extend(precondition_failure(error));
    details.extend(permission_denied(error));
    details.extend(retry_info(error));
    json!({ "code": error.code().as_str(), "message": error.message(), "details": details })
}

fn is_internal(code: Code) -> bool {
    matches!(code, Code::Internal | Code::Unknown | Code::DataLoss)
}

/// Once, where it is handled. What a caller did wrong is for the caller, not for the log.
fn log(error: &Error, request_id: &str) {
    match error.code() {
        code if is_internal(code) => tracing::error!(request_id, ?error, "call failed"),
        Code::Unavailable => tracing::warn!(request_id, ?error, "call failed"),
        _ => tracing::debug!(request_id, ?error, "call refused"),
    }
}

fn detail(name: &str, message: &impl Message, debug: &Value) -> Value {
    json!({ "type": name, "value": STANDARD_NO_PAD.encode(message.encode_to_vec()), "debug": debug })
}

fn error_info(error: &Error, metadata: BTreeMap<String, String>) -> Value {
    let reason = error.reason().as_str();
    let mut debug = json!({ "reason": reason, "domain": DOMAIN });
    if !metadata.is_empty() {
        debug["metadata"] = json!(metadata);
    }
    let message = ErrorInfo { reason: reason.to_owned(), domain: DOMAIN.to_owned(), metadata };
    detail("google.rpc.ErrorInfo", &message, &debug)
}

fn bad_request(error: &Error) -> Option<Value> {
    let violations = error.field_violations();
    if violations.is_empty() {
        return None;
    }
    let debug: Vec<_> = violations
        .iter()
        .map(|v| json!({ "field": v.field, "description": v.description }))
        .collect();
    let field_violations = violations
        .iter()
        .map(|v| FieldViolation { field: v.field.clone(), description: v.description.clone() })
        .collect();
    let message = BadRequest { field_violations };
    Some(detail("google.rpc.BadRequest", &message, &json!({ "fieldViolations": debug })))
}

fn precondition_failure(error: &Error) -> Option<Value> {
    let blockers = error.blockers();
    if blockers.is_empty() {
        return None;
    }
    let debug: Vec<_> = blockers
        .iter()
        .map(|b| json!({ "type": b.reason, "subject": b.subject, "description": b.message }))
        .collect();
    let violations = blockers
        .iter()
        .map(|b| Violation {
            r#type: b.reason.clone(),
            subject: b.subject.clone(),
            description: b.message.clone(),
        })
        .collect();
    let message = PreconditionFailure { violations };
    Some(detail("google.rpc.PreconditionFailure", &message, &json!({ "violations": debug })))
}

fn permission_denied(error: &Error) -> Option<Value> {
    let denied = error.denied()?;
    let message = PermissionDeniedDetail {
        method: denied.method.clone(),
        required_permissions: denied.permissions.clone(),
        resources: denied.resources.clone(),
    };
    let debug = json!({
        "method": denied.method,
        "requiredPermissions": denied.permissions,
        "resources": denied.resources,
    });
    Some(detail("bytebase.v1.PermissionDeniedDetail", &message, &debug))
}

fn retry_info(error: &Error) -> Option<Value> {
    let wait = error.retry_after()?.as_secs();
    let seconds = i64::try_from(wait).unwrap_or(i64::MAX);
    let message = RetryInfo { retry_delay: Some(RetryDelay { seconds }) };
    Some(detail("google.rpc.RetryInfo", &message, &json!({ "retryDelay": format!("{wait}s") })))
}

// google/rpc/error_details.proto, the four messages we send.

#[derive(Clone, PartialEq, Message)]
struct ErrorInfo {
    #[prost(string, tag = "1")]
    reason: String,
    #[prost(string, tag = "2")]
    domain: String,
    #[prost(btree_map = "string, string", tag = "3")]
    metadata: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Message)]
struct BadRequest {
    #[prost(message, repeated, tag = "1")]
    field_violations: Vec<FieldViolation>,
}

#[derive(Clone, PartialEq, Message)]
struct FieldViolation {
    #[prost(string, tag = "1")]
    field: String,
    #[prost(string, tag = "2")]
    description: String,
}

#[derive(Clone, PartialEq, Message)]
struct PreconditionFailure {
    #[prost(message, repeated, tag = "1")]
    violations: Vec<Violation>,
}

#[derive(Clone, PartialEq, Message)]
struct Violation {
    #[prost(string, tag = "1")]
    r#type: String,
    #[prost(string, tag = "2")]
    subject: String,
    #[prost(string, tag = "3")]
    description: String,
}

#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, tag = "1")]
    retry_delay: Option<RetryDelay>,
}

/// google.protobuf.Duration in whole seconds.
#[derive(Clone, PartialEq, Eq, Message)]
struct RetryDelay {
    #[prost(int64, tag = "1")]
    seconds: i64,
}

#[cfg(test)]
mod tests {
    use base::{Blocker, PermissionDenied, Reason};

    use super::*;

    #[test]
    fn all_blockers_are_listed_and_values_decode() {
        let blocker = |subject: &str| Blocker {
            reason: "CHECKS".into(),
            subject: subject.into(),
            message: "run the checks".into(),
        };
        let error = Error::blocked("cannot run", vec![blocker("a"), blocker("b")]);
        let body = body(&error, "r1");
        assert_eq!(body["code"], "failed_precondition");
        assert_eq!(body["details"][0]["debug"]["reason"], "BLOCKED");
        let detail = &body["details"][1];
        assert_eq!(detail["type"], "google.rpc.PreconditionFailure");
        assert_eq!(detail["debug"]["violations"][1]["subject"], "b");
        let bytes = STANDARD_NO_PAD.decode(detail["value"].as_str().unwrap()).unwrap();
        let decoded = PreconditionFailure::decode(bytes.as_slice()).unwrap();
        assert_eq!(decoded.violations.len(), 2);
        assert_eq!(decoded.violations[0].r#type, "CHECKS");
    }

    #[test]
    fn a_denial_says_what_is_missing_where() {
        let error = Error::permission(PermissionDenied {
            method: "/bytebase.v1.PlanService/GetPlan".into(),
            permissions: vec!["bb.plans.get".into()],
            resources: vec!["projects/shop".into()],
        });
        let body = body(&error, "r1");
        let debug = &body["details"][1]["debug"];
        assert_eq!(body["code"], "permission_denied");
        assert_eq!(debug["requiredPermissions"][0], "bb.plans.get");
        assert_eq!(debug["resources"][0], "projects/shop");
    }

    #[test]
    fn internal_causes_stay_inside() {
        let error = Error::internal("INSERT INTO audit failed")
            .with_source(std::io::Error::other("disk full"))
            .with_metadata("path", "/var/lib/basalt");
        let text = body(&error, "r-17").to_string();
        assert!(text.contains("r-17") && text.contains("INTERNAL"), "{text}");
        for leak in ["INSERT", "disk full", "/var/lib"] {
            assert!(!text.contains(leak), "{text}");
        }
        assert_eq!(error.reason(), Reason::Internal);
    }
}
