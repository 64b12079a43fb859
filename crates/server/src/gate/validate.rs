//! Checks every field of a request against what its descriptor allows, before anybody looks at its meaning.
//!
//! NUL is refused in every text, because the store and the targets cannot hold it; lists and names are bounded, so
//! that no request makes work out of proportion.

use api::facts::FieldFacts;
use base::{Error, FieldViolation, Reason, Result};
use prost_reflect::{DynamicMessage, FieldDescriptor, MapKey, ReflectMessage as _, Value};

/// Longest list in a request.
const MAX_ITEMS: usize = 10_000;
/// Longest resource name, in bytes.
const MAX_NAME: usize = 2_048;
/// More violations than this help nobody.
const MAX_VIOLATIONS: usize = 20;

/// Refuses NUL in any text with `NOT_TEXT`, everything else with one violation a field.
pub fn check(message: &DynamicMessage) -> Result<()> {
    let mut checker = Checker { path: Vec::new(), violations: Vec::new() };
    checker.message(message)?;
    if checker.violations.is_empty() { Ok(()) } else { Err(Error::fields(checker.violations)) }
}

/// Walks a message; `path` leads to where it is.
struct Checker {
    path: Vec<String>,
    violations: Vec<FieldViolation>,
}

impl Checker {
    fn message(&mut self, message: &DynamicMessage) -> Result<()> {
        for field in message.descriptor().fields() {
            let facts = api::facts::field(&field);
            let present = message.has_field(&field);
            if !present
                && facts.is_none_or(|f| f.rules.min_len.is_none() && f.rules.min_items.is_none())
            {
                continue;
            }
            self.path.push(field.name().to_owned());
            self.field(&field, facts, &message.get_field(&field))?;
            self.path.pop();
        }
        Ok(())
    }

    fn field(
        &mut self,
        field: &FieldDescriptor,
        facts: Option<&FieldFacts>,
        value: &Value,
    ) -> Result<()> {
        match value {
            Value::List(items) => {
                self.items(facts, items.len());
                for (index, item) in items.iter().take(MAX_ITEMS).enumerate() {
                    self.path.push(format!("[{index}]"));
                    self.single(facts, item)?;
                    self.path.pop();
                }
                Ok(())
            }
            Value::Map(entries) => {
                self.items(facts, entries.len());
                for (key, item) in entries.iter().take(MAX_ITEMS) {
                    let MapKey::String(key) = key else { continue };
                    self.path.push(format!("[{key:?}]"));
                    self.text(key)?;
                    self.single(None, item)?;
                    self.path.pop();
                }
                Ok(())
            }
            // An absent optional text is no text of length 0.
            Value::String(text) if text.is_empty() && field.supports_presence() => Ok(()),
            value => self.single(facts, value),
        }
    }

    fn single(&mut self, facts: Option<&FieldFacts>, value: &Value) -> Result<()> {
        match value {
            Value::String(text) => {
                self.text(text)?;
                if let Some(facts) = facts {
                    self.rules(facts, text);
                }
                Ok(())
            }
            Value::Message(message) => self.message(message),
            _ => Ok(()),
        }
    }

    fn text(&self, text: &str) -> Result<()> {
        if !text.contains('\0') {
            return Ok(());
        }
        Err(Error::new(
            Reason::NotText,
            format!("{} holds a NUL character; take it out", self.here()),
        ))
    }

    fn rules(&mut self, facts: &FieldFacts, text: &str) {
        let length = text.chars().count();
        let over = |limit: Option<u32>| limit.is_some_and(|limit| length > limit as usize);
        let under = |limit: Option<u32>| limit.is_some_and(|limit| length < limit as usize);
        if under(facts.rules.min_len) {
            let least = facts.rules.min_len.unwrap_or_default();
            self.violation(format!("give at least {least} character(s)"));
        }
        if over(facts.rules.max_len) {
            let most = facts.rules.max_len.unwrap_or_default();
            self.violation(format!("shorten it to {most} characters; it has {length}"));
        }
        if facts.resource.is_some() || facts.child_resource.is_some() {
            self.name(text);
        }
    }

    fn name(&mut self, text: &str) {
        if text.len() > MAX_NAME {
            self.violation(format!("a resource name has at most {MAX_NAME} bytes"));
        } else if text.chars().any(char::is_control) {
            self.violation("a resource name holds no control characters".to_owned());
        }
    }

    fn items(&mut self, facts: Option<&FieldFacts>, count: usize) {
        if count > MAX_ITEMS {
            self.violation(format!("send at most {MAX_ITEMS} in one call; these are {count}"));
        }
        if let Some(least) = facts.and_then(|f| f.rules.min_items)
            && count < least as usize
        {
            self.violation(format!("give at least {least}"));
        }
    }

    fn violation(&mut self, description: String) {
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(FieldViolation { field: self.here(), description });
        }
    }

    /// `plan.specs[0].id`
    fn here(&self) -> String {
        let mut path = String::new();
        for part in &self.path {
            if !path.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use api::bytebase::v1 as pb;
    use prost::Message;

    use super::*;

    fn dynamic(name: &str, message: &impl Message) -> DynamicMessage {
        let descriptor = api::facts::pool().get_message_by_name(name).unwrap();
        DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice()).unwrap()
    }

    fn create_plan(plan: pb::Plan) -> DynamicMessage {
        let request = pb::CreatePlanRequest { parent: "projects/shop".into(), plan: Some(plan) };
        dynamic("bytebase.v1.CreatePlanRequest", &request)
    }

    #[test]
    fn nul_is_refused_wherever_it_hides() {
        let spec = pb::plan::Spec { id: "a\0b".into(), ..Default::default() };
        let error = check(&create_plan(pb::Plan { specs: vec![spec], ..Default::default() }));
        let error = error.unwrap_err();
        assert_eq!(error.reason(), Reason::NotText);
        assert!(error.message().contains("plan.specs[0].id"), "{}", error.message());
    }

    #[test]
    fn lengths_count_characters() {
        let plan = |title: String| create_plan(pb::Plan { title, ..Default::default() });
        assert!(check(&plan("é".repeat(200))).is_ok());
        let error = check(&plan("é".repeat(201))).unwrap_err();
        assert_eq!(error.field_violations()[0].field, "plan.title");
        assert!(error.message().contains("200"), "{}", error.message());
    }

    #[test]
    fn lists_and_names_are_bounded() {
        let names = |names: Vec<String>| {
            let request = pb::BatchGetProjectsRequest { names };
            check(&dynamic("bytebase.v1.BatchGetProjectsRequest", &request))
        };
        assert!(names(vec!["projects/a".into(); MAX_ITEMS]).is_ok());
        let error = names(vec!["projects/a".into(); MAX_ITEMS + 1]).unwrap_err();
        assert_eq!(error.field_violations()[0].field, "names");
        let error = names(vec![format!("projects/{}", "a".repeat(MAX_NAME))]).unwrap_err();
        assert_eq!(error.field_violations()[0].field, "names[0]");
        assert!(names(vec!["projects/a\nb".into()]).is_err());
    }
}
