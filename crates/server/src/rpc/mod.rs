//! The handlers: one file a service. Each method converts the request, calls one use case of `app`, converts back.
//!
//! Handlers hold no decisions and no queries. The gate has checked token, permission and sizes before they run.
//! A new service is one file here and one line in [`register`].

mod access;
mod actuator;
mod approval;
mod audit_log;
mod auth;
mod baseline;
mod cel;
mod changelog;
mod convert;
mod database;
mod draft;
mod emergency;
mod error;
mod execution;
mod group;
mod identity_provider;
mod instance;
mod instance_role;
mod issue;
pub mod live_log;
mod org_policy;
mod plan;
mod preference;
mod project;
mod query_history;
mod release;
mod repository;
mod review;
mod review_config;
mod revision;
mod role;
mod rollout;
mod search;
mod service_account;
mod setting;
mod sheet;
mod single_sign_on;
mod sql;
mod thread;
mod user;
mod webhook;
mod workload_identity;
mod workspace;

use std::sync::Arc;

use app::ports::About;

use crate::registry::Registry;

pub use error::{Error, Result};

/// All services of this server.
pub fn register(about: Arc<dyn About>) -> Registry {
    use api::bytebase::v1 as pb;

    let mut registry = Registry::default();
    api::basalt::v1::register_access_service(&mut registry, &Arc::new(access::Access));
    pb::register_actuator_service(&mut registry, &Arc::new(actuator::Actuator { about }));
    api::basalt::v1::register_approval_service(&mut registry, &Arc::new(approval::Approvals));
    pb::register_audit_log_service(&mut registry, &Arc::new(audit_log::AuditLogs));
    pb::register_auth_service(&mut registry, &Arc::new(auth::Auth));
    api::basalt::v1::register_baseline_service(&mut registry, &Arc::new(baseline::Baselines));
    pb::register_cel_service(&mut registry, &Arc::new(cel::Cel));
    pb::register_changelog_service(&mut registry, &Arc::new(changelog::Changelogs));
    pb::register_database_service(&mut registry, &Arc::new(database::Databases));
    api::basalt::v1::register_draft_service(&mut registry, &Arc::new(draft::Drafts));
    api::basalt::v1::register_emergency_service(&mut registry, &Arc::new(emergency::Emergencies));
    api::basalt::v1::register_execution_service(&mut registry, &Arc::new(execution::Execution));
    pb::register_group_service(&mut registry, &Arc::new(group::Groups));
    pb::register_identity_provider_service(
        &mut registry,
        &Arc::new(identity_provider::IdentityProviders),
    );
    pb::register_instance_service(&mut registry, &Arc::new(instance::Instances));
    pb::register_instance_role_service(&mut registry, &Arc::new(instance_role::InstanceRoles));
    pb::register_issue_service(&mut registry, &Arc::new(issue::Issues));
    pb::register_org_policy_service(&mut registry, &Arc::new(org_policy::OrgPolicies));
    pb::register_plan_service(&mut registry, &Arc::new(plan::Plans));
    api::basalt::v1::register_preference_service(&mut registry, &Arc::new(preference::Preferences));
    pb::register_project_service(&mut registry, &Arc::new(project::Projects));
    pb::register_query_history_service(&mut registry, &Arc::new(query_history::QueryHistories));
    pb::register_release_service(&mut registry, &Arc::new(release::Releases));
    api::basalt::v1::register_repository_service(
        &mut registry,
        &Arc::new(repository::Repositories),
    );
    api::basalt::v1::register_review_service(&mut registry, &Arc::new(review::Review));
    pb::register_review_config_service(&mut registry, &Arc::new(review_config::ReviewConfigs));
    pb::register_revision_service(&mut registry, &Arc::new(revision::Revisions));
    pb::register_role_service(&mut registry, &Arc::new(role::Roles));
    pb::register_rollout_service(&mut registry, &Arc::new(rollout::Rollouts));
    api::basalt::v1::register_search_service(&mut registry, &Arc::new(search::Search));
    pb::register_service_account_service(
        &mut registry,
        &Arc::new(service_account::ServiceAccounts),
    );
    pb::register_setting_service(&mut registry, &Arc::new(setting::Settings));
    pb::register_sheet_service(&mut registry, &Arc::new(sheet::Sheets));
    api::basalt::v1::register_single_sign_on_service(
        &mut registry,
        &Arc::new(single_sign_on::SingleSignOn),
    );
    pb::register_sql_service(&mut registry, &Arc::new(sql::SqlEditor));
    api::basalt::v1::register_thread_service(&mut registry, &Arc::new(thread::Threads));
    pb::register_user_service(&mut registry, &Arc::new(user::Users));
    api::basalt::v1::register_webhook_service(&mut registry, &Arc::new(webhook::Webhooks));
    pb::register_workload_identity_service(
        &mut registry,
        &Arc::new(workload_identity::WorkloadIdentities),
    );
    pb::register_workspace_service(&mut registry, &Arc::new(workspace::Workspaces));
    registry
}
