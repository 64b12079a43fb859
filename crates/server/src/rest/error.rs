//! [`base::Error`] as gateways write it: `{code, message, details: [{"@type", …}]}`, the code a number of gRPC.

use axum::response::Response;
use base::Error;
use http::StatusCode;
use serde_json::{Value, json};

use crate::connect::error as connect;

pub fn response(status: StatusCode, error: &Error, request_id: &str) -> Response {
    let mut body = connect::body(error, request_id);
    body["code"] = json!(error.code() as i32 + 1);
    if let Some(details) = body["details"].as_array_mut() {
        for detail in details {
            let name = detail["type"].as_str().unwrap_or_default();
            let mut open = json!({ "@type": format!("type.googleapis.com/{name}") });
            if let (Value::Object(open), Value::Object(debug)) = (&mut open, detail["debug"].take())
            {
                open.extend(debug);
            }
            *detail = open;
        }
    }
    connect::response_of(status, error, request_id, &body)
}

#[cfg(test)]
mod tests {
    use base::Code;

    #[test]
    fn codes_are_those_of_grpc() {
        for (code, number) in [
            (Code::Canceled, 1),
            (Code::InvalidArgument, 3),
            (Code::NotFound, 5),
            (Code::PermissionDenied, 7),
            (Code::Unimplemented, 12),
            (Code::Unauthenticated, 16),
        ] {
            assert_eq!(code as i32 + 1, number, "{code:?}");
        }
    }
}
