//! RoleService: named sets of permissions.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::role::{self, Role};

use super::convert::value;
use super::{Error, Result};

pub struct Roles;

impl pb::RoleService<Cx, Error> for Roles {
    async fn list_roles(&self, cx: Cx, _: pb::ListRolesRequest) -> Result<pb::ListRolesResponse> {
        let all = role::list(&cx).await?;
        Ok(pb::ListRolesResponse { roles: all.into_iter().map(to_wire).collect() })
    }

    async fn get_role(&self, cx: Cx, request: pb::GetRoleRequest) -> Result<pb::Role> {
        Ok(to_wire(role::get(&cx, &request.name).await?))
    }

    async fn create_role(&self, cx: Cx, request: pb::CreateRoleRequest) -> Result<pb::Role> {
        let new = from_wire(request.role.unwrap_or_default());
        Ok(to_wire(role::create(&cx, &request.role_id, new).await?))
    }

    async fn update_role(&self, cx: Cx, request: pb::UpdateRoleRequest) -> Result<pb::Role> {
        let update = role::Update {
            role: from_wire(request.role.unwrap_or_default()),
            mask: value::mask(request.update_mask).unwrap_or_default(),
            allow_missing: request.allow_missing,
        };
        Ok(to_wire(role::update(&cx, update).await?))
    }

    async fn delete_role(&self, cx: Cx, request: pb::DeleteRoleRequest) -> Result<()> {
        Ok(role::delete(&cx, &request.name).await?)
    }
}

fn to_wire(role: Role) -> pb::Role {
    let kind = if role.predefined { pb::role::Type::BuiltIn } else { pb::role::Type::Custom };
    pb::Role {
        name: role.name,
        title: role.title,
        description: role.description,
        permissions: role.permissions,
        r#type: kind.into(),
    }
}

fn from_wire(wire: pb::Role) -> Role {
    Role {
        name: wire.name,
        title: wire.title,
        description: wire.description,
        permissions: wire.permissions,
        predefined: false,
    }
}
