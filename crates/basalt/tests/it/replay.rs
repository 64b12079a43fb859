//! What bytebase-action calls, in its order and its codec: check, rollout with and without a plan and a target stage, cancel.

use std::time::{Duration, Instant};

use api::bytebase::v1 as pb;
use pb::plan::{ChangeDatabaseConfig, Spec, spec::Config};
use testkit::app::{Basalt, CallError, Client};
use testkit::servers;

use crate::BASALT;
use crate::proto_line::{finish_stage, lazy_sign_in, pipeline_account, set_up};

const PROJECT: &str = "projects/shop";

/// As the client reads it from files: the version is the beginning of the name.
fn release(files: &[(&str, &str)]) -> pb::Release {
    let file = |(path, sql): &(&str, &str)| pb::release::File {
        path: (*path).into(),
        version: path.split('_').next().unwrap_or_default().into(),
        statement: sql.as_bytes().to_vec(),
        ..Default::default()
    };
    let vcs_source = pb::release::VcsSource {
        vcs_type: pb::VcsType::Github.into(),
        url: "https://github.com/acme/shop/commit/0a1b2c".into(),
    };
    pb::Release {
        files: files.iter().map(file).collect(),
        r#type: pb::release::Type::Versioned.into(),
        vcs_source: Some(vcs_source),
        ..Default::default()
    }
}

/// A pipeline with its service account.
struct Action {
    client: Client,
    targets: Vec<String>,
}

impl Action {
    async fn check(&self, release: pb::Release) -> Result<pb::CheckReleaseResponse, CallError> {
        let request = pb::CheckReleaseRequest {
            parent: PROJECT.into(),
            release: Some(release),
            targets: self.targets.clone(),
            ..Default::default()
        };
        self.client.proto("ReleaseService/CheckRelease", &request).await
    }

    /// Without a plan: a release and a plan of it, named after it.
    async fn plan(&self, release: pb::Release) -> Result<pb::Plan, CallError> {
        let request = pb::CreateReleaseRequest {
            parent: PROJECT.into(),
            release: Some(release),
            release_id_template: "release_{date}-RC{iteration}".into(),
            release_id_timezone: "Europe/Berlin".into(),
        };
        let made: pb::Release = self.client.proto("ReleaseService/CreateRelease", &request).await?;
        let title =
            made.name.strip_prefix("projects/shop/releases/").expect("the name of a release");
        let spec = Spec {
            id: "0b6ff7f6-7d4f-4f0c-9d0f-1f6f5f1f2f3f".into(),
            config: Some(Config::ChangeDatabaseConfig(ChangeDatabaseConfig {
                targets: self.targets.clone(),
                release: made.name.clone(),
                ..Default::default()
            })),
        };
        let plan = pb::Plan { title: title.into(), specs: vec![spec], ..Default::default() };
        let request = pb::CreatePlanRequest { parent: PROJECT.into(), plan: Some(plan) };
        self.client.proto("PlanService/CreatePlan", &request).await
    }

    /// With all stages, and no issue.
    async fn rollout(&self, plan: &str) -> pb::Rollout {
        let request = pb::CreateRolloutRequest { parent: plan.into(), ..Default::default() };
        self.client.proto("RolloutService/CreateRollout", &request).await.expect("a rollout")
    }

    async fn read(&self, rollout: &str) -> pb::Rollout {
        let request = pb::GetRolloutRequest { name: rollout.into() };
        self.client.proto("RolloutService/GetRollout", &request).await.expect("the rollout")
    }

    async fn runs(&self, rollout: &str) -> Vec<pb::TaskRun> {
        let request = pb::ListTaskRunsRequest { parent: format!("{rollout}/stages/-/tasks/-") };
        let runs: pb::ListTaskRunsResponse =
            self.client.proto("RolloutService/ListTaskRuns", &request).await.expect("runs");
        runs.task_runs
    }
}

/// What stages are in, in their order: environment and the states of their tasks.
fn states(rollout: &pb::Rollout) -> Vec<(&str, Vec<pb::task::Status>)> {
    let of = |stage: &'_ pb::Stage| stage.tasks.iter().map(pb::Task::status).collect();
    rollout.stages.iter().map(|stage| (stage.environment.as_str(), of(stage))).collect()
}

#[tokio::test]
async fn the_calls_of_bytebase_action_check_and_roll_out() {
    let Some(server) = servers::postgres().await else { return };
    let (test, prod) = (server.database().await, server.database().await);
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let targets = set_up(&ada, &test, &prod).await.to_vec();
    let (email, key) = pipeline_account(&ada).await;
    let client = lazy_sign_in(&basalt, &email, &key).await;
    let action = Action { client, targets };
    let good = [
        ("1_parcel.sql", "CREATE TABLE parcel (id int PRIMARY KEY);"),
        ("2_fill.sql", "INSERT INTO parcel VALUES (7);"),
    ];

    let mut wrong = release(&good);
    wrong.files[1].statement = b"INSERT INTO parcel VALUES (7".to_vec();
    let found = action.check(wrong).await.expect("findings are rows, no error");
    let errors: Vec<_> = found
        .results
        .iter()
        .filter(|r| r.advices.iter().any(|a| a.status() == pb::advice::Level::Error))
        .map(|r| (r.file.as_str(), r.target.as_str()))
        .collect();
    let everywhere = action.targets.iter().map(|target| ("2_fill.sql", target.as_str()));
    assert_eq!(errors, everywhere.collect::<Vec<_>>());
    let found = action.check(release(&good)).await.expect("an answer");
    assert!(found.results.iter().all(|r| r.advices.is_empty()), "{found:?}");

    // To the target stage: what comes before it and the stage itself, and no further.
    use pb::task::Status::{Done, NotStarted};
    let plan = action.plan(release(&good)).await.expect("a plan");
    let rollout = action.rollout(&plan.name).await;
    assert!(plan.issue.is_empty(), "the client makes none");
    let (first, second) = ("environments/test", "environments/prod");
    assert_eq!(states(&rollout), [(first, vec![NotStarted]), (second, vec![NotStarted])]);
    finish_stage(&action.client, &rollout.name, first).await;
    let now = action.read(&rollout.name).await;
    assert_eq!(states(&now), [(first, vec![Done]), (second, vec![NotStarted])]);

    // With a plan: it is read, its rollout is asked for again, and goes on.
    let request = pb::GetPlanRequest { name: plan.name.clone() };
    let read: pb::Plan = action.client.proto("PlanService/GetPlan", &request).await.expect("it");
    let again = action.rollout(&read.name).await;
    assert_eq!((&again.name, again.stages.len()), (&rollout.name, 2));
    finish_stage(&action.client, &again.name, second).await;
    for database in [&test, &prod] {
        assert_eq!(database.rows("SELECT id FROM parcel").await, [[Some("7".to_owned())]]);
    }

    // Once more without a target stage: the client stops after it made the rollout; nothing is left to run.
    let plan = action.plan(release(&good)).await.expect("a second plan");
    let rollout = action.rollout(&plan.name).await;
    finish_stage(&action.client, &rollout.name, first).await;
    assert_eq!(test.rows("SELECT id FROM parcel").await.len(), 1);
    let found = action.check(release(&good)).await.expect("an answer");
    assert!(found.results.iter().all(|r| r.advices.is_empty()), "applied files have no row");
}

#[tokio::test]
async fn a_signal_cancels_what_bytebase_action_started() {
    let Some(server) = servers::postgres().await else { return };
    let (test, prod) = (server.database().await, server.database().await);
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let targets = set_up(&ada, &test, &prod).await.to_vec();
    let (email, key) = pipeline_account(&ada).await;
    let action = Action { client: lazy_sign_in(&basalt, &email, &key).await, targets };
    let plan =
        action.plan(release(&[("1_slow.sql", "SELECT pg_sleep(60);")])).await.expect("a plan");
    let rollout = action.rollout(&plan.name).await;
    let stage = &rollout.stages[0];
    let run = pb::BatchRunTasksRequest {
        parent: stage.name.clone(),
        tasks: stage.tasks.iter().map(|task| task.name.clone()).collect(),
        ..Default::default()
    };
    let _: pb::BatchRunTasksResponse =
        action.client.proto("RolloutService/BatchRunTasks", &run).await.expect("a run");

    use pb::task_run::Status;
    let until = Instant::now() + Duration::from_secs(60);
    let mut asked = false;
    loop {
        let runs = action.runs(&rollout.name).await;
        let live = |run: &&pb::TaskRun| matches!(run.status(), Status::Pending | Status::Running);
        let task_runs: Vec<_> = runs.iter().filter(live).map(|run| run.name.clone()).collect();
        if !asked && runs.iter().any(|run| run.status() == Status::Running) {
            let parent = format!("{}/tasks/-", stage.name);
            let cancel = pb::BatchCancelTaskRunsRequest { parent, task_runs };
            let _: pb::BatchCancelTaskRunsResponse = action
                .client
                .proto("RolloutService/BatchCancelTaskRuns", &cancel)
                .await
                .expect("it is canceled");
            asked = true;
        } else if runs.iter().all(|run| run.status() == Status::Canceled) {
            break;
        }
        assert!(Instant::now() < until, "the run does not end: {runs:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(asked);
    let now = action.read(&rollout.name).await;
    assert_eq!(now.stages[0].tasks[0].status(), pb::task::Status::Canceled);
}

#[tokio::test]
async fn a_database_group_is_refused_clearly() {
    let Some(server) = servers::postgres().await else { return };
    let (test, prod) = (server.database().await, server.database().await);
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    set_up(&ada, &test, &prod).await;
    let (email, key) = pipeline_account(&ada).await;
    let client = lazy_sign_in(&basalt, &email, &key).await;
    let action = Action { client, targets: vec!["projects/shop/databaseGroups/all".into()] };
    let files = [("1_parcel.sql", "CREATE TABLE parcel (id int);")];
    let refused = action.check(release(&files)).await.expect_err("no groups yet");
    let other = action.plan(release(&files)).await.expect_err("no groups yet");
    for error in [refused, other] {
        assert_eq!(error.code, "invalid_argument", "never one that the client tries again");
        assert!(error.message.contains("database groups are not available"), "{}", error.message);
    }
}
