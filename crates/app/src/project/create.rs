//! A new project. Who makes it owns it.

use base::id::check_resource_id;
use base::name::ProjectName;
use base::{Error, Result};
use policy::iam::{Binding, Policy};
use policy::role::PROJECT_OWNER;
use store::projects;
use store::rows::{IamPolicy, Project, State};

use super::rules;
use crate::cx::{Caller, Cx};

/// Times that a new project lets a change try for a lock again, when who makes it does not say.
pub const RETRIES: i32 = 3;

/// `project` gives title, labels and settings; the rest of it is set here.
pub async fn create(cx: &Cx, id: &str, project: Project) -> Result<Project> {
    check_resource_id("project_id", id)?;
    let now = cx.app.now();
    let mut project = Project {
        id: id.to_owned(),
        title: project.title.trim().to_owned(),
        state: State::Active,
        labels: project.labels,
        payload: project.payload,
        version: 0,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    };
    let wrong = rules::violations(&project);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let owner = match &cx.caller {
        Caller::User { email } => Some(format!("user:{email}")),
        Caller::ServiceAccount { email } => Some(format!("serviceAccount:{email}")),
        Caller::WorkloadIdentity { email } => Some(format!("workloadIdentity:{email}")),
        Caller::Anonymous | Caller::System => None,
    };
    let mut tx = cx.app.store.begin().await?;
    projects::insert(&mut tx, &mut project).await?;
    if let Some(owner) = owner {
        let binding = Binding::always(PROJECT_OWNER, vec![owner]);
        let mut policy = IamPolicy {
            resource: ProjectName::new(id).to_string(),
            policy: Policy { bindings: vec![binding] },
            version: 0,
            updated_at: now,
        };
        store::iam::put(&mut tx, &mut policy, now).await?;
    }
    super::tell(&mut tx, &project).await?;
    tx.commit().await?;
    Ok(project)
}
