//! Stops a running statement by KILL QUERY from a second connection, made the same way as the first.

use async_trait::async_trait;
use engine::{Cancel, Failure, Outbound, Target};
use mysql_async::Error;
use mysql_async::prelude::Queryable as _;

use crate::classify_error::{code, failure};
use crate::connect::connect;

#[derive(Debug, Clone)]
pub(crate) struct Canceller {
    pub outbound: Outbound,
    pub target: Target,
    pub id: u32,
}

#[async_trait]
impl Cancel for Canceller {
    async fn cancel(&self) -> Result<(), Failure> {
        let mut target = self.target.clone();
        // The database may be the one thing that is stuck or gone.
        target.database = None;
        let mut conn = connect(&self.outbound, &target).await?;
        let killed = conn.query_drop(format!("KILL QUERY {}", self.id)).await;
        let closed = conn.disconnect().await;
        match killed {
            // Nothing runs there any more: there is nothing to cancel.
            Err(Error::Server(e)) if e.code == code::NO_SUCH_THREAD => Ok(()),
            Err(e) => Err(failure(e)),
            Ok(()) => closed.map_err(failure),
        }
    }
}
