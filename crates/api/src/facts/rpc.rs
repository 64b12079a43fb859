//! Facts of an rpc: where it is found, who may call it, what is written down about it.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost_reflect::{DynamicMessage, MessageDescriptor, MethodDescriptor, Value};

use super::{option, pool};

/// One rpc of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpcFacts {
    /// Path of a Connect call: `/bytebase.v1.PlanService/GetPlan`.
    pub path: String,
    /// `bytebase.v1.PlanService`
    pub service: String,
    /// `GetPlan`
    pub method: String,
    /// The request message.
    pub input: MessageDescriptor,
    /// The response message.
    pub output: MessageDescriptor,
    pub auth: Auth,
    /// What [`Auth::Iam`] checks on the resource of the request; for [`Auth::Custom`] what the handler does.
    pub permission: Option<String>,
    /// Whether calls are written to the audit log.
    pub audit: bool,
    pub agent: Agent,
    /// Whether a side streams. Such an rpc has no handler in the generated traits.
    pub streaming: bool,
    pub deprecated: bool,
    /// REST bindings, the main one first; empty when the rpc is not offered there.
    pub http: Vec<HttpRule>,
}

/// How a call is authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// By [`RpcFacts::permission`] on the resource that the request names.
    Iam,
    /// A signed-in caller; the handler decides.
    Custom,
    /// Any signed-in caller.
    None,
    /// No credentials needed.
    Public,
}

/// What a program that acts for a user may do with an rpc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent {
    Read,
    Write,
    /// Never, whatever the user may do.
    Forbidden,
    /// Not offered.
    Excluded,
}

/// One REST binding, as `google.api.http` states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRule {
    /// Upper case: `GET`, `POST`, `PATCH`, `PUT`, `DELETE`.
    pub verb: &'static str,
    /// Template, e.g. `/v1/{name=projects/*/plans/*}:verb`.
    pub path: String,
    /// Field that is the body; `*` for the whole request; `None` for no body.
    pub body: Option<String>,
}

/// All rpcs, ordered by path.
pub fn rpcs() -> &'static [RpcFacts] {
    static RPCS: LazyLock<Vec<RpcFacts>> = LazyLock::new(|| {
        let services = pool().services();
        let mut rpcs: Vec<_> = services
            .flat_map(|service| service.methods().map(|m| facts(&m)).collect::<Vec<_>>())
            .collect();
        rpcs.sort_by(|a, b| a.path.cmp(&b.path));
        rpcs
    });
    &RPCS
}

/// The rpc at a Connect path.
pub fn rpc(path: &str) -> Option<&'static RpcFacts> {
    static BY_PATH: LazyLock<HashMap<&'static str, &'static RpcFacts>> =
        LazyLock::new(|| rpcs().iter().map(|rpc| (rpc.path.as_str(), rpc)).collect());
    BY_PATH.get(path).copied()
}

fn facts(method: &MethodDescriptor) -> RpcFacts {
    let options = method.options();
    let service = method.parent_service().full_name().to_owned();
    RpcFacts {
        path: format!("/{service}/{}", method.name()),
        service,
        method: method.name().to_owned(),
        input: method.input(),
        output: method.output(),
        auth: auth(&options),
        permission: option(&options, "basalt.v1.permission")
            .and_then(|value| value.as_str().map(str::to_owned))
            .filter(|permission| !permission.is_empty()),
        audit: option(&options, "basalt.v1.audit")
            .and_then(|value| value.as_bool())
            .unwrap_or(false),
        agent: agent(&options),
        streaming: method.is_client_streaming() || method.is_server_streaming(),
        deprecated: method
            .method_descriptor_proto()
            .options
            .as_ref()
            .is_some_and(prost_types::MethodOptions::deprecated),
        http: match option(&options, "google.api.http") {
            Some(Value::Message(rule)) => http_rules(&rule),
            _ => Vec::new(),
        },
    }
}

/// Without the option an rpc is [`Auth::Custom`] with no permission; a test refuses such an rpc.
fn auth(options: &DynamicMessage) -> Auth {
    match option(options, "basalt.v1.auth").and_then(|value| value.as_enum_number()) {
        Some(1) => Auth::Iam,
        Some(3) => Auth::None,
        Some(4) => Auth::Public,
        _ => Auth::Custom,
    }
}

fn agent(options: &DynamicMessage) -> Agent {
    match option(options, "basalt.v1.agent").and_then(|value| value.as_enum_number()) {
        Some(1) => Agent::Read,
        Some(2) => Agent::Write,
        Some(3) => Agent::Forbidden,
        _ => Agent::Excluded,
    }
}

fn http_rules(rule: &DynamicMessage) -> Vec<HttpRule> {
    let mut rules = Vec::new();
    let verbs = [
        ("get", "GET"),
        ("post", "POST"),
        ("patch", "PATCH"),
        ("put", "PUT"),
        ("delete", "DELETE"),
    ];
    for (field, verb) in verbs {
        if let Some(path) = text(rule, field) {
            rules.push(HttpRule { verb, path, body: text(rule, "body") });
        }
    }
    if let Some(value) = rule.get_field_by_name("additional_bindings") {
        let more = value.as_list().into_iter().flatten().filter_map(Value::as_message);
        rules.extend(more.flat_map(http_rules));
    }
    rules
}

fn text(message: &DynamicMessage, field: &str) -> Option<String> {
    let value = message.get_field_by_name(field)?;
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
