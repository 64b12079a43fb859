//! People and programs.

use api::bytebase::v1 as pb;
use app::access::Duty;
use app::service_account::WithKey;
use app::user::{Account, Current, Updated, UserInput};
use base::name::{ServiceAccountName, UserName, WORKSPACE, WorkloadIdentityName};
use base::{Secret, Time};
use store::rows::{ServiceAccount, User, WorkloadIdentity, WorkloadPayload, WorkloadProvider};

use super::value::{state, timestamp};

pub fn user(user: User) -> pb::User {
    pb::User {
        name: UserName::new(&user.email).to_string(),
        state: state(user.state).into(),
        email: user.email,
        title: user.title,
        mfa_enabled: user.payload.second_factor.on_since.is_some(),
        phone: user.payload.phone,
        profile: Some(pb::user::Profile {
            last_login_time: user.payload.last_login_at.map(timestamp),
            last_change_password_time: user.payload.password_changed_at.map(timestamp),
            source: String::new(),
        }),
        workspace: WORKSPACE.to_owned(),
        ..pb::User::default()
    }
}

/// Whoever is signed in, as clients expect it: a program too is a `User` there.
pub fn account(account: Account) -> pb::User {
    match account {
        Account::User(found) => user(*found),
        Account::ServiceAccount(found) => pb::User {
            name: UserName::new(&found.email).to_string(),
            state: state(found.state).into(),
            email: found.email,
            title: found.title,
            workspace: WORKSPACE.to_owned(),
            ..pb::User::default()
        },
        Account::WorkloadIdentity(found) => pb::User {
            name: UserName::new(&found.email).to_string(),
            state: state(found.state).into(),
            email: found.email,
            title: found.title,
            workspace: WORKSPACE.to_owned(),
            ..pb::User::default()
        },
    }
}

pub fn workload_identity(row: WorkloadIdentity) -> pb::WorkloadIdentity {
    use pb::workload_identity_config::ProviderType;

    let WorkloadPayload { provider, issuer, audiences, subject } = row.payload;
    let config = pb::WorkloadIdentityConfig {
        provider_type: match provider {
            WorkloadProvider::Unspecified => ProviderType::Unspecified,
            WorkloadProvider::Github => ProviderType::Github,
            WorkloadProvider::Gitlab => ProviderType::Gitlab,
        }
        .into(),
        issuer_url: issuer,
        allowed_audiences: audiences,
        subject_pattern: subject,
    };
    pb::WorkloadIdentity {
        name: WorkloadIdentityName::new(&row.email).to_string(),
        state: state(row.state).into(),
        email: row.email,
        title: row.title,
        create_time: Some(timestamp(row.created_at)),
        workload_identity_config: Some(config),
    }
}

pub fn workload_config(wire: Option<pb::WorkloadIdentityConfig>) -> WorkloadPayload {
    use pb::workload_identity_config::ProviderType;

    let wire = wire.unwrap_or_default();
    WorkloadPayload {
        provider: match wire.provider_type() {
            ProviderType::Unspecified => WorkloadProvider::Unspecified,
            ProviderType::Github => WorkloadProvider::Github,
            ProviderType::Gitlab => WorkloadProvider::Gitlab,
        },
        issuer: wire.issuer_url,
        audiences: wire.allowed_audiences,
        subject: wire.subject_pattern,
    }
}

/// Whoever asks, with what they may do.
pub fn caller(found: Current) -> pb::User {
    pb::User {
        workspace_permissions: found.held.everywhere.into_iter().collect(),
        project_permissions: found.held.in_projects.into_iter().collect(),
        required_action: duty(found.duty),
        recovery_codes_left: i32::try_from(found.recovery_codes_left).unwrap_or(i32::MAX),
        ..account(found.account)
    }
}

/// Whoever just signed in.
pub fn signed_in(found: Account, must: Option<Duty>) -> pb::User {
    pb::User { required_action: duty(must), ..account(found) }
}

fn duty(must: Option<Duty>) -> String {
    must.map_or("", Duty::as_str).to_owned()
}

/// The one conversion that shows what sets a second factor up: to whoever just asked for it.
pub fn updated(updated: Updated, now: Time) -> pb::User {
    let Some(shown) = updated.shown else { return user(updated.user) };
    let text = |secret: &Secret| secret.expose().clone();
    pb::User {
        temp_otp_secret_created_time: shown.secret.as_ref().map(|_| timestamp(now)),
        temp_otp_secret: shown.secret.as_ref().map(text).unwrap_or_default(),
        temp_recovery_codes: shown.recovery_codes.iter().map(text).collect(),
        ..user(updated.user)
    }
}

pub fn user_from(wire: pb::User) -> UserInput {
    UserInput {
        email: wire.email,
        title: wire.title,
        phone: wire.phone,
        password: Secret::new(wire.password),
    }
}

pub fn service_account(row: ServiceAccount) -> pb::ServiceAccount {
    pb::ServiceAccount {
        name: ServiceAccountName::new(&row.email).to_string(),
        state: state(row.state).into(),
        email: row.email,
        title: row.title,
        create_time: Some(timestamp(row.created_at)),
        ..pb::ServiceAccount::default()
    }
}

/// The one conversion that shows a key: of an account that just got it.
pub fn service_account_with_key(made: WithKey) -> pb::ServiceAccount {
    let key = made.key.map(|k| k.expose().clone()).unwrap_or_default();
    pb::ServiceAccount { service_key: key, ..service_account(made.account) }
}
