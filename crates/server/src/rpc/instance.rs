//! InstanceService: database servers and how to reach them.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::instance::{self, Draft, InstanceChange};

use super::convert::{data_source, instance as convert, value};
use super::{Error, Result};

pub struct Instances;

impl pb::InstanceService<Cx, Error> for Instances {
    async fn get_instance(&self, cx: Cx, request: pb::GetInstanceRequest) -> Result<pb::Instance> {
        Ok(convert::to_wire(instance::get(&cx, &request.name).await?))
    }

    async fn list_instances(
        &self,
        cx: Cx,
        request: pb::ListInstancesRequest,
    ) -> Result<pb::ListInstancesResponse> {
        let ask = Ask {
            order_by: request.order_by,
            show_deleted: request.show_deleted,
            ..Ask::new(request.filter, request.page_size, request.page_token)
        };
        let page = instance::list(&cx, request.parent.as_deref().unwrap_or_default(), &ask).await?;
        let (instances, next_page_token) = value::page(page, convert::to_wire);
        Ok(pb::ListInstancesResponse { instances, next_page_token })
    }

    async fn create_instance(
        &self,
        cx: Cx,
        request: pb::CreateInstanceRequest,
    ) -> Result<pb::Instance> {
        let new = convert::from_wire(request.instance.unwrap_or_default(), true)?;
        let parent = request.parent.unwrap_or_default();
        let made = instance::create(&cx, &parent, &request.instance_id, new, request.validate_only)
            .await?;
        Ok(convert::to_wire(made))
    }

    async fn update_instance(
        &self,
        cx: Cx,
        request: pb::UpdateInstanceRequest,
    ) -> Result<pb::Instance> {
        Ok(convert::to_wire(instance::update(&cx, change(request)?).await?))
    }

    async fn batch_update_instances(
        &self,
        cx: Cx,
        request: pb::BatchUpdateInstancesRequest,
    ) -> Result<pb::BatchUpdateInstancesResponse> {
        let changes = request.requests.into_iter().map(change).collect::<Result<_>>()?;
        let changed = instance::update_many(&cx, changes).await?;
        let instances = changed.into_iter().map(convert::to_wire).collect();
        Ok(pb::BatchUpdateInstancesResponse { instances })
    }

    async fn delete_instance(&self, cx: Cx, request: pb::DeleteInstanceRequest) -> Result<()> {
        Ok(instance::delete(&cx, &request.name, request.force, request.purge).await?)
    }

    async fn undelete_instance(
        &self,
        cx: Cx,
        request: pb::UndeleteInstanceRequest,
    ) -> Result<pb::Instance> {
        Ok(convert::to_wire(instance::undelete(&cx, &request.name).await?))
    }

    async fn sync_instance(
        &self,
        cx: Cx,
        request: pb::SyncInstanceRequest,
    ) -> Result<pb::SyncInstanceResponse> {
        let databases = instance::sync(&cx, &request.name, request.enable_full_sync).await?;
        Ok(pb::SyncInstanceResponse { databases })
    }

    async fn batch_sync_instances(
        &self,
        cx: Cx,
        request: pb::BatchSyncInstancesRequest,
    ) -> Result<pb::BatchSyncInstancesResponse> {
        let wanted: Vec<_> =
            request.requests.into_iter().map(|r| (r.name, r.enable_full_sync)).collect();
        instance::request_sync(&cx, &wanted).await?;
        Ok(pb::BatchSyncInstancesResponse {})
    }

    async fn list_instance_database(
        &self,
        cx: Cx,
        request: pb::ListInstanceDatabaseRequest,
    ) -> Result<pb::ListInstanceDatabaseResponse> {
        let draft = match request.instance {
            None => None,
            Some(wire) => Some(Draft {
                engine: value::engine_from("instance.engine", wire.engine)?,
                sources: convert::sources(wire.data_sources)?,
            }),
        };
        let databases = instance::databases(&cx, &request.name, draft).await?;
        Ok(pb::ListInstanceDatabaseResponse { databases })
    }

    async fn add_data_source(
        &self,
        cx: Cx,
        request: pb::AddDataSourceRequest,
    ) -> Result<pb::Instance> {
        let input = data_source::from_wire("data_source", request.data_source.unwrap_or_default())?;
        let seen = instance::add_source(&cx, &request.name, input, request.validate_only).await?;
        Ok(convert::to_wire(seen))
    }

    async fn remove_data_source(
        &self,
        cx: Cx,
        request: pb::RemoveDataSourceRequest,
    ) -> Result<pb::Instance> {
        let id = request.data_source.unwrap_or_default().id;
        Ok(convert::to_wire(instance::remove_source(&cx, &request.name, &id).await?))
    }

    async fn update_data_source(
        &self,
        cx: Cx,
        request: pb::UpdateDataSourceRequest,
    ) -> Result<pb::Instance> {
        let input = data_source::from_update(request.data_source.unwrap_or_default())?;
        let mask = value::mask(request.update_mask);
        let seen = instance::update_source(
            &cx,
            &request.name,
            input,
            mask.as_deref(),
            request.validate_only,
            request.allow_missing,
        );
        Ok(convert::to_wire(seen.await?))
    }
}

fn change(request: pb::UpdateInstanceRequest) -> Result<InstanceChange> {
    let wire = request.instance.unwrap_or_default();
    let mask = value::mask(request.update_mask).unwrap_or_default();
    let name = wire.name.clone();
    let with_sources = request.allow_missing || mask.iter().any(|path| path == "data_sources");
    let new = convert::from_wire(wire, with_sources)?;
    Ok(InstanceChange { name, new, mask, allow_missing: request.allow_missing })
}
