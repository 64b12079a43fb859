//! Hands mails to the SMTP server of the workspace.

use base::{Error, Result, Secret};
use integrations::mail::{self, Encryption, Login, Mail, Method, Relay};
use store::rows::{Delivery, EmailSetting, SmtpAuthentication, SmtpEncryption, State};
use store::{Conn, settings};

use super::SCHEME;
use crate::app::App;
use crate::cx::Cx;
use crate::setting::email;
use crate::webhook::Attempt;

/// Whether mail can be sent at all.
pub async fn is_set_up(conn: &mut Conn) -> Result<bool> {
    Ok(settings::get::<EmailSetting>(conn).await?.value.is_set_up())
}

/// One attempt to hand over one mail of the outbox.
pub(crate) async fn attempt(app: &App, delivery: &Delivery) -> Result<Attempt> {
    let to = delivery.target.trim_start_matches(SCHEME);
    let mut conn = app.store.read().await?;
    let setting = settings::get::<EmailSetting>(&mut conn).await?.value;
    if !setting.is_set_up() {
        return Ok(Attempt::never("no mail server is set up"));
    }
    // Codes are asked for by anybody, also for addresses of nobody: those end here, where no answer tells.
    let user = store::users::get(&mut conn, to).await?;
    if !user.is_some_and(|u| u.state == State::Active) {
        return Ok(Attempt::never("nobody here has this address"));
    }
    let Some(text) = store::outbox::mail_text(&mut conn, &delivery.id).await? else {
        return Ok(Attempt::never("its text is gone"));
    };
    let password = email::password(&mut conn).await?;
    drop(conn);
    let text = text.expose().as_str();
    let (subject, text) = text.split_once('\n').unwrap_or((text, ""));
    let mail = mail_of(&setting, to, subject, text);
    let outbound = app.outside.http.outbound();
    Ok(match mail::send(outbound, &relay(&setting, password), &mail).await {
        Ok(()) => Attempt::Taken { http_status: 0 },
        Err(e) => Attempt::failed(e.to_string(), 0, !e.is_final()),
    })
}

/// Sends a mail by a setting that need not be stored yet. Gives why it could not, or nothing. A password that is not given is the
/// stored one, for the server that it was given for.
pub async fn test(cx: &Cx, new: email::Email, to: &str) -> Result<String> {
    let mut conn = cx.app.store.read().await?;
    let stored = settings::get::<EmailSetting>(&mut conn).await?.value;
    let kept = email::password(&mut conn).await?;
    drop(conn);
    let mut wrong = email::violations("email_setting", &new, &stored, !kept.is_empty());
    if !mail::is_address(to) {
        wrong.push(base::FieldViolation {
            field: "to".to_owned(),
            description: "use an e-mail address like ann@example.com".to_owned(),
        });
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let password = if new.password.is_empty() { kept } else { new.password };
    let text = "This is a test. Mail from Basalt arrives.\n";
    let mail = mail_of(&new.setting, to, "A test of mail from Basalt", text);
    let outbound = cx.app.outside.http.outbound();
    match mail::send(outbound, &relay(&new.setting, password), &mail).await {
        Ok(()) => Ok(String::new()),
        Err(e) => Ok(e.to_string()),
    }
}

fn mail_of(setting: &EmailSetting, to: &str, subject: &str, text: &str) -> Mail {
    Mail {
        from: setting.from.clone(),
        from_name: setting.from_name.clone(),
        to: to.to_owned(),
        subject: subject.to_owned(),
        text: text.to_owned(),
    }
}

fn relay(setting: &EmailSetting, password: Secret) -> Relay {
    let method = match setting.authentication {
        SmtpAuthentication::None => None,
        SmtpAuthentication::Plain => Some(Method::Plain),
        SmtpAuthentication::Login => Some(Method::Login),
    };
    Relay {
        host: setting.host.clone(),
        port: setting.port,
        encryption: match setting.encryption {
            SmtpEncryption::None => Encryption::None,
            SmtpEncryption::StartTls => Encryption::StartTls,
            SmtpEncryption::Tls => Encryption::Tls,
        },
        login: method.map(|method| Login { user: setting.username.clone(), password, method }),
    }
}
