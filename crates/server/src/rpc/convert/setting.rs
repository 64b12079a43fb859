//! Values of settings.

use std::time::Duration;

use api::bytebase::v1 as pb;
use app::setting::Value;
use base::name::EnvironmentName;
use base::{Error, FieldViolation, Reason, Result};
use pb::setting_value::Value as Wire;
use pb::workspace_profile_setting::PasswordRestriction;
use store::rows::{
    ApprovalSetting, Environment, EnvironmentSetting, PasswordRule, WorkspaceProfile,
};

use super::value::{duration, duration_from};
use super::{approval, color, email, window};

const PROFILE: &str = "setting.value.workspace_profile";

pub fn to_wire(value: Value) -> pb::Setting {
    let name = value.kind().name().to_owned();
    let value = match value {
        Value::Environment(setting) => Wire::Environment(environments(setting)),
        Value::Email(setting) => Wire::Email(email::to_wire(*setting)),
        Value::Profile(profile) => Wire::WorkspaceProfile(self::profile(*profile)),
        Value::Approval(setting) => Wire::WorkspaceApproval(approval::setting(setting)),
    };
    pb::Setting { name, value: Some(pb::SettingValue { value: Some(value) }) }
}

pub fn from_wire(value: Option<pb::SettingValue>) -> Result<Value> {
    match value.and_then(|v| v.value) {
        Some(Wire::Environment(setting)) => environments_from(setting).map(Value::Environment),
        Some(Wire::WorkspaceProfile(profile)) => {
            profile_from(profile).map(|p| Value::Profile(Box::new(p)))
        }
        Some(Wire::Email(setting)) => {
            let at = "setting.value.email";
            email::from_wire(at, setting).map(|e| Value::Email(Box::new(e)))
        }
        Some(Wire::WorkspaceApproval(setting)) => {
            Ok(Value::Approval(ApprovalSetting { rules: approval::rules_from(setting.rules) }))
        }
        Some(_) => Err(Error::new(
            Reason::NotImplemented,
            "this setting is not available in this version; there are ENVIRONMENT, WORKSPACE_PROFILE, EMAIL and WORKSPACE_APPROVAL",
        )),
        None => Err(Error::field("setting.value", "give the value of the setting")),
    }
}

pub fn password_rule(rule: &PasswordRule) -> PasswordRestriction {
    PasswordRestriction {
        min_length: i32::try_from(rule.min_length).unwrap_or(i32::MAX),
        require_number: rule.require_number,
        require_letter: rule.require_letter,
        require_uppercase_letter: rule.require_uppercase_letter,
        require_special_character: rule.require_special_character,
        require_reset_password_for_first_login: rule.reset_at_first_login,
        password_rotation: rule.rotation.map(duration),
    }
}

fn environments(setting: EnvironmentSetting) -> pb::EnvironmentSetting {
    let environment = |e: Environment| pb::environment_setting::Environment {
        name: EnvironmentName::new(&e.id).to_string(),
        color: color::to_wire(&e.color),
        id: e.id,
        title: e.title,
        tags: e.tags,
        lock_timeout: e.lock_timeout.map(duration),
        statement_timeout: e.statement_timeout.map(duration),
        protected: e.protected,
        windows: e.windows.into_iter().map(window::to_wire).collect(),
        window_end: window::end_to_wire(e.window_end).into(),
        stop_on_drift: e.stop_on_drift,
    };
    pb::EnvironmentSetting {
        environments: setting.environments.into_iter().map(environment).collect(),
    }
}

fn environments_from(wire: pb::EnvironmentSetting) -> Result<EnvironmentSetting> {
    let mut environments = Vec::with_capacity(wire.environments.len());
    for (i, e) in wire.environments.into_iter().enumerate() {
        let at = |name: &str| format!("setting.value.environment.environments[{i}].{name}");
        environments.push(Environment {
            color: color::from_wire(e.color.as_ref()),
            id: e.id,
            title: e.title,
            // Clients of the peer say this by a tag.
            protected: e.protected || e.tags.get("protected").is_some_and(|v| v == "protected"),
            tags: e.tags,
            lock_timeout: e
                .lock_timeout
                .map(|d| duration_from(&at("lock_timeout"), d))
                .transpose()?,
            statement_timeout: e
                .statement_timeout
                .map(|d| duration_from(&at("statement_timeout"), d))
                .transpose()?,
            windows: window::all_from_wire(&at("windows"), e.windows)?,
            window_end: window::end_from_wire(&at("window_end"), e.window_end)?,
            stop_on_drift: e.stop_on_drift,
        });
    }
    Ok(EnvironmentSetting { environments })
}

fn profile(p: WorkspaceProfile) -> pb::WorkspaceProfileSetting {
    let announced = !(p.announcement.is_empty() && p.announcement_link.is_empty());
    pb::WorkspaceProfileSetting {
        external_url: p.external_url,
        disallow_signup: p.disallow_signup,
        require_mfa: p.require_mfa,
        refresh_token_duration: p.refresh_token_duration.map(duration),
        announcement: announced.then_some(pb::Announcement {
            text: p.announcement,
            link: p.announcement_link,
            theme: None,
        }),
        domains: p.domains,
        enforce_identity_domain: p.enforce_identity_domain,
        database_change_mode: pb::DatabaseChangeMode::Pipeline.into(),
        disallow_password_signin: p.disallow_password_signin,
        inactive_session_timeout: p.inactive_session_timeout.map(duration),
        enable_audit_log_stdout: p.enable_audit_log_stdout,
        allow_email_code_signin: p.allow_email_code_signin,
        audit_log_retention: p.audit_log_retention.map(duration),
        watermark: p.watermark,
        password_restriction: Some(password_rule(&p.password)),
        access_token_duration: p.access_token_duration.map(duration),
        sql_result_size: p.sql_result_size,
        query_timeout: p.query_timeout.map(duration),
        ..pb::WorkspaceProfileSetting::default()
    }
}

fn profile_from(wire: pb::WorkspaceProfileSetting) -> Result<WorkspaceProfile> {
    let refused = refused(&wire);
    if !refused.is_empty() {
        return Err(Error::fields(refused));
    }
    // Zero says "not set", as it does for clients that cannot leave a duration out.
    let optional = |field: &str, d: Option<prost_types::Duration>| -> Result<Option<Duration>> {
        let d = d.map(|d| duration_from(&format!("{PROFILE}.{field}"), d)).transpose()?;
        Ok(d.filter(|d| !d.is_zero()))
    };
    let announcement = wire.announcement.unwrap_or_default();
    let rule = wire.password_restriction.unwrap_or_else(|| password_rule(&PasswordRule::default()));
    Ok(WorkspaceProfile {
        external_url: wire.external_url,
        disallow_signup: wire.disallow_signup,
        require_mfa: wire.require_mfa,
        disallow_password_signin: wire.disallow_password_signin,
        domains: wire.domains,
        enforce_identity_domain: wire.enforce_identity_domain,
        access_token_duration: optional("access_token_duration", wire.access_token_duration)?,
        refresh_token_duration: optional("refresh_token_duration", wire.refresh_token_duration)?,
        inactive_session_timeout: optional(
            "inactive_session_timeout",
            wire.inactive_session_timeout,
        )?,
        password: PasswordRule {
            min_length: u32::try_from(rule.min_length).unwrap_or(0),
            require_number: rule.require_number,
            require_letter: rule.require_letter,
            require_uppercase_letter: rule.require_uppercase_letter,
            require_special_character: rule.require_special_character,
            reset_at_first_login: rule.require_reset_password_for_first_login,
            rotation: optional("password_restriction.password_rotation", rule.password_rotation)?,
        },
        announcement: announcement.text,
        announcement_link: announcement.link,
        watermark: wire.watermark,
        enable_audit_log_stdout: wire.enable_audit_log_stdout,
        allow_email_code_signin: wire.allow_email_code_signin,
        audit_log_retention: optional("audit_log_retention", wire.audit_log_retention)?,
        sql_result_size: wire.sql_result_size,
        query_timeout: optional("query_timeout", wire.query_timeout)?,
        ..WorkspaceProfile::default()
    })
}

/// What no profile of ours can hold.
fn refused(wire: &pb::WorkspaceProfileSetting) -> Vec<FieldViolation> {
    let later = "this is not available in this version; leave it off";
    let some =
        |d: &Option<prost_types::Duration>| d.is_some_and(|d| d.seconds != 0 || d.nanos != 0);
    [
        (some(&wire.maximum_request_expiration), "maximum_request_expiration", later),
        (some(&wire.maximum_role_expiration), "maximum_role_expiration", later),
        (
            wire.database_change_mode() == pb::DatabaseChangeMode::Editor,
            "database_change_mode",
            "changes go through plans here; use PIPELINE",
        ),
        (
            wire.enable_metric_collection,
            "enable_metric_collection",
            "this server sends no metrics to anybody; leave it off",
        ),
        (wire.enable_debug, "enable_debug", "start the server with --debug instead"),
        (!wire.sql_editor_theme_id.is_empty(), "sql_editor_theme_id", later),
        (wire.sql_editor_custom_theme.is_some(), "sql_editor_custom_theme", later),
        (
            wire.announcement.as_ref().is_some_and(|a| a.theme.is_some()),
            "announcement.theme",
            "announcements have no colours of their own here; leave it out",
        ),
    ]
    .into_iter()
    .filter(|(bad, ..)| *bad)
    .map(|(_, field, what)| FieldViolation {
        field: format!("{PROFILE}.{field}"),
        description: what.to_owned(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use policy::window::{Weekday, Window, WindowEnd};

    use super::*;

    #[test]
    fn a_profile_goes_both_ways() {
        let value = Value::Profile(Box::new(WorkspaceProfile {
            external_url: "https://x.io".into(),
            disallow_signup: true,
            require_mfa: true,
            access_token_duration: Some(Duration::from_secs(600)),
            announcement: "Hello".into(),
            password: PasswordRule {
                min_length: 12,
                require_number: true,
                reset_at_first_login: true,
                rotation: Some(Duration::from_secs(90 * 86_400)),
                ..PasswordRule::default()
            },
            ..WorkspaceProfile::default()
        }));
        assert_eq!(from_wire(to_wire(value.clone()).value).unwrap(), value);
    }

    #[test]
    fn what_is_not_available_is_refused_by_name() {
        let wire = pb::WorkspaceProfileSetting {
            sql_editor_theme_id: "x".into(),
            enable_debug: true,
            maximum_role_expiration: Some(prost_types::Duration { seconds: 1, nanos: 0 }),
            maximum_request_expiration: Some(prost_types::Duration::default()),
            ..pb::WorkspaceProfileSetting::default()
        };
        let error = profile_from(wire).unwrap_err();
        let fields: Vec<_> = error.field_violations().iter().map(|v| v.field.as_str()).collect();
        assert_eq!(fields.len(), 3, "{fields:?}");
        assert!(fields.contains(&"setting.value.workspace_profile.sql_editor_theme_id"));
    }

    #[test]
    fn environments_go_both_ways() {
        let value = Value::Environment(EnvironmentSetting {
            environments: vec![Environment {
                id: "prod".into(),
                title: "Prod".into(),
                color: "#C8442F".into(),
                protected: true,
                lock_timeout: Some(Duration::from_millis(1_500)),
                windows: vec![Window {
                    weekdays: [Weekday::Monday, Weekday::Sunday].into(),
                    start: "22:00".into(),
                    end: "04:00".into(),
                    time_zone: "Europe/Berlin".into(),
                }],
                window_end: WindowEnd::Pause,
                stop_on_drift: true,
                ..Environment::default()
            }],
        });
        let wire = to_wire(value.clone());
        assert_eq!(wire.name, "settings/ENVIRONMENT");
        assert_eq!(from_wire(wire.value).unwrap(), value);
    }
}
