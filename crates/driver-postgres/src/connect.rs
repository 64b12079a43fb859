//! Opening a session: dial, TLS, sign in, and the few settings that hold for every session.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};

use engine::tunnel::{Wire, dial};
use engine::{Failure, FailureKind, Outbound, Setting, Ssh, Target};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls};

use crate::cancel::CancelRunning;
use crate::failure::failure;
use crate::session::PostgresSession;
use crate::tls::Rustls;
use crate::{rows, settings};

/// PostgreSQL 10 is the oldest whose catalog has what sync reads (identity columns, partitions, `pg_sequence`).
const OLDEST: u32 = 10;
/// PostgreSQL cuts names at 63 bytes.
const MAX_NAME: usize = 63;
/// Notices of one statement that are kept; a loop may raise millions.
const MAX_NOTICES: usize = 200;

/// The way to a server, kept for the connections that cancel.
#[derive(Clone)]
pub struct Route {
    pub outbound: Outbound,
    pub host: String,
    pub port: u16,
    pub ssh: Option<Ssh>,
    pub tls: Option<Rustls>,
}

impl Route {
    fn new(outbound: &Outbound, target: &Target) -> Result<Self, Failure> {
        let tls = engine::tls::client_config(&target.tls)?
            .map(|config| {
                let bare = target.host.trim_start_matches('[').trim_end_matches(']').to_owned();
                let name = ServerName::try_from(bare).map_err(|_| {
                    Failure::new(
                        FailureKind::Tls,
                        format!("{:?} is not a name that a certificate can have", target.host),
                    )
                })?;
                Ok(Rustls { config, name })
            })
            .transpose()?;
        Ok(Self {
            outbound: outbound.clone(),
            host: target.host.clone(),
            port: target.port,
            ssh: target.ssh.clone(),
            tls,
        })
    }

    pub async fn dial(&self) -> Result<Wire, Failure> {
        dial(&self.outbound, &self.host, self.port, self.ssh.as_ref()).await
    }
}

pub async fn connect(outbound: &Outbound, target: &Target) -> Result<PostgresSession, Failure> {
    tokio::time::timeout(target.connect_timeout, open(outbound, target)).await.unwrap_or_else(
        |_| {
            Err(Failure::new(
                FailureKind::Timeout,
                format!(
                    "{}:{} did not let us in within {:?}",
                    target.host, target.port, target.connect_timeout
                ),
            ))
        },
    )
}

async fn open(outbound: &Outbound, target: &Target) -> Result<PostgresSession, Failure> {
    let parameters = settings::of_parameters(&target.parameters)?;
    let route = Route::new(outbound, target)?;
    let stream = route.dial().await?;
    let config = config(target, &route);
    let notices = Notices::default();
    let (client, version, task) = match route.tls.clone() {
        Some(tls) => {
            let (client, connection) =
                config.connect_raw(stream, tls).await.map_err(|e| failure(&e))?;
            drive(client, connection, &notices)
        }
        None => {
            let (client, connection) =
                config.connect_raw(stream, NoTls).await.map_err(|e| failure(&e))?;
            drive(client, connection, &notices)
        }
    };
    let canceller =
        CancelRunning { token: client.cancel_token(), route, timeout: target.connect_timeout };
    let mut session =
        PostgresSession::new(client, task, notices, Arc::new(canceller), (outbound, target));
    session.major = supported(&version)?;
    let mut first = vec![setting("standard_conforming_strings", "on")];
    first.extend(parameters);
    if target.read_only {
        first.push(setting("default_transaction_read_only", "on"));
    }
    let (mut backend, mut identifiable) = (String::new(), false);
    rows::each(session.client(), &settings::first_statement(&first), |row| {
        backend = row.text();
        identifiable = row.bool();
    })
    .await?;
    (session.backend, session.identifiable) = (backend, identifiable);
    Ok(session)
}

fn setting(name: &str, value: &str) -> Setting {
    Setting { name: name.to_owned(), value: value.to_owned() }
}

fn config(target: &Target, route: &Route) -> Config {
    let mut config = Config::new();
    config
        .user(&target.username)
        .dbname(target.database.as_deref().unwrap_or("postgres"))
        .application_name(cut(&target.application_name))
        .ssl_mode(if route.tls.is_some() { SslMode::Require } else { SslMode::Disable });
    // libpq's rule for the host that a certificate is checked against; tokio-postgres asks for one with TLS.
    config.host(&target.host);
    if !target.password.is_empty() {
        config.password(target.password.expose());
    }
    config
}

/// The longest beginning that the server keeps.
fn cut(name: &str) -> &str {
    &name[..name.floor_char_boundary(MAX_NAME.min(name.len()))]
}

/// The major version, if it is one that Basalt reads.
fn supported(version: &str) -> Result<u32, Failure> {
    let major = version.split('.').next().and_then(|n| n.trim().parse::<u32>().ok());
    major.filter(|major| *major >= OLDEST).ok_or_else(|| {
        Failure::new(
            FailureKind::Unsupported,
            format!("PostgreSQL {version:?} is older than {OLDEST}, the oldest that Basalt reads"),
        )
    })
}

/// Runs the connection in a task of its own until the client is dropped or the server hangs up.
fn drive<T>(
    client: Client,
    mut connection: Connection<Wire, T>,
    notices: &Notices,
) -> (Client, String, JoinHandle<()>)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let version = connection.parameter("server_version").unwrap_or_default().to_owned();
    let notices = notices.clone();
    let task = tokio::spawn(async move {
        // Errors also reach whoever waits for an answer, so the end of the loop is all there is to know here.
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notice(notice) = message {
                notices.push(format!("{}: {}", notice.severity(), notice.message()));
            }
        }
    });
    (client, version, task)
}

/// Notices since they were last taken. The server sends a statement's notices before its end, so that they are all here
/// when the answer is.
#[derive(Clone, Default)]
pub struct Notices(Arc<Mutex<(Vec<String>, usize)>>);

impl Notices {
    fn push(&self, notice: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0.len() < MAX_NOTICES {
            kept.0.push(notice);
        } else {
            kept.1 += 1;
        }
    }

    pub fn take(&self) -> Vec<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut list, more) = std::mem::take(&mut *kept);
        if more > 0 {
            list.push(format!("{more} more notices were not kept"));
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_foreign_servers_are_refused() {
        for good in ["10.23", "15.18 (Debian 15.18-0+deb12u1)", "18beta1"] {
            let judged = supported(good);
            assert!(judged.is_ok() || good == "18beta1", "{good}");
        }
        for bad in ["9.6.24", "8.0.2", ""] {
            assert_eq!(supported(bad).unwrap_err().kind, FailureKind::Unsupported);
        }
    }

    #[test]
    fn names_are_cut_between_characters() {
        assert_eq!(cut(&"é".repeat(40)).len(), 62);
        assert_eq!(cut("basalt"), "basalt");
    }
}
