//! Runs tasks of one stage now, whatever their gate says, and puts that on record.

use std::collections::BTreeSet;

use base::name::{StageName, parse_number};
use base::{Blocker, Error, FieldViolation, Result, Time};
use integrations::http::Url;
use policy::window::{self, Admission};
use store::Conn;
use store::rows::{
    Emergency, EmergencyPayload, Passed, Plan, Project, State, Task, TaskRunPayload,
};
use store::task_runs::Request;

use super::{PERMISSION, REVIEW_WITHIN, people, read, tell};
use crate::approval::gate;
use crate::cx::Cx;
use crate::execution::WINDOW_CLOSED;
use crate::plan::check::enforce;
use crate::rollout::cancel::named_tasks;
use crate::rollout::{create, resume, run_tasks, view};

const LONGEST_REASON: usize = 1_000;
const LONGEST_URL: usize = 2_000;

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `projects/{project}/plans/{plan}/rollout/stages/{stage}`
    pub parent: String,
    /// Full names; none: all of the stage that are not settled.
    pub tasks: Vec<String>,
    pub reason: String,
    pub incident_url: String,
    /// `users/{email}`; none: those of the environment or the project.
    pub notify: Vec<String>,
}

pub async fn run(cx: &Cx, ask: Ask) -> Result<read::EmergencyView> {
    let stage = StageName::parse("parent", &ask.parent)?;
    let number = parse_number("parent", &stage.plan)?;
    let name = format!("projects/{}/plans/{number}", stage.project);
    cx.require(PERMISSION, &name).await?;
    let me = cx.person()?;
    let wrong = violations(&ask);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let plan = store::plans::get_for_update(&mut tx, &stage.project, number).await?;
    let mut plan = plan.ok_or_else(|| Error::not_found(&name))?;
    let project = crate::project::live(&mut tx, &plan.project).await?;
    let notified = people::told(cx, &mut tx, &project, &stage.stage, &me, &ask.notify).await?;
    closed(&mut tx, &project, &plan).await?;
    create::make(&mut tx, &mut plan, now).await?;
    let tasks = store::tasks::of_plan(&mut tx, &plan.project, plan.id).await?;
    let wanted = wanted(&ask, &stage, &tasks)?;
    let passed = in_the_way(cx, &mut tx, &project, &plan, &tasks, &wanted).await?;
    let targets = run_tasks::databases(&wanted);
    // The plan does not keep that they were passed over: its other stages are held to the review.
    let review = enforce::found(&mut tx, &project, &plan, Some(&targets)).await?;
    let passed = passed.into_iter().chain(review);
    let mut row = Emergency {
        project: plan.project.clone(),
        id: cx.app.new_id(),
        plan: plan.id,
        creator: me,
        due_at: now.plus(REVIEW_WITHIN),
        reviewed_at: None,
        payload: EmergencyPayload {
            stage: stage.stage,
            tasks: wanted.iter().map(|t| t.id).collect(),
            databases: targets.into_iter().collect(),
            reason: ask.reason.trim().to_owned(),
            incident_url: ask.incident_url.trim().to_owned(),
            notified,
            passed: passed.map(|b| Passed { reason: b.reason, message: b.message }).collect(),
            review: None,
        },
        version: 0,
        created_at: now,
        updated_at: now,
    };
    store::emergencies::insert(&mut tx, &mut row).await?;
    let request = Request {
        creator: row.creator.clone(),
        run_at: None,
        payload: TaskRunPayload {
            ignore_window: true,
            emergency: Some(row.id.clone()),
            ..TaskRunPayload::default()
        },
    };
    let from = resume::From::Checkpoint;
    run_tasks::enqueue(&mut tx, &plan, &wanted, from, &ask.reason, request, now).await?;
    tell::used(cx, &mut tx, &plan, &row).await?;
    tx.commit().await?;
    cx.remarks.fact("emergency", store::emergencies::name(&row.project, &row.id));
    read::get(cx, &row.project, &row.id).await
}

fn violations(ask: &Ask) -> Vec<FieldViolation> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, description: &str| {
        wrong.push(FieldViolation { field: field.to_owned(), description: description.to_owned() });
    };
    if ask.reason.trim().is_empty() || ask.reason.chars().count() > LONGEST_REASON {
        say("reason", "say in 1 to 1000 characters why this cannot wait for its approval");
    }
    let url = ask.incident_url.trim();
    let good = |u: &Url| {
        ["http", "https"].contains(&u.scheme())
            && u.has_host()
            && u.username().is_empty()
            && u.password().is_none()
    };
    if url.len() > LONGEST_URL
        || url.chars().any(|c| c.is_control() || c.is_whitespace())
        || !Url::parse(url).is_ok_and(|u| good(&u))
    {
        say(
            "incident_url",
            "give the address of the incident, e.g. https://tracker.example.com/INC-7, without a user name in it",
        );
    }
    wrong
}

/// What even an emergency does not pass: a closed plan, a canceled issue, a draft.
async fn closed(conn: &mut Conn, project: &Project, plan: &Plan) -> Result<()> {
    let mut blockers: Vec<_> =
        gate::of_plan(conn, project, plan).await?.submitted().into_iter().collect();
    if plan.state == State::Deleted {
        blockers.push(Blocker {
            reason: "PLAN_CLOSED".to_owned(),
            subject: format!("projects/{}/plans/{}", plan.project, plan.id),
            message: "The plan is closed; reopen it before running its tasks.".to_owned(),
        });
    }
    if blockers.is_empty() { Ok(()) } else { Err(Error::blocked_by("", blockers)) }
}

fn wanted<'t>(ask: &Ask, stage: &StageName, tasks: &'t [Task]) -> Result<Vec<&'t Task>> {
    let chosen = if ask.tasks.is_empty() {
        let here = |t: &&Task| view::stage_id(t) == stage.stage;
        let open: Vec<_> = tasks.iter().filter(here).filter(|t| !t.status.is_settled()).collect();
        if open.is_empty() {
            let text = "the stage has no task that is neither done nor skipped";
            return Err(Error::field("parent", text));
        }
        open
    } else {
        let (_, names) = named_tasks(&ask.parent, &ask.tasks)?;
        run_tasks::choose(&ask.parent, tasks, &names)?
    };
    let wanted = run_tasks::runnable(chosen)?;
    if wanted.is_empty() {
        let text = "these tasks are done, or wait and run already; cancel what waits first";
        return Err(Error::field("tasks", text));
    }
    Ok(wanted)
}

/// What would keep the tasks from a normal run now, but for the review.
async fn in_the_way(
    cx: &Cx,
    conn: &mut Conn,
    project: &Project,
    plan: &Plan,
    tasks: &[Task],
    wanted: &[&Task],
) -> Result<Vec<Blocker>> {
    let mut found = run_tasks::out_of_order(conn, plan, tasks, wanted).await?;
    found.extend(run_tasks::unapproved(conn, project, plan, wanted).await?);
    found.extend(run_tasks::not_promoted(conn, project, plan, tasks, wanted).await?);
    let overdue = super::Overdue::read(conn, cx.now()).await?;
    found.extend(overdue.of_all(&run_tasks::databases(wanted)));
    let environments = crate::setting::environments(conn).await?;
    let stages: BTreeSet<_> = wanted.iter().filter_map(|t| t.environment.as_deref()).collect();
    found.extend(stages.into_iter().filter_map(|id| {
        let environment = environments.get(id)?;
        closed_window(id, &environment.windows, cx.now())
    }));
    Ok(found)
}

fn closed_window(id: &str, windows: &[window::Window], now: Time) -> Option<Blocker> {
    match window::admit(windows, now) {
        Admission::Open { .. } => None,
        Admission::Closed { opens } => Some(Blocker {
            reason: WINDOW_CLOSED.to_owned(),
            subject: format!("environments/{id}"),
            message: window::waits(id, windows, opens),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_and_an_incident_are_needed() {
        let of = |reason: &str, url: &str| {
            let ask = Ask { reason: reason.into(), incident_url: url.into(), ..Ask::default() };
            violations(&ask).into_iter().map(|v| v.field).collect::<Vec<_>>()
        };
        assert!(of("down", "https://t.example/INC-7").is_empty());
        assert_eq!(of(" ", "https://t.example/INC-7"), ["reason"]);
        for bad in [
            "",
            "INC-7",
            "javascript:alert(1)",
            "ftp://t.example/x",
            "https://",
            "https://ann:pw@t.example/",
            "https://t.example/a b",
            "https://t.example/\u{7}",
        ] {
            assert_eq!(of("down", bad), ["incident_url"], "{bad}");
        }
    }
}
