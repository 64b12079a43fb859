//! One mail, through the SMTP server of the workspace.

use std::time::Duration;

use base::Secret;
use base::address::Reach;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::outbound::{Outbound, Unreachable};

/// For the whole conversation.
const TIMEOUT: Duration = Duration::from_secs(20);
const STEP_TIMEOUT: Duration = Duration::from_secs(10);

/// Where mail is handed over.
#[derive(Debug, Clone)]
pub struct Relay {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub login: Option<Login>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    None,
    /// Begins in the clear and insists on TLS before anything else is said.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

#[derive(Debug, Clone)]
pub struct Login {
    pub user: String,
    pub password: Secret,
    pub method: Method,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Plain,
    Login,
}

#[derive(Debug, Clone)]
pub struct Mail {
    pub from: String,
    /// Shown before the address; may be empty.
    pub from_name: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Why a mail was not handed over. Texts hold nothing that a server said but its number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    #[error("{0:?} is not an e-mail address")]
    Address(String),
    #[error("a password is sent over TLS only; choose STARTTLS or SSL/TLS")]
    Clear,
    #[error("the mail server did not answer in time")]
    Timeout,
    #[error("TLS with the mail server failed; check host, port and encryption")]
    Tls,
    #[error("the mail server refused user name or password ({0})")]
    Refused(u16),
    #[error("the mail server answered {0}")]
    Answer(u16),
    #[error("the connection to the mail server failed")]
    Connection,
}

impl MailError {
    /// Trying the same again cannot help.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Address(_) | Self::Clear)
            || matches!(self, Self::Unreachable(Unreachable::Refused { .. }))
            // 5xx is for good, but what a wrong password or a relay's rule says is mended by an administrator.
            || matches!(self, Self::Answer(550..=553))
    }
}

/// Hands one mail over. A relay may be in the private network: it is named by an administrator.
pub async fn send(outbound: &Outbound, relay: &Relay, mail: &Mail) -> Result<(), MailError> {
    let message = message(mail)?;
    match tokio::time::timeout(TIMEOUT, hand_over(outbound, relay, message)).await {
        Ok(sent) => sent,
        Err(_) => Err(MailError::Timeout),
    }
}

/// Whether a mail can go to the address.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

fn message(mail: &Mail) -> Result<Message, MailError> {
    let address =
        |text: &str| text.parse::<Address>().map_err(|_| MailError::Address(text.to_owned()));
    let name = Some(one_line(&mail.from_name)).filter(|name| !name.is_empty());
    Message::builder()
        .from(Mailbox::new(name, address(&mail.from)?))
        .to(Mailbox::new(None, address(&mail.to)?))
        .subject(one_line(&mail.subject))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())
        .map_err(|_| MailError::Address(mail.to.clone()))
}

/// Headers are lines: what would begin another is a space.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn hand_over(outbound: &Outbound, relay: &Relay, message: Message) -> Result<(), MailError> {
    let found = outbound.resolve(&relay.host, relay.port, Reach::Private).await?;
    let local = found.iter().all(|address| address.ip().is_loopback());
    if relay.login.is_some() && relay.encryption == Encryption::None && !local {
        return Err(MailError::Clear);
    }
    let mut last = MailError::Connection;
    for address in found {
        // By the address that was judged; the certificate is checked against the name.
        let tls = || TlsParameters::new(relay.host.clone()).map_err(|_| MailError::Tls);
        let tls = match relay.encryption {
            Encryption::None => Tls::None,
            Encryption::StartTls => Tls::Required(tls()?),
            Encryption::Tls => Tls::Wrapper(tls()?),
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
                .port(address.port())
                .hello_name(ClientId::Domain("basalt.localdomain".to_owned()))
                .timeout(Some(STEP_TIMEOUT))
                .tls(tls);
        if let Some(login) = &relay.login {
            let password = login.password.expose().clone();
            builder = builder
                .credentials(Credentials::new(login.user.clone(), password))
                .authentication(vec![match login.method {
                    Method::Plain => Mechanism::Plain,
                    Method::Login => Mechanism::Login,
                }]);
        }
        match builder.build().send(message.clone()).await {
            Ok(_) => return Ok(()),
            Err(e) => last = failure(&e),
        }
        if last != MailError::Connection {
            break;
        }
    }
    Err(last)
}

fn failure(error: &lettre::transport::smtp::Error) -> MailError {
    if let Some(code) = error.status() {
        let code = code.to_string().parse().unwrap_or(0);
        return match code {
            530 | 534 | 535 | 538 => MailError::Refused(code),
            code => MailError::Answer(code),
        };
    }
    if error.is_timeout() {
        MailError::Timeout
    } else if error.is_tls() || error.is_client() {
        MailError::Tls
    } else {
        MailError::Connection
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            from: "basalt@example.com".into(),
            from_name: "Basalt\r\nBcc: x@example.com".into(),
            to: "ann@example.com".into(),
            subject: "Hello\r\nBcc: all@example.com".into(),
            text: "Line\n.\nLine".into(),
        }
    }

    #[test]
    fn nothing_in_a_text_becomes_a_header() {
        let text = String::from_utf8(message(&mail()).unwrap().formatted()).unwrap();
        assert!(!text.lines().any(|l| l.starts_with("Bcc:")), "{text}");
        let to_two = Mail { to: "a@x.io,b@x.io".into(), ..mail() };
        assert!(matches!(message(&to_two), Err(MailError::Address(_))));
        assert!(is_address("ann@example.com") && !is_address("ann") && !is_address("a@b\r\nc"));
    }

    #[tokio::test]
    async fn a_relay_is_judged() {
        let relay = |host: &str| Relay {
            host: host.into(),
            port: 25,
            encryption: Encryption::None,
            login: None,
        };
        let sent = send(&Outbound::default(), &relay("169.254.169.254"), &mail()).await;
        assert!(matches!(sent, Err(MailError::Unreachable(Unreachable::Refused { .. }))));
        let login = Login { user: "u".into(), password: "p".into(), method: Method::Plain };
        let clear = Relay { login: Some(login), ..relay("10.255.255.1") };
        assert_eq!(send(&Outbound::default(), &clear, &mail()).await, Err(MailError::Clear));
    }
}
