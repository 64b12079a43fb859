//! From a target to a signed-in connection.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use engine::{Failure, FailureKind, Outbound, Target, Tls, TlsVerify};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use mysql_async::prelude::{GlobalHandler, Queryable as _};
use mysql_async::{ClientIdentity, Conn, InfileData, LocalInfileError, Opts, OptsBuilder, SslOpts};

use crate::classify_error::failure;

/// Parameters that a data source may give.
const CLEARTEXT: &str = "allowCleartextPasswords";

/// Bytes of the application name that are kept.
const MAX_NAME: usize = 63;

/// A connection in autocommit mode that speaks utf8mb4, within the target's time limit.
pub(crate) async fn connect(outbound: &Outbound, target: &Target) -> Result<Conn, Failure> {
    let limit = target.connect_timeout;
    tokio::time::timeout(limit, connect_unlimited(outbound, target)).await.unwrap_or_else(|_| {
        let message = format!("no connection within {} s", limit.as_secs_f32());
        Err(Failure::new(FailureKind::Timeout, message))
    })
}

async fn connect_unlimited(outbound: &Outbound, target: &Target) -> Result<Conn, Failure> {
    let addresses = match target.ssh {
        Some(_) => vec![crate::tunnel::forward(outbound, target).await?],
        None => outbound.resolve(&target.host, target.port).await?,
    };
    let opts = options(target, &addresses)?;
    let mut conn = Conn::new(opts).await.map_err(failure)?;
    // The server's init_connect may have turned autocommit off.
    conn.query_drop("SET NAMES utf8mb4, autocommit = 1").await.map_err(failure)?;
    if target.read_only {
        conn.query_drop("SET SESSION TRANSACTION READ ONLY").await.map_err(failure)?;
    }
    Ok(conn)
}

fn options(target: &Target, addresses: &[SocketAddr]) -> Result<Opts, Failure> {
    let cleartext = parameters(target)?;
    let ips: Vec<IpAddr> = addresses.iter().map(SocketAddr::ip).collect();
    let host = target.host.trim_start_matches('[').trim_end_matches(']');
    let builder = OptsBuilder::default()
        // The name is for the certificate; only the judged addresses are connected to.
        .ip_or_hostname(host)
        .resolved_ips(Some(ips))
        .tcp_port(addresses.first().map_or(target.port, SocketAddr::port))
        .user(Some(&target.username))
        .pass(Some(target.password.expose()))
        .db_name(target.database.as_deref())
        .ssl_opts(tls(&target.tls)?)
        // Would leave the judged address for a socket that the server names.
        .prefer_socket(false)
        .tcp_nodelay(true)
        .stmt_cache_size(0)
        .enable_cleartext_plugin(cleartext)
        .local_infile_handler(Some(NoLocalFiles))
        .connect_attributes(HashMap::from([
            ("program_name".to_owned(), shortened(&target.application_name)),
            ("_client_name".to_owned(), "basalt".to_owned()),
        ]));
    Ok(builder.into())
}

/// Whether the password may be sent as it is.
fn parameters(target: &Target) -> Result<bool, Failure> {
    let unsupported = |message| Err(Failure::new(FailureKind::Unsupported, message));
    let mut cleartext = false;
    for (name, value) in &target.parameters {
        match (name.as_str(), value.as_str()) {
            (CLEARTEXT, "false") => {}
            (CLEARTEXT, "true") if target.tls.verify == TlsVerify::Full => cleartext = true,
            (CLEARTEXT, "true") => {
                return unsupported(format!("{CLEARTEXT} needs TLS with a verified certificate"));
            }
            (CLEARTEXT, _) => {
                return unsupported(format!("{CLEARTEXT} is true or false, not {value:?}"));
            }
            _ => {
                return unsupported(format!(
                    "{name:?} is no parameter of this engine; {CLEARTEXT} is"
                ));
            }
        }
    }
    Ok(cleartext)
}

fn tls(tls: &Tls) -> Result<Option<SslOpts>, Failure> {
    if tls.verify == TlsVerify::Off {
        return Ok(None);
    }
    let mut opts = SslOpts::default();
    if tls.verify == TlsVerify::None {
        opts = opts.with_danger_accept_invalid_certs(true);
    } else {
        let trusted = engine::tls::trusted(tls.ca_pem.as_deref())?;
        if !trusted.is_empty() {
            let certificates = trusted.iter().map(|c| c.to_vec().into()).collect();
            opts = opts.with_root_certs(certificates).with_disable_built_in_roots(true);
        }
    }
    if tls.client_cert_pem.is_some() || tls.client_key_pem.is_some() {
        // Says in our words what is wrong with certificate or key.
        engine::tls::client_config(tls)?;
    }
    if let (Some(cert), Some(key)) = (&tls.client_cert_pem, &tls.client_key_pem) {
        let identity = ClientIdentity::new(
            cert.clone().into_bytes().into(),
            key.expose().clone().into_bytes().into(),
        );
        opts = opts.with_client_identity(Some(identity));
    }
    Ok(Some(opts))
}

/// Answers LOAD DATA LOCAL with an error in place of a file. Without a handler the library drops the connection.
struct NoLocalFiles;

impl GlobalHandler for NoLocalFiles {
    fn handle(
        &self,
        _file_name: &[u8],
    ) -> BoxFuture<'static, Result<InfileData, LocalInfileError>> {
        let refused = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let data: InfileData = futures_util::stream::iter([Err(refused)]).boxed();
        Box::pin(std::future::ready(Ok(data)))
    }
}

fn shortened(name: &str) -> String {
    let end = (0..=MAX_NAME.min(name.len())).rev().find(|n| name.is_char_boundary(*n));
    name[..end.unwrap_or(0)].to_owned()
}
