//! Messages as JSON Schema, in the form that REST writes them.

use std::collections::BTreeMap;

use api::facts;
use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use super::routes::in_paths;

/// The schemas that were asked for, and those that they name.
#[derive(Default)]
pub struct Schemas {
    pub all: BTreeMap<String, Value>,
    /// Whether what is asked for is only sent by clients.
    only_sent: bool,
}

impl Schemas {
    /// Takes up a message of answers, before any of requests. Zero values are left out of answers, so nothing in them is required.
    pub fn answered(&mut self, descriptor: &MessageDescriptor) {
        self.only_sent = false;
        self.message(descriptor);
        self.only_sent = true;
    }

    /// A reference to the schema of a message.
    pub fn message(&mut self, descriptor: &MessageDescriptor) -> Value {
        if let Some(own) = own_form(descriptor.full_name()) {
            return own;
        }
        let name = descriptor.full_name().to_owned();
        if !self.all.contains_key(&name) {
            // Messages hold messages of their own kind: the place is taken before its fields are looked at.
            self.all.insert(name.clone(), Value::Null);
            // A request inside a batch is in the place that the path of the batch says.
            let said = if self.only_sent { in_paths(descriptor) } else { Vec::new() };
            let only_sent = self.only_sent;
            let insist =
                |field: &FieldDescriptor| only_sent && !said.iter().any(|s| s == field.name());
            let schema = self.object(descriptor, &[], &insist);
            self.all.insert(name.clone(), schema);
        }
        reference(&name)
    }

    /// A message without some of its fields. `insist`: whether a field that the contract requires has to be there.
    pub fn object(
        &mut self,
        descriptor: &MessageDescriptor,
        without: &[&str],
        insist: &dyn Fn(&FieldDescriptor) -> bool,
    ) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for field in descriptor.fields().filter(|field| !without.contains(&field.name())) {
            let mut schema = self.field(&field);
            if let Some(facts) = facts::field(&field) {
                if facts.required && insist(&field) {
                    required.push(json!(field.json_name()));
                }
                for (is, word) in [(facts.output_only, "readOnly"), (facts.input_only, "writeOnly")]
                {
                    if is {
                        schema[word] = json!(true);
                    }
                }
            }
            properties.insert(field.json_name().to_owned(), schema);
        }
        let mut object = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            object["required"] = Value::Array(required);
        }
        let choices: Vec<_> = descriptor
            .oneofs()
            .filter(|oneof| !oneof.is_synthetic())
            .map(|oneof| at_most_one(oneof.fields().map(|field| field.json_name().to_owned())))
            .collect();
        if !choices.is_empty() {
            object["allOf"] = Value::Array(choices);
        }
        object
    }

    pub fn field(&mut self, field: &FieldDescriptor) -> Value {
        if let Kind::Message(entry) = field.kind()
            && field.is_map()
        {
            let value = self.one(&entry.map_entry_value_field());
            return json!({ "type": "object", "additionalProperties": value });
        }
        let mut one = self.one(field);
        let rules = facts::field(field).map(|facts| facts.rules).unwrap_or_default();
        if field.is_list() {
            let mut list = json!({ "type": "array", "items": one });
            if let Some(min) = rules.min_items {
                list["minItems"] = json!(min);
            }
            return list;
        }
        for (limit, word) in [(rules.min_len, "minLength"), (rules.max_len, "maxLength")] {
            if let Some(limit) = limit {
                one[word] = json!(limit);
            }
        }
        one
    }

    /// One value of a field.
    pub fn one(&mut self, field: &FieldDescriptor) -> Value {
        match field.kind() {
            Kind::Message(message) => self.message(&message),
            Kind::Enum(kind) => self.enumeration(&kind),
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::String => json!({ "type": "string" }),
            Kind::Bytes => json!({ "type": "string", "format": "byte" }),
            Kind::Float => json!({ "type": "number", "format": "float" }),
            Kind::Double => json!({ "type": "number", "format": "double" }),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
                json!({ "type": "integer", "format": "int32" })
            }
            Kind::Uint32 | Kind::Fixed32 => {
                json!({ "type": "integer", "format": "int64", "minimum": 0, "maximum": u32::MAX })
            }
            // JSON's numbers lose what is above 2^53.
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
                json!({ "type": "string", "format": "int64" })
            }
            Kind::Uint64 | Kind::Fixed64 => json!({ "type": "string", "format": "uint64" }),
        }
    }

    fn enumeration(&mut self, kind: &EnumDescriptor) -> Value {
        let name = kind.full_name().to_owned();
        if !self.all.contains_key(&name) {
            let values: Vec<_> = kind.values().map(|v| v.name().to_owned()).collect();
            self.all.insert(name.clone(), json!({ "type": "string", "enum": values }));
        }
        reference(&name)
    }
}

/// Of the fields of a oneof, one may be there, or none.
fn at_most_one(names: impl Iterator<Item = String>) -> Value {
    let each: Vec<_> = names.map(|name| json!({ "required": [name] })).collect();
    let none = json!({ "not": { "anyOf": &each } });
    json!({ "oneOf": each.into_iter().chain([none]).collect::<Vec<_>>() })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Types that JSON has another form for.
pub fn own_form(name: &str) -> Option<Value> {
    Some(match name.strip_prefix("google.protobuf.")? {
        "Timestamp" => json!({ "type": "string", "format": "date-time" }),
        "Duration" => {
            json!({ "type": "string", "pattern": r"^-?\d+(\.\d{1,9})?s$", "examples": ["1.5s"] })
        }
        "FieldMask" => json!({ "type": "string", "examples": ["title,labels"] }),
        "Struct" => json!({ "type": "object", "additionalProperties": true }),
        "Value" => json!({}),
        "ListValue" => json!({ "type": "array", "items": {} }),
        "Empty" => json!({ "type": "object" }),
        "Any" => {
            json!({ "type": "object", "properties": { "@type": { "type": "string" } }, "additionalProperties": true })
        }
        "NullValue" => json!({ "type": "null" }),
        "BoolValue" => json!({ "type": "boolean" }),
        "StringValue" => json!({ "type": "string" }),
        "BytesValue" => json!({ "type": "string", "format": "byte" }),
        "Int32Value" | "UInt32Value" => json!({ "type": "integer" }),
        "Int64Value" | "UInt64Value" => json!({ "type": "string", "format": "int64" }),
        "FloatValue" | "DoubleValue" => json!({ "type": "number" }),
        _ => return None,
    })
}
