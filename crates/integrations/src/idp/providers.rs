//! What providers say about themselves, with their keys, kept for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::Time;
use openidconnect::core::CoreProviderMetadata;
use openidconnect::{DiscoveryError, IssuerUrl};

use super::{IdpError, wire};
use crate::http::Http;

/// How long a description counts.
const FRESH: Duration = Duration::from_secs(3_600);
/// A key that is not among the known ones is looked for again, but not more often than this.
const AGAIN: Duration = Duration::from_secs(30);

/// Cheap to clone; one for the process.
#[derive(Debug, Clone, Default)]
pub struct Providers(Arc<Mutex<HashMap<String, Known>>>);

#[derive(Debug, Clone)]
struct Known {
    metadata: CoreProviderMetadata,
    at: Time,
}

impl Providers {
    /// Reads anew what the provider says, whatever is known, and gives the address that browsers are sent to.
    pub async fn look(&self, http: &Http, issuer: &str, now: Time) -> Result<String, IdpError> {
        let metadata = self.fetch(http, issuer, now).await?;
        Ok(metadata.authorization_endpoint().to_string())
    }

    pub(super) async fn get(
        &self,
        http: &Http,
        issuer: &str,
        now: Time,
    ) -> Result<CoreProviderMetadata, IdpError> {
        match self.known(issuer).filter(|known| now.since(known.at) < FRESH) {
            Some(known) => Ok(known.metadata),
            None => self.fetch(http, issuer, now).await,
        }
    }

    /// Once more, when what is known is not brand-new: a provider changes its keys when it likes.
    pub(super) async fn again(
        &self,
        http: &Http,
        issuer: &str,
        now: Time,
    ) -> Result<Option<CoreProviderMetadata>, IdpError> {
        if self.known(issuer).is_some_and(|known| now.since(known.at) < AGAIN) {
            return Ok(None);
        }
        self.fetch(http, issuer, now).await.map(Some)
    }

    fn known(&self, issuer: &str) -> Option<Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned()
    }

    async fn fetch(
        &self,
        http: &Http,
        issuer: &str,
        now: Time,
    ) -> Result<CoreProviderMetadata, IdpError> {
        let address = || IdpError::Address(issuer.to_owned());
        let url = IssuerUrl::new(issuer.to_owned()).map_err(|_| address())?;
        let client = |request| wire::send(http.clone(), issuer.to_owned(), request);
        let found = CoreProviderMetadata::discover_async(url, &client).await;
        let metadata = found.map_err(|e| match e {
            DiscoveryError::Request(e) => e,
            _ => IdpError::Discovery(issuer.to_owned()),
        })?;
        let known = Known { metadata: metadata.clone(), at: now };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(issuer.to_owned(), known);
        Ok(metadata)
    }
}
