//! ProjectService: who owns databases, plans, issues and members.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::{iam_policy, project};

use super::convert::project::{from_wire, to_wire};
use super::convert::{iam, value};
use super::{Error, Result};

pub struct Projects;

impl pb::ProjectService<Cx, Error> for Projects {
    async fn get_project(&self, cx: Cx, request: pb::GetProjectRequest) -> Result<pb::Project> {
        Ok(to_wire(project::get(&cx, &request.name).await?))
    }

    async fn batch_get_projects(
        &self,
        cx: Cx,
        request: pb::BatchGetProjectsRequest,
    ) -> Result<pb::BatchGetProjectsResponse> {
        let found = project::batch_get(&cx, &request.names).await?;
        Ok(pb::BatchGetProjectsResponse { projects: found.into_iter().map(to_wire).collect() })
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
        let (projects, next_page_token) = value::page(page, to_wire);
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
        let (projects, next_page_token) = value::page(page, to_wire);
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
        Ok(to_wire(project::create(&cx, &request.project_id, new).await?))
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
        Ok(to_wire(project::update(&cx, update).await?))
    }

    async fn delete_project(&self, cx: Cx, request: pb::DeleteProjectRequest) -> Result<()> {
        Ok(project::delete(&cx, &request.name, request.purge).await?)
    }

    async fn undelete_project(
        &self,
        cx: Cx,
        request: pb::UndeleteProjectRequest,
    ) -> Result<pb::Project> {
        Ok(to_wire(project::undelete(&cx, &request.name).await?))
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
}
