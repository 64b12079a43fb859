//! What this server may say to others, and how often it tries.

use std::time::Duration;

use integrations::Outbound;
use integrations::chat::url::Allowed;
use integrations::http::Http;
use integrations::idp::{Issuers, Providers};

/// The way out: built once by the composition root.
#[derive(Debug, Clone)]
pub struct Outside {
    pub http: Http,
    /// What is known of identity providers.
    pub providers: Providers,
    /// The keys of those who give tokens to pipelines.
    pub issuers: Issuers,
    /// Addresses of webhooks beyond the rule.
    pub webhooks: Allowed,
    /// Before the second attempt; each later one waits longer.
    pub backoff: Duration,
}

impl Default for Outside {
    /// The public internet, and nothing beyond the rule.
    fn default() -> Self {
        Self {
            http: Http::new(Outbound::default()),
            providers: Providers::default(),
            issuers: Issuers::default(),
            webhooks: Allowed::default(),
            backoff: Duration::from_secs(10),
        }
    }
}
