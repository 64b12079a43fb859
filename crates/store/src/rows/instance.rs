//! Instances and their data sources.

use std::collections::BTreeMap;
use std::time::Duration;

use base::{EngineKind, Secret, Time};
use serde::{Deserialize, Serialize};

use super::{State, SyncStatus};

#[derive(Debug, Clone)]
pub struct Instance {
    pub id: String,
    pub title: String,
    pub engine: EngineKind,
    /// As the server says; empty before the first sync.
    pub engine_version: String,
    /// System identifier or server UUID; empty when the engine has none.
    pub identity: String,
    /// Environment id; None when unset.
    pub environment: Option<String>,
    /// None: of the workspace.
    pub project: Option<String>,
    pub state: State,
    pub sync_status: SyncStatus,
    pub sync_error: String,
    pub synced_at: Option<Time>,
    pub labels: BTreeMap<String, String>,
    pub payload: InstancePayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
    pub deleted_at: Option<Time>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InstancePayload {
    pub external_link: String,
    pub activation: bool,
    /// At most one ADMIN.
    pub data_sources: Vec<DataSource>,
    /// None or zero: never by itself.
    pub sync_interval: Option<Duration>,
    /// Connections at once, for runs, syncs and checks; 0 takes the server's default.
    pub maximum_connections: i32,
    /// Databases to sync; empty means all.
    pub sync_databases: Vec<String>,
    pub roles: Vec<InstanceRole>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InstanceRole {
    pub name: String,
    pub attributes: String,
}

/// One way to reach the instance. Secrets are kept apart: see [`DataSourceSecrets`].
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DataSource {
    pub id: String,
    pub kind: DataSourceKind,
    pub username: String,
    pub host: String,
    pub port: String,
    pub database: String,
    pub use_ssl: bool,
    /// With `use_ssl`: encrypt, but do not check who answers.
    pub skip_tls_verification: bool,
    pub ssh: Option<SshTunnel>,
    pub authentication: Authentication,
    pub extra_connection_parameters: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DataSourceKind {
    #[default]
    Admin,
    ReadOnly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Authentication {
    #[default]
    Password,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SshTunnel {
    pub host: String,
    pub port: String,
    pub user: String,
}

/// The secret fields of a data source. In the store each is a row of `secret`
/// (owner `instances/{i}`, field `data_source/{id}/{field}`); an empty one has no row.
#[derive(Debug, Clone, Default)]
pub struct DataSourceSecrets {
    pub password: Secret,
    pub ssl_ca: Secret,
    pub ssl_cert: Secret,
    pub ssl_key: Secret,
    pub ssh_password: Secret,
    pub ssh_private_key: Secret,
}
