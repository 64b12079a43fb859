//! InstanceRoleService: roles and users inside a database server.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::instance::{self, ListRoles};
use base::name::InstanceName;

use super::convert::{instance as convert, value};
use super::{Error, Result};

pub struct InstanceRoles;

impl pb::InstanceRoleService<Cx, Error> for InstanceRoles {
    async fn list_instance_roles(
        &self,
        cx: Cx,
        request: pb::ListInstanceRolesRequest,
    ) -> Result<pb::ListInstanceRolesResponse> {
        let id = InstanceName::parse("parent", &request.parent)?.instance;
        let page = instance::roles(
            &cx,
            &ListRoles {
                parent: request.parent,
                page_size: request.page_size,
                page_token: request.page_token,
                refresh: request.refresh,
            },
        )
        .await?;
        let (roles, next_page_token) = value::page(page, |role| convert::role(&id, &role));
        Ok(pb::ListInstanceRolesResponse { roles, next_page_token })
    }
}
