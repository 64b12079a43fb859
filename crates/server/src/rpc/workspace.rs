//! WorkspaceService: the one workspace and its policy.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::iam_policy;
use app::workspace::{self, Workspace};
use base::name::WORKSPACE;

use super::convert::{iam, value};
use super::{Error, Result};

pub struct Workspaces;

impl pb::WorkspaceService<Cx, Error> for Workspaces {
    async fn get_workspace(
        &self,
        cx: Cx,
        request: pb::GetWorkspaceRequest,
    ) -> Result<pb::Workspace> {
        Ok(to_wire(workspace::get(&cx, &request.name).await?))
    }

    async fn list_workspaces(
        &self,
        cx: Cx,
        _: pb::ListWorkspacesRequest,
    ) -> Result<pb::ListWorkspacesResponse> {
        let only = workspace::get(&cx, WORKSPACE).await?;
        Ok(pb::ListWorkspacesResponse { workspaces: vec![to_wire(only)] })
    }

    async fn update_workspace(
        &self,
        cx: Cx,
        request: pb::UpdateWorkspaceRequest,
    ) -> Result<pb::Workspace> {
        let wire = request.workspace.unwrap_or_default();
        let update = workspace::Update {
            name: wire.name,
            workspace: Workspace { title: wire.title, logo: wire.logo },
            mask: value::mask(request.update_mask).unwrap_or_default(),
        };
        Ok(to_wire(workspace::update(&cx, update).await?))
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

fn to_wire(found: Workspace) -> pb::Workspace {
    pb::Workspace { name: WORKSPACE.to_owned(), title: found.title, logo: found.logo }
}
