//! Facts of a field: what the audit log shows of it, which sizes are refused, what it names.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost_reflect::{FieldDescriptor, MessageDescriptor, Value};

use super::{option, pool};

/// Facts of one field. Fields without any have no entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldFacts {
    pub redact: Option<Redact>,
    pub rules: Rules,
    /// Must be set: `google.api.field_behavior` says REQUIRED.
    pub required: bool,
    /// Ignored in requests: OUTPUT_ONLY.
    pub output_only: bool,
    /// Never in a response: INPUT_ONLY.
    pub input_only: bool,
    /// Type of the resource that the value names, e.g. `bytebase.com/Project`.
    pub resource: Option<String>,
    /// Type of the resource whose parent the value names.
    pub child_resource: Option<String>,
}

/// How a field appears in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redact {
    /// Replaced by a mark that something was there.
    Sensitive,
    /// Left out.
    Omit,
}

/// Sizes to enforce; `None` is no limit. Lengths count characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    pub min_len: Option<u32>,
    pub max_len: Option<u32>,
    pub min_items: Option<u32>,
}

/// Facts of a field, if it has any. Cheap: a look-up by full name.
pub fn field(descriptor: &FieldDescriptor) -> Option<&'static FieldFacts> {
    static FIELDS: LazyLock<HashMap<String, FieldFacts>> = LazyLock::new(|| {
        let ours =
            pool().all_messages().filter(|message| !message.full_name().starts_with("google."));
        ours.flat_map(|message| facts_of(&message)).collect()
    });
    FIELDS.get(descriptor.full_name())
}

fn facts_of(message: &MessageDescriptor) -> Vec<(String, FieldFacts)> {
    let all = message.fields().map(|field| (field.full_name().to_owned(), facts(&field)));
    all.filter(|(_, facts)| *facts != FieldFacts::default()).collect()
}

fn facts(field: &FieldDescriptor) -> FieldFacts {
    let options = field.options();
    let mut facts = FieldFacts {
        redact: match option(&options, "basalt.v1.redact").and_then(|value| value.as_enum_number())
        {
            Some(1) => Some(Redact::Sensitive),
            Some(2) => Some(Redact::Omit),
            _ => None,
        },
        ..FieldFacts::default()
    };
    if let Some(Value::Message(rules)) = option(&options, "basalt.v1.rules") {
        let limit = |name| {
            rules
                .get_field_by_name(name)
                .and_then(|value| value.as_u32())
                .filter(|limit| *limit > 0)
        };
        facts.rules = Rules {
            min_len: limit("min_len"),
            max_len: limit("max_len"),
            min_items: limit("min_items"),
        };
    }
    if let Some(Value::List(behaviours)) = option(&options, "google.api.field_behavior") {
        let has = |number| behaviours.iter().any(|value| value.as_enum_number() == Some(number));
        (facts.required, facts.output_only, facts.input_only) = (has(2), has(3), has(4));
    }
    if let Some(Value::Message(reference)) = option(&options, "google.api.resource_reference") {
        let text = |name| {
            let value = reference.get_field_by_name(name)?;
            value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
        };
        (facts.resource, facts.child_resource) = (text("type"), text("child_type"));
    }
    facts
}
