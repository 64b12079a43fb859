//! The setting EMAIL.

use api::bytebase::v1 as pb;
use app::setting::email::Email;
use base::{Error, Result, Secret};
use pb::email_setting::smtp_config::{Authentication, Encryption};
use pb::email_setting::{Config, SmtpConfig, Type};
use store::rows::{EmailSetting, SmtpAuthentication, SmtpEncryption};

/// Without its password.
pub fn to_wire(email: Email) -> pb::EmailSetting {
    let setting = email.setting;
    if !setting.is_set_up() {
        return pb::EmailSetting::default();
    }
    pb::EmailSetting {
        from: setting.from,
        from_name: setting.from_name,
        r#type: Type::Smtp.into(),
        config: Some(Config::Smtp(SmtpConfig {
            host: setting.host,
            port: i32::from(setting.port),
            username: setting.username,
            password: String::new(),
            encryption: match setting.encryption {
                SmtpEncryption::None => Encryption::None,
                SmtpEncryption::StartTls => Encryption::Starttls,
                SmtpEncryption::Tls => Encryption::SslTls,
            }
            .into(),
            authentication: match setting.authentication {
                SmtpAuthentication::None => Authentication::None,
                SmtpAuthentication::Plain => Authentication::Plain,
                SmtpAuthentication::Login => Authentication::Login,
            }
            .into(),
        })),
        password_set: email.password_set,
    }
}

/// `at` is where it stands in the request. Without a server: mail is switched off.
pub fn from_wire(at: &str, wire: pb::EmailSetting) -> Result<Email> {
    let Some(Config::Smtp(smtp)) = wire.config else {
        if wire.from.is_empty() && wire.from_name.is_empty() {
            return Ok(Email::default());
        }
        return Err(Error::field(format!("{at}.smtp"), "say which mail server takes the mail"));
    };
    let encryption = match smtp.encryption() {
        Encryption::None => SmtpEncryption::None,
        Encryption::SslTls => SmtpEncryption::Tls,
        Encryption::Starttls | Encryption::Unspecified => SmtpEncryption::StartTls,
    };
    let authentication = match smtp.authentication() {
        Authentication::None => SmtpAuthentication::None,
        Authentication::Unspecified if smtp.username.is_empty() => SmtpAuthentication::None,
        Authentication::Plain | Authentication::Unspecified => SmtpAuthentication::Plain,
        Authentication::Login => SmtpAuthentication::Login,
        Authentication::CramMd5 => {
            let what = "CRAM-MD5 is not spoken here; use PLAIN or LOGIN over TLS";
            return Err(Error::field(format!("{at}.smtp.authentication"), what));
        }
    };
    Ok(Email {
        setting: EmailSetting {
            from: wire.from,
            from_name: wire.from_name,
            host: smtp.host,
            port: u16::try_from(smtp.port).unwrap_or(0),
            username: smtp.username,
            encryption,
            authentication,
        },
        password: Secret::new(smtp.password),
        password_set: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_both_ways_but_for_the_password() {
        let email = Email {
            setting: EmailSetting {
                from: "basalt@example.com".into(),
                from_name: "Basalt".into(),
                host: "smtp.example.com".into(),
                port: 465,
                username: "u".into(),
                encryption: SmtpEncryption::Tls,
                authentication: SmtpAuthentication::Login,
            },
            password: "hunter2".into(),
            password_set: true,
        };
        let wire = to_wire(email.clone());
        assert!(wire.password_set && !format!("{wire:?}").contains("hunter2"));
        assert_eq!(from_wire("e", wire).unwrap().setting, email.setting);
        assert_eq!(from_wire("e", to_wire(Email::default())).unwrap(), Email::default());
    }
}
