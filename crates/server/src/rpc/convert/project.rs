//! Projects.

use api::bytebase::v1 as pb;
use base::name::ProjectName;
use base::{Error, Result, Time};
use policy::release::OutOfOrder;
use store::rows::project::IssueLabel;
use store::rows::{Project, ProjectPayload, State, Webhook};

use super::value::state;
use super::{color, webhook};

pub fn to_wire(project: Project, webhooks: Vec<Webhook>) -> pb::Project {
    let payload = project.payload;
    let label = |l: IssueLabel| pb::Label {
        color: color::to_wire(&l.color),
        value: l.value,
        group: l.group,
    };
    pb::Project {
        name: ProjectName::new(&project.id).to_string(),
        state: state(project.state).into(),
        title: project.title,
        webhooks: webhooks.into_iter().map(webhook::to_wire).collect(),
        data_classification_config_id: payload.data_classification_config_id,
        issue_labels: payload.issue_labels.into_iter().map(label).collect(),
        force_issue_labels: payload.force_issue_labels,
        enforce_issue_title: payload.enforce_issue_title,
        postgres_database_tenant_mode: payload.postgres_database_tenant_mode,
        allow_self_approval: payload.allow_self_approval,
        execution_retry_policy: Some(pb::project::ExecutionRetryPolicy {
            maximum_retries: payload.execution_retries,
        }),
        ci_sampling_size: payload.ci_sampling_size,
        parallel_tasks_per_rollout: payload.parallel_tasks_per_rollout,
        labels: project.labels,
        enforce_sql_review: payload.enforce_sql_review,
        require_issue_approval: payload.require_issue_approval,
        require_plan_check_no_error: payload.require_plan_check_no_error,
        allow_request_role: payload.allow_request_role,
        allow_just_in_time_access: payload.allow_just_in_time_access,
        emergency_contacts: payload.emergency_contacts,
        out_of_order_versions: match payload.out_of_order {
            OutOfOrder::Warn => pb::project::OutOfOrder::Warn,
            OutOfOrder::Refuse => pb::project::OutOfOrder::Refuse,
            OutOfOrder::Apply => pb::project::OutOfOrder::Apply,
        }
        .into(),
    }
}

/// What a request says about a project; id and times are the use case's.
pub fn from_wire(wire: pb::Project) -> Result<Project> {
    if !wire.webhooks.is_empty() {
        return Err(Error::field(
            "project.webhooks",
            "add webhooks by AddWebhook once the project is there",
        ));
    }
    let label = |l: pb::Label| IssueLabel {
        color: color::from_wire(l.color.as_ref()),
        value: l.value,
        group: l.group,
    };
    let out_of_order = match wire.out_of_order_versions() {
        pb::project::OutOfOrder::Unspecified | pb::project::OutOfOrder::Warn => OutOfOrder::Warn,
        pb::project::OutOfOrder::Refuse => OutOfOrder::Refuse,
        pb::project::OutOfOrder::Apply => OutOfOrder::Apply,
    };
    Ok(Project {
        id: String::new(),
        title: wire.title,
        state: State::Active,
        labels: wire.labels,
        payload: ProjectPayload {
            data_classification_config_id: wire.data_classification_config_id,
            issue_labels: wire.issue_labels.into_iter().map(label).collect(),
            force_issue_labels: wire.force_issue_labels,
            enforce_issue_title: wire.enforce_issue_title,
            enforce_sql_review: wire.enforce_sql_review,
            require_issue_approval: wire.require_issue_approval,
            require_plan_check_no_error: wire.require_plan_check_no_error,
            allow_self_approval: wire.allow_self_approval,
            allow_request_role: wire.allow_request_role,
            allow_just_in_time_access: wire.allow_just_in_time_access,
            postgres_database_tenant_mode: wire.postgres_database_tenant_mode,
            execution_retries: wire.execution_retry_policy.map_or(0, |p| p.maximum_retries),
            parallel_tasks_per_rollout: wire.parallel_tasks_per_rollout,
            ci_sampling_size: wire.ci_sampling_size,
            emergency_contacts: wire.emergency_contacts,
            out_of_order,
        },
        version: 0,
        created_at: Time(0),
        updated_at: Time(0),
        deleted_at: None,
    })
}
