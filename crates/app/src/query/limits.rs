//! How much a query may give and how long it may take.

use std::time::{Duration, Instant};

use base::{Error, Result};
use store::rows::WorkspaceProfile;

/// Rows of a result when the request does not say.
const ROWS: usize = 1_000;
/// Most rows of a result, whatever the request says.
const MOST_ROWS: usize = 100_000;
/// Bytes of all results when the workspace does not say.
const BYTES: usize = 100 << 20;
/// For all statements together when the workspace does not say.
const TIME: Duration = Duration::from_secs(10 * 60);
/// What is left of the caller's patience for stopping the statement and telling so.
const MARGIN: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    pub rows: usize,
    pub bytes: usize,
    pub time: Duration,
}

impl Limits {
    /// By the workspace's settings, the number of rows that was asked for, and when the caller stops waiting.
    pub fn of(
        profile: &WorkspaceProfile,
        asked: i32,
        now: Instant,
        deadline: Option<Instant>,
    ) -> Result<Self> {
        let rows = match usize::try_from(asked) {
            Ok(0) => ROWS,
            Ok(rows) => rows.min(MOST_ROWS),
            Err(_) => {
                return Err(Error::field("limit", "use 1 or more rows, or 0 for the default"));
            }
        };
        let bytes = match usize::try_from(profile.sql_result_size) {
            Ok(0) | Err(_) => BYTES,
            Ok(bytes) => bytes,
        };
        let time = profile.query_timeout.unwrap_or(TIME);
        let patience = deadline.map(|end| {
            let left = end.saturating_duration_since(now);
            left.saturating_sub(MARGIN).max(left / 2)
        });
        Ok(Self { rows, bytes, time: patience.map_or(time, |p| p.min(time)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_caps_what_is_asked() {
        let now = Instant::now();
        let profile = WorkspaceProfile::default();
        let of = |asked| Limits::of(&profile, asked, now, None).map(|l| l.rows);
        assert_eq!((of(0).unwrap(), of(7).unwrap(), of(i32::MAX).unwrap()), (ROWS, 7, MOST_ROWS));
        assert_eq!(of(-1).unwrap_err().field_violations()[0].field, "limit");
        let own = WorkspaceProfile {
            sql_result_size: 4_096,
            query_timeout: Some(Duration::from_secs(30)),
            ..WorkspaceProfile::default()
        };
        let of = |deadline| Limits::of(&own, 0, now, deadline).unwrap();
        assert_eq!((of(None).bytes, of(None).time), (4_096, Duration::from_secs(30)));
        assert_eq!(of(Some(now + Duration::from_secs(12))).time, Duration::from_secs(10));
        assert_eq!(of(Some(now + Duration::from_secs(1))).time, Duration::from_millis(500));
    }
}
