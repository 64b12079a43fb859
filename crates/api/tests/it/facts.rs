//! Facts are read whole, and agree with the messages they speak of.

use api::facts::{Agent, Auth, FieldFacts, Redact, Rules, field, pool, rpc, rpcs};
use prost_reflect::MessageDescriptor;

use crate::wire::messages;

#[test]
fn every_rpc_states_its_authorisation() {
    let extension = pool().get_extension_by_name("basalt.v1.auth").expect("the option exists");
    for method in pool().services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
        assert!(method.options().has_extension(&extension), "{} lacks auth", method.full_name());
    }
    for rpc in rpcs() {
        let needs_permission = rpc.auth == Auth::Iam;
        assert!(!needs_permission || rpc.permission.is_some(), "{} lacks permission", rpc.path);
    }
}

#[test]
fn thirteen_rpcs_are_public() {
    let public: Vec<&str> = rpcs()
        .iter()
        .filter(|rpc| rpc.auth == Auth::Public)
        .map(|rpc| rpc.method.as_str())
        .collect();
    assert_eq!(
        public,
        [
            "BeginSingleSignOn",
            "ExchangeToken",
            "GetAuthenticationRestriction",
            "Login",
            "Logout",
            "Refresh",
            "RequestPasswordReset",
            "ResetPassword",
            "SendEmailLoginCode",
            "Signup",
            "ListIdentityProviders",
            "GetCurrentUser",
            "GetWorkspace",
        ]
    );
}

#[test]
fn rest_bindings_fit_their_request() {
    for rpc in rpcs() {
        for rule in &rpc.http {
            assert!(rule.path.starts_with("/v1"), "{}: {}", rpc.path, rule.path);
            for variable in variables(&rule.path) {
                assert!(resolves(&rpc.input, variable), "{}: no field {variable}", rpc.path);
            }
            if let Some(body) = rule.body.as_deref().filter(|body| *body != "*") {
                assert!(resolves(&rpc.input, body), "{}: no field {body}", rpc.path);
            }
            assert!(rule.verb != "GET" || rule.body.is_none(), "{}: GET with a body", rpc.path);
        }
    }
}

#[test]
fn facts_of_one_rpc_are_read() {
    let found = rpc("/bytebase.v1.SQLService/AdminExecute").expect("exists");
    assert!(found.streaming && found.audit);
    let found = rpc("/bytebase.v1.OrgPolicyService/UpdatePolicy").expect("exists");
    assert_eq!((found.auth, found.agent), (Auth::Custom, Agent::Excluded));
    assert_eq!(found.permission.as_deref(), Some("bb.policies.update"));
    let paths: Vec<&str> = found.http.iter().map(|rule| rule.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/v1/{policy.name=workspaces/*/policies/*}",
            "/v1/{policy.name=projects/*/policies/*}",
            "/v1/{policy.name=environments/*/policies/*}",
        ]
    );
    assert!(found.http.iter().all(|r| r.verb == "PATCH" && r.body.as_deref() == Some("policy")));
    assert!(rpc("/bytebase.v1.PlanService/NoSuch").is_none());
}

#[test]
fn facts_of_fields_are_read() {
    let fact = |message: &str, name: &str| -> FieldFacts {
        let message = pool().get_message_by_name(&format!("bytebase.v1.{message}")).expect(message);
        field(&message.get_field_by_name(name).expect(name)).cloned().unwrap_or_default()
    };
    let password = fact("User", "password");
    assert_eq!((password.redact, password.input_only), (Some(Redact::Sensitive), true));
    assert_eq!(fact("Sheet", "content").redact, Some(Redact::Omit));
    assert_eq!(fact("Plan", "title").rules, Rules { max_len: Some(200), ..Rules::default() });
    let parent = fact("CreateRolloutRequest", "parent");
    assert_eq!((parent.required, parent.resource.as_deref()), (true, Some("bytebase.com/Plan")));
    let parent = fact("ListDatabasesRequest", "parent");
    assert_eq!(parent.child_resource.as_deref(), Some("bytebase.com/Database"));
    assert!(fact("Plan", "create_time").output_only);
    assert_eq!(fact("Task", "target"), FieldFacts::default());
}

/// Losing a mark would write a secret into the audit log.
#[test]
fn every_redaction_mark_and_rule_is_read() {
    let own = pool().all_messages().filter(|m| m.package_name() == "basalt.v1");
    let all: Vec<&FieldFacts> = messages()
        .chain(own)
        .flat_map(|message| message.fields().filter_map(|f| field(&f)).collect::<Vec<_>>())
        .collect();
    let redacted = |kind| all.iter().filter(|facts| facts.redact == Some(kind)).count();
    assert_eq!((redacted(Redact::Sensitive), redacted(Redact::Omit)), (75, 21));
    assert_eq!(all.iter().filter(|facts| facts.rules != Rules::default()).count(), 51);
}

/// `{policy.name=projects/*}` → `policy.name`
fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split(['=', '}']).next())
}

fn resolves(message: &MessageDescriptor, path: &str) -> bool {
    let (first, rest) =
        path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let Some(field) = message.get_field_by_name(first) else { return false };
    match rest {
        None => true,
        Some(rest) => field.kind().as_message().is_some_and(|message| resolves(message, rest)),
    }
}
