//! ProjectService: who owns databases, plans, issues and members.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::{iam_policy, project, webhook};
use base::name::WebhookName;
use store::rows::Project;

use super::convert::project::{from_wire, to_wire};
use super::convert::{iam, value, webhook as wire_webhook};
use super::{Error, Result};

pub struct Projects;

impl pb::ProjectService<Cx, Error> for Projects {
    async fn get_project(&self, cx: Cx, request: pb::GetProjectRequest) -> Result<pb::Project> {
        one(&cx, project::get(&cx, &request.name).await?).await
    }

    async fn batch_get_projects(
        &self,
        cx: Cx,
        request: pb::BatchGetProjectsRequest,
    ) -> Result<pb::BatchGetProjectsResponse> {
        let found = project::batch_get(&cx, &request.names).await?;
        Ok(pb::BatchGetProjectsResponse { projects: shown(&cx, found).await? })
    }

    async fn list_projects(
        &self,
        cx: Cx,
        request: pb::ListProjectsRequest,
    ) -> Result<pb::ListProjectsResponse> {
        let ask = Ask {
            order_by: request.order_by,
            show_deleted: request.show_deleted,
            ..Ask::new(request.filter, request.page_size, request.page_token)
        };
        let page = project::list(&cx, &ask).await?;
        let next_page_token = page.next.unwrap_or_default();
        let projects = shown(&cx, page.items).await?;
        Ok(pb::ListProjectsResponse { projects, next_page_token })
    }

    async fn search_projects(
        &self,
        cx: Cx,
        request: pb::SearchProjectsRequest,
    ) -> Result<pb::SearchProjectsResponse> {
        let ask = Ask {
            order_by: request.order_by,
            show_deleted: request.show_deleted,
            ..Ask::new(request.filter, request.page_size, request.page_token)
        };
        let page = project::search(&cx, &ask).await?;
        let next_page_token = page.next.unwrap_or_default();
        let projects = shown(&cx, page.items).await?;
        Ok(pb::SearchProjectsResponse { projects, next_page_token })
    }

    async fn create_project(
        &self,
        cx: Cx,
        request: pb::CreateProjectRequest,
    ) -> Result<pb::Project> {
        let wire = request.project.unwrap_or_default();
        let says_retries = wire.execution_retry_policy.is_some();
        let mut new = from_wire(wire)?;
        if !says_retries {
            new.payload.execution_retries = project::RETRIES;
        }
        one(&cx, project::create(&cx, &request.project_id, new).await?).await
    }

    async fn update_project(
        &self,
        cx: Cx,
        request: pb::UpdateProjectRequest,
    ) -> Result<pb::Project> {
        let mut wire = request.project.unwrap_or_default();
        // Readers send back what they read; the mask says what counts.
        wire.webhooks.clear();
        let update = project::Update {
            name: wire.name.clone(),
            project: from_wire(wire)?,
            mask: value::mask(request.update_mask).unwrap_or_default(),
            allow_missing: request.allow_missing,
        };
        one(&cx, project::update(&cx, update).await?).await
    }

    async fn delete_project(&self, cx: Cx, request: pb::DeleteProjectRequest) -> Result<()> {
        Ok(project::delete(&cx, &request.name, request.purge).await?)
    }

    async fn undelete_project(
        &self,
        cx: Cx,
        request: pb::UndeleteProjectRequest,
    ) -> Result<pb::Project> {
        one(&cx, project::undelete(&cx, &request.name).await?).await
    }

    async fn batch_delete_projects(
        &self,
        cx: Cx,
        request: pb::BatchDeleteProjectsRequest,
    ) -> Result<()> {
        Ok(project::batch_delete(&cx, &request.names, request.purge).await?)
    }

    async fn get_iam_policy(
        &self,
        cx: Cx,
        request: pb::GetIamPolicyRequest,
    ) -> Result<pb::IamPolicy> {
        Ok(iam::policy(iam_policy::get(&cx, &request.resource).await?))
    }

    async fn set_iam_policy(
        &self,
        cx: Cx,
        request: pb::SetIamPolicyRequest,
    ) -> Result<pb::IamPolicy> {
        Ok(iam::policy(iam_policy::set(&cx, iam::set_from(request)).await?))
    }

    async fn add_webhook(&self, cx: Cx, request: pb::AddWebhookRequest) -> Result<pb::Project> {
        let new = wire_webhook::from_wire(request.webhook.unwrap_or_default())?;
        made(&cx, webhook::add(&cx, &request.project, new).await?).await
    }

    async fn update_webhook(
        &self,
        cx: Cx,
        request: pb::UpdateWebhookRequest,
    ) -> Result<pb::Project> {
        let wire = request.webhook.unwrap_or_default();
        let update = webhook::Update {
            name: wire.name.clone(),
            webhook: wire_webhook::from_wire(wire)?,
            mask: value::mask(request.update_mask).unwrap_or_default(),
            allow_missing: request.allow_missing,
        };
        made(&cx, webhook::update(&cx, update).await?).await
    }

    async fn remove_webhook(
        &self,
        cx: Cx,
        request: pb::RemoveWebhookRequest,
    ) -> Result<pb::Project> {
        let name = request.webhook.unwrap_or_default().name;
        one(&cx, webhook::remove(&cx, &name).await?).await
    }

    async fn test_webhook(
        &self,
        cx: Cx,
        request: pb::TestWebhookRequest,
    ) -> Result<pb::TestWebhookResponse> {
        let wire = request.webhook.unwrap_or_default();
        let name = wire.name.clone();
        let new = wire_webhook::from_wire(wire)?;
        let error = webhook::test(&cx, &request.project, &name, new).await?;
        Ok(pb::TestWebhookResponse { error })
    }
}

async fn one(cx: &Cx, project: Project) -> Result<pb::Project> {
    Ok(shown(cx, vec![project]).await?.pop().unwrap_or_default())
}

/// Projects with their webhooks.
async fn shown(cx: &Cx, projects: Vec<Project>) -> Result<Vec<pb::Project>> {
    let mut webhooks = webhook::of_projects(cx, &projects).await?;
    let shown = projects.into_iter().map(|p| {
        let own = webhooks.remove(&p.id).unwrap_or_default();
        to_wire(p, own)
    });
    Ok(shown.collect())
}

/// With the secret that was made just now.
async fn made(cx: &Cx, made: webhook::Made) -> Result<pb::Project> {
    let name = WebhookName::new(&made.project.id, &made.webhook).to_string();
    let mut project = one(cx, made.project).await?;
    if let (Some(secret), Some(webhook)) =
        (made.secret, project.webhooks.iter_mut().find(|w| w.name == name))
    {
        webhook.signing_secret = secret.expose().clone();
    }
    Ok(project)
}
