//! Services whose methods do what their request says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use api::bytebase::v1 as pb;
use app::cx::Cx;
use base::{Blocker, Error, Reason};
use server::Registry;
use server::rpc::{self, Result};
use tokio::sync::Notify;

/// GetPlan fails in the way the plan is called; CreatePlan answers with what it got.
#[derive(Default)]
pub struct Plans {
    pub created: AtomicUsize,
    /// CreatePlan of title `wait` tells when it began, and goes on when it may.
    pub began: Notify,
    pub go_on: Notify,
}

pub fn registry(plans: &Arc<Plans>) -> Registry {
    let mut registry = Registry::default();
    pb::register_actuator_service(&mut registry, &Arc::new(Actuator));
    pb::register_plan_service(&mut registry, plans);
    pb::register_auth_service(&mut registry, &Arc::new(Auth));
    pb::register_role_service(&mut registry, &Arc::new(Roles));
    pb::register_release_service(&mut registry, &Arc::new(Releases));
    registry
}

impl pb::PlanService<Cx, rpc::Error> for Plans {
    async fn get_plan(&self, cx: Cx, request: pb::GetPlanRequest) -> Result<pb::Plan> {
        let id = request.name.rsplit('/').next().unwrap_or_default();
        match id {
            "panic" => panic!("the cat sat on the plan"),
            "slow" => std::future::pending().await,
            "internal" => Err(Error::internal("SELECT failed")
                .with_source(std::io::Error::other("disk is full"))
                .into()),
            "absent" => Err(Error::not_found(&request.name).into()),
            "forbidden" => Err(Error::new(Reason::NotAllowed, "not yours").into()),
            "blocked" => {
                let blocker = |subject: &str| Blocker {
                    reason: "CHECKS".into(),
                    subject: subject.into(),
                    message: "run the checks".into(),
                };
                Err(Error::blocked("cannot run", vec![blocker("a"), blocker("b")]).into())
            }
            "big" => Ok(pb::Plan { description: "big ".repeat(10_000), ..pb::Plan::default() }),
            _ => Ok(pb::Plan {
                name: request.name.clone(),
                title: format!("for {}", cx.caller.name().unwrap_or_default()),
                description: cx.client_ip,
                ..pb::Plan::default()
            }),
        }
    }

    async fn list_plans(
        &self,
        _: Cx,
        request: pb::ListPlansRequest,
    ) -> Result<pb::ListPlansResponse> {
        let plans =
            vec![pb::Plan { name: format!("{}/plans/1", request.parent), ..Default::default() }];
        Ok(pb::ListPlansResponse { plans, ..Default::default() })
    }

    async fn create_plan(&self, _: Cx, request: pb::CreatePlanRequest) -> Result<pb::Plan> {
        let plan = request.plan.unwrap_or_default();
        if plan.title == "wait" {
            self.began.notify_one();
            self.go_on.notified().await;
        }
        if plan.title == "fail" {
            return Err(Error::exists("projects/shop/plans/1").into());
        }
        self.created.fetch_add(1, Ordering::SeqCst);
        Ok(plan)
    }
}

struct Actuator;

impl pb::ActuatorService<Cx, rpc::Error> for Actuator {
    async fn get_actuator_info(
        &self,
        _: Cx,
        _: pb::GetActuatorInfoRequest,
    ) -> Result<pb::ActuatorInfo> {
        Ok(pb::ActuatorInfo { total_instance_count: 3, ..Default::default() })
    }
}

struct Auth;

impl pb::AuthService<Cx, rpc::Error> for Auth {
    async fn login(&self, cx: Cx, request: pb::LoginRequest) -> Result<pb::LoginResponse> {
        if request.password != "right" {
            cx.response_headers.add("set-cookie", "access-token=; Max-Age=0");
            return Err(Error::new(Reason::WrongCredentials, "wrong e-mail or password").into());
        }
        cx.response_headers.add("set-cookie", "access-token=ann; HttpOnly; SameSite=Strict");
        cx.response_headers.add("set-cookie", "refresh-token=r; HttpOnly; SameSite=Strict");
        let secure = if cx.credentials.https { "https" } else { "http" };
        Ok(pb::LoginResponse { token: secure.into(), ..Default::default() })
    }
}

struct Roles;

impl pb::RoleService<Cx, rpc::Error> for Roles {
    async fn update_role(&self, _: Cx, request: pb::UpdateRoleRequest) -> Result<pb::Role> {
        Ok(request.role.unwrap_or_default())
    }
}

struct Releases;

impl pb::ReleaseService<Cx, rpc::Error> for Releases {
    async fn check_release(
        &self,
        _: Cx,
        request: pb::CheckReleaseRequest,
    ) -> Result<pb::CheckReleaseResponse> {
        let files = request.release.unwrap_or_default().files;
        let bytes: usize = files.iter().map(|file| file.statement.len()).sum();
        let affected_rows = i64::try_from(bytes).unwrap();
        Ok(pb::CheckReleaseResponse { affected_rows, ..Default::default() })
    }
}
