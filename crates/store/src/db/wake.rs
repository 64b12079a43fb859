//! Wake-ups: a transaction says what it changed, and whoever waits looks at once instead of at its next poll.
//!
//! A wake-up may come twice, and one may be lost (a connection breaks, a receiver lags): it is a hint to look, so
//! every waiter also polls slowly.

use std::fmt;

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// An event was recorded: pages refetch.
    Event,
    /// A task run was asked for, became free, ended, or shall be cancelled.
    TaskRun,
    /// A line was added to a run's log; the subject is the run's name.
    TaskRunLog,
    /// A plan check was asked for.
    PlanCheck,
    /// Gates of an issue may be found, or a stage may start by itself.
    Approval,
    /// A sync was asked for.
    Sync,
    /// A setting, role, policy or account changed: caches are stale.
    Access,
    /// Something is to be told outside.
    Outbox,
    /// A repository is to be looked at, or something came of it.
    Repository,
}

/// One wake-up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wake {
    pub topic: Topic,
    /// Resource name, or empty for "look at all".
    pub subject: String,
}

impl Topic {
    pub const ALL: [Self; 9] = [
        Self::Event,
        Self::TaskRun,
        Self::TaskRunLog,
        Self::PlanCheck,
        Self::Approval,
        Self::Sync,
        Self::Access,
        Self::Outbox,
        Self::Repository,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::TaskRun => "task_run",
            Self::TaskRunLog => "task_run_log",
            Self::PlanCheck => "plan_check",
            Self::Approval => "approval",
            Self::Sync => "sync",
            Self::Access => "access",
            Self::Outbox => "outbox",
            Self::Repository => "repository",
        }
    }
}

/// As it travels through PostgreSQL: `topic subject`.
impl fmt::Display for Wake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.topic.as_str(), self.subject)
    }
}

impl Wake {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (word, subject) = text.split_once(' ')?;
        let topic = Topic::ALL.into_iter().find(|t| t.as_str() == word)?;
        Some(Self { topic, subject: subject.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_through_text() {
        for topic in Topic::ALL {
            let wake = Wake { topic, subject: "projects/a b".into() };
            assert_eq!(Wake::parse(&wake.to_string()), Some(wake));
        }
        assert_eq!(Wake::parse("later_topic x"), None);
    }
}
