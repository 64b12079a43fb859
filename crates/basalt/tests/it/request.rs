//! Believable requests for any rpc, made of what the descriptors say about names.

use std::collections::HashMap;
use std::sync::LazyLock;

use api::facts::{RpcFacts, pool};
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _, Value as Proto,
};
use serde_json::{Map, Value, json};

/// Ids of things by the word that stands for them in patterns, such as `plan`. Others are made up. What is under `secret` stands in each
/// field that the audit log must not show.
pub type Ids = HashMap<&'static str, String>;

/// A request in JSON whose fields name things below `projects/{project}`, or things of the workspace.
pub fn request(rpc: &RpcFacts, project: &str) -> Value {
    request_of(rpc, &HashMap::from([("project", project.to_owned())]))
}

/// A request in JSON whose fields name these things.
pub fn request_of(rpc: &RpcFacts, ids: &Ids) -> Value {
    Value::Object(message(&rpc.input, ids, 2))
}

fn message(of: &MessageDescriptor, ids: &Ids, depth: usize) -> Map<String, Value> {
    let mut map = Map::new();
    for field in of.fields() {
        if let Some(value) = value(&field, ids, depth) {
            let value = if field.is_list() { json!([value]) } else { value };
            map.insert(field.json_name().to_owned(), value);
        }
    }
    map
}

fn value(field: &FieldDescriptor, ids: &Ids, depth: usize) -> Option<Value> {
    if field.is_map() || field.containing_oneof().is_some() {
        return None;
    }
    let is_secret = api::facts::field(field).is_some_and(|facts| facts.redact.is_some());
    match field.kind() {
        Kind::String if is_secret => ids.get("secret").map(|secret| json!(secret)),
        Kind::String => pattern(field).map(|pattern| json!(fill(&pattern, ids))),
        Kind::Message(inner) if inner.full_name() == "google.protobuf.FieldMask" => {
            Some(json!("title"))
        }
        Kind::Message(inner) if depth > 0 && !inner.full_name().starts_with("google.") => {
            Some(Value::Object(message(&inner, ids, depth - 1)))
        }
        _ => None,
    }
}

/// How names in this field look, e.g. `projects/{project}/plans/{plan}`; `None` when it holds no name.
fn pattern(field: &FieldDescriptor) -> Option<String> {
    let options = field.options();
    if let Some(reference) = extension(&options, "google.api.resource_reference") {
        if let Some(pattern) = PATTERNS.get(text(&reference, "type").as_str()) {
            return Some(pattern.clone());
        }
        let child = PATTERNS.get(text(&reference, "child_type").as_str())?;
        let mut parent: Vec<&str> = child.split('/').collect();
        parent.truncate(parent.len().saturating_sub(2));
        return (!parent.is_empty()).then(|| parent.join("/"));
    }
    match field.name() {
        "name" => own_pattern(field.parent_message()),
        "parent" | "resource" => Some("projects/{project}".to_owned()),
        _ => None,
    }
}

/// Kind of thing → how it is named, the first way.
static PATTERNS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let of = |message: MessageDescriptor| {
        let resource = extension(&message.options(), "google.api.resource")?;
        Some((text(&resource, "type"), own_pattern(&message)?))
    };
    pool().all_messages().filter_map(of).collect()
});

fn own_pattern(message: &MessageDescriptor) -> Option<String> {
    let resource = extension(&message.options(), "google.api.resource")?;
    let patterns = resource.get_field_by_name("pattern")?;
    patterns.as_list()?.first()?.as_str().map(str::to_owned)
}

fn extension(options: &DynamicMessage, name: &str) -> Option<DynamicMessage> {
    let extension = options.descriptor().parent_pool().get_extension_by_name(name)?;
    match options.get_extension(&extension).into_owned() {
        Proto::Message(message) if options.has_extension(&extension) => Some(message),
        _ => None,
    }
}

fn text(message: &DynamicMessage, field: &str) -> String {
    message
        .get_field_by_name(field)
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Puts ids where the pattern has `{word}`.
fn fill(pattern: &str, ids: &Ids) -> String {
    let known = |segment: &str| ids.get(segment.strip_prefix('{')?.strip_suffix('}')?).cloned();
    let segments = pattern.split('/').map(|segment| match segment {
        word if known(word).is_some() => known(word).unwrap_or_default(),
        "{workspace}" => "default".to_owned(),
        "{plan}" | "{issue}" | "{task}" | "{taskRun}" => "1".to_owned(),
        "{stage}" => "test".to_owned(),
        "{sheet}" => "0".repeat(64),
        "{setting}" => "WORKSPACE_PROFILE".to_owned(),
        "{user}" => "nobody@example.com".to_owned(),
        word if word.starts_with('{') => "some".to_owned(),
        word => word.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}
