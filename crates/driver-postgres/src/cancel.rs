//! Cancelling: a second connection, over the same way, that names the first.

use std::time::Duration;

use async_trait::async_trait;
use engine::{Failure, FailureKind};
use tokio_postgres::{CancelToken, NoTls};

use crate::connect::Route;
use crate::failure::failure;

pub struct CancelRunning {
    pub token: CancelToken,
    pub route: Route,
    pub timeout: Duration,
}

#[async_trait]
impl engine::Cancel for CancelRunning {
    async fn cancel(&self) -> Result<(), Failure> {
        let send = async {
            let stream = self.route.dial().await?;
            match self.route.tls.clone() {
                Some(tls) => self.token.cancel_query_raw(stream, tls).await,
                None => self.token.cancel_query_raw(stream, NoTls).await,
            }
            .map_err(|e| failure(&e))
        };
        tokio::time::timeout(self.timeout, send).await.unwrap_or_else(|_| {
            Err(Failure::new(FailureKind::Timeout, "the server did not take the request to cancel"))
        })
    }
}
