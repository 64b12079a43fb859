//! A plan with one change, its rollout, and the runs of its task.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::{CallError, Client};

use crate::shop::{encode, list, text};

/// How long a run may take to end, on a busy test machine.
pub const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// A rollout in `projects/shop` whose first stage is run.
pub struct Change {
    pub rollout: String,
    pub stage: String,
    /// The first of them is the change's, where there is one only.
    pub tasks: Vec<String>,
}

impl Change {
    /// Of one database.
    pub async fn make(ada: &Client, database: &str, sql: &str) -> Self {
        Self::of(ada, &[database], sql).await
    }

    /// Of several databases in one environment.
    pub async fn of(ada: &Client, databases: &[&str], sql: &str) -> Self {
        let sheet = json!({"content": encode(sql)});
        let sheet = ada
            .json("SheetService/CreateSheet", json!({"parent": "projects/shop", "sheet": sheet}))
            .await
            .expect("a sheet");
        Self::with(ada, &json!({"sheet": sheet["name"], "targets": databases})).await
    }

    /// Of the files of a release, as (version, SQL).
    pub async fn release(ada: &Client, database: &str, files: &[(&str, String)]) -> Self {
        let files: Vec<_> = files
            .iter()
            .map(|(version, sql)| json!({"version": version, "path": format!("{version}.sql"), "statement": encode(sql)}))
            .collect();
        let release = json!({"files": files, "type": "VERSIONED"});
        let release = json!({"parent": "projects/shop", "release": release});
        let release = ada.json("ReleaseService/CreateRelease", release).await.expect("a release");
        Self::with(ada, &json!({"release": release["name"], "targets": [database]})).await
    }

    async fn with(ada: &Client, config: &Value) -> Self {
        let spec =
            json!({"id": "6a1f1d1e-0000-4000-8000-000000000001", "changeDatabaseConfig": config});
        let plan =
            json!({"parent": "projects/shop", "plan": {"title": "A change", "specs": [spec]}});
        let plan = ada.json("PlanService/CreatePlan", plan).await.expect("a plan");
        let rollout = json!({"parent": plan["name"]});
        let rollout = ada.json("RolloutService/CreateRollout", rollout).await.expect("a rollout");
        let stage = &rollout["stages"][0];
        let tasks = list(&stage["tasks"]).iter().map(|task| text(&task["name"])).collect();
        Self { rollout: text(&rollout["name"]), stage: text(&stage["name"]), tasks }
    }

    /// Asks for runs. The server may die before it answers: that is the point of some tests.
    pub async fn run(&self, ada: &Client) {
        let run = json!({"parent": self.stage, "tasks": self.tasks});
        let answer = ada.request("POST", "/bytebase.v1.RolloutService/BatchRunTasks").json(&run);
        drop(answer.send().await);
    }

    /// Asks for runs of some tasks, saying more.
    pub async fn ask(&self, ada: &Client, tasks: &[String], more: Value) -> Result<(), CallError> {
        let mut run = json!({"parent": self.stage, "tasks": tasks});
        for (key, value) in more.as_object().into_iter().flatten() {
            run[key] = value.clone();
        }
        ada.json("RolloutService/BatchRunTasks", run).await.map(drop)
    }

    /// The latest run of the first task; None also when the server does not answer.
    pub async fn last(&self, ada: &Client) -> Option<Value> {
        last_of(ada, &self.tasks[0]).await
    }

    /// The latest run, once it ended. One that was never asked for because the server died first is asked for now.
    pub async fn ended(&self, ada: &Client) -> Value {
        self.until(ada, is_over).await
    }

    /// The latest run, once it is so.
    pub async fn until(&self, ada: &Client, so: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.last(ada).await {
                Some(run) if so(&run) => return run,
                Some(run) => {
                    assert!(Instant::now() < until, "the run does not come to that: {run}");
                }
                None => self.run(ada).await,
            }
            tokio::time::sleep(POLL).await;
        }
    }

    pub async fn cancel(&self, ada: &Client, run: &Value) {
        let request = json!({"parent": self.tasks[0], "taskRuns": [run["name"]]});
        ada.json("RolloutService/BatchCancelTaskRuns", request).await.expect("a cancel");
    }

    /// What stands in the way of the task.
    pub async fn blockers(&self, ada: &Client, task: &str) -> Vec<Value> {
        let request = json!({"name": self.rollout});
        let rollout = ada.json("RolloutService/GetRollout", request).await.expect("the rollout");
        let stages = list(&rollout["stages"]);
        let tasks = stages.iter().flat_map(|stage| list(&stage["tasks"]));
        tasks.filter(|t| t["name"] == task).flat_map(|t| list(&t["blockers"])).collect()
    }
}

/// The latest run of a task; None when there is none, or the server does not answer.
pub async fn last_of(ada: &Client, task: &str) -> Option<Value> {
    let request = ada
        .request("POST", "/bytebase.v1.RolloutService/ListTaskRuns")
        .json(&json!({"parent": task}));
    let answer: Value = request.send().await.ok()?.json().await.ok()?;
    let number = |run: &Value| -> u64 {
        text(&run["name"]).rsplit('/').next().and_then(|n| n.parse().ok()).unwrap_or(0)
    };
    list(&answer["taskRuns"]).into_iter().max_by_key(number)
}

/// Its log, as the API gives it.
pub async fn log(ada: &Client, run: &Value) -> String {
    let request = json!({"parent": run["name"]});
    let log = ada.json("RolloutService/GetTaskRunLog", request).await.expect("the log");
    log["entries"].to_string()
}

pub fn is_over(run: &Value) -> bool {
    ["DONE", "FAILED", "CANCELED"].contains(&text(&run["status"]).as_str())
}

pub fn is_done(run: &Value) -> bool {
    run["status"] == "DONE"
}

/// Codes of what was found before the first statement.
pub fn findings(run: &Value) -> Vec<String> {
    list(&run["findings"]).iter().map(|f| text(&f["code"])).collect()
}

/// Changelogs of a database that are not its baseline, the newest first.
pub async fn changelogs(ada: &Client, database: &str) -> Vec<Value> {
    let request = json!({"parent": database, "pageSize": 1000});
    let page = ada.json("ChangelogService/ListChangelogs", request).await.expect("changelogs");
    list(&page["changelogs"]).into_iter().filter(|c| c["type"] != "BASELINE").collect()
}
