//! People, programs, what they may do.

use base::{Secret, Time};
use policy::iam;
use serde::{Deserialize, Serialize};

use super::State;

#[derive(Debug, Clone)]
pub struct User {
    /// Lower-cased; the key.
    pub email: String,
    pub title: String,
    /// PHC string of argon2id; empty when the user cannot sign in by password.
    pub password_hash: Secret,
    pub state: State,
    pub payload: UserPayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserPayload {
    pub phone: String,
    pub last_login_at: Option<Time>,
    pub password_changed_at: Option<Time>,
    /// Somebody else chose the password, and knows it.
    pub password_by_other: bool,
    /// Sessions and tokens from before are over.
    pub signed_out_at: Option<Time>,
    pub second_factor: SecondFactor,
    /// Groups that an identity provider put the person in.
    pub groups_of_provider: Vec<String>,
}

/// What is known of a user's second factor; its secrets are kept encrypted, as those of `users/{email}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SecondFactor {
    /// `None`: off.
    pub on_since: Option<Time>,
    /// The half minute of the last code that counted.
    pub last_step: i64,
    /// When a secret was shown that is not confirmed yet.
    pub begun_at: Option<Time>,
}

impl UserPayload {
    /// What was issued before this is over.
    pub fn tokens_since(&self) -> Option<Time> {
        self.password_changed_at.max(self.signed_out_at)
    }
}

#[derive(Debug, Clone)]
pub struct ServiceAccount {
    /// `{id}@service.bytebase.com`, or with the project's id before `service`.
    pub email: String,
    pub title: String,
    /// None: of the workspace.
    pub project: Option<String>,
    /// SHA-256 of the key, hexadecimal: the key is 256 random bits, so a slow hash would add nothing.
    pub key_hash: Secret,
    pub state: State,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

/// A pipeline that signs in with a token of its CI system.
#[derive(Debug, Clone)]
pub struct WorkloadIdentity {
    /// `{id}@workload.bytebase.com`, or with the project's id before `workload`.
    pub email: String,
    pub title: String,
    /// None: of the workspace.
    pub project: Option<String>,
    pub payload: WorkloadPayload,
    pub state: State,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

/// Whose tokens are taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkloadPayload {
    pub provider: WorkloadProvider,
    pub issuer: String,
    /// One of them must be the token's; none: any.
    pub audiences: Vec<String>,
    /// The subject, or how it begins and then `*`.
    pub subject: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkloadProvider {
    #[default]
    Unspecified,
    Github,
    Gitlab,
}

/// People who policies can bind as one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Lower-cased; the key.
    pub email: String,
    pub title: String,
    pub description: String,
    /// By name.
    pub members: Vec<GroupMember>,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMember {
    /// `users/{email}`
    pub name: String,
    pub role: GroupRole,
}

impl Group {
    /// Whether `member` (`users/{email}`) is in it.
    pub fn has(&self, member: &str) -> bool {
        self.members.iter().any(|m| m.name == member)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupRole {
    /// May change the group.
    Owner,
    Member,
}

/// A refresh token that was handed out. Each is used once.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: String,
    pub email: String,
    pub family: String,
    /// SHA-256, hexadecimal.
    pub token_hash: String,
    pub created_at: Time,
    pub expires_at: Time,
    pub used_at: Option<Time>,
    pub revoked_at: Option<Time>,
}

#[derive(Debug, Clone)]
pub struct LoginFailure {
    pub id: String,
    pub email: String,
    pub client_ip: String,
    pub created_at: Time,
}

/// A role of the workspace's own; the predefined ones are in `policy::role`.
#[derive(Debug, Clone)]
pub struct Role {
    pub id: String,
    pub title: String,
    pub description: String,
    pub permissions: Vec<String>,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone)]
pub struct IamPolicy {
    /// `workspaces/default` or `projects/{project}`.
    pub resource: String,
    pub policy: iam::Policy,
    pub version: i64,
    pub updated_at: Time,
}

/// A one-time code that was sent by mail, or would have been if anybody had the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailCode {
    pub email: String,
    /// RESET, LOGIN
    pub purpose: String,
    /// Empty once it was used.
    pub code_hash: String,
    /// Wrong guesses.
    pub failures: i64,
    /// Who asked.
    pub client_ip: String,
    /// Codes since `window_at`.
    pub sent: i64,
    pub window_at: Time,
    pub created_at: Time,
    pub expires_at: Time,
}
