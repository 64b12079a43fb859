//! Names become addresses here, and are judged.

use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use base::address::{Reach, refusal};

/// What may be reached. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound {
    /// Sockets of our own metadata store: never reached.
    pub own_store: Vec<SocketAddr>,
    /// `--allow-private-outbound`: private networks and this machine are as good as the internet.
    pub allow_private: bool,
    /// What names come to.
    pub names: Arc<dyn Lookup>,
}

/// Asked once for each connection, so that what is judged is what is connected to.
#[async_trait]
pub trait Lookup: Debug + Send + Sync {
    async fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// As the machine resolves names.
#[derive(Debug)]
struct Machine;

#[async_trait]
impl Lookup for Machine {
    async fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }
}

impl Default for Outbound {
    fn default() -> Self {
        Self { own_store: Vec::new(), allow_private: false, names: Arc::new(Machine) }
    }
}

/// Why a host was not reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    #[error("{host} is refused: it is {why}{}", hint(why))]
    Refused { host: String, why: &'static str },
    #[error("{0} cannot be resolved")]
    Unknown(String),
}

impl Outbound {
    /// How far a connection may go that people outside name.
    pub const fn public(&self) -> Reach {
        if self.allow_private { Reach::Private } else { Reach::Public }
    }

    /// Every address of a host, all of them judged: one bad address refuses the host.
    pub async fn resolve(
        &self,
        host: &str,
        port: u16,
        reach: Reach,
    ) -> Result<Vec<SocketAddr>, Unreachable> {
        let bare = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
        let found = self.names.lookup(bare, port).await;
        let found = found.map_err(|_| Unreachable::Unknown(host.to_owned()))?;
        if found.is_empty() {
            return Err(Unreachable::Unknown(host.to_owned()));
        }
        for address in &found {
            if let Some(why) = refusal(*address, &self.own_store, reach) {
                return Err(Unreachable::Refused { host: host.to_owned(), why });
            }
        }
        Ok(found)
    }
}

/// What to do about it, where something can be done.
fn hint(why: &str) -> &'static str {
    if why.contains("private network") {
        "; an administrator can start the server with --allow-private-outbound"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_bad_address_refuses_the_host() {
        let strict = Outbound::default();
        for bad in ["127.0.0.1", "localhost", "::1", "[::ffff:10.0.0.1]", "169.254.169.254"] {
            let found = strict.resolve(bad, 443, strict.public()).await;
            assert!(matches!(found, Err(Unreachable::Refused { .. })), "{bad}: {found:?}");
        }
        let own_store = vec!["127.0.0.1:5432".parse().unwrap()];
        let open = Outbound { own_store, allow_private: true, ..Outbound::default() };
        assert!(open.resolve("localhost", 443, open.public()).await.is_ok());
        assert!(open.resolve("127.0.0.1", 5432, open.public()).await.is_err());
        assert!(open.resolve("169.254.169.254", 80, open.public()).await.is_err());
        let unknown = open.resolve("nowhere.invalid", 443, open.public()).await;
        assert_eq!(unknown, Err(Unreachable::Unknown("nowhere.invalid".into())));
    }
}
