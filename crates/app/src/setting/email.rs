//! The setting EMAIL: its rules, and the password, which is kept apart and never shown.

use base::{FieldViolation, Result, Secret};
use store::rows::{EmailSetting, SmtpAuthentication};
use store::{Conn, secrets};

use super::Kind;

const PASSWORD: &str = "smtp/password";
const LONGEST: usize = 500;

/// The setting, with a new password. An empty one leaves the stored one as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Email {
    pub setting: EmailSetting,
    pub password: Secret,
    /// A password is kept: of what was read.
    pub password_set: bool,
}

/// The stored password; empty when there is none.
pub(crate) async fn password(conn: &mut Conn) -> Result<Secret> {
    Ok(secrets::get(conn, Kind::Email.name(), PASSWORD).await?.unwrap_or_default())
}

pub(super) async fn put_password(conn: &mut Conn, password: &Secret) -> Result<()> {
    Ok(secrets::put(conn, Kind::Email.name(), PASSWORD, password).await?)
}

/// Everything wrong with a setting, under `at`. `has_password`: one is stored, for the server in `stored`.
pub(crate) fn violations(
    at: &str,
    new: &Email,
    stored: &EmailSetting,
    has_password: bool,
) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let setting = &new.setting;
    // All empty: mail is switched off.
    if *setting == EmailSetting::default() {
        return found;
    }
    let mut need = |ok: bool, field: &str, what: &str| {
        if !ok {
            let field = format!("{at}.{field}");
            found.push(FieldViolation { field, description: what.to_owned() });
        }
    };
    let plain = |text: &str| text.len() <= LONGEST && !text.chars().any(char::is_control);
    need(
        integrations::mail::is_address(&setting.from) && plain(&setting.from),
        "from",
        "use an e-mail address like basalt@example.com",
    );
    need(plain(&setting.from_name), "from_name", "use at most 500 characters in one line");
    need(is_host(&setting.host), "smtp.host", "use a host name or address, without a port");
    need(setting.port > 0, "smtp.port", "use the port of the mail server, mostly 587, 465 or 25");
    let login = setting.authentication != SmtpAuthentication::None;
    need(
        !login || (!setting.username.is_empty() && plain(&setting.username)),
        "smtp.username",
        "say who signs in, or choose no authentication",
    );
    let same = setting.host == stored.host && setting.username == stored.username;
    need(
        !login || !new.password.is_empty() || (has_password && same),
        "smtp.password",
        "give the password; the stored one is for another server or user",
    );
    need(plain(new.password.expose()), "smtp.password", "use at most 500 characters in one line");
    found
}

fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]_".contains(&b))
        && (!text.contains(':') || text.matches(':').count() > 1)
}

#[cfg(test)]
mod tests {
    use store::rows::SmtpEncryption;

    use super::*;

    fn email() -> Email {
        Email {
            setting: EmailSetting {
                from: "basalt@example.com".into(),
                host: "smtp.example.com".into(),
                port: 587,
                username: "basalt".into(),
                encryption: SmtpEncryption::StartTls,
                authentication: SmtpAuthentication::Plain,
                ..EmailSetting::default()
            },
            password: "p".into(),
            password_set: false,
        }
    }

    #[test]
    fn each_rule_names_its_field() {
        let none = EmailSetting::default();
        assert!(violations("x", &email(), &none, false).is_empty());
        assert!(violations("x", &Email::default(), &none, false).is_empty());
        let bad = Email {
            setting: EmailSetting {
                from: "basalt".into(),
                from_name: "a\nb".into(),
                host: "smtp.example.com:25".into(),
                port: 0,
                username: String::new(),
                ..email().setting
            },
            ..Email::default()
        };
        let fields: Vec<_> =
            violations("x", &bad, &none, true).into_iter().map(|v| v.field).collect();
        assert_eq!(
            fields,
            [
                "x.from",
                "x.from_name",
                "x.smtp.host",
                "x.smtp.port",
                "x.smtp.username",
                "x.smtp.password"
            ]
        );
    }

    #[test]
    fn a_stored_password_is_not_sent_to_another_server() {
        let stored = email().setting;
        let again = Email { password: Secret::default(), ..email() };
        assert!(violations("x", &again, &stored, true).is_empty());
        let mut moved = again.clone();
        moved.setting.host = "smtp.evil.example".into();
        assert_eq!(violations("x", &moved, &stored, true)[0].field, "x.smtp.password");
        assert_eq!(violations("x", &again, &stored, false)[0].field, "x.smtp.password");
    }
}
