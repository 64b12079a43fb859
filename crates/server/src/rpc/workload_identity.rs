//! WorkloadIdentityService: pipelines that sign in with tokens of their CI systems.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::workload_identity as identity;

use super::convert::{account, value};
use super::{Error, Result};

pub struct WorkloadIdentities;

impl pb::WorkloadIdentityService<Cx, Error> for WorkloadIdentities {
    async fn create_workload_identity(
        &self,
        cx: Cx,
        request: pb::CreateWorkloadIdentityRequest,
    ) -> Result<pb::WorkloadIdentity> {
        let wire = request.workload_identity.unwrap_or_default();
        let new = identity::Create {
            parent: request.parent,
            id: request.workload_identity_id,
            title: wire.title,
            payload: account::workload_config(wire.workload_identity_config),
        };
        Ok(account::workload_identity(identity::create(&cx, new).await?))
    }

    async fn get_workload_identity(
        &self,
        cx: Cx,
        request: pb::GetWorkloadIdentityRequest,
    ) -> Result<pb::WorkloadIdentity> {
        Ok(account::workload_identity(identity::get(&cx, &request.name).await?))
    }

    async fn list_workload_identities(
        &self,
        cx: Cx,
        request: pb::ListWorkloadIdentitiesRequest,
    ) -> Result<pb::ListWorkloadIdentitiesResponse> {
        let ask = Ask {
            show_deleted: request.show_deleted,
            ..Ask::new(request.filter, request.page_size, request.page_token)
        };
        let page = identity::list(&cx, &request.parent, &ask).await?;
        let (workload_identities, next_page_token) = value::page(page, account::workload_identity);
        Ok(pb::ListWorkloadIdentitiesResponse { workload_identities, next_page_token })
    }

    async fn update_workload_identity(
        &self,
        cx: Cx,
        request: pb::UpdateWorkloadIdentityRequest,
    ) -> Result<pb::WorkloadIdentity> {
        let wire = request.workload_identity.unwrap_or_default();
        let update = identity::Update {
            name: wire.name,
            title: wire.title,
            payload: account::workload_config(wire.workload_identity_config),
            mask: value::mask(request.update_mask).unwrap_or_default(),
        };
        Ok(account::workload_identity(identity::update(&cx, update).await?))
    }

    async fn delete_workload_identity(
        &self,
        cx: Cx,
        request: pb::DeleteWorkloadIdentityRequest,
    ) -> Result<()> {
        Ok(identity::delete(&cx, &request.name).await?)
    }

    async fn undelete_workload_identity(
        &self,
        cx: Cx,
        request: pb::UndeleteWorkloadIdentityRequest,
    ) -> Result<pb::WorkloadIdentity> {
        Ok(account::workload_identity(identity::undelete(&cx, &request.name).await?))
    }
}
