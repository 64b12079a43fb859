//! Names become addresses here, and are judged.

use std::net::SocketAddr;

use base::address::{Reach, refusal};

/// What may be reached. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Outbound {
    /// Sockets of our own metadata store: never reached.
    pub own_store: Vec<SocketAddr>,
    /// `--allow-private-outbound`: private networks and this machine are as good as the internet.
    pub allow_private: bool,
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
        let found = tokio::net::lookup_host((bare, port)).await;
        let found: Vec<_> = found.map_err(|_| Unreachable::Unknown(host.to_owned()))?.collect();
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
        let open =
            Outbound { own_store: vec!["127.0.0.1:5432".parse().unwrap()], allow_private: true };
        assert!(open.resolve("localhost", 443, open.public()).await.is_ok());
        assert!(open.resolve("127.0.0.1", 5432, open.public()).await.is_err());
        assert!(open.resolve("169.254.169.254", 80, open.public()).await.is_err());
        let unknown = open.resolve("nowhere.invalid", 443, open.public()).await;
        assert_eq!(unknown, Err(Unreachable::Unknown("nowhere.invalid".into())));
    }
}
