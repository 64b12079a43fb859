//! Points of an execution at which a test lets the server die. Without the feature `test-hooks` nothing happens at them.

/// Where in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    Claim,
    Connect,
    UnitStart,
    Begin,
    Statement,
    StatementEnd,
    BeforeCommit,
    AfterCommit,
    UnitEnd,
    BeforeRecord,
}

impl Point {
    pub const ALL: [Self; 10] = [
        Self::Claim,
        Self::Connect,
        Self::UnitStart,
        Self::Begin,
        Self::Statement,
        Self::StatementEnd,
        Self::BeforeCommit,
        Self::AfterCommit,
        Self::UnitEnd,
        Self::BeforeRecord,
    ];

    /// As `BASALT_CRASH_AT` names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Connect => "connect",
            Self::UnitStart => "unit-start",
            Self::Begin => "begin",
            Self::Statement => "statement",
            Self::StatementEnd => "statement-end",
            Self::BeforeCommit => "before-commit",
            Self::AfterCommit => "after-commit",
            Self::UnitEnd => "unit-end",
            Self::BeforeRecord => "before-record",
        }
    }
}

#[cfg(not(feature = "test-hooks"))]
pub const fn reach(_: Point) {}

#[cfg(feature = "test-hooks")]
pub use self::crash::{plan, reach};

#[cfg(feature = "test-hooks")]
mod crash {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Point;

    static PLAN: OnceLock<(Point, u32)> = OnceLock::new();
    static REACHED: AtomicU32 = AtomicU32::new(0);

    /// `point:n`: the process kills itself, as SIGKILL does, when it reaches the point for the n-th time.
    pub fn plan(text: &str) -> Result<(), String> {
        let known = || Point::ALL.map(Point::as_str).join(", ");
        let (name, count) = text.split_once(':').ok_or("write point:n")?;
        let point = Point::ALL.into_iter().find(|p| p.as_str() == name);
        let point = point.ok_or_else(|| format!("{name:?} is none of {}", known()))?;
        let count = count.parse().map_err(|_| format!("{count:?} is no number"))?;
        PLAN.set((point, count)).map_err(|_| "planned already".to_owned())
    }

    pub fn reach(point: Point) {
        let Some((planned, count)) = PLAN.get() else { return };
        if point == *planned && REACHED.fetch_add(1, Ordering::SeqCst) + 1 == *count {
            let me = std::process::id().to_string();
            // No destructor runs, nothing is flushed.
            let killed = std::process::Command::new("kill").args(["-KILL", &me]).status();
            tracing::error!(?killed, "planned to die here, and did not");
            loop {
                std::thread::park();
            }
        }
    }
}
