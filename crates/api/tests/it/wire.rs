//! The peer's contract never changes by accident: `wire.snap.txt` holds every field, enum value and rpc of
//! it, one a line, and our descriptors must say the same.
//!
//! Our own extensions (fields from 10001, and the enum values that `proto/EXTENSIONS.md` lists) are not in it. When
//! the peer's contract moves on, change the proto and put the printed lines into the file.

use std::collections::BTreeSet;

use api::facts::{HttpRule, RpcFacts, pool, rpcs};
use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use crate::extensions::own_values;

const SNAPSHOT: &str = include_str!("wire.snap.txt");
const PACKAGE: &str = "bytebase.v1.";

/// Field numbers from here on are ours.
pub const FIRST_EXTENSION: u32 = 10001;

#[test]
fn contract_is_the_recorded_one() {
    let recorded: BTreeSet<&str> = SNAPSHOT.lines().collect();
    let (actual, own) = (contract(), own_values());
    let actual: BTreeSet<&str> = actual.iter().map(String::as_str).collect();
    for line in &own {
        assert!(
            actual.contains(line.as_str()),
            "proto/EXTENSIONS.md lists what is not there: {line}"
        );
        assert!(!recorded.contains(line.as_str()), "not an extension, but the peer's: {line}");
    }
    let actual = actual.into_iter().filter(|line| !own.contains(*line)).collect();
    let mut report = String::new();
    for line in recorded.difference(&actual) {
        report += &format!("- {line}\n");
    }
    for line in actual.difference(&recorded) {
        report += &format!("+ {line}\n");
    }
    assert!(report.is_empty(), "proto/bytebase differs from tests/it/wire.snap.txt:\n{report}");
}

#[test]
fn record_is_sorted_and_complete() {
    assert!(SNAPSHOT.lines().is_sorted(), "keep wire.snap.txt sorted");
    let count = |kind: &str| SNAPSHOT.lines().filter(|line| line.starts_with(kind)).count();
    assert_eq!((count("field "), count("rpc "), count("value ")), (1739, 210, 570));
}

/// Messages of `bytebase.v1`, nested ones too, without map entries.
pub fn messages() -> impl Iterator<Item = MessageDescriptor> {
    let ours = |message: &MessageDescriptor| message.full_name().starts_with(PACKAGE);
    pool().all_messages().filter(move |message| ours(message) && !message.is_map_entry())
}

/// Type of a field as a proto file spells it, our package left out.
pub fn type_of(field: &FieldDescriptor) -> String {
    if field.is_map() {
        let Kind::Message(entry) = field.kind() else { unreachable!("a map field holds entries") };
        let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
        return format!("map<{},{}>", type_of(&key), type_of(&value));
    }
    let name = match field.kind() {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(kind) => kind.full_name().to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    };
    name.strip_prefix(PACKAGE).map_or(name.clone(), str::to_owned)
}

fn contract() -> Vec<String> {
    let mut lines = Vec::new();
    for message in messages() {
        let own = message.fields().filter(|field| field.number() < FIRST_EXTENSION);
        lines.extend(own.map(|field| field_line(&message, &field)));
    }
    for kind in pool().all_enums().filter(|kind| kind.full_name().starts_with(PACKAGE)) {
        lines.extend(value_lines(&kind));
    }
    lines.extend(rpcs().iter().filter(|rpc| rpc.service.starts_with(PACKAGE)).map(rpc_line));
    lines.sort();
    lines
}

fn field_line(message: &MessageDescriptor, field: &FieldDescriptor) -> String {
    let label = match field.containing_oneof() {
        Some(_) if field.field_descriptor_proto().proto3_optional() => "optional ".to_owned(),
        Some(oneof) => format!("oneof:{} ", oneof.name()),
        None if field.cardinality() == Cardinality::Repeated && !field.is_map() => {
            "repeated ".to_owned()
        }
        None => String::new(),
    };
    let message = short(message.full_name());
    format!("field {message} {} {label}{} {}", field.number(), type_of(field), field.name())
}

fn value_lines(kind: &EnumDescriptor) -> Vec<String> {
    let name = short(kind.full_name());
    kind.values().map(|value| format!("value {name} {} {}", value.number(), value.name())).collect()
}

fn rpc_line(rpc: &RpcFacts) -> String {
    let (input, output) = (short(rpc.input.full_name()), short(rpc.output.full_name()));
    let permission = rpc.permission.as_deref().unwrap_or("-");
    let audit = if rpc.audit { "audited" } else { "-" };
    let http: String = rpc.http.iter().map(http_text).collect();
    format!("rpc {} {input} {output} {:?} {permission} {audit}{http}", rpc.path, rpc.auth)
}

fn http_text(rule: &HttpRule) -> String {
    let body = rule.body.as_ref().map(|body| format!(" body={body}")).unwrap_or_default();
    format!(" | {} {}{body}", rule.verb, rule.path)
}

fn short(full_name: &str) -> &str {
    full_name.strip_prefix(PACKAGE).unwrap_or(full_name)
}
