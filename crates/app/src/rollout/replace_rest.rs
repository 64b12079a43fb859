//! After a failure: other statements in place of those that are not applied. They become a plan of their own, checked and
//! reviewed as any other, and the task is settled. Both or neither.

use base::name::{PlanName, TaskName, parse_number};
use base::{Blocker, Error, Result};
use policy::rollout::{Action, Answer, decide};
use store::blobs::Packed;
use store::rows::{ChangeDatabase, Checkpoint, Plan, Spec, SpecConfig, State, Task, TaskKind};

use super::{resume, run_tasks};
use crate::cx::Cx;
use crate::plan::NewPlan;

/// Longest title of a plan, in characters.
const MAX_TITLE: usize = 200;

/// Gives the new plan.
pub async fn replace_rest(cx: &Cx, task: &str, statement: Vec<u8>) -> Result<PlanName> {
    let name = TaskName::parse("name", task)?;
    let plan = parse_number("name", &name.plan)?;
    cx.require("bb.plans.create", &format!("projects/{}", name.project)).await?;
    cx.require("bb.taskRuns.create", &format!("projects/{}/plans/{plan}", name.project)).await?;
    if statement.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::field("statement", "give the statements that are to run instead"));
    }
    crate::sheet::check("statement", &statement)?;
    let packed = Packed::new(statement).await?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let (plan, tasks) = run_tasks::lock(&mut tx, &name.project, plan).await?;
    let stage =
        format!("projects/{}/plans/{}/rollout/stages/{}", name.project, name.plan, name.stage);
    let task = match run_tasks::choose(&stage, &tasks, std::slice::from_ref(&name))?.first() {
        Some(task) => (*task).clone(),
        None => return Err(Error::not_found(&name)),
    };
    let key = (task.project.clone(), task.id);
    let run = store::task_runs::latest(&mut tx, &[key]).await?.pop();
    let at = match &run {
        Some(run) => store::checkpoints::get(&mut tx, &run.project, run.id).await?,
        None => None,
    };
    let at = at.unwrap_or_default();
    if let Some(blocker) = blocker(&plan, &task, &at) {
        return Err(Error::blocked(blocker.message.clone(), vec![blocker]));
    }
    let creator = cx.caller.name().unwrap_or_default();
    let sheet = store::sheets::insert(&mut tx, &task.project, &packed, &creator, now).await?;
    let new = rest(&plan, &task, &at, &sheet.sha256, cx.app.new_id());
    let made = crate::plan::insert(&mut tx, cx, new).await?;
    let made = PlanName::new(&made.project, made.id.to_string());
    let reason = format!("From statement {} on replaced by {made}.", at.applied + 1);
    if store::tasks::skip(&mut tx, &task.project, &[task.id], &reason, now).await?.is_empty() {
        return Err(Error::internal("a task that was locked could not be settled"));
    }
    crate::execution::announce(&mut tx, &task.project, task.plan, now).await?;
    tx.commit().await?;
    Ok(made)
}

/// Why the rest of a task cannot be replaced. Pure.
fn blocker(plan: &Plan, task: &Task, at: &Checkpoint) -> Option<Blocker> {
    let subject = format!("tasks/{}", task.id);
    let refuse = |reason: &str, message: String| {
        Some(Blocker { reason: reason.to_owned(), subject: subject.clone(), message })
    };
    match decide(Action::Skip, &subject, task.status) {
        Answer::Refuse(blocker) => return Some(blocker),
        Answer::Already => {
            return refuse("TASK_SKIPPED", format!("{subject} was skipped, which is final"));
        }
        Answer::Do => {}
    }
    if plan.state == State::Deleted {
        return refuse("PLAN_CLOSED", "The plan is closed; reopen it first.".to_owned());
    }
    if task.kind != TaskKind::DatabaseMigrate || task.payload.release.is_some() {
        let text = format!("{subject} does not run a sheet; make a new plan or release instead");
        return refuse("NOT_A_SHEET", text);
    }
    if at.unknown {
        return Some(resume::in_question(task, at));
    }
    if at.applied == 0 && at.chunk.is_none() {
        let text = format!(
            "{subject}: nothing of it is applied, so there is no rest; mend the SQL in a new plan and skip the task"
        );
        return refuse("NOTHING_APPLIED", text);
    }
    None
}

/// The plan with the rest. Pure.
fn rest(plan: &Plan, task: &Task, at: &Checkpoint, sheet: &str, spec: String) -> NewPlan {
    let title = format!("Rest of plan {}, task {}: {}", plan.id, task.id, plan.title);
    let (instance, database) = (&task.instance, &task.database);
    let part = match &at.chunk {
        Some(chunk) => {
            format!(", and chunks of statement {} up to key {}", at.applied + 1, chunk.upto)
        }
        None => String::new(),
    };
    let description = format!(
        "Runs in place of statements {} to {} of projects/{}/plans/{}, task {}. Applied before: {} of {} statements{part}.",
        at.applied + 1,
        at.count,
        task.project,
        plan.id,
        task.id,
        at.applied,
        at.count,
    );
    let change = ChangeDatabase {
        targets: vec![format!("instances/{instance}/databases/{database}")],
        sheet: format!("projects/{}/sheets/{sheet}", task.project),
        session_settings: task.payload.session_settings.clone(),
        ..ChangeDatabase::default()
    };
    NewPlan {
        project: task.project.clone(),
        title: title.chars().take(MAX_TITLE).collect(),
        description,
        specs: vec![Spec { id: spec, config: SpecConfig::ChangeDatabase(change) }],
        hotfix: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use base::Time;
    use policy::rollout::TaskStatus;
    use store::rows::PlanPayload;

    use super::super::resume::tests::{at, task};
    use super::*;

    fn plan() -> Plan {
        Plan {
            project: "shop".into(),
            id: 1,
            title: "Add b".into(),
            description: String::new(),
            creator: String::new(),
            state: State::Active,
            has_rollout: true,
            input_version: 1,
            payload: PlanPayload::default(),
            version: 1,
            created_at: Time::from_micros(0),
            updated_at: Time::from_micros(0),
        }
    }

    #[test]
    fn only_a_certain_part_has_a_rest() {
        let reason = |task: &Task, at: &Checkpoint| blocker(&plan(), task, at).map(|b| b.reason);
        assert_eq!(reason(&task(), &at(2, false)), None);
        assert_eq!(reason(&task(), &at(2, true)).as_deref(), Some("OUTCOME_UNKNOWN"));
        assert_eq!(reason(&task(), &at(0, false)).as_deref(), Some("NOTHING_APPLIED"));
        let running = Task { status: TaskStatus::Running, ..task() };
        assert_eq!(reason(&running, &at(2, false)).as_deref(), Some("TASK_ACTIVE"));
        let create = Task { kind: TaskKind::DatabaseCreate, ..task() };
        assert_eq!(reason(&create, &at(2, false)).as_deref(), Some("NOT_A_SHEET"));
        let closed = Plan { state: State::Deleted, ..plan() };
        let blocker = blocker(&closed, &task(), &at(2, false)).unwrap();
        assert_eq!(blocker.reason, "PLAN_CLOSED");
    }

    #[test]
    fn the_new_plan_says_what_it_is_the_rest_of() {
        let new = rest(&plan(), &task(), &at(2, false), "abc", "spec".into());
        assert_eq!(new.title, "Rest of plan 1, task 7: Add b");
        assert_eq!(
            new.description,
            "Runs in place of statements 3 to 5 of projects/shop/plans/1, task 7. Applied before: 2 of 5 statements."
        );
        let SpecConfig::ChangeDatabase(change) = &new.specs[0].config else { panic!("a change") };
        assert_eq!(change.targets, ["instances/pg/databases/shop"]);
        assert_eq!(change.sheet, "projects/shop/sheets/abc");
    }
}
