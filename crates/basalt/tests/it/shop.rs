//! What many tests begin with: a server with an administrator, and a project with databases on real servers.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use testkit::app::{Basalt, CallError, Client};
use testkit::servers::{Product, TestDatabase};

use crate::BASALT;

/// How long background work may take on a busy test machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with a project `projects/shop` and its administrator.
pub struct Shop {
    pub basalt: Basalt,
    pub ada: Client,
}

impl Shop {
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// With these arguments of the server.
    pub async fn open_with(args: &[&str]) -> Self {
        Self::in_(Basalt::start(BASALT, args).await).await
    }

    /// On a server that is new.
    pub async fn in_(basalt: Basalt) -> Self {
        let ada = basalt.first_administrator().await;
        let project = json!({"title": "Shop", "allowSelfApproval": true});
        ada.json("ProjectService/CreateProject", json!({"projectId": "shop", "project": project}))
            .await
            .expect("a project");
        Self { basalt, ada }
    }

    /// Makes an instance of the database's server in that environment, and the database one of the project.
    /// Gives its name.
    pub async fn adopt(&self, id: &str, environment: &str, database: &TestDatabase) -> String {
        let request = json!({"instanceId": id, "instance": instance(environment, database)});
        self.ada.json("InstanceService/CreateInstance", request).await.expect("an instance");
        self.ada
            .json("InstanceService/SyncInstance", json!({"name": format!("instances/{id}")}))
            .await
            .expect("a sync");
        let name = format!("instances/{id}/databases/{}", database.name);
        let change = json!({"database": {"name": name, "project": "projects/shop"}, "updateMask": "project"});
        self.ada.json("DatabaseService/UpdateDatabase", change).await.expect("a transfer");
        name
    }

    /// A new user, signed in, with these roles beside what everybody has: `(resource, role)` of projects.
    pub async fn member(&self, email: &str, roles: &[(&str, &str)]) -> Client {
        const PASSWORD: &str = "battery-staple-9";
        let user = json!({"email": email, "password": PASSWORD, "title": email});
        self.ada.json("UserService/CreateUser", json!({"user": user})).await.expect("a user");
        for (project, role) in roles {
            let of = json!({"resource": project});
            let mut policy =
                self.ada.json("ProjectService/GetIamPolicy", of).await.expect("a policy");
            let mut bindings = list(&policy["bindings"]);
            bindings.push(json!({"role": role, "members": [format!("user:{email}")]}));
            policy["bindings"] = bindings.into();
            let set = json!({"resource": project, "policy": policy});
            self.ada.json("ProjectService/SetIamPolicy", set).await.expect("a new policy");
        }
        let mut client = self.basalt.client();
        client.sign_in(email, PASSWORD).await;
        client
    }

    pub async fn sheet(&self, sql: &str) -> Result<String, CallError> {
        let sheet = json!({"content": encode(sql)});
        let answer = self
            .ada
            .json("SheetService/CreateSheet", json!({"parent": "projects/shop", "sheet": sheet}))
            .await?;
        Ok(text(&answer["name"]))
    }

    /// A plan that runs `sql` on the databases. Gives the plan.
    pub async fn plan(&self, sql: &str, targets: &[&str]) -> Value {
        let sheet = self.sheet(sql).await.expect("a sheet");
        let spec = json!({
            "id": "6a1f1d1e-0000-4000-8000-000000000001",
            "changeDatabaseConfig": {"sheet": sheet, "targets": targets},
        });
        let plan =
            json!({"parent": "projects/shop", "plan": {"title": "A change", "specs": [spec]}});
        self.ada.json("PlanService/CreatePlan", plan).await.expect("a plan")
    }

    /// The results of a plan's checks, once they are done.
    pub async fn checks(&self, plan: &Value) -> Vec<Value> {
        let name = json!({"name": format!("{}/planCheckRun", text(&plan["name"]))});
        let until = Instant::now() + PATIENCE;
        loop {
            let run =
                self.ada.json("PlanService/GetPlanCheckRun", name.clone()).await.expect("checks");
            if run["status"] == "DONE" {
                return list(&run["results"]);
            }
            assert!(Instant::now() < until, "the checks do not end: {run}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A rollout of the plan, with all its tasks run, stage after stage. Gives each task's latest run.
    pub async fn roll_out(&self, plan: &Value) -> Vec<Value> {
        let rollout = self
            .ada
            .json("RolloutService/CreateRollout", json!({"parent": plan["name"]}))
            .await
            .expect("a rollout");
        let mut runs = Vec::new();
        for stage in list(&rollout["stages"]) {
            let tasks: Vec<Value> =
                list(&stage["tasks"]).into_iter().map(|task| task["name"].clone()).collect();
            let run = json!({"parent": stage["name"], "tasks": tasks});
            self.ada.json("RolloutService/BatchRunTasks", run).await.expect("the tasks run");
            runs.extend(self.ended(&text(&stage["name"]), tasks.len()).await);
        }
        runs
    }

    /// The runs of a stage, once `count` have ended.
    pub async fn ended(&self, stage: &str, count: usize) -> Vec<Value> {
        let until = Instant::now() + PATIENCE;
        loop {
            let parent = json!({"parent": format!("{stage}/tasks/-")});
            let runs = list(
                &self.ada.json("RolloutService/ListTaskRuns", parent).await.expect("runs")["taskRuns"],
            );
            let over = |run: &&Value| {
                ["DONE", "FAILED", "CANCELED"].contains(&text(&run["status"]).as_str())
            };
            if runs.iter().filter(over).count() == count {
                return runs;
            }
            assert!(Instant::now() < until, "the runs do not end: {runs:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The instance that a test database lies on, looking at that database only.
pub fn instance(environment: &str, database: &TestDatabase) -> Value {
    let server = &database.server;
    let engine = match server.product {
        Product::Postgres => "POSTGRES",
        Product::MariaDb => "MARIADB",
        Product::MySql => "MYSQL",
    };
    json!({
        "title": environment,
        "engine": engine,
        "environment": format!("environments/{environment}"),
        "activation": true,
        "syncDatabases": {"databases": [database.name]},
        "dataSources": [{
            "id": "admin", "type": "ADMIN", "host": server.host, "port": server.port.to_string(),
            "username": server.user, "password": server.password,
        }],
    })
}

/// Bytes in JSON.
pub fn encode(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

/// A text of an answer; empty when it is not there, as in proto3.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A list of an answer; empty when it is not there, as in proto3.
pub fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}
