//! Two servers on one metadata store, either of them paused for longer than its lease, their metadata restarted, their connections cut
//! in COMMIT: each change is in its database exactly once.
//!
//! `BASALT_RUNS` says how many runs there are.

mod chaos;
mod proxy;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::{Basalt, Client};
use testkit::environment::{say, variable};
use testkit::own::Cluster;
use testkit::servers::TestDatabase;

use self::chaos::{Happened, calm, chaos};
use self::proxy::Proxy;
use super::oracle::Tally;
use super::script::Script;
use super::target::Target;
use super::{Random, project};
use crate::BASALT;
use crate::change::{Change, changelogs, last_of};
use crate::shop::{list, text};

const RUNS: usize = 48;
const DATABASES: usize = 6;
const LEASE: Duration = Duration::from_secs(2);
/// For each run; a pause takes both servers seconds from all of them.
const PATIENCE: Duration = Duration::from_secs(3);
const AT_LEAST: Duration = Duration::from_secs(90);
/// After the last fault everything that runs must have been taken up again.
const RECOVERED_WITHIN: Duration = Duration::from_secs(15);
const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_twins_run_each_change_once() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let Some(metadata) = Cluster::create("max_connections = 60") else { return };
    let started = Instant::now();
    let runs = variable("BASALT_RUNS").and_then(|n| n.parse().ok()).unwrap_or(RUNS);
    let seed = variable("BASALT_SEED").and_then(|n| n.parse().ok()).unwrap_or(1);
    let proxy = Proxy::start(server.port).await;
    let mut targets = Vec::new();
    for _ in 0..DATABASES {
        targets.push(Target::server(&server).await);
    }
    let databases: Vec<&TestDatabase> = targets.iter().filter_map(Target::database).collect();

    let url = metadata.server().url;
    let lease = LEASE.as_secs().to_string();
    let arguments = ["--pg", &url, "--key", KEY, "--lease", &lease];
    let mut twins =
        [Basalt::start(BASALT, &arguments).await, Basalt::start(BASALT, &arguments).await];
    let ada = twins[0].first_administrator().await;
    project(&ada).await;
    let names = adopt(&ada, &databases, proxy.port).await;
    let scripts = [Script::Transaction, Script::Own, Script::Rows];
    let mut changes = Vec::new();
    for number in 0..runs.div_ceil(DATABASES) {
        let script = scripts[number % scripts.len()];
        let sql = script.sql(u32::try_from(number).expect("a small number"));
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        changes.push((script, Change::of(&ada, &names, &slowly(&sql)).await));
    }

    let clients = twins.each_ref().map(|twin| Client { url: twin.url.clone(), ..ada.clone() });
    let pids = twins.each_ref().map(Basalt::pid);
    let (mut random, mut happened) = (Random(seed), Happened::default());
    let mut work = Work { clients, asked_again: 0, over: HashSet::new() };
    let began = Instant::now();
    let count = u32::try_from(changes.len() * DATABASES).expect("a small number");
    let patience = (PATIENCE * count).max(AT_LEAST);
    let all: Vec<_> = changes.iter().map(|(_, change)| change).collect();
    tokio::select! {
        () = chaos(pids, &metadata, &mut random, &mut happened) => {}
        // While it lasts: most of them.
        () = work.finish(&all, all.len() * DATABASES * 4 / 5, patience) => {}
    }
    let calmed = Instant::now();
    calm(pids);
    work.moving(&all).await;
    let recovered = calmed.elapsed();
    work.finish(&all, all.len() * DATABASES, patience).await;

    let took = began.elapsed();
    let mut tally = Tally::new("twins");
    for (number, (script, change)) in changes.iter().enumerate() {
        let rollout = json!({"name": change.rollout});
        let rollout = ada.json("RolloutService/GetRollout", rollout).await.expect("the rollout");
        for task in &change.tasks {
            let run = last_of(&ada, task).await.expect("the run");
            let n = names.iter().position(|name| *name == target_of(&rollout, task));
            let n = n.expect("one of the databases");
            let number = u32::try_from(number).expect("a small number");
            tally
                .count(&format!("twins, seed {seed}, {task}"), &targets[n], *script, number, &run)
                .await;
        }
    }
    tally.kills = happened.paused + happened.terminated + happened.restarted;
    say(&tally.to_string());
    say(&format!(
        "twins: {count} runs in {} s (made in {} s); servers paused {}, metadata connections ended {}, metadata restarted {}, connections cut in COMMIT {}; asked again {}; recovered within {} ms",
        took.as_secs(),
        began.duration_since(started).as_secs(),
        happened.paused,
        happened.terminated,
        happened.restarted,
        proxy.cuts(),
        work.asked_again,
        recovered.as_millis()
    ));
    tally.expect(0.0);
    assert!(recovered < RECOVERED_WITHIN, "{recovered:?}");
    for twin in &mut twins {
        assert!(!twin.has_died(), "a server died:\n{}", twin.log());
        assert!(!twin.log().contains("panicked"), "{}", twin.log());
    }
    for name in &names {
        let all = changelogs(&ada, name).await;
        let done = all.iter().filter(|c| c["status"] == "DONE").count();
        let open: Vec<_> = all.iter().filter(|c| c["status"] == "PENDING").collect();
        assert_eq!((done, open.len()), (changes.len(), 0), "{name}: {open:?}");
    }
}

/// Takes a while, so that something can happen meanwhile.
fn slowly(sql: &str) -> String {
    sql.replacen(";\n", ";\nSELECT pg_sleep(0.2);\n", 1)
}

fn target_of(rollout: &Value, task: &str) -> Value {
    let stages = list(&rollout["stages"]);
    let mut tasks = stages.iter().flat_map(|stage| list(&stage["tasks"]));
    tasks.find(|t| t["name"] == task).map(|t| t["target"].clone()).unwrap_or_default()
}

/// Makes them databases of `projects/shop`, seen through the proxy.
async fn adopt(ada: &Client, databases: &[&TestDatabase], port: u16) -> Vec<String> {
    let mut instance = crate::shop::instance("test", databases[0]);
    let all: Vec<_> = databases.iter().map(|d| &d.name).collect();
    instance["syncDatabases"]["databases"] = json!(all);
    instance["dataSources"][0]["port"] = json!(port.to_string());
    let request = json!({"instanceId": "target", "instance": instance});
    ada.json("InstanceService/CreateInstance", request).await.expect("an instance");
    let sync = json!({"name": "instances/target"});
    ada.json("InstanceService/SyncInstance", sync).await.expect("a sync");
    let mut names = Vec::new();
    for database in all {
        let name = format!("instances/target/databases/{database}");
        let change = json!({"database": {"name": name, "project": "projects/shop"}, "updateMask": "project"});
        ada.json("DatabaseService/UpdateDatabase", change).await.expect("a transfer");
        names.push(name);
    }
    names
}

/// Asks for runs, of whichever server answers.
struct Work {
    clients: [Client; 2],
    asked_again: u32,
    /// Stages whose tasks are all done: nobody needs to look at them again.
    over: HashSet<String>,
}

impl Work {
    /// Until `enough` of the tasks are done. A run that failed because of what was done to it is asked for again.
    async fn finish(&mut self, changes: &[&Change], enough: usize, patience: Duration) {
        let until = Instant::now() + patience;
        loop {
            let mut done = 0;
            for change in changes {
                if self.over.contains(&change.stage) {
                    done += change.tasks.len();
                    continue;
                }
                let (mut again, before) = (Vec::new(), done);
                for (task, run) in self.runs(change).await {
                    match text(&run["status"]).as_str() {
                        "DONE" => done += 1,
                        "" => again.push(task),
                        "FAILED" | "CANCELED" => {
                            self.asked_again += 1;
                            assert_ne!(run["waitingReason"], "OUTCOME_UNKNOWN", "{run}");
                            say(&format!("asked again: {}", text(&run["detail"])));
                            again.push(task);
                        }
                        _ => {}
                    }
                }
                if done - before == change.tasks.len() {
                    self.over.insert(change.stage.clone());
                }
                self.ask(change, &again).await;
            }
            if done >= enough {
                return;
            }
            assert!(Instant::now() < until, "only {done} of {enough} are done");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Until no run is left that a fault stopped: each that runs now got a line of its log, or ended, since.
    async fn moving(&mut self, changes: &[&Change]) {
        let running = self.running(changes).await;
        let until = Instant::now() + RECOVERED_WITHIN * 4;
        loop {
            let now = self.running(changes).await;
            if !running.iter().any(|before| now.contains(before)) {
                return;
            }
            assert!(Instant::now() < until, "still as they were: {now:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Runs that are RUNNING, with when they were last written.
    async fn running(&mut self, changes: &[&Change]) -> Vec<String> {
        let mut found = Vec::new();
        for change in changes {
            if self.over.contains(&change.stage) {
                continue;
            }
            for (_, run) in self.runs(change).await {
                if run["status"] == "RUNNING" {
                    found.push(format!("{} {}", text(&run["name"]), text(&run["updateTime"])));
                }
            }
        }
        found
    }

    /// The latest run of each task; Null where there is none. Waits for a server that answers.
    async fn runs(&mut self, change: &Change) -> Vec<(String, Value)> {
        loop {
            let request = json!({"parent": format!("{}/tasks/-", change.stage)});
            if let Some(answer) = self.call("ListTaskRuns", &request).await {
                let all = list(&answer["taskRuns"]);
                let latest = |task: &String| {
                    let of_task = |r: &&Value| text(&r["name"]).starts_with(&format!("{task}/"));
                    all.iter().filter(of_task).max_by_key(|r| number(r)).cloned()
                };
                let tasks = change.tasks.iter();
                return tasks.map(|t| (t.clone(), latest(t).unwrap_or_default())).collect();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn ask(&mut self, change: &Change, tasks: &[String]) {
        if !tasks.is_empty() {
            self.call("BatchRunTasks", &json!({"parent": change.stage, "tasks": tasks})).await;
        }
    }

    async fn call(&mut self, method: &str, request: &Value) -> Option<Value> {
        self.clients.reverse();
        let call = self.clients[0]
            .request("POST", &format!("/bytebase.v1.RolloutService/{method}"))
            .timeout(Duration::from_secs(1))
            .json(request);
        let answer = call.send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        answer.json().await.ok()
    }
}

fn number(run: &Value) -> u64 {
    text(&run["name"]).rsplit('/').next().and_then(|n| n.parse().ok()).unwrap_or(0)
}
