//! What a new store starts with: the default project, the workspace's policy and settings.

use std::sync::Arc;

use base::Result;
use base::name::{DEFAULT_PROJECT, ProjectName, WORKSPACE};
use policy::approval::{Rule, Source, Template};
use policy::iam::{ALL_USERS, Binding, Policy};
use policy::role::{PROJECT_OWNER, WORKSPACE_MEMBER};
use store::rows::{
    ApprovalSetting, Environment, EnvironmentSetting, IamPolicy, Project, ProjectPayload, State,
    WorkspaceProfile,
};
use store::{Conn, projects, settings};

use crate::app::App;

/// Makes what is missing; changes nothing that is there. Called at every start, before anything is served.
pub async fn bootstrap(app: &Arc<App>) -> Result<()> {
    let now = app.now();
    {
        let mut conn = app.store.read().await?;
        if projects::get(&mut conn, DEFAULT_PROJECT).await?.is_some()
            && store::iam::get(&mut conn, WORKSPACE).await?.is_some()
            && settings::get::<EnvironmentSetting>(&mut conn).await?.version > 0
            && settings::get::<WorkspaceProfile>(&mut conn).await?.version > 0
            && settings::get::<ApprovalSetting>(&mut conn).await?.version > 0
        {
            return Ok(());
        }
    }
    let mut tx = app.store.begin().await?;
    default_project(&mut tx, now).await?;
    if store::iam::get(&mut tx, WORKSPACE).await?.is_none() {
        let members = vec![ALL_USERS.to_owned()];
        let everybody = Binding::always(WORKSPACE_MEMBER, members);
        let policy = Policy { bindings: vec![everybody] };
        let mut row =
            IamPolicy { resource: WORKSPACE.to_owned(), policy, version: 0, updated_at: now };
        store::iam::put(&mut tx, &mut row, now).await?;
    }
    let mut environments = settings::get::<EnvironmentSetting>(&mut tx).await?;
    if environments.version == 0 {
        environments.value.environments = vec![
            environment("test", "Test", "#3F9142", false),
            environment("prod", "Prod", "#C8442F", true),
        ];
        settings::put(&mut tx, &mut environments, now).await?;
    }
    let mut profile = settings::get::<WorkspaceProfile>(&mut tx).await?;
    if profile.version == 0 {
        // Who comes after the first administrator is let in by an administrator.
        profile.value.disallow_signup = true;
        settings::put(&mut tx, &mut profile, now).await?;
    }
    let mut approval = settings::get::<ApprovalSetting>(&mut tx).await?;
    if approval.version == 0 {
        approval.value.rules = vec![owner_approves()];
        settings::put(&mut tx, &mut approval, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Whatever no other rule is about: one step. It keeps something from running only in projects that require approval.
fn owner_approves() -> Rule {
    Rule {
        source: Source::Fallback,
        condition: "true".to_owned(),
        template: Template {
            title: "Project owner".to_owned(),
            description: "One approval by an owner of the project.".to_owned(),
            roles: vec![PROJECT_OWNER.to_owned()],
        },
        ..Rule::default()
    }
}

async fn default_project(conn: &mut Conn, now: base::Time) -> Result<()> {
    if projects::get(conn, DEFAULT_PROJECT).await?.is_some() {
        return Ok(());
    }
    let mut project = Project {
        id: DEFAULT_PROJECT.to_owned(),
        title: "Default".to_owned(),
        state: State::Active,
        labels: std::collections::BTreeMap::new(),
        payload: ProjectPayload::default(),
        version: 0,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    };
    projects::insert(conn, &mut project).await?;
    let resource = ProjectName::new(DEFAULT_PROJECT).to_string();
    let mut policy = IamPolicy { resource, policy: Policy::default(), version: 0, updated_at: now };
    Ok(store::iam::put(conn, &mut policy, now).await?)
}

fn environment(id: &str, title: &str, color: &str, protected: bool) -> Environment {
    Environment {
        id: id.to_owned(),
        title: title.to_owned(),
        color: color.to_owned(),
        protected,
        ..Environment::default()
    }
}
