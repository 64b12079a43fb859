//! Instances and their roles.

use api::bytebase::v1 as pb;
use app::instance::{InstanceView, NewInstance, SourceInput};
use base::Result;
use base::name::{InstanceName, InstanceRoleName};
use store::rows::{DataSource, DataSourceKind, Instance, InstancePayload, InstanceRole};

use super::{data_source, value};

pub fn to_wire(view: InstanceView) -> pb::Instance {
    let InstanceView { instance, secrets } = view;
    let sources = instance.payload.data_sources.iter();
    pb::Instance {
        // A tested connection may have no id yet.
        name: if instance.id.is_empty() {
            String::new()
        } else {
            InstanceName::new(&instance.id).to_string()
        },
        state: value::state(instance.state).into(),
        engine: instance.engine.number(),
        environment: value::environment(instance.environment.as_ref()),
        data_sources: sources.map(|s| data_source::to_wire(s, &secrets)).collect(),
        roles: instance.payload.roles.iter().map(|r| role(&instance.id, r)).collect(),
        title: instance.title,
        engine_version: instance.engine_version,
        external_link: instance.payload.external_link,
        activation: instance.payload.activation,
        sync_interval: instance.payload.sync_interval.map(value::duration),
        maximum_connections: instance.payload.maximum_connections,
        sync_databases: (!instance.payload.sync_databases.is_empty())
            .then_some(pb::SyncDatabases { databases: instance.payload.sync_databases }),
        last_sync_time: instance.synced_at.map(value::timestamp),
        labels: instance.labels,
        sync_status: value::sync_status(instance.sync_status).into(),
        sync_error: instance.sync_error,
    }
}

/// What a database shows of its instance. Whoever may see the database need not learn how its server is reached, so of
/// the data sources only id and type are there.
pub fn resource(instance: &Instance) -> pb::InstanceResource {
    let source = |s: &DataSource| pb::DataSource {
        id: s.id.clone(),
        r#type: match s.kind {
            DataSourceKind::Admin => pb::DataSourceType::Admin,
            DataSourceKind::ReadOnly => pb::DataSourceType::ReadOnly,
        }
        .into(),
        ..pb::DataSource::default()
    };
    pb::InstanceResource {
        title: instance.title.clone(),
        engine: instance.engine.number(),
        engine_version: instance.engine_version.clone(),
        data_sources: instance.payload.data_sources.iter().map(source).collect(),
        activation: instance.payload.activation,
        name: InstanceName::new(&instance.id).to_string(),
        environment: value::environment(instance.environment.as_ref()),
    }
}

pub fn role(instance: &str, role: &InstanceRole) -> pb::InstanceRole {
    pb::InstanceRole {
        name: InstanceRoleName::new(instance, &role.name).to_string(),
        role_name: role.name.clone(),
        attribute: (!role.attributes.is_empty()).then(|| role.attributes.clone()),
        ..pb::InstanceRole::default()
    }
}

/// An instance of a request; data sources are read only where the request is about them.
pub fn from_wire(wire: pb::Instance, with_sources: bool) -> Result<NewInstance> {
    let environment = wire.environment.unwrap_or_default();
    let interval = wire.sync_interval;
    Ok(NewInstance {
        title: wire.title,
        engine: base::EngineKind::from_number(wire.engine),
        environment: value::environment_from("instance.environment", &environment)?,
        labels: wire.labels,
        payload: InstancePayload {
            external_link: wire.external_link,
            activation: wire.activation,
            sync_interval: interval
                .map(|d| value::duration_from("instance.sync_interval", d))
                .transpose()?,
            maximum_connections: wire.maximum_connections,
            sync_databases: wire.sync_databases.unwrap_or_default().databases,
            ..InstancePayload::default()
        },
        sources: if with_sources { sources(wire.data_sources)? } else { Vec::new() },
    })
}

pub fn sources(wire: Vec<pb::DataSource>) -> Result<Vec<SourceInput>> {
    let one = |(i, source)| data_source::from_wire(&format!("instance.data_sources[{i}]"), source);
    wire.into_iter().enumerate().map(one).collect()
}
