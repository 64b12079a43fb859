//! What a request is about: the resources whose permissions count.
//!
//! Found by the names of the fields, the same for all rpcs: `parent`, `name`, `resource` or `project`; else the
//! name of the thing to update, remove or test; else the workspace. A batch is about its parent and each of its
//! members, so that one foreign member refuses the whole.

use api::facts::RpcFacts;
use base::name::WORKSPACE;
use base::{Error, Result};
use prost_reflect::{DynamicMessage, FieldDescriptor, ReflectMessage as _, Value};

/// Fields that name what a request is about. `project` only counts when it is marked as a resource.
const NAMING: [&str; 4] = ["parent", "name", "resource", "project"];
/// Rpcs whose request holds the resource itself, with its name in it.
const HOLDING: [&str; 4] = ["Update", "Remove", "Test", "BatchUpdate"];
/// Longest resource name, in bytes, also in fields that are not marked as names.
const MAX_NAME: usize = 2_048;

/// The resources of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Never empty; as the request gave them.
    pub resources: Vec<String>,
    /// `allow_missing`: the request may create what it does not find.
    pub upsert: bool,
}

pub fn of(facts: &RpcFacts, message: &DynamicMessage) -> Result<Scope> {
    let mut scope = Scope::default();
    collect(&facts.method, message, &mut scope);
    if scope.resources.is_empty() {
        scope.resources.push(WORKSPACE.to_owned());
    }
    match scope.resources.iter().find(|name| name.len() > MAX_NAME) {
        Some(_) => {
            Err(Error::field("name", format!("a resource name has at most {MAX_NAME} bytes")))
        }
        None => Ok(scope),
    }
}

fn collect(method: &str, message: &DynamicMessage, scope: &mut Scope) {
    scope.upsert |= flag(message, "allow_missing");
    let named = named(message);
    if method.starts_with("Batch") {
        let mut members = Scope::default();
        batch(method, message, &mut members);
        scope.upsert |= members.upsert;
        // "All instances" with a list of members means those members.
        let parent = named.filter(|name| members.resources.is_empty() || !is_wildcard(name));
        scope.resources.extend(parent.into_iter().chain(members.resources));
        return;
    }
    let found = named.or_else(|| {
        HOLDING.iter().any(|verb| method.starts_with(verb)).then(|| held(message)).flatten()
    });
    scope.resources.extend(found);
}

/// Members of a batch: its lists of names, and what each of its requests is about.
fn batch(method: &str, message: &DynamicMessage, scope: &mut Scope) {
    let single = method.strip_prefix("Batch").unwrap_or(method);
    for field in message.descriptor().fields().filter(FieldDescriptor::is_list) {
        let value = message.get_field(&field);
        for item in value.as_list().unwrap_or_default() {
            match item {
                Value::String(name) if names_members(&field) => scope.resources.push(name.clone()),
                Value::Message(request) if field.name() == "requests" => {
                    collect(single, request, scope);
                }
                _ => {}
            }
        }
    }
}

fn names_members(field: &FieldDescriptor) -> bool {
    matches!(field.name(), "names" | "issues")
        || api::facts::field(field).is_some_and(|facts| facts.resource.is_some())
}

fn named(message: &DynamicMessage) -> Option<String> {
    let descriptor = message.descriptor();
    NAMING.iter().find_map(|name| {
        let field = descriptor.get_field_by_name(name)?;
        let counts = *name != "project"
            || api::facts::field(&field).is_some_and(|facts| facts.resource.is_some());
        counts.then(|| text(message, &field)).flatten()
    })
}

/// The name of the first field that is a thing with a name.
fn held(message: &DynamicMessage) -> Option<String> {
    message.descriptor().fields().filter(|field| !field.is_list()).find_map(|field| {
        let value = message.get_field(&field);
        let thing = value.as_message()?;
        text(thing, &thing.descriptor().get_field_by_name("name")?)
    })
}

fn text(message: &DynamicMessage, field: &FieldDescriptor) -> Option<String> {
    let value = message.get_field(field);
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn flag(message: &DynamicMessage, name: &str) -> bool {
    message.get_field_by_name(name).and_then(|value| value.as_bool()).unwrap_or(false)
}

fn is_wildcard(name: &str) -> bool {
    name.split('/').any(|segment| segment == "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `Service/Method` with this JSON is about.
    fn check(rpc: &str, json: &str, resources: &[&str]) {
        let facts = api::facts::rpc(&format!("/bytebase.v1.{rpc}")).unwrap();
        let descriptor = facts.input.clone();
        let mut json = serde_json::Deserializer::from_str(json);
        let message = DynamicMessage::deserialize(descriptor, &mut json).unwrap();
        assert_eq!(of(facts, &message).unwrap().resources, resources, "{rpc}");
    }

    #[test]
    fn the_request_names_it() {
        check("PlanService/GetPlan", r#"{"name":"projects/a/plans/1"}"#, &["projects/a/plans/1"]);
        check("PlanService/ListPlans", r#"{"parent":"projects/a"}"#, &["projects/a"]);
        check("ProjectService/SetIamPolicy", r#"{"resource":"projects/a"}"#, &["projects/a"]);
        check("ProjectService/AddWebhook", r#"{"project":"projects/a"}"#, &["projects/a"]);
        check("InstanceService/ListInstances", "{}", &["workspaces/default"]);
        check("UserService/CreateUser", r#"{"user":{"name":"users/x"}}"#, &["workspaces/default"]);
    }

    #[test]
    fn the_thing_in_the_request_has_a_name() {
        check(
            "InstanceService/UpdateInstance",
            r#"{"instance":{"name":"instances/i"}}"#,
            &["instances/i"],
        );
        check(
            "DatabaseCatalogService/UpdateDatabaseCatalog",
            r#"{"catalog":{"name":"instances/i/databases/d/catalog"}}"#,
            &["instances/i/databases/d/catalog"],
        );
        check(
            "ProjectService/RemoveWebhook",
            r#"{"webhook":{"name":"projects/a/webhooks/w"}}"#,
            &["projects/a/webhooks/w"],
        );
        check("RoleService/UpdateRole", r#"{"role":{}}"#, &["workspaces/default"]);
    }

    #[test]
    fn a_batch_is_about_each_member() {
        check(
            "ProjectService/BatchGetProjects",
            r#"{"names":["projects/a","projects/b"]}"#,
            &["projects/a", "projects/b"],
        );
        check(
            "DatabaseService/BatchUpdateDatabases",
            r#"{"parent":"instances/-","requests":[{"database":{"name":"instances/i/databases/x"}},
                {"database":{"name":"instances/j/databases/y"}}]}"#,
            &["instances/i/databases/x", "instances/j/databases/y"],
        );
        check(
            "IssueService/BatchUpdateIssuesStatus",
            r#"{"parent":"projects/a","issues":["projects/b/issues/1"]}"#,
            &["projects/a", "projects/b/issues/1"],
        );
        check(
            "SheetService/BatchCreateSheets",
            r#"{"parent":"projects/a","requests":[{"parent":"projects/b"}]}"#,
            &["projects/a", "projects/b"],
        );
        check(
            "DatabaseService/BatchSyncDatabases",
            r#"{"parent":"instances/-"}"#,
            &["instances/-"],
        );
    }

    #[test]
    fn allow_missing_is_seen_also_within_a_batch() {
        let upsert = |rpc: &str, json: &str| {
            let facts = api::facts::rpc(&format!("/bytebase.v1.{rpc}")).unwrap();
            let descriptor = facts.input.clone();
            let mut json = serde_json::Deserializer::from_str(json);
            of(facts, &DynamicMessage::deserialize(descriptor, &mut json).unwrap()).unwrap().upsert
        };
        assert!(!upsert("RoleService/UpdateRole", r#"{"role":{"name":"roles/r"}}"#));
        assert!(upsert("RoleService/UpdateRole", r#"{"role":{},"allowMissing":true}"#));
        assert!(upsert(
            "InstanceService/BatchUpdateInstances",
            r#"{"requests":[{"instance":{"name":"instances/i"},"allowMissing":true}]}"#
        ));
    }
}
