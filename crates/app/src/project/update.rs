//! Changes fields of a project.

use base::name::ProjectName;
use base::{Error, Result};
use store::projects;
use store::rows::Project;

use super::rules;
use crate::cx::Cx;
use crate::filter::Mask;

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &[
    "title",
    "labels",
    "data_classification_config_id",
    "issue_labels",
    "force_issue_labels",
    "enforce_issue_title",
    "postgres_database_tenant_mode",
    "allow_self_approval",
    "execution_retry_policy",
    "ci_sampling_size",
    "parallel_tasks_per_rollout",
    "enforce_sql_review",
    "require_issue_approval",
    "require_plan_check_no_error",
    "allow_request_role",
    "allow_just_in_time_access",
    "emergency_contacts",
    "out_of_order_versions",
];

/// What to change.
#[derive(Debug)]
pub struct Update {
    pub name: String,
    /// The new values of the fields in the mask.
    pub project: Project,
    pub mask: Vec<String>,
    /// Makes the project when it is not there; the gate has asked for the permission to.
    pub allow_missing: bool,
}

pub async fn update(cx: &Cx, update: Update) -> Result<Project> {
    let name = ProjectName::parse("project.name", &update.name)?;
    let mut tx = cx.app.store.begin().await?;
    let Some(mut row) = projects::get(&mut tx, &name.project).await? else {
        drop(tx);
        return match update.allow_missing {
            true => super::create(cx, &name.project, update.project).await,
            false => Err(Error::not_found(&name)),
        };
    };
    if row.state == store::rows::State::Deleted {
        return Err(Error::deleted(&name));
    }
    let mask = Mask::new(&update.mask, MASK)?;
    apply(&mut row, update.project, &mask);
    let wrong = rules::violations(&row);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    projects::update(&mut tx, &mut row, cx.app.now()).await?;
    super::tell(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(row)
}

fn apply(row: &mut Project, new: Project, mask: &Mask) {
    if mask.has("title") {
        row.title = new.title.trim().to_owned();
    }
    if mask.has("labels") {
        row.labels = new.labels;
    }
    let (to, from) = (&mut row.payload, new.payload);
    macro_rules! take {
        ($($path:literal => $field:ident),* $(,)?) => { $(if mask.has($path) { to.$field = from.$field; })* };
    }
    take! {
        "data_classification_config_id" => data_classification_config_id,
        "issue_labels" => issue_labels,
        "force_issue_labels" => force_issue_labels,
        "enforce_issue_title" => enforce_issue_title,
        "postgres_database_tenant_mode" => postgres_database_tenant_mode,
        "allow_self_approval" => allow_self_approval,
        "execution_retry_policy" => execution_retries,
        "ci_sampling_size" => ci_sampling_size,
        "parallel_tasks_per_rollout" => parallel_tasks_per_rollout,
        "enforce_sql_review" => enforce_sql_review,
        "require_issue_approval" => require_issue_approval,
        "require_plan_check_no_error" => require_plan_check_no_error,
        "allow_request_role" => allow_request_role,
        "allow_just_in_time_access" => allow_just_in_time_access,
        "emergency_contacts" => emergency_contacts,
        "out_of_order_versions" => out_of_order,
    }
}
