//! When a task may run: states, stages in environment order, and what stands in the way.

use base::Blocker;
use serde::{Deserialize, Serialize};

/// What people see of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskStatus {
    #[default]
    NotStarted,
    Pending,
    Running,
    Done,
    Failed,
    Canceled,
    /// Terminal; carries a reason.
    Skipped,
}

/// PENDING → AVAILABLE → RUNNING → DONE | FAILED | CANCELED. A retry is a new run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskRunStatus {
    /// Waits for its time or for something in the way.
    #[default]
    Pending,
    /// Nothing in the way: the next free executor takes it.
    Available,
    Running,
    Done,
    Failed,
    Canceled,
}

/// What somebody asks of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Run,
    Skip,
}

/// The one decision about an action on a task in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Do,
    /// Already so: do nothing, and that is no error.
    Already,
    Refuse(Blocker),
}

/// A stage as the order of stages sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageState {
    /// Environment id, or `-`.
    pub id: String,
    pub title: String,
    pub tasks: Vec<TaskStatus>,
}

impl TaskStatus {
    pub const ALL: [Self; 7] = [
        Self::NotStarted,
        Self::Pending,
        Self::Running,
        Self::Done,
        Self::Failed,
        Self::Canceled,
        Self::Skipped,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "NOT_STARTED",
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Done => "DONE",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
            Self::Skipped => "SKIPPED",
        }
    }

    /// Done or skipped: the stage does not wait for it.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::Skipped)
    }
}

impl TaskRunStatus {
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Available, Self::Running, Self::Done, Self::Failed, Self::Canceled];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Available => "AVAILABLE",
            Self::Running => "RUNNING",
            Self::Done => "DONE",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
        }
    }

    pub const fn is_active(self) -> bool {
        matches!(self, Self::Pending | Self::Available | Self::Running)
    }

    /// What the task shows while this is its latest run.
    pub const fn task_status(self) -> TaskStatus {
        match self {
            Self::Pending | Self::Available => TaskStatus::Pending,
            Self::Running => TaskStatus::Running,
            Self::Done => TaskStatus::Done,
            Self::Failed => TaskStatus::Failed,
            Self::Canceled => TaskStatus::Canceled,
        }
    }

    /// How a run ends.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Canceled)
    }

    /// Whether a run may go from this state to `next`.
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Pending => matches!(next, Self::Available | Self::Canceled | Self::Failed),
            Self::Available => {
                matches!(next, Self::Running | Self::Pending | Self::Canceled | Self::Failed)
            }
            // Back to waiting before anything took effect, or between two units when a window closes.
            Self::Running => {
                matches!(next, Self::Pending | Self::Done | Self::Failed | Self::Canceled)
            }
            Self::Done | Self::Failed | Self::Canceled => false,
        }
    }
}

/// Decides about an action on a task.
pub fn decide(action: Action, task: &str, status: TaskStatus) -> Answer {
    use TaskStatus::{Canceled, Done, Failed, NotStarted, Pending, Running, Skipped};
    match (action, status) {
        (Action::Run | Action::Skip, NotStarted | Failed | Canceled) => Answer::Do,
        (Action::Run, Pending | Running | Done) | (Action::Skip, Skipped) => Answer::Already,
        (Action::Run, Skipped) => {
            refuse("TASK_SKIPPED", task, "was skipped, which is final; make a new plan to run it")
        }
        (Action::Skip, Pending | Running) => {
            refuse("TASK_ACTIVE", task, "is waiting or running; cancel its run first")
        }
        (Action::Skip, Done) => refuse("TASK_DONE", task, "is done and cannot be skipped any more"),
    }
}

/// What keeps a stage from running: every earlier stage with a task that is neither done nor skipped.
/// `stages` are in environment order; `stage` is an index into them.
pub fn earlier_stages_unfinished(stages: &[StageState], stage: usize) -> Vec<Blocker> {
    let unfinished = |s: &StageState| s.tasks.iter().filter(|t| !t.is_settled()).count();
    let blocker = |s: &StageState, open: usize| Blocker {
        reason: "EARLIER_STAGE_UNFINISHED".to_owned(),
        subject: format!("stages/{}", s.id),
        message: format!(
            "stage {} has {open} of {} tasks neither done nor skipped; finish or skip them, or override the order of stages with a reason",
            s.title,
            s.tasks.len()
        ),
    };
    stages
        .iter()
        .take(stage)
        .map(|s| (s, unfinished(s)))
        .filter(|(_, n)| *n > 0)
        .map(|(s, n)| blocker(s, n))
        .collect()
}

/// Puts stage ids into environment order: those of the list first, then unknown ones by name, `-` last.
pub fn order_stages(mut ids: Vec<String>, environments: &[String]) -> Vec<String> {
    let rank = |id: &String| {
        environments.iter().position(|e| e == id).unwrap_or(usize::MAX - usize::from(id != "-"))
    };
    ids.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    ids.dedup();
    ids
}

/// The order of stages of a hotfix: those of the `protected` environments first, or the last one when none is, then the others.
/// `order` is that of the environments; each part keeps it. Gives the order, and how many of it go first.
pub fn hotfix_order(order: Vec<String>, protected: &[String]) -> (Vec<String>, usize) {
    let any = order.iter().any(|s| protected.contains(s));
    let last = order.last().cloned();
    let goes_first =
        |s: &String| if any { protected.contains(s) } else { Some(s) == last.as_ref() };
    let (first, others): (Vec<_>, Vec<_>) = order.into_iter().partition(goes_first);
    let count = first.len();
    (first.into_iter().chain(others).collect(), count)
}

fn refuse(reason: &str, task: &str, what: &str) -> Answer {
    Answer::Refuse(Blocker {
        reason: reason.to_owned(),
        subject: task.to_owned(),
        message: format!("{task} {what}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_twice_is_no_error_and_does_nothing() {
        for s in [TaskStatus::Pending, TaskStatus::Running, TaskStatus::Done] {
            assert_eq!(decide(Action::Run, "t", s), Answer::Already);
        }
        for s in [TaskStatus::NotStarted, TaskStatus::Failed, TaskStatus::Canceled] {
            assert_eq!(decide(Action::Run, "t", s), Answer::Do);
        }
        assert!(matches!(decide(Action::Run, "t", TaskStatus::Skipped), Answer::Refuse(_)));
        assert!(matches!(decide(Action::Skip, "t", TaskStatus::Running), Answer::Refuse(_)));
    }

    #[test]
    fn finished_runs_stay_finished() {
        for from in TaskRunStatus::ALL.into_iter().filter(|s| !s.is_active()) {
            assert!(TaskRunStatus::ALL.into_iter().all(|to| !from.may_become(to)));
        }
    }

    #[test]
    fn a_stage_waits_for_all_earlier_ones() {
        let stage = |id: &str, tasks: &[TaskStatus]| StageState {
            id: id.into(),
            title: id.into(),
            tasks: tasks.to_vec(),
        };
        let stages = [
            stage("test", &[TaskStatus::Done, TaskStatus::Failed]),
            stage("staging", &[TaskStatus::Done, TaskStatus::Skipped]),
            stage("prod", &[TaskStatus::NotStarted]),
        ];
        assert!(earlier_stages_unfinished(&stages, 0).is_empty());
        let blockers = earlier_stages_unfinished(&stages, 2);
        assert_eq!(blockers.len(), 1);
        assert!(blockers[0].message.contains("1 of 2 tasks"), "{}", blockers[0].message);
    }

    #[test]
    fn stages_follow_the_environment_list() {
        let ids = ["-", "prod", "old", "test"].map(String::from).to_vec();
        assert_eq!(
            order_stages(ids, &["test".into(), "prod".into()]),
            ["test", "prod", "old", "-"]
        );
    }

    #[test]
    fn a_hotfix_turns_the_order_around() {
        let all = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let order = all(&["test", "staging", "prod", "dr"]);
        assert_eq!(
            hotfix_order(order.clone(), &all(&["dr", "prod"])),
            (all(&["prod", "dr", "test", "staging"]), 2)
        );
        let none = hotfix_order(order, &all(&["elsewhere"]));
        assert_eq!(none, (all(&["dr", "test", "staging", "prod"]), 1), "none is protected");
        assert_eq!(hotfix_order(Vec::new(), &[]), (Vec::new(), 0));
    }
}
