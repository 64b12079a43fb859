//! Cancelling: a second connection, over the same way, that names the first.

use std::time::Duration;

use async_trait::async_trait;
use engine::{Failure, FailureKind};
use tokio::io::AsyncReadExt as _;
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
            let mut stream = self.route.dial().await?;
            match self.route.tls.clone() {
                Some(tls) => self.token.cancel_query_raw(&mut stream, tls).await,
                None => self.token.cancel_query_raw(&mut stream, NoTls).await,
            }
            .map_err(|e| failure(&e))?;
            // The server hangs up once it has passed the request on. Without waiting for that, the request could hit the
            // session's next statement. How it hangs up is no matter.
            let mut rest = [0; 64];
            while stream.read(&mut rest).await.is_ok_and(|n| n > 0) {}
            Ok(())
        };
        tokio::time::timeout(self.timeout, send).await.unwrap_or_else(|_| {
            Err(Failure::new(FailureKind::Timeout, "the server did not take the request to cancel"))
        })
    }
}
