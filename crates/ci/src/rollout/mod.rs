//! `basalt rollout`: a release of the files, a plan for it, its rollout, and the stages up to the one that is asked for.
//!
//! The server keeps what is done: called again, a release skips what its databases have. A signal cancels what this command set going.

mod begin;
mod cancel;
mod progress;
mod stages;
mod told;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::check::Terms;
use crate::environment::Environment;
use crate::failure::{Exit, Failure, Result};
use crate::output::Output;
use crate::platform::Platform;
use crate::remote::Remote;
use crate::settings::Given;
use crate::tell;

#[derive(Debug, Clone)]
pub struct Rollout {
    pub given: Given,
    /// `environments/{environment}`: run the stages up to this one, and wait for it.
    pub target_stage: Option<String>,
    /// `projects/{project}/plans/{plan}`: this plan, and no new release.
    pub plan: Option<String>,
    pub terms: Terms,
    pub id_template: String,
    pub id_timezone: String,
    /// Open the review of the plan, for projects that want one.
    pub issue: bool,
    /// How long to wait where a person, a window or a check keeps a stage.
    pub gate_timeout: Duration,
    pub root: PathBuf,
}

/// What the parts share.
struct Context<'a> {
    env: &'a Environment,
    asked: &'a Rollout,
    remote: Remote,
    project: String,
    platform: Platform,
    /// Known as soon as there is something to cancel.
    rollout: OnceLock<String>,
}

pub async fn rollout(env: &Environment, asked: &Rollout) -> Result<Exit> {
    let context = Context {
        env,
        asked,
        remote: asked.given.remote(env)?,
        project: asked.given.project(env)?,
        platform: Platform::detect(env),
        rollout: OnceLock::new(),
    };
    let mut signals = Signals::listen()?;
    let mut output = Output::default();
    let ended = {
        let run = Box::pin(run(&context, &mut output));
        tokio::select! {
            done = run => Ok(done),
            exit = signals.next() => Err(exit),
        }
    };
    let done = match ended {
        Ok(done) => done,
        Err(exit) => {
            // Who asks twice does not want to wait.
            tokio::select! {
                canceled = cancel::all(&context) => canceled.map(|()| exit),
                exit = signals.next() => Ok(exit),
            }
        }
    };
    let written = output.write(asked.given.output.as_deref());
    let exit = done?;
    written?;
    Ok(exit)
}

async fn run(context: &Context<'_>, output: &mut Output) -> Result<Exit> {
    let stage = context.asked.target_stage.as_deref().or(context.env.own("TARGET_STAGE"));
    if let Some(stage) = stage
        && stage.strip_prefix("environments/").is_none_or(|id| id.is_empty() || id.contains('/'))
    {
        return Err(Failure::usage(format!(
            "--target-stage {stage}: write it as environments/prod"
        )));
    }
    let begun = begin::begin(context, output).await?;
    let name = begun.rollout.name.clone();
    output.set("rollout", name.clone());
    // Nobody else sets it.
    let _ = context.rollout.set(name);
    tell::out(&format!("rollout {}", console(context.remote.url(), &begun.plan)));
    let mut report = told::Report::new(&begun);
    let done = match stage {
        Some(stage) => stages::up_to(context, &begun, stage, &mut report).await,
        None => {
            tell::note(
                "the rollout is made and waits for people to run it; with --target-stage environments/… stages run from here",
            );
            Ok(())
        }
    };
    output.set("stages", report.json());
    context.platform.add_summary(context.env, &report.markdown(context.remote.url()));
    done.map(|()| Exit::Done)
}

/// What there is to be rolled out.
struct Begun {
    rollout: api::bytebase::v1::Rollout,
    plan: String,
    release: Option<String>,
    /// Paths of the files by their version, as far as this command made the release.
    paths: BTreeMap<String, String>,
    /// Tasks of a plan that was there before and had failed: they are run again, once.
    failed_before: Vec<String>,
}

/// The page of a plan.
fn console(url: &str, plan: &str) -> String {
    format!("{url}/{plan}")
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        let failed =
            |e: std::io::Error| Failure::new(Exit::Usage, format!("signals cannot be heard: {e}"));
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(failed)?,
            terminate: signal(SignalKind::terminate()).map_err(failed)?,
        })
    }

    async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
    }
}

/// `environments/prod` → `prod`
fn short(environment: &str) -> &str {
    environment.strip_prefix("environments/").unwrap_or(environment)
}

fn stage_json(environment: &str, status: &str, seconds: f64, tasks: usize) -> serde_json::Value {
    json!({"environment": environment, "status": status, "seconds": (seconds * 10.0).round() / 10.0, "tasks": tasks})
}
