//! What this server is.

use std::sync::Arc;

use async_trait::async_trait;
use base::Result;
use base::name::{DEFAULT_PROJECT, ProjectName, WORKSPACE};
use store::rows::WorkspaceProfile;
use store::{Filter, instances, settings, users};

use crate::app::App;
use crate::cx::Cx;
use crate::ports::{self, About, Bootstrap, ServerInfo};
use crate::workspace::needs_first_admin;

/// The port of the routes that ask.
pub struct Facts(pub Arc<App>);

#[async_trait]
impl About for Facts {
    async fn bootstrap(&self) -> Result<Bootstrap> {
        bootstrap(&self.0).await
    }

    async fn info(&self, cx: &Cx) -> Result<ServerInfo> {
        info(cx).await
    }
}

/// For anybody.
async fn bootstrap(app: &App) -> Result<Bootstrap> {
    let mut conn = app.store.read().await?;
    let needs_first_admin = needs_first_admin(&mut conn).await?;
    let config = &app.config;
    let demo_users = config.demo_users.iter().map(|u| ports::DemoUser {
        email: u.email.clone(),
        password: u.password.clone(),
        title: u.title.clone(),
    });
    Ok(Bootstrap {
        needs_first_admin,
        setup_token_required: needs_first_admin && config.setup_token.is_some(),
        readonly: config.readonly,
        demo: config.demo,
        demo_users: if config.demo { demo_users.collect() } else { Vec::new() },
        basalt_version: config.version.clone(),
        test_hooks: cfg!(feature = "test-hooks"),
    })
}

/// For those who signed in.
pub async fn info(cx: &Cx) -> Result<ServerInfo> {
    let bootstrap = bootstrap(&cx.app).await?;
    let mut conn = cx.app.store.read().await?;
    let profile = settings::get::<WorkspaceProfile>(&mut conn).await?.value;
    let instances = instances::count(&mut conn, &Filter::eq(instances::STATE, "ACTIVE")).await?;
    let users = users::count(&mut conn, &Filter::eq(users::STATE, "ACTIVE")).await?;
    let from_flag = cx.app.config.external_url.clone();
    Ok(ServerInfo {
        bootstrap,
        workspace: WORKSPACE.to_owned(),
        default_project: ProjectName::new(DEFAULT_PROJECT).to_string(),
        external_url_from_flag: from_flag.is_some(),
        external_url: from_flag.unwrap_or(profile.external_url),
        git_commit: cx.app.config.git_commit.clone(),
        instances: i32::try_from(instances).unwrap_or(i32::MAX),
        users: i32::try_from(users).unwrap_or(i32::MAX),
    })
}
