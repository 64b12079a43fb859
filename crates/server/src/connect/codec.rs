//! The two ways a message is written: protobuf, and JSON through the descriptors.
//!
//! Invariant: what a handler decodes is exactly what was validated: a JSON request is turned into protobuf once,
//! here, and a nesting limit holds for both (100 levels in protobuf, 128 in JSON).

use base::{Error, Reason, Result};
use bytes::Bytes;
use http::HeaderValue;
use prost::Message as _;
use prost_reflect::{DeserializeOptions, DynamicMessage, MessageDescriptor};

use super::json;

/// How request and response are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    Proto,
    Json,
}

/// What a request says, for the gate, and its bytes, for the handler.
pub struct Decoded {
    pub message: DynamicMessage,
    pub proto: Bytes,
}

impl Codec {
    /// From `Content-Type`. A charset is tolerated when it is UTF-8; anything else is `None` → 415.
    pub fn from_content_type(value: &str) -> Option<Self> {
        let mut parts = value.split(';').map(str::trim);
        let codec = match parts.next()?.to_ascii_lowercase().as_str() {
            "application/proto" => Self::Proto,
            "application/json" => Self::Json,
            _ => return None,
        };
        let utf8 = |parameter: &str| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
                let value = value.trim().trim_matches('"');
                value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8")
            }
            _ => true,
        };
        parts.all(utf8).then_some(codec)
    }

    /// From `?encoding=` of a GET.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "proto" => Some(Self::Proto),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    pub const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Proto => "application/proto",
            Self::Json => "application/json",
        })
    }

    /// Reads a request.
    pub fn decode(self, descriptor: &MessageDescriptor, bytes: Bytes) -> Result<Decoded> {
        match self {
            Self::Proto => {
                let message = DynamicMessage::decode(descriptor.clone(), bytes.clone())
                    .map_err(|e| malformed(descriptor, &e))?;
                Ok(Decoded { message, proto: bytes })
            }
            Self::Json => {
                let message = from_json(descriptor, &bytes, false)?;
                let proto = message.encode_to_vec().into();
                Ok(Decoded { message, proto })
            }
        }
    }

    /// Writes a response that a handler gave as protobuf.
    pub fn encode(self, descriptor: &MessageDescriptor, proto: Vec<u8>) -> Result<Vec<u8>> {
        match self {
            Self::Proto => Ok(proto),
            Self::Json => json::from_proto(descriptor, &proto),
        }
    }
}

/// No body is an empty message. `strict`: white space is no body, and unknown fields are refused; otherwise they are ignored, so that a
/// newer client may speak to an older server.
pub fn from_json(
    descriptor: &MessageDescriptor,
    bytes: &[u8],
    strict: bool,
) -> Result<DynamicMessage> {
    if bytes.is_empty() || !strict && bytes.trim_ascii().is_empty() {
        return Ok(DynamicMessage::new(descriptor.clone()));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let options = DeserializeOptions::new().deny_unknown_fields(strict);
    let message = DynamicMessage::deserialize_with_options(descriptor.clone(), &mut json, &options)
        .map_err(|e| malformed(descriptor, &e))?;
    json.end().map_err(|e| malformed(descriptor, &e))?;
    Ok(message)
}

fn malformed(descriptor: &MessageDescriptor, error: &dyn std::fmt::Display) -> Error {
    Error::new(
        Reason::MalformedRequest,
        format!("the body is not a {}: {error}", descriptor.full_name()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan_request() -> MessageDescriptor {
        api::facts::pool().get_message_by_name("bytebase.v1.ListPlansRequest").unwrap()
    }

    #[test]
    fn content_types() {
        for (text, codec) in [
            ("application/proto", Some(Codec::Proto)),
            ("Application/JSON; Charset=UTF-8", Some(Codec::Json)),
            ("application/json;charset=\"utf-8\"; x=y", Some(Codec::Json)),
            ("application/json; charset=latin1", None),
            ("application/connect+proto", None),
            ("text/plain", None),
            ("", None),
        ] {
            assert_eq!(Codec::from_content_type(text), codec, "{text}");
        }
    }

    #[test]
    fn json_and_proto_decode_to_the_same_bytes() {
        let json = br#"{"parent":"projects/shop","pageSize":7,"somethingNew":{"a":[1]}}"#;
        let from_json = Codec::Json.decode(&plan_request(), Bytes::from_static(json)).unwrap();
        let request = api::bytebase::v1::ListPlansRequest {
            parent: "projects/shop".into(),
            page_size: 7,
            ..Default::default()
        };
        assert_eq!(from_json.proto, request.encode_to_vec());
        let from_proto = Codec::Proto.decode(&plan_request(), from_json.proto.clone()).unwrap();
        assert_eq!(from_proto.message, from_json.message);
    }

    #[test]
    fn no_body_is_an_empty_message() {
        for body in ["", "  \n"] {
            let decoded = Codec::Json.decode(&plan_request(), Bytes::from_static(body.as_bytes()));
            assert!(decoded.unwrap().proto.is_empty());
        }
    }

    fn refused(codec: Codec, message: &str, body: &[u8]) {
        let descriptor = api::facts::pool().get_message_by_name(message).unwrap();
        match codec.decode(&descriptor, Bytes::copy_from_slice(body)) {
            Ok(_) => panic!("{:?} was taken", String::from_utf8_lossy(&body[..body.len().min(80)])),
            Err(e) => assert_eq!(e.reason(), Reason::MalformedRequest),
        }
    }

    #[test]
    fn what_is_not_a_message_is_refused() {
        const LIST: &str = "bytebase.v1.ListPlansRequest";
        for body in ["{", "[]", "null7", r#"{"pageSize":"many"}"#, "{} {}", "\"\0\""] {
            refused(Codec::Json, LIST, body.as_bytes());
        }
        for body in [b"\x0a\x05ab".as_slice(), b"\x0a\x02\xff\xfe", b"\xff\xff\xff\xff"] {
            refused(Codec::Proto, LIST, body);
        }
    }

    #[test]
    fn nesting_is_bounded() {
        const EXPRESSIONS: &str = "bytebase.v1.BatchDeparseRequest";
        let depth = 100_000;
        let open = r#"{"callExpr":{"args":["#.repeat(depth);
        let close = "]}}".repeat(depth);
        refused(
            Codec::Json,
            EXPRESSIONS,
            format!(r#"{{"expressions":[{open}{close}]}}"#).as_bytes(),
        );
        // A field that nobody knows is skipped, however deep.
        let skipped = format!(r#"{{"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(Codec::Json.decode(&plan_request(), Bytes::from(skipped)).is_ok());
        // Expr { call_expr: Call { args: [Expr …] } }, the innermost first.
        let mut proto = Vec::new();
        for _ in 0..200 {
            for tag in [0x1a, 0x32] {
                let mut outer = vec![tag];
                prost::encoding::encode_varint(proto.len() as u64, &mut outer);
                outer.append(&mut proto);
                proto = outer;
            }
        }
        let mut body = vec![0x0a];
        prost::encoding::encode_varint(proto.len() as u64, &mut body);
        body.append(&mut proto);
        refused(Codec::Proto, EXPRESSIONS, &body);
    }
}
