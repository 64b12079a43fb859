//! Where and how to connect.

use std::collections::BTreeMap;
use std::time::Duration;

use base::{EngineKind, Secret};

/// Everything needed to reach one database (or none in particular) of an instance.
#[derive(Debug, Clone)]
pub struct Target {
    pub kind: EngineKind,
    /// Host name or address; for engines that are files, the folder that holds them.
    pub host: String,
    pub port: u16,
    pub username: String,
    pub password: Secret,
    /// None connects to the engine's maintenance database.
    pub database: Option<String>,
    pub tls: Tls,
    pub ssh: Option<Ssh>,
    /// Driver parameters by name; a driver refuses those it does not know, naming them.
    pub parameters: BTreeMap<String, String>,
    /// For the whole of resolving, tunnelling, connecting and signing in.
    pub connect_timeout: Duration,
    /// What the server shows for this session; 63 bytes at most are kept.
    pub application_name: String,
    /// Opened for reading only: the server itself must refuse writes.
    pub read_only: bool,
}

/// TLS with the target. There is no "prefer": plain text only where it was asked for.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    pub verify: TlsVerify,
    /// PEM of the authority to trust instead of the system's.
    pub ca_pem: Option<String>,
    pub client_cert_pem: Option<String>,
    pub client_key_pem: Option<Secret>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TlsVerify {
    /// Certificate chain and host name.
    #[default]
    Full,
    /// Encrypted, but anybody may be at the other end.
    None,
    /// Plain text.
    Off,
}

/// A jump host.
#[derive(Debug, Clone)]
pub struct Ssh {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub auth: SshAuth,
    /// SHA-256 fingerprint (`SHA256:…`) that the host key must have; None trusts the first key seen and logs it.
    pub host_key: Option<String>,
}

#[derive(Debug, Clone)]
pub enum SshAuth {
    Password(Secret),
    /// OpenSSH or PEM private key.
    Key {
        pem: Secret,
        passphrase: Option<Secret>,
    },
}
