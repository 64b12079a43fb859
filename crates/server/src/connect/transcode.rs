//! Protobuf bytes of ours as JSON text, without the message in between: an answer may hold millions of values, and each
//! would take some hundred bytes as part of a tree.
//!
//! Invariant: what comes out is what the tree would give. Our own encoder writes fields in the order of their numbers and the
//! parts of a list one after the other; whatever is not written so, and whatever JSON has a form of its own for, goes
//! through the tree.

use base64::display::Base64Display;
use base64::prelude::BASE64_STANDARD;
use prost::encoding::{WireType, decode_key, decode_varint};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde::Serialize;
use serde_json::Serializer;

/// Packages whose messages have forms of their own.
const OWN_FORMS: &str = "google.protobuf.";

/// Appends the message to `out`. False when it must go through the tree; then `out` is as it was.
pub fn append(descriptor: &MessageDescriptor, bytes: &[u8], out: &mut Vec<u8>) -> bool {
    let before = out.len();
    let done = message(descriptor, bytes, out).is_some();
    if !done {
        out.truncate(before);
    }
    done
}

/// None: through the tree.
fn message(descriptor: &MessageDescriptor, mut bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    if descriptor.full_name().starts_with(OWN_FORMS) {
        return through_the_tree(descriptor, bytes, out);
    }
    out.push(b'{');
    // The field that was written last, and whether it is a list that is still open.
    let (mut last, mut open) = (0, false);
    while !bytes.is_empty() {
        let (number, wire) = decode_key(&mut bytes).ok()?;
        let value = Raw::read(wire, &mut bytes)?;
        // A field that we do not know is not shown.
        let Some(field) = descriptor.get_field(number) else { continue };
        if field.is_map() || (field.is_list() && !one_by_one(&field)) {
            return None;
        }
        if number == last && open {
            out.push(b',');
        } else if number > last {
            if open {
                out.push(b']');
            }
            if last > 0 {
                out.push(b',');
            }
            text(field.json_name(), out)?;
            out.push(b':');
            (last, open) = (number, field.is_list());
            if open {
                out.push(b'[');
            }
        } else {
            return None;
        }
        write(&field.kind(), value, out)?;
    }
    if open {
        out.push(b']');
    }
    out.push(b'}');
    Some(())
}

/// Lists of numbers are written in one piece.
fn one_by_one(field: &FieldDescriptor) -> bool {
    matches!(field.kind(), Kind::Message(_) | Kind::String | Kind::Bytes)
}

/// A value as it stands on the wire.
enum Raw<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Fixed32([u8; 4]),
    Bytes(&'a [u8]),
}

impl<'a> Raw<'a> {
    fn read(wire: WireType, bytes: &mut &'a [u8]) -> Option<Self> {
        let mut take = |length: usize| {
            let (head, rest) = bytes.split_at_checked(length)?;
            *bytes = rest;
            Some(head)
        };
        Some(match wire {
            WireType::SixtyFourBit => Self::Fixed64(take(8)?.try_into().ok()?),
            WireType::ThirtyTwoBit => Self::Fixed32(take(4)?.try_into().ok()?),
            WireType::Varint => Self::Varint(decode_varint(bytes).ok()?),
            WireType::LengthDelimited => {
                let length = usize::try_from(decode_varint(bytes).ok()?).ok()?;
                let (head, rest) = bytes.split_at_checked(length)?;
                *bytes = rest;
                Self::Bytes(head)
            }
            WireType::StartGroup | WireType::EndGroup => return None,
        })
    }
}

/// The wire writes numbers of 32 bits, and negative ones, as those of 64.
fn write(kind: &Kind, value: Raw<'_>, out: &mut Vec<u8>) -> Option<()> {
    match (kind, value) {
        (Kind::Message(descriptor), Raw::Bytes(bytes)) => message(descriptor, bytes, out),
        (Kind::String, Raw::Bytes(bytes)) => text(std::str::from_utf8(bytes).ok()?, out),
        (Kind::Bytes, Raw::Bytes(bytes)) => {
            shown(&Base64Display::new(bytes, &BASE64_STANDARD), out)
        }
        (Kind::Bool, Raw::Varint(n)) => json(&(n != 0), out),
        (Kind::Int32, Raw::Varint(n)) => json(&(n as i32), out),
        (Kind::Uint32, Raw::Varint(n)) => json(&(n as u32), out),
        (Kind::Int64, Raw::Varint(n)) => shown(&(n as i64), out),
        (Kind::Uint64, Raw::Varint(n)) => shown(&n, out),
        (Kind::Double, Raw::Fixed64(bytes)) => {
            let n = f64::from_le_bytes(bytes);
            if n.is_finite() { json(&n, out) } else { text(unreal(n), out) }
        }
        (Kind::Float, Raw::Fixed32(bytes)) => {
            let n = f32::from_le_bytes(bytes);
            if n.is_finite() { json(&n, out) } else { text(unreal(n.into()), out) }
        }
        (Kind::Enum(descriptor), Raw::Varint(n)) => {
            if descriptor.full_name() == "google.protobuf.NullValue" {
                out.extend_from_slice(b"null");
                return Some(());
            }
            match descriptor.get_value(n as i32) {
                Some(value) => text(value.name(), out),
                None => json(&(n as i32), out),
            }
        }
        _ => None,
    }
}

const fn unreal(n: f64) -> &'static str {
    if n.is_nan() {
        "NaN"
    } else if n > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

fn text(value: &str, out: &mut Vec<u8>) -> Option<()> {
    json(value, out)
}

fn json<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Option<()> {
    value.serialize(&mut Serializer::new(out)).ok()
}

/// In quotes, as it shows itself: digits, or letters that need no escape.
fn shown(value: &impl std::fmt::Display, out: &mut Vec<u8>) -> Option<()> {
    use std::io::Write as _;
    write!(out, "\"{value}\"").ok()
}

fn through_the_tree(descriptor: &MessageDescriptor, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let tree = prost_reflect::DynamicMessage::decode(descriptor.clone(), bytes).ok()?;
    out.extend_from_slice(&super::json::from_message(&tree).ok()?);
    Some(())
}

#[cfg(test)]
mod tests {
    use api::bytebase::v1 as pb;
    use pb::row_value::{Kind as Value, Timestamp, TimestampTz};
    use prost::Message;

    use super::*;

    fn both(name: &str, bytes: &[u8]) -> (Option<String>, String) {
        let descriptor = api::facts::pool().get_message_by_name(name).unwrap();
        let tree = prost_reflect::DynamicMessage::decode(descriptor.clone(), bytes).unwrap();
        let tree = String::from_utf8(super::super::json::from_message(&tree).unwrap()).unwrap();
        let mut out = Vec::new();
        let direct = append(&descriptor, bytes, &mut out);
        (direct.then(|| String::from_utf8(out).unwrap()), tree)
    }

    fn check(name: &str, message: &impl Message) -> String {
        let (direct, tree) = both(name, &message.encode_to_vec());
        assert_eq!(direct.as_deref(), Some(tree.as_str()));
        tree
    }

    #[test]
    fn a_result_comes_out_as_by_the_tree() {
        let at = Some(prost_types::Timestamp { seconds: 1_709_208_000, nanos: 1_000 });
        let kinds = vec![
            Value::NullValue(0),
            Value::BoolValue(false),
            Value::BytesValue(vec![0, 255]),
            Value::DoubleValue(f64::NAN),
            Value::DoubleValue(-1.5e300),
            Value::FloatValue(0.1),
            Value::FloatValue(f32::NEG_INFINITY),
            Value::Int32Value(-7),
            Value::Int64Value(i64::MIN),
            Value::StringValue("\"é\n\u{1}".to_owned()),
            Value::StringValue(String::new()),
            Value::Uint32Value(u32::MAX),
            Value::Uint64Value(u64::MAX),
            Value::TimestampValue(Timestamp { google_timestamp: at, accuracy: 6 }),
            Value::TimestampTzValue(TimestampTz {
                google_timestamp: at,
                zone: "UTC".to_owned(),
                offset: -3_600,
                accuracy: 0,
            }),
        ];
        let values = kinds.into_iter().map(|kind| pb::RowValue { kind: Some(kind) }).collect();
        let mut result = pb::QueryResult {
            column_names: vec!["a".to_owned(), String::new()],
            rows: vec![pb::QueryRow { values }, pb::QueryRow::default()],
            rows_count: 2,
            latency: Some(prost_types::Duration { seconds: 1, nanos: 500_000_000 }),
            ..pb::QueryResult::default()
        };
        result.set_truncation(pb::query_result::Truncation::RowLimit);
        let answer = pb::QueryResponse { results: vec![result], ..pb::QueryResponse::default() };
        let text = check("bytebase.v1.QueryResponse", &answer);
        assert!(text.contains(r#"{"int64Value":"-9223372036854775808"}"#), "{text}");
        assert_eq!(check("bytebase.v1.QueryResponse", &pb::QueryResponse::default()), "{}");
    }

    #[test]
    fn what_is_written_otherwise_goes_through_the_tree() {
        let labels = [("team".to_owned(), "a".to_owned())].into();
        let database = pb::Database { labels, ..pb::Database::default() };
        let (direct, _) = both("bytebase.v1.Database", &database.encode_to_vec());
        assert_eq!(direct, None, "maps");
        let two = [
            pb::Sheet { content_size: 1, ..pb::Sheet::default() }.encode_to_vec(),
            pb::Sheet { name: "x".to_owned(), ..pb::Sheet::default() }.encode_to_vec(),
        ];
        let (direct, tree) = both("bytebase.v1.Sheet", &two.concat());
        assert_eq!((direct, tree.as_str()), (None, r#"{"name":"x","contentSize":"1"}"#), "order");
    }
}
