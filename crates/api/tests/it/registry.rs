//! Every unary rpc reaches the registry under its wire path, and bytes become calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::basalt::v1::{
    AccessService, ApprovalService, BaselineService, DraftService, EmergencyService,
    ExecutionService, PreferenceService, RepositoryService, ReviewService, SearchService,
    SingleSignOnService, ThreadService, WebhookService, register_access_service,
    register_approval_service, register_baseline_service, register_draft_service,
    register_emergency_service, register_execution_service, register_preference_service,
    register_repository_service, register_review_service, register_search_service,
    register_single_sign_on_service, register_thread_service, register_webhook_service,
};
use api::bytebase::v1::*;
use api::facts::rpcs;
use api::rpc::{Fault, Handler, Register};
use futures_util::FutureExt as _;

/// What a caller's context may be: anything that can be sent.
struct Caller(&'static str);

#[derive(Default)]
struct Registry(BTreeMap<&'static str, Handler<Caller, Fault>>);

impl Register<Caller, Fault> for Registry {
    fn add(&mut self, path: &'static str, handler: Handler<Caller, Fault>) {
        assert!(self.0.insert(path, handler).is_none(), "{path} came twice");
    }
}

impl Registry {
    fn call(&self, path: &str, body: &[u8]) -> Result<Vec<u8>, Fault> {
        let reply = self.0[path](Caller("ann"), body);
        reply.now_or_never().expect("these handlers do not wait")
    }
}

/// Overrides nothing.
struct Nothing;

macro_rules! all_services {
    ($($service:ident $register:ident,)*) => {
        $(impl $service<Caller, Fault> for Nothing {})*

        fn full_registry() -> Registry {
            let mut registry = Registry::default();
            let service = Arc::new(Nothing);
            $($register(&mut registry, &service);)*
            registry
        }
    };
}

all_services! {
    AccessGrantService register_access_grant_service,
    AccessService register_access_service,
    ActuatorService register_actuator_service,
    AiService register_ai_service,
    ApprovalService register_approval_service,
    AuditLogService register_audit_log_service,
    AuthService register_auth_service,
    BaselineService register_baseline_service,
    CelService register_cel_service,
    ChangelogService register_changelog_service,
    DatabaseCatalogService register_database_catalog_service,
    DatabaseGroupService register_database_group_service,
    DatabaseService register_database_service,
    DraftService register_draft_service,
    EmergencyService register_emergency_service,
    ExecutionService register_execution_service,
    GroupService register_group_service,
    IdentityProviderService register_identity_provider_service,
    InstanceRoleService register_instance_role_service,
    InstanceService register_instance_service,
    IssueService register_issue_service,
    OrgPolicyService register_org_policy_service,
    PlanService register_plan_service,
    PreferenceService register_preference_service,
    ProjectService register_project_service,
    QueryHistoryService register_query_history_service,
    ReleaseService register_release_service,
    RepositoryService register_repository_service,
    ReviewConfigService register_review_config_service,
    ReviewService register_review_service,
    RevisionService register_revision_service,
    RoleService register_role_service,
    RolloutService register_rollout_service,
    SavedQueryService register_saved_query_service,
    SearchService register_search_service,
    ServiceAccountService register_service_account_service,
    SettingService register_setting_service,
    SheetService register_sheet_service,
    SingleSignOnService register_single_sign_on_service,
    SqlService register_sql_service,
    SubscriptionService register_subscription_service,
    ThreadService register_thread_service,
    UserService register_user_service,
    WebhookService register_webhook_service,
    WorkloadIdentityService register_workload_identity_service,
    WorkspaceService register_workspace_service,
}

struct Plans;

impl PlanService<Caller, Fault> for Plans {
    async fn get_plan(&self, cx: Caller, request: GetPlanRequest) -> Result<Plan, Fault> {
        Ok(Plan { name: request.name, creator: format!("users/{}", cx.0), ..Plan::default() })
    }
}

#[test]
fn registry_holds_every_unary_rpc() {
    let registered: Vec<&str> = full_registry().0.keys().copied().collect();
    let unary: Vec<&str> =
        rpcs().iter().filter(|rpc| !rpc.streaming).map(|rpc| rpc.path.as_str()).collect();
    assert_eq!(registered, unary);
}

#[test]
fn default_method_answers_unimplemented() {
    let registry = full_registry();
    for path in registry.0.keys() {
        assert_eq!(registry.call(path, &[]), Err(Fault::Unimplemented { path }));
    }
}

/// The vectors are the protobuf encoding by hand: tag, length, text.
#[test]
fn bytes_become_a_call_and_its_answer_bytes() {
    let mut registry = Registry::default();
    register_plan_service(&mut registry, &Arc::new(Plans));
    let path = "/bytebase.v1.PlanService/GetPlan";
    let reply = registry.call(path, b"\x0a\x14projects/hr/plans/42");
    assert_eq!(reply.expect("answers"), b"\x0a\x14projects/hr/plans/42\x42\x09users/ann");
}

#[test]
fn bad_bytes_do_not_reach_the_service() {
    let mut registry = Registry::default();
    register_plan_service(&mut registry, &Arc::new(Plans));
    let path = "/bytebase.v1.PlanService/GetPlan";
    for body in [&b"\x0a\x05abc"[..], b"\xff", b"\x0a\x02\xc3\x28"] {
        let error = registry.call(path, body).expect_err("not a request");
        assert!(matches!(error, Fault::Malformed { .. }), "{body:?}: {error}");
    }
}

/// A nested message deep enough to exhaust the stack is refused.
#[test]
fn recursion_is_limited() {
    let mut body = Vec::new();
    // BatchDeparseRequest.expressions = 1, Expr.select_expr = 5, Select.operand = 1, and so on.
    for tag in [0x2a, 0x0a].into_iter().cycle().take(5_000) {
        let mut outer = vec![tag];
        prost::encode_length_delimiter(body.len(), &mut outer).expect("room");
        outer.extend(body);
        body = outer;
    }
    let mut registry = Registry::default();
    register_cel_service(&mut registry, &Arc::new(Nothing));
    let error = registry.call("/bytebase.v1.CelService/BatchDeparse", &body).expect_err("too deep");
    assert!(error.to_string().contains("recursion limit"), "{error}");
}
