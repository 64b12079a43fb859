//! The line from instance to recorded change in protobuf, as programs speak it: a service account that signs in only when
//! it is told to, then plan, rollout, and stage after stage in the order in which bytebase-action calls.

use std::time::{Duration, Instant};

use api::bytebase::v1 as pb;
use pb::plan::{ChangeDatabaseConfig, Spec, spec::Config};
use testkit::app::{Basalt, Client};
use testkit::servers::{self, Product, TestDatabase};

use crate::BASALT;

const SQL: &str = "CREATE TABLE parcel (id int PRIMARY KEY);\nINSERT INTO parcel VALUES (7);\n";

#[tokio::test]
async fn instance_to_changelog_in_protobuf_on_postgres() {
    let Some(server) = servers::postgres().await else { return };
    line(&server).await;
}

#[tokio::test]
async fn instance_to_changelog_in_protobuf_on_mariadb() {
    let Some(server) = servers::mariadb().await else { return };
    line(&server).await;
}

async fn line(server: &servers::Server) {
    let (test, prod) = (server.database().await, server.database().await);
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let targets = set_up(&ada, &test, &prod).await;
    let sheet = pb::CreateSheetRequest {
        parent: "projects/shop".into(),
        sheet: Some(pb::Sheet { content: SQL.into(), ..Default::default() }),
    };
    let sheet: pb::Sheet = ada.proto("SheetService/CreateSheet", &sheet).await.expect("a sheet");
    let (email, key) = pipeline_account(&ada).await;

    let pipeline = lazy_sign_in(&basalt, &email, &key).await;
    let spec = Spec {
        id: "0b6ff7f6-7d4f-4f0c-9d0f-1f6f5f1f2f3f".into(),
        config: Some(Config::ChangeDatabaseConfig(ChangeDatabaseConfig {
            targets: targets.to_vec(),
            sheet: sheet.name,
            ..Default::default()
        })),
    };
    let plan = pb::Plan { title: "Parcels".into(), specs: vec![spec], ..Default::default() };
    let plan = pb::CreatePlanRequest { parent: "projects/shop".into(), plan: Some(plan) };
    let plan: pb::Plan = pipeline.proto("PlanService/CreatePlan", &plan).await.expect("a plan");
    let rollout = pb::CreateRolloutRequest { parent: plan.name.clone(), ..Default::default() };
    let rollout: pb::Rollout =
        pipeline.proto("RolloutService/CreateRollout", &rollout).await.expect("a rollout");
    let environments: Vec<&str> =
        rollout.stages.iter().map(|stage| stage.environment.as_str()).collect();
    assert_eq!(environments, ["environments/test", "environments/prod"]);
    for environment in environments {
        finish_stage(&pipeline, &rollout.name, environment).await;
    }

    for database in [&test, &prod] {
        assert_eq!(database.rows("SELECT id FROM parcel").await, [[Some("7".to_owned())]]);
    }
    for target in &targets {
        let request = pb::ListChangelogsRequest {
            parent: target.clone(),
            view: pb::ChangelogView::Full.into(),
            ..Default::default()
        };
        let history: pb::ListChangelogsResponse =
            ada.proto("ChangelogService/ListChangelogs", &request).await.expect("a history");
        let change = &history.changelogs[0];
        assert_eq!(
            (change.status(), change.statement.as_str()),
            (pb::changelog::Status::Done, SQL)
        );
        assert!(
            !change.prev_schema.contains("parcel") && change.schema.contains("parcel"),
            "{change:?}"
        );
        assert_eq!(change.creator, format!("serviceAccounts/{email}"));
    }
}

/// An instance for test and one for prod, each with a database of project `shop`. Gives the databases' names.
pub async fn set_up(ada: &Client, test: &TestDatabase, prod: &TestDatabase) -> [String; 2] {
    let project = pb::CreateProjectRequest {
        project_id: "shop".into(),
        project: Some(pb::Project { title: "Shop".into(), ..Default::default() }),
    };
    let _: pb::Project =
        ada.proto("ProjectService/CreateProject", &project).await.expect("a project");
    let mut names = Vec::new();
    for (id, database) in [("test", test), ("prod", prod)] {
        let request = pb::CreateInstanceRequest {
            instance_id: id.into(),
            instance: Some(instance(id, database)),
            ..Default::default()
        };
        let made: pb::Instance =
            ada.proto("InstanceService/CreateInstance", &request).await.expect("an instance");
        let sync = pb::SyncInstanceRequest { name: made.name, ..Default::default() };
        let _: pb::SyncInstanceResponse =
            ada.proto("InstanceService/SyncInstance", &sync).await.expect("a sync");
        let name = format!("instances/{id}/databases/{}", database.name);
        let transfer = pb::UpdateDatabaseRequest {
            database: Some(pb::Database {
                name: name.clone(),
                project: "projects/shop".into(),
                ..Default::default()
            }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["project".into()] }),
            ..Default::default()
        };
        let moved: pb::Database =
            ada.proto("DatabaseService/UpdateDatabase", &transfer).await.expect("a transfer");
        assert_eq!(moved.effective_environment, Some(format!("environments/{id}")));
        names.push(name);
    }
    names.try_into().expect("two databases")
}

fn instance(environment: &str, database: &TestDatabase) -> pb::Instance {
    let server = &database.server;
    let engine = match server.product {
        Product::Postgres => pb::Engine::Postgres,
        Product::MariaDb => pb::Engine::Mariadb,
        Product::MySql => pb::Engine::Mysql,
    };
    pb::Instance {
        title: environment.into(),
        engine: engine.into(),
        environment: Some(format!("environments/{environment}")),
        activation: true,
        sync_databases: Some(pb::SyncDatabases { databases: vec![database.name.clone()] }),
        data_sources: vec![pb::DataSource {
            id: "admin".into(),
            r#type: pb::DataSourceType::Admin.into(),
            host: server.host.clone(),
            port: server.port.to_string(),
            username: server.user.clone(),
            password: server.password.clone(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// A service account that may do what a pipeline needs in the project, and no more. Gives its address and key.
pub async fn pipeline_account(ada: &Client) -> (String, String) {
    let request = pb::CreateServiceAccountRequest {
        parent: "workspaces/default".into(),
        service_account_id: "pipeline".into(),
        service_account: Some(pb::ServiceAccount {
            title: "Pipeline".into(),
            ..Default::default()
        }),
    };
    let account: pb::ServiceAccount = ada
        .proto("ServiceAccountService/CreateServiceAccount", &request)
        .await
        .expect("an account");
    let binding = pb::Binding {
        role: "roles/gitopsServiceAgent".into(),
        members: vec![format!("serviceAccount:{}", account.email)],
        ..Default::default()
    };
    let request = pb::SetIamPolicyRequest {
        resource: "projects/shop".into(),
        policy: Some(pb::IamPolicy { bindings: vec![binding], ..Default::default() }),
        ..Default::default()
    };
    let _: pb::IamPolicy =
        ada.proto("ProjectService/SetIamPolicy", &request).await.expect("a role");
    (account.email, account.service_key)
}

/// The first call goes without a token; the refusal is what makes the client sign in and call again.
pub async fn lazy_sign_in(basalt: &Basalt, email: &str, key: &str) -> Client {
    let mut client = basalt.client();
    let about = pb::GetActuatorInfoRequest::default();
    let refused = client
        .proto::<pb::ActuatorInfo>("ActuatorService/GetActuatorInfo", &about)
        .await
        .expect_err("no token");
    assert_eq!((refused.status, refused.code.as_str()), (401, "unauthenticated"));
    let login =
        pb::LoginRequest { email: email.into(), password: key.into(), ..Default::default() };
    let login: pb::LoginResponse =
        client.proto("AuthService/Login", &login).await.expect("signs in");
    client.token = Some(login.token);
    let about: pb::ActuatorInfo =
        client.proto("ActuatorService/GetActuatorInfo", &about).await.expect("signed in");
    // Released clients compare a version with their own and stop; an empty one lets them go on.
    assert_eq!(about.version, "");
    assert!(!about.basalt_version.is_empty());
    client
}

/// Starts what has not started, and looks again until the stage is over; the client's own loop.
pub async fn finish_stage(pipeline: &Client, rollout: &str, environment: &str) {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let request = pb::GetRolloutRequest { name: rollout.into() };
        let now: pb::Rollout =
            pipeline.proto("RolloutService/GetRollout", &request).await.expect("the rollout");
        let stage =
            now.stages.iter().find(|stage| stage.environment == environment).expect("the stage");
        use pb::task::Status;
        let fresh: Vec<String> = stage
            .tasks
            .iter()
            .filter(|task| task.status() == Status::NotStarted)
            .map(|task| task.name.clone())
            .collect();
        if !fresh.is_empty() {
            let run = pb::BatchRunTasksRequest {
                parent: stage.name.clone(),
                tasks: fresh,
                ..Default::default()
            };
            let _: pb::BatchRunTasksResponse =
                pipeline.proto("RolloutService/BatchRunTasks", &run).await.expect("runs");
        }
        let request = pb::ListTaskRunsRequest { parent: format!("{rollout}/stages/-/tasks/-") };
        let runs: pb::ListTaskRunsResponse =
            pipeline.proto("RolloutService/ListTaskRuns", &request).await.expect("runs");
        let failed = runs.task_runs.iter().find(|run| run.status() == pb::task_run::Status::Failed);
        assert!(failed.is_none(), "{failed:?}");
        if stage.tasks.iter().all(|task| task.status() == Status::Done) {
            return;
        }
        assert!(Instant::now() < until, "{environment} does not end: {now:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
