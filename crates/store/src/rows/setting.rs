//! Settings of the workspace.

use std::collections::BTreeMap;
use std::time::Duration;

use policy::window::{Window, WindowEnd};
use serde::{Deserialize, Serialize};

/// Setting `ENVIRONMENT`: the order of the list is the order of stages.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EnvironmentSetting {
    pub environments: Vec<Environment>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Environment {
    pub id: String,
    pub title: String,
    pub tags: BTreeMap<String, String>,
    /// `#RRGGBB`; empty when unset.
    pub color: String,
    /// Production: the console asks twice.
    pub protected: bool,
    /// Session settings of changes here; None takes the server's default (lock timeout 5 s, no statement timeout).
    pub lock_timeout: Option<Duration>,
    pub statement_timeout: Option<Duration>,
    /// When changes may run here; none: at any time.
    pub windows: Vec<Window>,
    pub window_end: WindowEnd,
    /// A schema that was changed outside Basalt stops a change.
    pub stop_on_drift: bool,
}

impl EnvironmentSetting {
    pub fn get(&self, id: &str) -> Option<&Environment> {
        self.environments.iter().find(|e| e.id == id)
    }
}

/// Setting `WORKSPACE_PROFILE`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkspaceProfile {
    /// Of the workspace; empty for ours.
    pub title: String,
    /// `data:` URL of an image, or empty.
    pub logo: String,
    pub external_url: String,
    pub disallow_signup: bool,
    pub disallow_password_signin: bool,
    /// Who signs in by password needs a second factor.
    pub require_mfa: bool,
    pub domains: Vec<String>,
    pub enforce_identity_domain: bool,
    pub access_token_duration: Option<Duration>,
    pub refresh_token_duration: Option<Duration>,
    pub inactive_session_timeout: Option<Duration>,
    pub password: PasswordRule,
    pub announcement: String,
    pub announcement_level: i32,
    pub announcement_link: String,
    pub watermark: bool,
    pub enable_audit_log_stdout: bool,
    /// People may sign in by a code that is sent to them.
    pub allow_email_code_signin: bool,
    /// How long the audit log is kept; None: for ever.
    pub audit_log_retention: Option<Duration>,
    /// Bytes.
    pub sql_result_size: i64,
    pub query_timeout: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordRule {
    /// Characters; never below 8.
    pub min_length: u32,
    pub require_number: bool,
    pub require_letter: bool,
    pub require_uppercase_letter: bool,
    pub require_special_character: bool,
    /// A password that somebody else chose is to be changed first.
    pub reset_at_first_login: bool,
    /// How long a password counts.
    pub rotation: Option<Duration>,
}

impl Default for PasswordRule {
    fn default() -> Self {
        Self {
            min_length: 8,
            require_number: false,
            require_letter: false,
            require_uppercase_letter: false,
            require_special_character: false,
            reset_at_first_login: false,
            rotation: None,
        }
    }
}

/// Setting `EMAIL`: the SMTP server that takes our mail. Its password is a secret of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EmailSetting {
    pub from: String,
    pub from_name: String,
    /// Empty: no mail is sent.
    pub host: String,
    pub port: u16,
    pub username: String,
    pub encryption: SmtpEncryption,
    pub authentication: SmtpAuthentication,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SmtpEncryption {
    None,
    #[default]
    StartTls,
    Tls,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SmtpAuthentication {
    #[default]
    None,
    Plain,
    Login,
}

impl EmailSetting {
    pub const fn is_set_up(&self) -> bool {
        !self.host.is_empty()
    }
}
