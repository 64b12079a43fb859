//! Databases of instances.

use std::collections::BTreeMap;

use base::Time;
use serde::{Deserialize, Serialize};

use super::{State, SyncStatus};

#[derive(Debug, Clone)]
pub struct Database {
    /// UUIDv7: keeps its history when a name comes back.
    pub id: String,
    pub instance: String,
    pub name: String,
    pub project: String,
    /// Set on the database itself; None means the instance's.
    pub environment: Option<String>,
    /// The environment in force: the database's, else the instance's. Read by a join.
    pub effective_environment: Option<String>,
    pub state: State,
    pub sync_status: SyncStatus,
    pub sync_error: String,
    pub synced_at: Option<Time>,
    /// Blob of the schema as SQL at the last sync.
    pub schema_sha256: Option<String>,
    pub size_bytes: i64,
    pub table_count: i64,
    pub labels: BTreeMap<String, String>,
    pub payload: DatabasePayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DatabasePayload {
    pub owner: String,
    pub character_set: String,
    pub collation: String,
    /// Release applied last.
    pub release: String,
}
