//! Where in the history of its data a server is.
//!
//! MySQL and MariaDB have no timelines. `timeline` says what is counted, so that numbers of different kinds are never compared: a
//! server whose position jumps back within one was set back, by a restore or by RESET.

use engine::{Failure, Mark};
use mysql_async::Conn;

use crate::flavor::Flavor;
use crate::history;
use crate::rows::permitted;
use crate::sync::instance;

/// Bits of a position that hold the place within a file. Files are a gibibyte at most, but for a last large transaction.
const OFFSET_BITS: u32 = 40;

pub(crate) async fn mark(conn: &mut Conn, flavor: Flavor) -> Result<Mark, Failure> {
    let identity = instance::identity(conn, flavor).await?;
    let sql = format!("SELECT {}", history::position(flavor));
    let gtid = permitted(conn, &sql).await?.and_then(|mut rows| rows.pop());
    let gtid = gtid.map(|mut row| row.text(0)).unwrap_or_default();
    if !gtid.is_empty() {
        let position = if flavor.is_mariadb() {
            history::domains(&gtid).iter().fold(0u64, |sum, (_, n)| sum.saturating_add(*n))
        } else {
            history::transactions(&gtid)
        };
        return Ok(Mark { identity, timeline: "gtid".to_owned(), position: Some(position) });
    }
    let shown = if flavor.is_mysql((8, 2, 0)) { "BINARY LOG" } else { "MASTER" };
    let row = permitted(conn, &format!("SHOW {shown} STATUS")).await?.and_then(|mut r| r.pop());
    let position = row.and_then(|mut row| in_files(&row.text(0), row.int(1)?));
    let timeline = if position.is_some() { "binlog" } else { "" };
    Ok(Mark { identity, timeline: timeline.to_owned(), position })
}

/// `binlog.000012` and an offset as one number.
fn in_files(file: &str, offset: i64) -> Option<u64> {
    let number: u64 = file.rsplit('.').next()?.parse().ok()?;
    let offset = u64::try_from(offset).ok()?;
    number.checked_mul(1 << OFFSET_BITS)?.checked_add(offset)
}

#[cfg(test)]
mod tests {
    use super::in_files;

    #[test]
    fn files_count_more_than_offsets() {
        assert!(in_files("binlog.000012", 4) > in_files("binlog.000011", 1 << 30));
        assert_eq!(in_files("a.b.000001", 9), Some((1 << 40) + 9));
        assert_eq!((in_files("binlog", 4), in_files("binlog.000001", -1)), (None, None));
    }
}
