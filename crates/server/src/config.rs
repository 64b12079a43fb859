//! What the composition root hands in: settings, limits, and the use cases behind each route.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::gate::Gatekeeper;
use app::ports::{About, Events, Logs, Sheets};

use crate::registry::Registry;
use crate::routes::console::{Lookup, embedded};

/// How the server behaves.
#[derive(Debug, Clone)]
pub struct Config {
    /// Refuse every rpc that changes something, except signing in and out.
    pub readonly: bool,
    /// How people reach the console, e.g. `https://basalt.example.com`.
    pub external_url: Option<String>,
    /// Peers whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Empty: nobody's.
    pub trusted_proxies: Vec<IpAddr>,
    pub limits: Limits,
    /// Where the files of the console come from; normally [`embedded`].
    pub console: Lookup,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            readonly: false,
            external_url: None,
            trusted_proxies: Vec::new(),
            limits: Limits::default(),
            console: embedded,
        }
    }
}

/// Sizes in bytes, and how long we wait.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Open connections; more wait to be accepted.
    pub connections: usize,
    /// From accepting a connection, or the end of a request on it, to the last header of the next request.
    pub header_read: Duration,
    /// Between two pieces of a body, and until a peer takes more of an answer.
    pub stall: Duration,
    /// For a whole request body.
    pub body: Duration,
    /// A call without a shorter deadline of its own ends after this.
    pub call: Duration,
    /// What a caller who has not signed in may send.
    pub anonymous_body: usize,
    /// Request message, inflated.
    pub message: usize,
    /// Request message of the rpcs that carry whole files.
    pub large_message: usize,
    /// Sheet by PUT.
    pub sheet: u64,
    /// Silence on an event stream before a sign of life.
    pub heartbeat: Duration,
    /// How often an event stream asks again who is listening.
    pub recheck: Duration,
    /// How long running calls may go on after the order to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            header_read: Duration::from_secs(20),
            stall: Duration::from_secs(30),
            body: Duration::from_secs(600),
            call: Duration::from_secs(900),
            anonymous_body: 1 << 20,
            message: 32 << 20,
            large_message: 128 << 20,
            sheet: 100 << 20,
            heartbeat: Duration::from_secs(15),
            recheck: Duration::from_secs(60),
            drain: Duration::from_secs(15),
        }
    }
}

/// What the routes call.
pub struct Parts {
    /// For the contexts of calls; clock, randomness and engines are taken from it as well.
    pub app: Arc<App>,
    pub gatekeeper: Arc<dyn Gatekeeper>,
    /// The rpcs: see [`crate::rpc::register`].
    pub registry: Registry,
    pub about: Arc<dyn About>,
    pub events: Arc<dyn Events>,
    pub logs: Arc<dyn Logs>,
    pub sheets: Arc<dyn Sheets>,
}
