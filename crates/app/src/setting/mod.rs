//! Settings of the workspace: the environments, the profile, and the approval rules. Others come with the features they are for.

mod approval;
pub mod email;
mod environment;
mod get;
mod profile;
mod update;

pub(crate) use approval::roles as approval_roles;
pub use get::{get, list};
pub(crate) use profile::is_domain;
pub use update::{Update, update};

use base::{Error, Reason, Result};
use store::rows::{ApprovalSetting, EnvironmentSetting, WorkspaceProfile};

/// A setting and its value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Environment(EnvironmentSetting),
    Profile(Box<WorkspaceProfile>),
    Email(Box<email::Email>),
    Approval(ApprovalSetting),
}

/// The settings of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Environment,
    Profile,
    Email,
    Approval,
}

/// Settings that other versions have.
const OTHERS: &[&str] = &["APP_IM", "AI", "DATA_CLASSIFICATION", "SEMANTIC_TYPES", "MCP"];

impl Value {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Environment(_) => Kind::Environment,
            Self::Profile(_) => Kind::Profile,
            Self::Email(_) => Kind::Email,
            Self::Approval(_) => Kind::Approval,
        }
    }
}

impl Kind {
    pub const ALL: &[Self] = &[Self::Environment, Self::Profile, Self::Email, Self::Approval];

    /// Reads `settings/{NAME}`. Errors: `NOT_IMPLEMENTED` for a setting that this version does not have.
    pub fn parse(field: &str, name: &str) -> Result<Self> {
        let id = base::name::SettingName::parse(field, name)?.setting;
        match Self::ALL.iter().find(|k| k.id() == id) {
            Some(kind) => Ok(*kind),
            None if OTHERS.contains(&id.as_str()) => Err(Error::new(
                Reason::NotImplemented,
                format!(
                    "{name} is not available in this version; there are ENVIRONMENT, WORKSPACE_PROFILE, EMAIL and WORKSPACE_APPROVAL"
                ),
            )),
            None => Err(Error::not_found(name)),
        }
    }

    pub const fn id(self) -> &'static str {
        match self {
            Self::Environment => "ENVIRONMENT",
            Self::Profile => "WORKSPACE_PROFILE",
            Self::Email => "EMAIL",
            Self::Approval => "WORKSPACE_APPROVAL",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Environment => "settings/ENVIRONMENT",
            Self::Profile => "settings/WORKSPACE_PROFILE",
            Self::Email => "settings/EMAIL",
            Self::Approval => "settings/WORKSPACE_APPROVAL",
        }
    }

    /// The permission on this setting, besides the one on all.
    const fn permission(self, write: bool) -> &'static str {
        match (self, write) {
            (Self::Environment, false) => "bb.settings.getEnvironment",
            (Self::Environment, true) => "bb.settings.setEnvironment",
            (Self::Profile, false) => "bb.settings.getWorkspaceProfile",
            (Self::Profile, true) => "bb.settings.setWorkspaceProfile",
            // There is none of its own.
            (Self::Email, false) => "bb.settings.get",
            (Self::Email, true) => "bb.settings.set",
            (Self::Approval, false) => "bb.settings.get",
            (Self::Approval, true) => "bb.settings.set",
        }
    }
}

/// The environments, in the order of stages. For use cases that decide by them.
pub async fn environments(conn: &mut store::Conn) -> Result<EnvironmentSetting> {
    Ok(store::settings::get(conn).await?.value)
}
