//! The REST surface as an OpenAPI document, from the same descriptors and http rules that answer it: it cannot say
//! anything else than what is served.

use std::collections::HashSet;

use api::facts::{self, Auth};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use super::routes::{self, Route};
use super::schema::{Schemas, own_form};
use crate::registry::Registry;

/// Rpcs of the contract that have a place in the table of handlers, and nothing behind it. A test holds the list against the handlers.
const UNIMPLEMENTED: &str = include_str!("../../../../proto/UNIMPLEMENTED");

/// The document of the rpcs that are answered.
pub fn document(registry: &Registry) -> Value {
    let mut schemas = Schemas::default();
    let missing: HashSet<&str> = UNIMPLEMENTED.lines().collect();
    let answered: Vec<_> = routes::all()
        .filter(|route| registry.find(&route.facts.path).is_some())
        .filter(|route| !missing.contains(short(&route.facts.path)))
        .collect();
    for route in &answered {
        schemas.answered(&route.facts.output);
    }
    let (mut paths, mut tags) = (Map::new(), Vec::new());
    let mut last = ("", 0);
    for route in &answered {
        let service = route.facts.service.rsplit('.').next().unwrap_or_default();
        if tags.last() != Some(&service) {
            tags.push(service);
        }
        last =
            if last.0 == route.facts.path { (last.0, last.1 + 1) } else { (&route.facts.path, 1) };
        let (path, parts) = route.template.with_names();
        let operation = operation(route, service, last.1, &parts, &mut schemas);
        let verbs = paths.entry(path).or_insert_with(|| json!({}));
        verbs[route.verb.to_ascii_lowercase()] = operation;
    }
    schemas.all.insert("Error".to_owned(), error());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Basalt",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": "Every method by REST. The same calls are answered as Connect: POST of JSON or protobuf to /bytebase.v1.Service/Method.",
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "tags": tags.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } },
            "schemas": schemas.all,
        },
    })
}

/// `PlanService/GetPlan` of `/bytebase.v1.PlanService/GetPlan`.
fn short(path: &str) -> &str {
    path.strip_prefix("/bytebase.v1.").unwrap_or(path)
}

fn operation(
    route: &Route,
    service: &str,
    binding: usize,
    parts: &[String],
    schemas: &mut Schemas,
) -> Value {
    let facts = route.facts;
    let mut parameters: Vec<Value> = parts
        .iter()
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true,
                "schema": { "type": "string", "minLength": 1, "pattern": "^[^/]+$" } })
        })
        .collect();
    if route.body != Some("*") {
        query(route, &facts.input, None, schemas, &mut parameters);
    }
    let id = match binding {
        1 => format!("{service}_{}", facts.method),
        n => format!("{service}_{}_{n}", facts.method),
    };
    let mut operation = json!({
        "operationId": id,
        "tags": [service],
        "summary": words(&facts.method),
        "responses": {
            "200": { "description": "Done", "content": { "application/json": { "schema": schemas.message(&facts.output) } } },
            "default": { "description": "Refused or failed", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } },
        },
    });
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    let mut says = Vec::new();
    if let Some(permission) = &facts.permission {
        says.push(format!("Needs the permission `{permission}`."));
        operation["x-permission"] = json!(permission);
    }
    if facts.audit {
        says.push("Calls are written to the audit log.".to_owned());
    }
    if !says.is_empty() {
        operation["description"] = json!(says.join(" "));
    }
    if facts.auth == Auth::Public {
        operation["security"] = json!([]);
    }
    if facts.deprecated {
        operation["deprecated"] = json!(true);
    }
    let schema = match route.body {
        Some("*") => Some(whole(route, schemas)),
        Some(field) => match facts.input.get_field_by_name(field).map(|f| f.kind()) {
            Some(Kind::Message(message)) => Some(schemas.message(&message)),
            _ => None,
        },
        None => None,
    };
    if let Some(schema) = schema {
        // Without a body the request is its path.
        let required = route.body != Some("*") || !schema["required"].is_null();
        operation["requestBody"] = json!({ "required": required, "content": { "application/json": { "schema": schema } } });
    }
    operation
}

/// The request as a body, without what the path says.
fn whole(route: &Route, schemas: &mut Schemas) -> Value {
    let bound: Vec<_> = route.template.variables.iter().map(|v| v.field.as_str()).collect();
    // What another path of the rpc says and this one does not, this one does without: `/v1/auditLogs:search` has no parent.
    let elsewhere = routes::in_paths(&route.facts.input);
    let is_required = |field: &FieldDescriptor| !elsewhere.iter().any(|name| name == field.name());
    let mut schema = schemas.object(&route.facts.input, &bound, &is_required);
    // Other messages are answered, too, and clients bear fields that a newer server adds.
    schema["additionalProperties"] = json!(false);
    schema
}

/// What may stand in the query: fields that neither path nor body hold, and those inside the first ones.
fn query(
    route: &Route,
    message: &MessageDescriptor,
    outer: Option<&FieldDescriptor>,
    schemas: &mut Schemas,
    parameters: &mut Vec<Value>,
) {
    for field in message.fields() {
        let path = match outer {
            Some(outer) => format!("{}.{}", outer.name(), field.name()),
            None => field.name().to_owned(),
        };
        let bound = route.template.variables.iter().any(|v| v.field == path);
        let in_body = outer.is_none() && route.body == Some(field.name());
        let facts = facts::field(&field).cloned().unwrap_or_default();
        if bound || in_body || facts.output_only || field.is_map() {
            continue;
        }
        if let Kind::Message(inner) = field.kind()
            && own_form(inner.full_name()).is_none()
        {
            if !field.is_list() && outer.is_none() {
                query(route, &inner, Some(&field), schemas, parameters);
            }
            continue;
        }
        let name = match outer {
            Some(outer) => format!("{}.{}", outer.json_name(), field.json_name()),
            None => field.json_name().to_owned(),
        };
        let mut parameter = json!({ "name": name, "in": "query", "schema": schemas.field(&field) });
        if facts.required && outer.is_none() {
            parameter["required"] = json!(true);
        }
        parameters.push(parameter);
    }
}

fn error() -> Value {
    json!({
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": { "type": "integer", "description": "A code of gRPC: 3 invalid argument, 5 not found, 7 permission denied, 16 not signed in, …" },
            "message": { "type": "string", "description": "What is wrong, and how to mend it" },
            "details": { "type": "array", "items": { "type": "object", "required": ["@type"],
                "properties": { "@type": { "type": "string" } }, "additionalProperties": true } },
        },
    })
}

/// `BatchGetUsers` → `Batch get users`.
fn words(method: &str) -> String {
    let mut words = String::with_capacity(method.len() + 8);
    let mut chars = method.chars().peekable();
    let mut before_is_small = false;
    while let Some(c) = chars.next() {
        let begins = c.is_ascii_uppercase()
            && (before_is_small || chars.peek().is_some_and(char::is_ascii_lowercase));
        if begins && !words.is_empty() {
            words.push(' ');
        }
        before_is_small = c.is_ascii_lowercase();
        let stays = words.is_empty() || chars.peek().is_some_and(char::is_ascii_uppercase);
        words.push(if stays { c } else { c.to_ascii_lowercase() });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_for_people() {
        assert_eq!(words("BatchGetUsers"), "Batch get users");
        assert_eq!(words("GetDatabaseSDLSchema"), "Get database SDL schema");
    }
}
