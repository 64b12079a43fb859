//! Settings of the workspace: one typed value a name.

use base::Time;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::changed_one;
use crate::db::{Conn, Topic};
use crate::error::Result;
use crate::payload::{decode, encode};
use crate::rows::{ApprovalSetting, EmailSetting, EnvironmentSetting, WorkspaceProfile};
use crate::sql::sql;

/// A struct that is the value of a setting. One that was never set has the default.
pub trait Named: Default + Serialize + DeserializeOwned + Send + Sync {
    /// As on the wire.
    const NAME: &'static str;
}

impl Named for EmailSetting {
    const NAME: &'static str = "EMAIL";
}

impl Named for EnvironmentSetting {
    const NAME: &'static str = "ENVIRONMENT";
}

impl Named for ApprovalSetting {
    const NAME: &'static str = "WORKSPACE_APPROVAL";
}

impl Named for WorkspaceProfile {
    const NAME: &'static str = "WORKSPACE_PROFILE";
}

/// A setting as stored. `version` is 0 when it was never set.
#[derive(Debug, Clone, Default)]
pub struct Setting<T> {
    pub value: T,
    pub version: i64,
}

pub async fn get<T: Named>(conn: &mut Conn) -> Result<Setting<T>> {
    let text = sql("SELECT payload, version FROM setting WHERE name = $1").bind(T::NAME);
    let Some(row) = conn.optional(text).await? else { return Ok(Setting::default()) };
    Ok(Setting {
        value: decode(&format!("settings/{}", T::NAME), &row.text("payload")?)?,
        version: row.int("version")?,
    })
}

/// Sets the value, if the version is still the stored one.
pub async fn put<T: Named>(conn: &mut Conn, setting: &mut Setting<T>, now: Time) -> Result<()> {
    let body = encode(&setting.value)?;
    let name = || format!("settings/{}", T::NAME);
    if setting.version == 0 {
        let text = "INSERT INTO setting (name, payload, version, updated_at) VALUES ($1, $2, 1, $3)
            ON CONFLICT (name) DO NOTHING";
        changed_one(conn.run(sql(text).bind(T::NAME).bind(body).bind(now)).await?, name)?;
    } else {
        let text = "UPDATE setting SET payload = $3, updated_at = $4, version = version + 1
            WHERE name = $1 AND version = $2";
        let update = sql(text).bind(T::NAME).bind(setting.version).bind(body).bind(now);
        changed_one(conn.run(update).await?, name)?;
    }
    setting.version += 1;
    conn.wake(Topic::Access, &name()).await
}
