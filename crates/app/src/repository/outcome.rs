//! What a sync came to, and what follows. Pure.

use std::time::Duration;

use base::Time;
use integrations::vcs::VcsError;
use policy::release::Version;
use store::rows::{Repository, WatchMode};

/// Between two looks when hosts tell of news: messages get lost.
const SELDOM: Duration = Duration::from_secs(3_600);
/// Longest wait before another attempt.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// Why there is no release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Why {
    /// Stable word.
    pub reason: &'static str,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Nothing(Why),
    /// `stop`: nothing is looked at any more until somebody changes the repository.
    Failed {
        why: Why,
        stop: bool,
    },
    /// Tried again, not before `at` when the host says so.
    Again {
        why: Why,
        after: Option<Duration>,
        until: Option<Time>,
    },
}

impl End {
    pub fn nothing(reason: &'static str, message: impl Into<String>) -> Self {
        Self::Nothing(Why { reason, message: message.into() })
    }

    pub fn failed(reason: &'static str, message: impl Into<String>) -> Self {
        Self::Failed { why: Why { reason, message: message.into() }, stop: false }
    }
}

/// What the host's refusal means for the sync.
pub(super) fn of_host(error: &VcsError) -> End {
    let (reason, advice, stop) = match error {
        VcsError::Http(e) if e.is_final() => (
            "ADDRESS_REFUSED",
            "An administrator can allow private addresses with --allow-private-outbound.",
            false,
        ),
        VcsError::Http(_) => ("HOST_UNREACHABLE", "It is tried again.", false),
        VcsError::Unauthorized => (
            "TOKEN_REFUSED",
            "Save the repository with a new access token; until then it is stopped.",
            true,
        ),
        VcsError::Forbidden { .. } => (
            "TOKEN_FORBIDDEN",
            "Save the repository with a token that may read its contents; until then it is stopped.",
            true,
        ),
        VcsError::NotFound("branch") => {
            ("BRANCH_NOT_FOUND", "Correct the branch of the repository.", false)
        }
        VcsError::NotFound(_) => {
            ("REPOSITORY_NOT_FOUND", "Correct its path, or give a token that may read it.", false)
        }
        VcsError::Limited { .. } => {
            ("HOST_LIMIT", "It is tried again when the host allows it.", false)
        }
        VcsError::Server(_) => ("HOST_FAULT", "It is tried again.", false),
        VcsError::Moved => ("REPOSITORY_MOVED", "Redirects are not followed.", false),
        VcsError::Answer(_) => {
            ("HOST_ANSWER", "See whether the address is that of the host itself.", false)
        }
        VcsError::TooMuch(_) => ("TOO_MUCH", "", false),
    };
    let text = error.to_string();
    let message = format!("{}. {advice}", capital(&text)).trim_end().to_owned();
    let why = Why { reason, message };
    if !error.is_passing() {
        return End::Failed { why, stop };
    }
    match error {
        VcsError::Limited { after, until } => End::Again { why, after: *after, until: *until },
        _ => End::Again { why, after: None, until: None },
    }
}

/// How long until another attempt: twice as long each time, or as long as the host asks for.
pub(super) fn wait(
    unit: Duration,
    attempts: i64,
    after: Option<Duration>,
    until: Option<Time>,
    now: Time,
) -> Duration {
    let doubled = u32::try_from(attempts.clamp(1, 12) - 1).unwrap_or(0);
    let own = unit.saturating_mul(1 << doubled);
    let asked = after.or_else(|| until.map(|at| at.since(now))).unwrap_or_default();
    own.max(asked).min(LONGEST_WAIT)
}

/// When the branch is looked at next, if nobody asks.
pub(super) fn next_look(row: &Repository, now: Time) -> Time {
    let interval = match row.payload.mode {
        WatchMode::Webhook => SELDOM,
        WatchMode::Poll => {
            Duration::from_secs(u64::try_from(row.payload.interval).unwrap_or_default())
        }
    };
    now.plus(interval)
}

/// Files of one version are found here, where both have names: the release sees numbers of a list.
pub(super) fn twice<'p>(files: impl Iterator<Item = (&'p str, &'p str)>) -> Vec<String> {
    let mut seen = std::collections::BTreeMap::new();
    let mut found = Vec::new();
    for (path, text) in files {
        let Some(version) = Version::parse(text) else { continue };
        match seen.get(&version) {
            Some(first) => found.push(format!("{first} and {path} are both version {text}")),
            None => {
                seen.insert(version, path);
            }
        }
    }
    found
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use integrations::http::HttpError;

    use super::*;

    #[test]
    fn a_refused_token_stops_and_a_fault_does_not() {
        assert!(matches!(of_host(&VcsError::Unauthorized), End::Failed { stop: true, .. }));
        let denied = VcsError::Forbidden { needs: "contents:read".into() };
        let End::Failed { why, stop: true } = of_host(&denied) else { panic!("not stopped") };
        assert!(why.message.contains("it needs contents:read. Save"), "{}", why.message);
        let gone = of_host(&VcsError::NotFound("branch"));
        assert!(matches!(
            gone,
            End::Failed { why: Why { reason: "BRANCH_NOT_FOUND", .. }, stop: false }
        ));
        let down = of_host(&VcsError::Http(HttpError::Timeout(Duration::from_secs(10))));
        assert!(matches!(down, End::Again { .. }));
    }

    #[test]
    fn waits_double_and_keep_to_what_the_host_asks() {
        let unit = Duration::from_secs(10);
        let now = Time::from_parts(1_000, 0);
        let of = |n, after, until| wait(unit, n, after, until, now).as_secs();
        assert_eq!([of(1, None, None), of(2, None, None), of(4, None, None)], [10, 20, 80]);
        assert_eq!(of(99, None, None), 3_600);
        assert_eq!(of(1, Some(Duration::from_secs(60)), None), 60);
        assert_eq!(of(1, None, Some(Time::from_parts(1_300, 0))), 300);
        assert_eq!(of(1, None, Some(Time::from_parts(10, 0))), 10);
    }

    #[test]
    fn one_version_in_two_files_is_told_by_their_paths() {
        let files = [("a/1.2_x.sql", "1.2"), ("a/2.sql", "2"), ("a/01.2_y.sql", "01.2")];
        assert_eq!(
            twice(files.into_iter()),
            ["a/1.2_x.sql and a/01.2_y.sql are both version 01.2"]
        );
    }
}
