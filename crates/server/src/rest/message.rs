//! The request message of a REST call, from its path, its query and its body. Unlike the Connect protocol, which lets a newer client
//! speak to an older server, nothing is ignored: what nobody reads is a mistake of the caller.

use api::facts;
use base::{Error, Reason, Result};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use percent_encoding::percent_decode_str;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _, Value,
};

use super::routes::Route;
use super::template::Path;
use crate::connect::codec::from_json;

/// Parts of a call that are not its body.
pub struct Head<'r> {
    pub route: &'static Route,
    pub path: Path<'r>,
    pub query: Vec<(String, String)>,
}

impl Head<'_> {
    /// The whole request.
    pub fn with(&self, body: &[u8]) -> Result<DynamicMessage> {
        let route = self.route;
        let mut message = match route.body {
            Some("*") => from_json(&route.facts.input, body, true)?,
            Some(field) => in_field(&route.facts.input, field, body)?,
            None if body.is_empty() => DynamicMessage::new(route.facts.input.clone()),
            None => {
                let text = format!("{} takes no body; its fields stand in the query", route.verb);
                return Err(malformed(text));
            }
        };
        for variable in &route.template.variables {
            let escaped = route.template.value(variable, &self.path);
            let text = percent_decode_str(&escaped).decode_utf8().map_err(|_| {
                Error::field(&variable.field, "the path is not UTF-8 behind its escapes")
            })?;
            set(&mut message, &fields(&route.facts.input, &variable.field)?, &text)?;
        }
        for (name, text) in &self.query {
            let fields = fields(&route.facts.input, name)?;
            self.may_stand_in_the_query(name, &fields)?;
            set(&mut message, &fields, text)?;
        }
        all_there(&message, "")?;
        Ok(message)
    }

    fn may_stand_in_the_query(&self, name: &str, fields: &[FieldDescriptor]) -> Result<()> {
        let path = fields.iter().map(FieldDescriptor::name).collect::<Vec<_>>().join(".");
        match self.route.body {
            Some("*") => {
                Err(malformed(format!("{name}: put it into the body, not into the query")))
            }
            Some(body) if fields.first().is_some_and(|f| f.name() == body) => {
                Err(malformed(format!("{name}: the body is {body}; put it there")))
            }
            _ if self.route.template.variables.iter().any(|v| v.field == path) => {
                Err(malformed(format!("{name}: it stands in the path already")))
            }
            _ => Ok(()),
        }
    }
}

/// What is required and can be told to be missing. Of a text nobody can: an empty one is the same, and each use case judges it.
/// Looks into the requests of a batch, but not into resources, of which an update holds a part.
fn all_there(message: &DynamicMessage, outer: &str) -> Result<()> {
    for field in message.descriptor().fields() {
        let path = format!("{outer}{}", field.name());
        let is_there = !field.supports_presence() || message.has_field(&field);
        if !is_there && facts::field(&field).is_some_and(|facts| facts.required) {
            return Err(Error::field(&path, "it is required"));
        }
        if let Kind::Message(kind) = field.kind()
            && field.is_list()
            && kind.name().ends_with("Request")
            && let Value::List(items) = &*message.get_field(&field)
        {
            for (index, item) in items.iter().enumerate() {
                let Value::Message(item) = item else { continue };
                all_there(item, &format!("{path}[{index}]."))?;
            }
        }
    }
    Ok(())
}

fn in_field(input: &MessageDescriptor, name: &str, body: &[u8]) -> Result<DynamicMessage> {
    let mut message = DynamicMessage::new(input.clone());
    let field = input.get_field_by_name(name);
    if let Some((field, Kind::Message(kind))) = field.map(|f| (f.clone(), f.kind()))
        && !body.is_empty()
    {
        message.set_field(&field, Value::Message(from_json(&kind, body, true)?));
    }
    Ok(message)
}

/// The fields that `plan.title` goes through; names may be written as JSON or as the contract writes them.
fn fields(input: &MessageDescriptor, path: &str) -> Result<Vec<FieldDescriptor>> {
    let mut found: Vec<FieldDescriptor> = Vec::new();
    for name in path.split('.') {
        let message = match found.last().map(|f| (f, f.kind())) {
            None => input.clone(),
            Some((field, Kind::Message(message))) if !field.is_list() && !field.is_map() => message,
            Some((field, _)) => {
                return Err(malformed(format!("{path}: {} has no fields", field.json_name())));
            }
        };
        let field =
            message.get_field_by_name(name).or_else(|| message.get_field_by_json_name(name));
        found.push(field.ok_or_else(|| unknown(&message, name))?);
    }
    Ok(found)
}

/// Sets the last of the fields from text; of a list it becomes the last.
fn set(message: &mut DynamicMessage, fields: &[FieldDescriptor], text: &str) -> Result<()> {
    let Some((field, inner)) = fields.split_first() else { return Ok(()) };
    if !inner.is_empty() {
        return match message.get_field_mut(field) {
            Value::Message(message) => set(message, inner, text),
            _ => Err(malformed(format!("{} has no fields", field.json_name()))),
        };
    }
    let value = value(field, text)
        .ok_or_else(|| Error::field(field.name(), format!("{text:?} is not {}", wanted(field))))?;
    match message.get_field_mut(field) {
        Value::List(list) => list.push(value),
        one => *one = value,
    }
    Ok(())
}

/// A value written as text. `None`: it is not one of the field.
fn value(field: &FieldDescriptor, text: &str) -> Option<Value> {
    if field.is_map() {
        return None;
    }
    Some(match field.kind() {
        Kind::String => Value::String(text.to_owned()),
        Kind::Bool => Value::Bool(text.parse().ok()?),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(text.parse().ok()?),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(text.parse().ok()?),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(text.parse().ok()?),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(text.parse().ok()?),
        Kind::Float => Value::F32(text.parse().ok()?),
        Kind::Double => Value::F64(text.parse().ok()?),
        Kind::Bytes => {
            let bytes = BASE64_STANDARD.decode(text).or_else(|_| BASE64_URL_SAFE.decode(text));
            Value::Bytes(bytes.ok()?.into())
        }
        Kind::Enum(kind) => {
            let number = text.parse().ok().and_then(|n| kind.get_value(n));
            Value::EnumNumber(kind.get_value_by_name(text).or(number)?.number())
        }
        // Times, durations and masks have a form as text.
        Kind::Message(kind) if kind.full_name().starts_with("google.protobuf.") => {
            let json = serde_json::Value::String(text.to_owned());
            Value::Message(DynamicMessage::deserialize(kind, json).ok()?)
        }
        Kind::Message(_) => return None,
    })
}

fn wanted(field: &FieldDescriptor) -> String {
    match field.kind() {
        Kind::Bool => "true or false".to_owned(),
        Kind::Bytes => "base64".to_owned(),
        Kind::Enum(kind) => {
            let names: Vec<_> = kind.values().map(|v| v.name().to_owned()).collect();
            format!("one of {}", names.join(", "))
        }
        Kind::Message(kind) => match kind.full_name() {
            "google.protobuf.Timestamp" => "a time like 2026-01-31T12:00:00Z".to_owned(),
            "google.protobuf.Duration" => "a duration like 1.5s".to_owned(),
            "google.protobuf.FieldMask" => "a list of fields like title,labels".to_owned(),
            _ => "a value that can stand in a query: name one of its fields".to_owned(),
        },
        _ => "a number of its range".to_owned(),
    }
}

fn unknown(descriptor: &MessageDescriptor, name: &str) -> Error {
    let near = descriptor
        .fields()
        .map(|f| f.json_name().to_owned())
        .map(|known| (strsim::osa_distance(&known, name), known))
        .filter(|(distance, known)| *distance <= known.len().max(name.len()) / 3)
        .min();
    let hint = near.map_or_else(String::new, |(_, known)| format!("; did you mean {known}?"));
    malformed(format!("{} has no field {name}{hint}", descriptor.full_name()))
}

fn malformed(text: String) -> Error {
    Error::new(Reason::MalformedRequest, text)
}

#[cfg(test)]
mod tests {
    use http::Method as Verb;
    use serde_json::json;

    use super::super::routes::{self, Found};
    use super::*;
    use crate::connect::json;

    fn build(
        verb: &str,
        path: &str,
        query: &[(&str, &str)],
        body: &str,
    ) -> Result<serde_json::Value> {
        let path = Path::cut(path);
        let verb = Verb::from_bytes(verb.as_bytes()).unwrap();
        let Found::Route(route) = routes::find(&verb, &path) else { panic!("no route") };
        let query = query.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let message = Head { route, path, query }.with(body.as_bytes())?;
        Ok(serde_json::from_slice(&json::from_message(&message).unwrap()).unwrap())
    }

    fn refused(verb: &str, path: &str, query: &[(&str, &str)], body: &str) -> String {
        build(verb, path, query, body).expect_err("refused").to_string()
    }

    #[test]
    fn path_query_and_body_come_together() {
        let query = [("pageSize", "7"), ("page_token", "t"), ("filter", "a == \"b\"")];
        assert_eq!(
            build("GET", "/v1/projects/shop/plans", &query, "").unwrap(),
            json!({"parent": "projects/shop", "pageSize": 7, "pageToken": "t", "filter": "a == \"b\""})
        );
        let body = r#"{"title": "New"}"#;
        assert_eq!(
            build("PATCH", "/v1/projects/shop/plans/7", &[("updateMask", "title")], body).unwrap(),
            json!({"plan": {"name": "projects/shop/plans/7", "title": "New"}, "updateMask": "title"})
        );
        let wins = build("POST", "/v1/projects/shop:undelete", &[], r#"{"name": "projects/x"}"#);
        assert_eq!(wins.unwrap(), json!({"name": "projects/shop"}), "the path decides");
        let names = [("names", "users/a"), ("names", "users/b")];
        assert_eq!(
            build("GET", "/v1/users:batchGet", &names, "").unwrap(),
            json!({"names": ["users/a", "users/b"]})
        );
        let escaped = build("GET", "/v1/users/ann%40example.com", &[], "").unwrap();
        assert_eq!(escaped, json!({"name": "users/ann@example.com"}));
    }

    #[test]
    fn what_is_required_has_to_be_there() {
        const ADD: &str = "/v1/projects/shop:addWebhook";
        assert!(refused("POST", ADD, &[], "{}").contains("webhook"));
        assert!(build("POST", ADD, &[], r#"{"webhook": {}}"#).is_ok(), "it is there");
        assert!(build("POST", "/v1/projects/shop:undelete", &[], "").is_ok(), "the path has it");
        let batch = r#"{"requests": [{"sheet": {}}, {}]}"#;
        let said = refused("POST", "/v1/projects/shop/sheets:batchCreate", &[], batch);
        assert!(said.contains("requests[1].sheet"), "{said}");
    }

    #[test]
    fn nothing_is_ignored() {
        const PLANS: &str = "/v1/projects/shop/plans";
        for (verb, path, query, body, words) in [
            ("GET", PLANS, [("pagesize", "7")], "", "did you mean pageSize?"),
            ("GET", PLANS, [("pageSize", "many")], "", "\"many\" is not a number"),
            ("GET", PLANS, [("parent", "projects/x")], "", "stands in the path"),
            ("PATCH", "/v1/projects/shop/plans/7", [("plan.title", "x")], "", "the body is plan"),
            (
                "PATCH",
                "/v1/projects/shop/plans/7",
                [("updateMask", "title")],
                "{\"titel\": 1}",
                "titel",
            ),
            ("POST", "/v1/projects/shop:undelete", [("name", "x")], "{}", "put it into the body"),
        ] {
            let said = refused(verb, path, &query, body);
            assert!(said.contains(words), "{words}: {said}");
        }
        assert!(refused("GET", PLANS, &[], "{}").contains("takes no body"));
        assert!(
            refused("POST", "/v1/projects/shop:undelete", &[], "\n").contains("the body is not")
        );
        assert!(refused("GET", "/v1/users/%ff", &[], "").contains("UTF-8"));
    }
}
