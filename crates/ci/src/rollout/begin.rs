//! From files to a rollout: release, plan, review if asked for, rollout. Or from a plan that is there.

use std::time::{Duration, Instant};

use api::bytebase::v1::plan::{ChangeDatabaseConfig, Spec, spec};
use api::bytebase::v1::{
    ApprovalStatus, CreateIssueRequest, CreatePlanRequest, CreateReleaseRequest,
    CreateRolloutRequest, GetIssueRequest, GetPlanRequest, GetRolloutRequest, Issue, Plan, Release,
    Rollout, issue, task,
};
use base::System;
use base::id::uuid7;

use super::{Begun, Context};
use crate::check::{find, release};
use crate::failure::{Exit, Failure, Result};
use crate::findings::counted;
use crate::output::Output;
use crate::pace::Pace;
use crate::remote::CallError;
use crate::tell;

/// Background work of the server, such as checks, takes moments: longer, and something is wrong.
const PATIENCE: Duration = Duration::from_secs(600);
/// Blockers that pass by themselves.
const PASSING: &str = "CHECKS_NOT_DONE";
/// Blockers that pass only when the files change, or somebody says why they may differ.
const REFUSED: [&str; 2] = ["APPLIED_WITH_OTHER_CONTENT", "OUT_OF_ORDER"];

pub async fn begin(context: &Context<'_>, output: &mut Output) -> Result<Begun> {
    match context.asked.plan.as_deref().or(context.env.own("PLAN")) {
        Some(plan) => of_plan(context, plan, output).await,
        None => of_files(context, output).await,
    }
}

async fn of_plan(context: &Context<'_>, name: &str, output: &mut Output) -> Result<Begun> {
    if !name.starts_with(&format!("{}/plans/", context.project)) {
        return Err(Failure::usage(format!(
            "--plan {name}: write it as {}/plans/7, of the project that is named",
            context.project
        )));
    }
    let plan: Plan = context
        .remote
        .read("PlanService/GetPlan", &GetPlanRequest { name: name.to_owned() })
        .await?;
    output.set("plan", plan.name.clone());
    let before: Option<Rollout> = match plan.has_rollout {
        true => {
            let request = GetRolloutRequest { name: format!("{}/rollout", plan.name) };
            Some(context.remote.read("RolloutService/GetRollout", &request).await?)
        }
        false => None,
    };
    let failed = |t: &api::bytebase::v1::Task| {
        matches!(t.status(), task::Status::Failed | task::Status::Canceled)
    };
    let tasks = before.iter().flat_map(|r| &r.stages).flat_map(|s| &s.tasks);
    let failed_before = tasks.filter(|t| failed(t)).map(|t| t.name.clone()).collect();
    let rollout = start(context, &plan.name).await?;
    Ok(Begun {
        rollout,
        plan: plan.name,
        release: None,
        paths: std::collections::BTreeMap::new(),
        failed_before,
    })
}

async fn of_files(context: &Context<'_>, output: &mut Output) -> Result<Begun> {
    let (given, env) = (&context.asked.given, context.env);
    let targets = given.targets(env)?;
    let found = find(&context.asked.root, &given.pattern(env)?, given.declarative, true)?;
    let request = CreateReleaseRequest {
        parent: context.project.clone(),
        release: Some(release(
            &found.files,
            given.declarative,
            &context.asked.terms,
            context.platform.source(env, &context.asked.root),
        )),
        release_id_template: context.asked.id_template.clone(),
        release_id_timezone: context.asked.id_timezone.clone(),
    };
    let made: Release = context.remote.make("ReleaseService/CreateRelease", &request).await?;
    output.set("release", made.name.clone());
    tell::out(&format!("release {} ({})", made.name, counted(found.files.len(), "file")));

    let id = made.name.rsplit('/').next().unwrap_or(&made.name).to_owned();
    let config = ChangeDatabaseConfig {
        targets,
        release: made.name.clone(),
        ..ChangeDatabaseConfig::default()
    };
    let spec = Spec {
        id: uuid7(&System, &System),
        config: Some(spec::Config::ChangeDatabaseConfig(config)),
    };
    let request = CreatePlanRequest {
        parent: context.project.clone(),
        plan: Some(Plan { title: id.clone(), specs: vec![spec], ..Plan::default() }),
    };
    let plan: Plan = context.remote.make("PlanService/CreatePlan", &request).await?;
    output.set("plan", plan.name.clone());
    tell::out(&format!("plan {}", plan.name));
    if context.asked.issue {
        review(context, &plan.name, &id, output).await?;
    }
    let rollout = start(context, &plan.name).await?;
    let paths = found.files.iter().map(|f| (f.version.clone(), f.path.clone())).collect();
    Ok(Begun {
        rollout,
        plan: plan.name,
        release: Some(made.name),
        paths,
        failed_before: Vec::new(),
    })
}

/// Opens the review, and waits until the server knows who is to be asked.
async fn review(context: &Context<'_>, plan: &str, title: &str, output: &mut Output) -> Result<()> {
    let issue = Issue {
        r#type: issue::Type::DatabaseChange.into(),
        title: title.to_owned(),
        plan: plan.to_owned(),
        ..Issue::default()
    };
    let request = CreateIssueRequest { parent: context.project.clone(), issue: Some(issue) };
    let mut issue: Issue = context.remote.make("IssueService/CreateIssue", &request).await?;
    output.set("issue", issue.name.clone());
    tell::out(&format!("review {}", issue.name));
    let until = Instant::now() + PATIENCE;
    let mut pace = Pace::new(context.asked.given.poll);
    while issue.approval_status() == ApprovalStatus::Checking && Instant::now() < until {
        pace.wait().await;
        let request = GetIssueRequest { name: issue.name.clone(), ..GetIssueRequest::default() };
        issue = context.remote.read("IssueService/GetIssue", &request).await?;
    }
    Ok(())
}

/// Makes the rollout, once the server's checks are done and what keeps it is gone, as far as one waits for that.
async fn start(context: &Context<'_>, plan: &str) -> Result<Rollout> {
    let request =
        CreateRolloutRequest { parent: plan.to_owned(), ..CreateRolloutRequest::default() };
    let begun = Instant::now();
    let mut pace = Pace::new(context.asked.given.poll);
    loop {
        let error = match context.remote.make("RolloutService/CreateRollout", &request).await {
            Ok(rollout) => return Ok(rollout),
            Err(error) => error,
        };
        if let Some(failure) = refused(&error) {
            return Err(failure);
        }
        let patience = if passes(&error) { PATIENCE } else { context.asked.gate_timeout };
        if !waits(&error) {
            return Err(error.into());
        }
        if begun.elapsed() >= patience {
            return Err(kept(context, plan, &error));
        }
        pace.wait().await;
    }
}

/// Files that some database does not take: no waiting changes that.
fn refused(error: &CallError) -> Option<Failure> {
    let found: Vec<_> = error
        .details
        .blockers
        .iter()
        .filter(|(reason, _)| REFUSED.contains(&reason.as_str()))
        .map(|(reason, why)| format!("\n  {reason}: {why}"))
        .collect();
    if found.is_empty() {
        return None;
    }
    let message = format!("the release is refused; nothing was run:{}", found.concat());
    Some(Failure::new(Exit::Failed, message))
}

fn passes(error: &CallError) -> bool {
    !error.details.blockers.is_empty()
        && error.details.blockers.iter().all(|(reason, _)| reason == PASSING)
}

fn waits(error: &CallError) -> bool {
    error.code == "failed_precondition" && !error.details.blockers.is_empty()
}

fn kept(context: &Context<'_>, plan: &str, error: &CallError) -> Failure {
    let mut message = format!("{plan} is not rolled out yet:");
    for (reason, why) in &error.details.blockers {
        message.push_str(&format!("\n  {reason}: {why}"));
    }
    let wants_review = error.details.blockers.iter().any(|(reason, _)| reason == "APPROVAL");
    if wants_review && !context.asked.issue {
        message.push_str("\n  With --issue the review is opened from here.");
    }
    message.push_str(&format!("\n  Then go on with: basalt rollout --plan {plan}"));
    Failure::new(Exit::Waits, message)
}
