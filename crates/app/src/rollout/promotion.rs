//! A stage runs what the stage before has finished: the same sheet or release.

use std::collections::{BTreeSet, HashMap};

use base::{Blocker, Error, Result};
use policy::rollout::TaskStatus;
use store::Conn;
use store::rows::{Task, TaskKind};

use super::view::stage_of;
use crate::cx::Cx;

/// The reason of blockers about what did not finish the stage before.
pub const NOT_PROMOTED: &str = "NOT_PROMOTED";
/// What one must be able to do to go past it: whoever can switch the requirement of approvals off.
const MAY_BYPASS: &str = "bb.projects.update";

/// What keeps the task from running; nothing in the first stage that changes databases. `order` holds all stages.
pub fn blocker(
    order: &[String],
    by_stage: &HashMap<String, Vec<Task>>,
    task: &Task,
) -> Option<Blocker> {
    let what = content(task)?;
    let own = stage_of(task);
    let here = order.iter().position(|s| *s == own)?;
    let (before, tasks) = order[..here].iter().rev().find_map(|stage| {
        let tasks = by_stage.get(stage)?;
        tasks.iter().any(|t| content(t).is_some()).then_some((stage, tasks))
    })?;
    let done = tasks.iter().filter(|t| t.status == TaskStatus::Done);
    let finished: BTreeSet<_> = done.filter_map(content).collect();
    (!finished.contains(what)).then(|| Blocker {
        reason: NOT_PROMOTED.to_owned(),
        subject: format!("tasks/{}", task.id),
        message: format!(
            "Stage {own} runs what stage {before} has finished, and {before} has not finished this SQL; run it there, or override this with a reason."
        ),
    })
}

/// Passes when the caller may and wants to go past it, and says why.
pub async fn bypass(cx: &Cx, conn: &mut Conn, project: &str, reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Error::field(
            "reason",
            "say why this runs without having finished the stage before; the audit log keeps it",
        ));
    }
    cx.require_on(conn, MAY_BYPASS, &format!("projects/{project}")).await
}

/// What stands for the SQL of a task; nothing for the creation of a database, which is another one in each stage.
fn content(task: &Task) -> Option<&str> {
    match task.kind {
        TaskKind::DatabaseCreate => None,
        TaskKind::DatabaseMigrate => {
            Some(task.payload.release.as_deref().unwrap_or(&task.sheet_sha256))
        }
    }
}

#[cfg(test)]
mod tests {
    use base::Time;
    use store::rows::TaskPayload;

    use super::*;

    fn task(stage: &str, sheet: &str, status: TaskStatus) -> Task {
        Task {
            project: "shop".into(),
            id: 1,
            plan: 1,
            spec_id: "s".into(),
            environment: Some(stage.into()),
            kind: TaskKind::DatabaseMigrate,
            instance: "pg".into(),
            database: "shop".into(),
            sheet_sha256: sheet.into(),
            status,
            skipped_reason: String::new(),
            payload: TaskPayload::default(),
            version: 1,
            created_at: Time(0),
            updated_at: Time(0),
        }
    }

    #[test]
    fn a_stage_runs_what_the_one_before_finished() {
        let order = ["test", "staging", "prod"].map(str::to_owned);
        let ask = |before: &[Task], task: &Task| {
            let mut by_stage: HashMap<String, Vec<Task>> = HashMap::new();
            for t in before.iter().chain([task]) {
                by_stage.entry(stage_of(t)).or_default().push(t.clone());
            }
            blocker(&order, &by_stage, task).map(|b| b.reason)
        };
        let prod = task("prod", "a", TaskStatus::NotStarted);
        assert_eq!(ask(&[], &prod), None, "there is no stage before");
        assert_eq!(ask(&[task("test", "a", TaskStatus::Done)], &prod), None);
        for not in [
            task("test", "b", TaskStatus::Done),
            task("test", "a", TaskStatus::Skipped),
            task("test", "a", TaskStatus::Failed),
        ] {
            assert_eq!(ask(&[not], &prod).as_deref(), Some(NOT_PROMOTED));
        }
        let both = [task("test", "a", TaskStatus::Done), task("staging", "b", TaskStatus::Done)];
        assert_eq!(ask(&both, &prod).as_deref(), Some(NOT_PROMOTED), "the nearest counts");
    }
}
