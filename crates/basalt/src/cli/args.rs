//! Flags of the server, and of the commands that work on its store.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

/// Where the metadata is and which key opens its secrets.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// Folder of the metadata, the key and everything else that Basalt keeps
    #[arg(long, env = "BASALT_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Keep the metadata in this PostgreSQL (14 or newer) instead of a SQLite file
    #[arg(long, env = "BASALT_PG", value_name = "URL", hide_env_values = true)]
    pub pg: Option<String>,
    /// Key that encrypts secrets, 64 hexadecimal digits; by default a file beside the data
    #[arg(long, env = "BASALT_KEY", value_name = "HEX", hide_env_values = true, hide = true)]
    pub key: Option<String>,
    /// Pages of 4 KiB beyond which the SQLite file does not grow, as on a full disk
    #[cfg(feature = "test-hooks")]
    #[arg(long, value_name = "PAGES", hide = true)]
    pub max_pages: Option<u32>,
}

#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// Port for the console, the API and the health check
    #[arg(long, env = "BASALT_PORT", default_value_t = 8080)]
    pub port: u16,
    /// Address to listen on; beyond loopback, the first sign-up needs the set-up token from the log
    #[arg(long, env = "BASALT_HOST", default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// How people reach the console, for links and cookies
    #[arg(long, env = "BASALT_EXTERNAL_URL", value_name = "URL")]
    pub external_url: Option<String>,
    /// Let webhooks and single sign-on reach private networks and this machine, and webhooks use plain http
    #[arg(long, env = "BASALT_ALLOW_PRIVATE_OUTBOUND")]
    pub allow_private_outbound: bool,
    /// Host (or host:port) that webhooks of any service may post to, such as a chat server of your own; may be repeated
    #[arg(long, env = "BASALT_WEBHOOK_HOST", value_name = "HOST", value_delimiter = ',')]
    pub webhook_host: Vec<String>,
    /// Refuse every change and stop the runners: for maintenance
    #[arg(long, env = "BASALT_READONLY")]
    pub readonly: bool,
    /// Serve sample data, kept apart from real data, with users whose passwords are shown
    #[arg(long, env = "BASALT_DEMO")]
    pub demo: bool,
    /// Write each record of the audit log to standard output too, as one line of JSON
    #[arg(long, env = "BASALT_AUDIT_STDOUT")]
    pub audit_stdout: bool,
    /// Log more
    #[arg(long, env = "BASALT_DEBUG")]
    pub debug: bool,
    /// Seconds for which a claim on a run holds without being renewed
    #[arg(long, env = "BASALT_LEASE", default_value_t = 15, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600), hide = true)]
    pub lease: u64,
    /// Milliseconds before a message that was not taken is sent a second time; later attempts wait longer
    #[arg(long, env = "BASALT_RETRY_AFTER", default_value_t = 10_000, value_name = "MS", value_parser = clap::value_parser!(u64).range(10..=600_000), hide = true)]
    pub retry_after: u64,
    /// Die at this point of an execution
    #[cfg(feature = "test-hooks")]
    #[arg(long, env = "BASALT_CRASH_AT", value_name = "POINT:N", hide = true)]
    pub crash_at: Option<String>,
}

#[derive(Debug, Args)]
pub struct BackupArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// File to write; must not exist
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct RestoreArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// Backup to read
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct RotateKeyArgs {
    #[command(flatten)]
    pub store: StoreArgs,
    /// The new key, 64 hexadecimal digits; by default a new random one is written to the key file
    #[arg(long, env = "BASALT_NEW_KEY", value_name = "HEX", hide_env_values = true)]
    pub new_key: Option<String>,
}

#[derive(Debug, Args)]
pub struct VerifyAuditArgs {
    #[command(flatten)]
    pub store: StoreArgs,
}
