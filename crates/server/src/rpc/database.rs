//! DatabaseService: databases of all instances, and what was synced from them.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::database::{self, DatabaseChange, ObjectType, SchemaObject};
use app::filter::Ask;
use pb::get_schema_string_request::ObjectType as WireObject;

use super::convert::{catalog, database as convert, value};
use super::{Error, Result};

pub struct Databases;

impl pb::DatabaseService<Cx, Error> for Databases {
    async fn get_database(&self, cx: Cx, request: pb::GetDatabaseRequest) -> Result<pb::Database> {
        Ok(convert::to_wire(database::get(&cx, &request.name).await?))
    }

    async fn batch_get_databases(
        &self,
        cx: Cx,
        request: pb::BatchGetDatabasesRequest,
    ) -> Result<pb::BatchGetDatabasesResponse> {
        let found = database::batch_get(&cx, &request.parent, &request.names).await?;
        let databases = found.into_iter().map(convert::to_wire).collect();
        Ok(pb::BatchGetDatabasesResponse { databases })
    }

    async fn list_databases(
        &self,
        cx: Cx,
        request: pb::ListDatabasesRequest,
    ) -> Result<pb::ListDatabasesResponse> {
        let ask = Ask {
            order_by: request.order_by,
            show_deleted: request.show_deleted,
            ..Ask::new(request.filter, request.page_size, request.page_token)
        };
        let page = database::list(&cx, &request.parent, &ask).await?;
        let (databases, next_page_token) = value::page(page, convert::to_wire);
        Ok(pb::ListDatabasesResponse { databases, next_page_token })
    }

    async fn update_database(
        &self,
        cx: Cx,
        request: pb::UpdateDatabaseRequest,
    ) -> Result<pb::Database> {
        Ok(convert::to_wire(database::update(&cx, change(request)?).await?))
    }

    async fn batch_update_databases(
        &self,
        cx: Cx,
        request: pb::BatchUpdateDatabasesRequest,
    ) -> Result<pb::BatchUpdateDatabasesResponse> {
        let changes = request.requests.into_iter().map(change).collect::<Result<_>>()?;
        let changed = database::update_many(&cx, &request.parent, changes).await?;
        let databases = changed.into_iter().map(convert::to_wire).collect();
        Ok(pb::BatchUpdateDatabasesResponse { databases })
    }

    async fn sync_database(
        &self,
        cx: Cx,
        request: pb::SyncDatabaseRequest,
    ) -> Result<pb::SyncDatabaseResponse> {
        database::sync(&cx, &request.name).await?;
        Ok(pb::SyncDatabaseResponse {})
    }

    async fn batch_sync_databases(
        &self,
        cx: Cx,
        request: pb::BatchSyncDatabasesRequest,
    ) -> Result<pb::BatchSyncDatabasesResponse> {
        database::request_sync(&cx, &request.parent, &request.names).await?;
        Ok(pb::BatchSyncDatabasesResponse {})
    }

    async fn get_database_metadata(
        &self,
        cx: Cx,
        request: pb::GetDatabaseMetadataRequest,
    ) -> Result<pb::DatabaseMetadata> {
        let found = database::metadata(&cx, &request.name, &request.filter, request.limit).await?;
        Ok(catalog::metadata(found.name.to_string(), found.catalog))
    }

    async fn get_database_schema(
        &self,
        cx: Cx,
        request: pb::GetDatabaseSchemaRequest,
    ) -> Result<pb::DatabaseSchema> {
        Ok(pb::DatabaseSchema { schema: database::schema(&cx, &request.name).await? })
    }

    async fn get_schema_string(
        &self,
        cx: Cx,
        request: pb::GetSchemaStringRequest,
    ) -> Result<pb::GetSchemaStringResponse> {
        let kind = match request.r#type() {
            WireObject::Unspecified | WireObject::Database => ObjectType::Database,
            WireObject::Schema => ObjectType::Schema,
            WireObject::Table => ObjectType::Table,
            WireObject::View => ObjectType::View,
            WireObject::MaterializedView => ObjectType::MaterializedView,
            WireObject::Function => ObjectType::Function,
            WireObject::Procedure => ObjectType::Procedure,
            WireObject::Sequence => ObjectType::Sequence,
        };
        if request.metadata.is_some() {
            let what = "SQL is written of synced metadata only in this version; leave it out";
            return Err(base::Error::field("metadata", what).into());
        }
        let wanted = SchemaObject {
            database: request.name,
            kind,
            schema: request.schema,
            name: request.object,
        };
        let schema_string = database::schema_string(&cx, &wanted).await?;
        Ok(pb::GetSchemaStringResponse { schema_string })
    }
}

fn change(request: pb::UpdateDatabaseRequest) -> Result<DatabaseChange> {
    let wire = request.database.unwrap_or_default();
    let environment = wire.environment.unwrap_or_default();
    Ok(DatabaseChange {
        name: wire.name,
        project: wire.project,
        environment: value::environment_from("database.environment", &environment)?,
        labels: wire.labels,
        mask: value::mask(request.update_mask).unwrap_or_default(),
    })
}
