//! How far replication is behind. A source does not know its replicas' delay; a replica knows its own.

use std::time::Duration;

use engine::Failure;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error, Row};

use crate::classify_error::failure;
use crate::flavor::Flavor;
use crate::rows::cells;

/// Of the slowest channel; None when nothing is replicated here, or the account may not see it.
pub(crate) async fn behind(conn: &mut Conn, flavor: Flavor) -> Result<Option<Duration>, Failure> {
    let rows: Vec<Row> = match conn.query(status(flavor)).await {
        Ok(rows) => rows,
        Err(Error::Server(e)) => {
            tracing::debug!(message = %e.message, "replication is not shown");
            return Ok(None);
        }
        Err(e) => return Err(failure(e)),
    };
    Ok(rows.into_iter().filter_map(of_channel).max().map(Duration::from_secs))
}

/// The statement that shows the channels by which this server receives.
pub(crate) fn status(flavor: Flavor) -> &'static str {
    if flavor.is_mysql((8, 0, 22)) {
        "SHOW REPLICA STATUS"
    } else if flavor.is_mariadb() {
        "SHOW ALL SLAVES STATUS"
    } else {
        "SHOW SLAVE STATUS"
    }
}

fn of_channel(row: Row) -> Option<u64> {
    let at = row.columns_ref().iter().position(|c| {
        let name = c.name_str();
        ["Seconds_Behind_Source", "Seconds_Behind_Master"]
            .iter()
            .any(|n| name.eq_ignore_ascii_case(n))
    })?;
    cells(row).int(at).and_then(|n| u64::try_from(n).ok())
}
