//! GroupService: people who policies bind as one member.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::group::{self, GroupInput, MemberInput};
use base::name::GroupName;
use pb::group_member::Role as Wire;
use store::rows::{Group, GroupMember, GroupRole};

use super::convert::value;
use super::{Error, Result};

pub struct Groups;

impl pb::GroupService<Cx, Error> for Groups {
    async fn get_group(&self, cx: Cx, request: pb::GetGroupRequest) -> Result<pb::Group> {
        Ok(to_wire(group::get(&cx, &request.name).await?))
    }

    async fn batch_get_groups(
        &self,
        cx: Cx,
        request: pb::BatchGetGroupsRequest,
    ) -> Result<pb::BatchGetGroupsResponse> {
        let found = group::batch_get(&cx, &request.names).await?;
        Ok(pb::BatchGetGroupsResponse { groups: found.into_iter().map(to_wire).collect() })
    }

    async fn list_groups(
        &self,
        cx: Cx,
        request: pb::ListGroupsRequest,
    ) -> Result<pb::ListGroupsResponse> {
        let ask = Ask::new(request.filter, request.page_size, request.page_token);
        let (groups, next_page_token) = value::page(group::list(&cx, &ask).await?, to_wire);
        Ok(pb::ListGroupsResponse { groups, next_page_token })
    }

    async fn create_group(&self, cx: Cx, request: pb::CreateGroupRequest) -> Result<pb::Group> {
        let input = from_wire(request.group.unwrap_or_default());
        Ok(to_wire(group::create(&cx, &request.group_email, input).await?))
    }

    async fn update_group(&self, cx: Cx, request: pb::UpdateGroupRequest) -> Result<pb::Group> {
        let wire = request.group.unwrap_or_default();
        let update = group::Update {
            name: wire.name.clone(),
            group: from_wire(wire),
            mask: value::mask(request.update_mask).unwrap_or_default(),
            allow_missing: request.allow_missing,
        };
        Ok(to_wire(group::update(&cx, update).await?))
    }

    async fn delete_group(&self, cx: Cx, request: pb::DeleteGroupRequest) -> Result<()> {
        Ok(group::delete(&cx, &request.name).await?)
    }
}

fn to_wire(group: Group) -> pb::Group {
    let member = |member: GroupMember| pb::GroupMember {
        member: member.name,
        role: match member.role {
            GroupRole::Owner => Wire::Owner,
            GroupRole::Member => Wire::Member,
        }
        .into(),
    };
    pb::Group {
        name: GroupName::new(&group.email).to_string(),
        title: group.title,
        description: group.description,
        members: group.members.into_iter().map(member).collect(),
        source: String::new(),
        email: group.email,
    }
}

fn from_wire(wire: pb::Group) -> GroupInput {
    let member = |member: pb::GroupMember| MemberInput {
        role: match member.role() {
            Wire::Owner => Some(GroupRole::Owner),
            Wire::Member => Some(GroupRole::Member),
            Wire::Unspecified => None,
        },
        name: member.member,
    };
    GroupInput {
        title: wire.title,
        description: wire.description,
        members: wire.members.into_iter().map(member).collect(),
    }
}
