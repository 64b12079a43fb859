//! Times, durations, enums and masks.

use std::time::Duration;

use api::bytebase::v1 as pb;
use base::page::Page;
use base::{EngineKind, Error, Result, Time};
use store::rows::{State, SyncStatus};

pub fn timestamp(time: Time) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: time.seconds(), nanos: time.nanos() }
}

pub fn duration(duration: Duration) -> prost_types::Duration {
    prost_types::Duration {
        seconds: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(duration.subsec_nanos()).unwrap_or(0),
    }
}

/// A duration of a request; none may be negative.
pub fn duration_from(field: &str, duration: prost_types::Duration) -> Result<Duration> {
    Duration::try_from(duration).map_err(|_| Error::field(field, "a duration is zero or longer"))
}

pub const fn state(state: State) -> pb::State {
    match state {
        State::Active => pb::State::Active,
        State::Deleted => pb::State::Deleted,
    }
}

/// While a sync runs, and before the first, there is no outcome to tell.
pub const fn sync_status(status: SyncStatus) -> pb::SyncStatus {
    match status {
        SyncStatus::Never | SyncStatus::Running => pb::SyncStatus::Unspecified,
        SyncStatus::Ok => pb::SyncStatus::Ok,
        SyncStatus::Failed => pb::SyncStatus::Failed,
    }
}

pub fn engine_from(field: &str, number: i32) -> Result<EngineKind> {
    EngineKind::from_number(number)
        .ok_or_else(|| Error::field(field, "say which engine it is, e.g. POSTGRES"))
}

/// What every answer of a list holds: the items, and the token of the next page, empty on the last.
pub fn page<T, U>(page: Page<T>, to_wire: impl FnMut(T) -> U) -> (Vec<U>, String) {
    (page.items.into_iter().map(to_wire).collect(), page.next.unwrap_or_default())
}

/// The paths of a mask; None when the request has no mask at all.
pub fn mask(mask: Option<prost_types::FieldMask>) -> Option<Vec<String>> {
    mask.map(|m| m.paths)
}

/// `environments/prod` → `prod`; the empty text is no environment.
pub fn environment_from(field: &str, name: &str) -> Result<Option<String>> {
    if name.is_empty() {
        return Ok(None);
    }
    base::name::EnvironmentName::parse(field, name).map(|n| Some(n.environment))
}

pub fn environment(id: Option<&String>) -> Option<String> {
    id.map(|id| base::name::EnvironmentName::new(id).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_go_both_ways_and_are_never_negative() {
        let half = Duration::from_millis(1_500);
        assert_eq!(duration_from("d", duration(half)).unwrap(), half);
        let negative = prost_types::Duration { seconds: -1, nanos: 0 };
        assert_eq!(duration_from("d", negative).unwrap_err().field_violations()[0].field, "d");
    }

    #[test]
    fn environments_are_names_outside_and_ids_inside() {
        assert_eq!(environment_from("e", "environments/prod").unwrap().as_deref(), Some("prod"));
        assert_eq!(environment_from("e", "").unwrap(), None);
        assert!(environment_from("e", "prod").is_err());
    }
}
