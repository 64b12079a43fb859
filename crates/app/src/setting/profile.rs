//! The setting WORKSPACE_PROFILE: its rules, and how a mask is applied. Pure.

use std::time::Duration;

use base::FieldViolation;
use store::rows::WorkspaceProfile;

use crate::filter::Mask;

/// Fields that can be changed, as on the wire.
pub(super) const MASK: &[&str] = &[
    "external_url",
    "disallow_signup",
    "require_mfa",
    "refresh_token_duration",
    "access_token_duration",
    "announcement",
    "domains",
    "enforce_identity_domain",
    "disallow_password_signin",
    "inactive_session_timeout",
    "enable_audit_log_stdout",
    "allow_email_code_signin",
    "audit_log_retention",
    "watermark",
    "password_restriction",
    "sql_result_size",
    "query_timeout",
];

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Takes the fields in the mask from `new`; without a mask all that a request can carry.
pub(super) fn apply(row: &mut WorkspaceProfile, new: WorkspaceProfile, mask: Option<&Mask>) {
    let has = |path: &str| mask.is_none_or(|m| m.has(path));
    macro_rules! take {
        ($($path:literal => $($field:ident),+;)*) => { $(if has($path) { $(row.$field = new.$field;)+ })* };
    }
    take! {
        "external_url" => external_url;
        "disallow_signup" => disallow_signup;
        "require_mfa" => require_mfa;
        "refresh_token_duration" => refresh_token_duration;
        "access_token_duration" => access_token_duration;
        "announcement" => announcement, announcement_level, announcement_link;
        "domains" => domains;
        "enforce_identity_domain" => enforce_identity_domain;
        "disallow_password_signin" => disallow_password_signin;
        "inactive_session_timeout" => inactive_session_timeout;
        "enable_audit_log_stdout" => enable_audit_log_stdout;
        "allow_email_code_signin" => allow_email_code_signin;
        "audit_log_retention" => audit_log_retention;
        "watermark" => watermark;
        "password_restriction" => password;
        "sql_result_size" => sql_result_size;
        "query_timeout" => query_timeout;
    }
    row.external_url = row.external_url.trim().trim_end_matches('/').to_owned();
    for domain in &mut row.domains {
        *domain = domain.trim().trim_start_matches('@').to_ascii_lowercase();
    }
}

/// Everything wrong with a profile.
pub(super) fn violations(profile: &WorkspaceProfile) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut need = |ok: bool, field: &str, what: &str| {
        if !ok {
            let field = format!("setting.value.workspace_profile.{field}");
            found.push(FieldViolation { field, description: what.to_owned() });
        }
    };
    need(
        profile.external_url.is_empty() || is_web_address(&profile.external_url),
        "external_url",
        "use an address like https://basalt.example.com",
    );
    let within = |d: Option<Duration>, least, most| d.is_none_or(|d| least <= d && d <= most);
    need(
        within(profile.access_token_duration, MINUTE, DAY),
        "access_token_duration",
        "use 1 minute to 24 hours",
    );
    need(
        within(profile.refresh_token_duration, 10 * MINUTE, 365 * DAY),
        "refresh_token_duration",
        "use 10 minutes to 365 days",
    );
    need(
        within(profile.inactive_session_timeout, 5 * MINUTE, 365 * DAY),
        "inactive_session_timeout",
        "use 5 minutes to 365 days, or nothing for no limit",
    );
    need(
        within(profile.query_timeout, Duration::from_secs(1), DAY),
        "query_timeout",
        "use 1 second to 24 hours",
    );
    need(
        within(profile.audit_log_retention, 30 * DAY, 36_500 * DAY),
        "audit_log_retention",
        "use 30 days to 100 years, or nothing to keep it for ever",
    );
    need(
        (0..=1 << 30).contains(&profile.sql_result_size),
        "sql_result_size",
        "use 0 to 1073741824 bytes",
    );
    need(
        profile.domains.len() <= 100 && profile.domains.iter().all(|d| is_domain(d)),
        "domains",
        "use domains like example.com",
    );
    need(
        !profile.enforce_identity_domain || !profile.domains.is_empty(),
        "enforce_identity_domain",
        "name at least one domain first",
    );
    need(
        (0..=128).contains(&profile.password.min_length),
        "password_restriction.min_length",
        "use at most 128 characters; less than 8 counts as 8",
    );
    need(
        within(profile.password.rotation, DAY, 3_650 * DAY),
        "password_restriction.password_rotation",
        "use 1 day to 3650 days, or nothing for no limit",
    );
    need(
        profile.announcement.chars().count() <= 1_000,
        "announcement.text",
        "use at most 1000 characters",
    );
    need(
        profile.announcement_link.is_empty() || is_web_address(&profile.announcement_link),
        "announcement.link",
        "use an address that begins with http:// or https://",
    );
    found
}

/// Whether the text is a domain, in any case.
pub(crate) fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !part.starts_with('-')
        })
}

fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    text.len() <= 2_048
        && rest.is_some_and(|rest| {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            !host.is_empty()
                && !host.contains('@')
                && !rest
                    .chars()
                    .any(|c| c.is_control() || c.is_whitespace() || "\"<>\\".contains(c))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_names_its_field() {
        assert!(violations(&WorkspaceProfile::default()).is_empty());
        let bad = WorkspaceProfile {
            external_url: "javascript:alert(1)".into(),
            access_token_duration: Some(Duration::from_secs(59)),
            refresh_token_duration: Some(Duration::ZERO),
            enforce_identity_domain: true,
            announcement_link: "https://a b".into(),
            sql_result_size: -1,
            ..WorkspaceProfile::default()
        };
        let fields: Vec<_> = violations(&bad).into_iter().map(|v| v.field).collect();
        assert_eq!(fields.len(), 6, "{fields:?}");
        for bad in ["https://", "http:///x", "https://u@h", "ftp://x", "//x", "https://x\n"] {
            assert!(!is_web_address(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_mask_touches_only_its_fields() {
        let mut row = WorkspaceProfile {
            watermark: true,
            title: "Ours".into(),
            ..WorkspaceProfile::default()
        };
        let new = WorkspaceProfile {
            external_url: " https://x.io/ ".into(),
            domains: vec!["@X.io".into()],
            ..WorkspaceProfile::default()
        };
        let mask = Mask::new(&["external_url".into(), "domains".into()], MASK).unwrap();
        apply(&mut row, new.clone(), Some(&mask));
        assert_eq!(
            (row.external_url.as_str(), row.domains[0].as_str(), row.watermark),
            ("https://x.io", "x.io", true)
        );
        apply(&mut row, new, None);
        assert_eq!((row.watermark, row.title.as_str()), (false, "Ours"));
    }
}
