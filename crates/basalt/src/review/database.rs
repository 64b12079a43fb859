//! `--database URL`: the schema as it is on a live database, and a session that answers what only a database can tell.
//!
//! The URL is libpq's: `postgres://user:password@host:5432/name?sslmode=verify-full`. As everywhere in Basalt there is no
//! "prefer": TLS is verified unless the URL says otherwise.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use app::sql_review::LiveTarget;
use base::{EngineKind, Secret};
use engine::{Outbound, Target, Tls, TlsVerify};
use schema::Catalog;
use tokio::runtime::Runtime;

use crate::{engines, terminal};

const CONNECT: Duration = Duration::from_secs(10);
const PARAMETERS: [&str; 4] = ["sslmode", "sslrootcert", "sslcert", "sslkey"];

/// A database that is asked while files are reviewed.
pub struct Database {
    pub catalog: Catalog,
    pub version: Option<(u32, u32)>,
    live: Option<LiveTarget>,
    /// Runs the session; reviews block on it from threads of their own.
    runtime: Runtime,
}

impl Database {
    pub fn open(url: &str, engine: EngineKind) -> Result<Self> {
        let target = target(url)?;
        ensure!(
            target.kind.family() == engine.family(),
            "--database is {}, the dialect is {}",
            target.kind.title(),
            engine.title()
        );
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let spinner = terminal::spinner("reading the schema");
        let opened = runtime.block_on(async {
            let engines = engines::registry(&Outbound::default());
            let driver = engines.get(target.kind)?;
            anyhow::Ok(LiveTarget::open(&**driver, &target).await?)
        });
        spinner.finish_and_clear();
        let (live, catalog, server) = opened.context("--database")?;
        let version = engine::version(&server.version);
        Ok(Self { catalog, version, live: Some(live), runtime })
    }

    pub fn live(&self) -> Option<&dyn review::Live> {
        self.live.as_ref().map(LiveTarget::live)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(live) = self.live.take() {
            self.runtime.block_on(live.close());
        }
    }
}

fn target(url: &str) -> Result<Target> {
    // The URL may hold a password: errors do not repeat it.
    let form = "--database is like postgres://user@host:5432/name";
    let (scheme, rest) = url.split_once("://").context(form)?;
    let kind = match scheme {
        "postgres" | "postgresql" => EngineKind::Postgres,
        other => bail!("--database: no driver for {other}://; {form}"),
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (place, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, address) = place.rsplit_once('@').context("--database: the URL names no user")?;
    let (user, password) = user.split_once(':').unwrap_or((user, ""));
    // An IPv6 address stands in brackets.
    let (host, port) = match address.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        Some((host, port)) => {
            (host, port.parse().map_err(|_| anyhow!("--database: {port:?} is no port"))?)
        }
        None => (address, 5432),
    };
    ensure!(!host.is_empty(), "--database: the URL names no host");
    ensure!(!database.is_empty(), "--database: the URL names no database");
    Ok(Target {
        kind,
        host: decoded(host)?,
        port,
        username: decoded(user)?,
        password: Secret::new(decoded(password)?),
        database: Some(decoded(database)?),
        tls: tls(query)?,
        ssh: None,
        parameters: BTreeMap::new(),
        connect_timeout: CONNECT,
        application_name: "basalt review".to_owned(),
        read_only: true,
    })
}

fn tls(query: &str) -> Result<Tls> {
    let mut tls = Tls::default();
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decoded(value)?;
        let file =
            || std::fs::read_to_string(&value).with_context(|| format!("--database: {name}"));
        match name {
            "sslmode" => {
                tls.verify = match value.as_str() {
                    "disable" => TlsVerify::Off,
                    "require" => TlsVerify::None,
                    "verify-full" => TlsVerify::Full,
                    other => {
                        bail!(
                            "--database: sslmode is disable, require or verify-full, not {other:?}"
                        )
                    }
                };
            }
            "sslrootcert" => tls.ca_pem = Some(file()?),
            "sslcert" => tls.client_cert_pem = Some(file()?),
            "sslkey" => tls.client_key_pem = Some(Secret::new(file()?)),
            other => bail!("--database: {other:?} is none of {}", PARAMETERS.join(", ")),
        }
    }
    Ok(tls)
}

/// `%40` is `@`.
fn decoded(text: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        let pair = digit(rest.next()).zip(digit(rest.next()));
        let (high, low) = pair.context("--database: % stands before two hexadecimal digits")?;
        bytes.push(u8::try_from(high * 16 + low)?);
    }
    String::from_utf8(bytes).context("--database: the URL is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_as_libpq_reads_them() {
        let found = target("postgres://ad%40a:p%3A%2fw@[::1]:6543/my%20db?sslmode=require")
            .expect("a target");
        assert_eq!(
            (found.host.as_str(), found.port, found.username.as_str()),
            ("[::1]", 6543, "ad@a")
        );
        assert_eq!(
            (found.password.expose().as_str(), found.database.as_deref()),
            ("p:/w", Some("my db"))
        );
        assert_eq!(found.tls.verify, TlsVerify::None);
        let plain = target("postgresql://ada@db.example/shop").expect("a target");
        assert_eq!((plain.port, plain.tls.verify), (5432, TlsVerify::Full));
        assert!(plain.read_only);
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for (url, why) in [
            ("db.example/shop", "postgres://user@host"),
            ("mysql://a:secret@h/d", "no driver for mysql"),
            ("postgres://h/d", "no user"),
            ("postgres://a:secret@h:x/d", "no port"),
            ("postgres://a:secret@h", "no database"),
            ("postgres://a:secret@/d", "no host"),
            ("postgres://a:secret%zz@h/d", "hexadecimal"),
            ("postgres://a:secret@h/d?sslmode=prefer", "sslmode is"),
            ("postgres://a:secret@h/d?options=x", "none of sslmode"),
        ] {
            let said = format!("{:#}", target(url).expect_err(url));
            assert!(said.contains(why) && !said.contains("secret"), "{url}: {said}");
        }
    }
}
