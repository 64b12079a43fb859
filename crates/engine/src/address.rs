//! Which addresses may be reached. Judged after resolving, so that a name cannot hide an address.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base::address::{Reach, refusal};

use crate::failure::{Failure, FailureKind};

/// What the server refuses to connect to on behalf of a user. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Outbound {
    /// Sockets of our own metadata store.
    pub own_store: Vec<SocketAddr>,
    /// Folders with our own data and keys.
    pub own_files: Vec<PathBuf>,
}

impl Outbound {
    /// Judges one resolved address of a database. Private and loopback addresses are fine: databases live there.
    pub fn judge(&self, address: SocketAddr) -> Result<(), Failure> {
        match refusal(address, &self.own_store, Reach::Private) {
            Some(why) => Err(Failure::new(FailureKind::Address, format!("{address} is {why}"))),
            None => Ok(()),
        }
    }

    /// Resolves a host and judges every address it has: one bad address refuses the host.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Failure> {
        if host.is_empty() || host.contains(['/', '\\', '?', '@', ' ', '\0', ',']) {
            return Err(Failure::new(
                FailureKind::Address,
                format!("{host:?} is not a host name or address"),
            ));
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found = tokio::net::lookup_host((bare, port)).await;
        let found: Vec<_> = found
            .map_err(|e| Failure::new(FailureKind::Network, format!("cannot resolve {host}: {e}")))?
            .collect();
        if found.is_empty() {
            return Err(Failure::new(FailureKind::Network, format!("{host} has no address")));
        }
        for address in &found {
            self.judge(*address)?;
        }
        Ok(found)
    }

    /// Judges a file or folder that is a database. Links are followed first.
    pub fn judge_path(&self, path: &Path) -> Result<PathBuf, Failure> {
        if !path.is_absolute() {
            return Err(Failure::new(
                FailureKind::Address,
                format!("{} is not an absolute path", path.display()),
            ));
        }
        let real = path
            .canonicalize()
            .map_err(|e| Failure::new(FailureKind::Network, format!("{}: {e}", path.display())))?;
        for own in &self.own_files {
            let own = own.canonicalize().unwrap_or_else(|_| own.clone());
            let ours = if own.is_dir() {
                real == own || real.parent() == Some(&own) && real.is_file()
            } else {
                real == own
            };
            if ours {
                return Err(Failure::new(
                    FailureKind::Address,
                    format!("{} holds Basalt's own data", real.display()),
                ));
            }
        }
        Ok(real)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_resolved_addresses() {
        let own =
            Outbound { own_store: vec!["127.0.0.1:5432".parse().unwrap()], ..Outbound::default() };
        for bad in [
            "169.254.169.254:80",
            "[::ffff:169.254.169.254]:80",
            "[fe80::1]:5432",
            "[fd00:ec2::254]:80",
            "0.0.0.0:5432",
            "127.0.0.1:5432",
        ] {
            assert!(own.judge(bad.parse().unwrap()).is_err(), "{bad}");
        }
        for good in ["127.0.0.1:5433", "10.0.0.7:3306", "[::1]:5432", "8.8.8.8:5432"] {
            assert!(own.judge(good.parse().unwrap()).is_ok(), "{good}");
        }
    }

    #[tokio::test]
    async fn a_host_is_only_a_host() {
        for bad in ["", "/var/run/postgresql", "x?sslmode=disable", "a b", "user@host"] {
            assert!(Outbound::default().resolve(bad, 5432).await.is_err(), "{bad:?}");
        }
        assert!(Outbound::default().resolve("127.0.0.1", 5432).await.is_ok());
    }
}
