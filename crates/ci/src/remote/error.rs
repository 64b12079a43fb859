//! What the server answers instead of a result, and what to do about it.

use std::fmt;

use serde_json::Value;

use super::role;

/// An answer that is an error, or no answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallError {
    /// `Service/Method`
    pub method: String,
    /// Code of Connect, e.g. `permission_denied`.
    pub code: String,
    /// Stable word of our server; empty from others.
    pub reason: String,
    pub message: String,
    pub details: Box<Details>,
    /// The server did not look at the request: to send it again cannot do anything twice.
    pub is_unseen: bool,
    /// Seconds after which the server wants to be asked again.
    pub retry_after: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// What stands in the way: its stable word, and a sentence.
    pub blockers: Vec<(String, String)>,
    /// Fields that are wrong, and why.
    fields: Vec<(String, String)>,
    /// Permissions that are missing.
    denied: Vec<String>,
}

impl CallError {
    /// From the answer of a Connect server, or of a proxy in front of it.
    pub fn of(method: &str, status: u16, body: &[u8], retry_after: Option<u32>) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut error = Self {
            method: method.to_owned(),
            code: text(&json["code"]),
            message: text(&json["message"]),
            retry_after,
            ..Self::default()
        };
        if error.code.is_empty() {
            code_of(status).clone_into(&mut error.code);
            error.message = match status {
                300..400 => "the address redirects; give the one it leads to".to_owned(),
                404 => "no Basalt answers there; is the address right?".to_owned(),
                _ => format!("HTTP status {status}"),
            };
        }
        error.is_unseen = matches!(error.code.as_str(), "unavailable" | "resource_exhausted");
        for detail in json["details"].as_array().into_iter().flatten() {
            let debug = &detail["debug"];
            let pairs = |list: &str, first: &str| -> Vec<(String, String)> {
                let all = debug[list].as_array().into_iter().flatten();
                all.map(|v| (text(&v[first]), text(&v["description"]))).collect()
            };
            match detail["type"].as_str().unwrap_or_default() {
                "google.rpc.ErrorInfo" => error.reason = text(&debug["reason"]),
                "google.rpc.PreconditionFailure" => {
                    error.details.blockers = pairs("violations", "type");
                }
                "google.rpc.BadRequest" => error.details.fields = pairs("fieldViolations", "field"),
                "bytebase.v1.PermissionDeniedDetail" => {
                    let all = debug["requiredPermissions"].as_array().into_iter().flatten();
                    error.details.denied = all.map(text).collect();
                }
                _ => {}
            }
        }
        error
    }

    /// The same call may succeed in a moment.
    pub fn is_transient(&self) -> bool {
        let passes = matches!(
            self.code.as_str(),
            "unavailable" | "deadline_exceeded" | "resource_exhausted"
        );
        passes && !matches!(self.reason.as_str(), "TOO_LARGE" | "TOO_MANY_ATTEMPTS")
    }

    pub fn is_unauthenticated(&self) -> bool {
        self.code == "unauthenticated"
    }
}

/// What Connect says of answers that do not come from a Connect server.
const fn code_of(status: u16) -> &'static str {
    match status {
        400 => "internal",
        401 => "unauthenticated",
        403 => "permission_denied",
        404 => "unimplemented",
        429 | 502..=504 => "unavailable",
        _ => "unknown",
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.method, self.code, self.message)?;
        for (field, description) in &self.details.fields {
            if !self.message.contains(description) {
                write!(f, "\n  {field}: {description}")?;
            }
        }
        for (reason, description) in &self.details.blockers {
            if !self.message.contains(description) {
                write!(f, "\n  {reason}: {description}")?;
            }
        }
        let unsaid: Vec<_> =
            self.details.denied.iter().filter(|p| !self.message.contains(*p)).collect();
        for permission in unsaid {
            write!(f, "\n  missing: {permission}")?;
        }
        match self.code.as_str() {
            "permission_denied" if !self.details.denied.is_empty() => {
                let roles =
                    self.details.denied.iter().map(|p| format!("{} has {p}", role::with(p)));
                let roles = roles.collect::<Vec<_>>().join(", ");
                write!(f, "\n  An owner of the project can give a role that has it: {roles}.")
            }
            "unauthenticated" => {
                write!(
                    f,
                    "\n  Give --access-token, --service-account with --service-account-secret, or --workload-identity, and check that they are still valid."
                )
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for CallError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_say_what_is_missing() {
        let body = r#"{"code":"permission_denied","message":"no","details":[
            {"type":"google.rpc.ErrorInfo","debug":{"reason":"PERMISSION_MISSING"}},
            {"type":"bytebase.v1.PermissionDeniedDetail","debug":{"requiredPermissions":["bb.releases.create"]}}]}"#;
        let error = CallError::of("ReleaseService/CreateRelease", 403, body.as_bytes(), None);
        assert_eq!(error.reason, "PERMISSION_MISSING");
        assert!(!error.is_transient());
        let said = error.to_string();
        assert!(
            said.contains("missing: bb.releases.create") && said.contains("gitopsServiceAgent"),
            "{said}"
        );
    }

    #[test]
    fn a_proxy_that_has_no_server_is_transient_and_a_page_is_not() {
        assert!(CallError::of("A/B", 502, b"<html>", None).is_transient());
        let page = CallError::of("A/B", 404, b"<html>", None);
        assert!(!page.is_transient() && page.message.contains("address"), "{page}");
        let full = br#"{"code":"resource_exhausted","message":"too large","details":[{"type":"google.rpc.ErrorInfo","debug":{"reason":"TOO_LARGE"}}]}"#;
        assert!(!CallError::of("A/B", 413, full, None).is_transient());
    }
}
