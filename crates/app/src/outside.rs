//! What this server may say to others, and how often it tries.

use std::time::Duration;

use integrations::Outbound;
use integrations::chat::url::Allowed;
use integrations::http::Http;

/// The way out: built once by the composition root.
#[derive(Debug, Clone)]
pub struct Outside {
    pub http: Http,
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
            webhooks: Allowed::default(),
            backoff: Duration::from_secs(10),
        }
    }
}
