//! Databases.

use api::bytebase::v1 as pb;
use app::database::DatabaseView;
use base::name::{DatabaseName, ProjectName};

use super::{instance, value};

pub fn to_wire(view: DatabaseView) -> pb::Database {
    let DatabaseView { database, instance } = view;
    pb::Database {
        name: DatabaseName::new(&database.instance, &database.name).to_string(),
        state: value::state(database.state).into(),
        successful_sync_time: database.synced_at.map(value::timestamp),
        project: ProjectName::new(&database.project).to_string(),
        release: database.payload.release,
        environment: value::environment(database.environment.as_ref()),
        effective_environment: value::environment(database.effective_environment.as_ref()),
        labels: database.labels,
        instance_resource: Some(instance::resource(&instance)),
        // Prior backup comes with a later version.
        backup_available: false,
        sync_status: value::sync_status(database.sync_status).into(),
        sync_error: database.sync_error,
        size_bytes: database.size_bytes,
        table_count: database.table_count,
    }
}
