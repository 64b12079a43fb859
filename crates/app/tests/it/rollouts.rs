//! From a plan to recorded changes, on real servers: order of stages, failure, skip, cancel, retry, siblings.

use std::time::Duration;

use app::plan::NewPlan;
use app::rollout::{RolloutView, cancel, create, log, run_tasks, skip, view};
use app::{Cx, runners};
use base::Reason;
use policy::rollout::TaskStatus;
use store::rows::{ChangeDatabase, ChangelogKind, LogKind, Spec, SpecConfig, TaskRun};
use store::{Filter, List, changelogs};
use testkit::servers::{Server, TestDatabase};
use tokio_util::sync::CancellationToken;

use crate::support::{World, instance};

/// A project `shop` with databases of one server in test and prod, and all runners.
pub struct Shop {
    pub world: World,
    pub cx: Cx,
    pub test: TestDatabase,
    pub prod: TestDatabase,
    stop: CancellationToken,
}

impl Shop {
    pub async fn open(server: &Server) -> Self {
        let world = World::start().await;
        world.project("shop", "ann@x.io").await;
        let test = server.database().await;
        let prod = server.database().await;
        let cx = world.cx();
        for (id, environment, database) in [("t", "test", &test), ("p", "prod", &prod)] {
            let mut new = instance(server, &[&database.name]);
            new.environment = Some(environment.to_owned());
            app::instance::create(&cx, "", id, new, false).await.unwrap();
            app::instance::sync(&cx, &format!("instances/{id}"), false).await.unwrap();
            let change = app::database::DatabaseChange {
                name: format!("instances/{id}/databases/{}", database.name),
                project: "projects/shop".to_owned(),
                environment: None,
                labels: Default::default(),
                mask: vec!["project".to_owned()],
            };
            app::database::update(&cx, change).await.unwrap();
        }
        let stop = CancellationToken::new();
        runners::start(&world.app, &stop);
        Self { world, cx, test, prod, stop }
    }

    /// A plan with a rollout: one change of both databases.
    pub async fn rollout(&self, script: &str) -> RolloutView {
        let sheet = app::sheet::create(&self.cx, "projects/shop", script.as_bytes().to_vec())
            .await
            .unwrap();
        let change = ChangeDatabase {
            targets: vec![
                format!("instances/p/databases/{}", self.prod.name),
                format!("instances/t/databases/{}", self.test.name),
            ],
            sheet: format!("projects/shop/sheets/{}", sheet.sha256),
            ..ChangeDatabase::default()
        };
        let specs =
            vec![Spec { id: "change".to_owned(), config: SpecConfig::ChangeDatabase(change) }];
        let new = NewPlan {
            project: "shop".to_owned(),
            title: "A change".to_owned(),
            specs,
            ..NewPlan::default()
        };
        let plan = app::plan::create(&self.cx, new).await.unwrap().plan;
        let ask =
            create::Ask { project: "shop".to_owned(), plan: plan.id, ..create::Ask::default() };
        create::create(&self.cx, ask).await.unwrap()
    }

    pub fn stage(rollout: &RolloutView, stage: &str) -> String {
        format!("projects/shop/plans/{}/rollout/stages/{stage}", rollout.plan.id)
    }

    pub fn task(rollout: &RolloutView, stage: &str) -> String {
        let found = rollout.stages.iter().find(|s| s.id == stage).unwrap();
        format!("{}/tasks/{}", Self::stage(rollout, stage), found.tasks[0].task.id)
    }

    pub async fn run(&self, rollout: &RolloutView, stage: &str) -> base::Result<()> {
        self.ask(rollout, stage, run_tasks::Ask::default()).await
    }

    pub async fn ask(
        &self,
        rollout: &RolloutView,
        stage: &str,
        ask: run_tasks::Ask,
    ) -> base::Result<()> {
        let parent = Self::stage(rollout, stage);
        let ask = run_tasks::Ask { parent, tasks: vec![Self::task(rollout, stage)], ..ask };
        run_tasks::run(&self.cx, ask).await
    }

    pub async fn status(&self, rollout: &RolloutView, stage: &str) -> TaskStatus {
        let now = view::get(&self.cx, "shop", rollout.plan.id).await.unwrap();
        now.stages.iter().find(|s| s.id == stage).unwrap().tasks[0].task.status
    }

    /// Waits at most 30 seconds for the task of a stage to get a status.
    pub async fn becomes(&self, rollout: &RolloutView, stage: &str, wanted: TaskStatus) {
        for _ in 0..600 {
            if self.status(rollout, stage).await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{stage} is {:?}, not {wanted:?}", self.status(rollout, stage).await);
    }

    pub async fn detail(&self, rollout: &RolloutView, stage: &str) -> String {
        self.latest(rollout, stage).await.detail
    }

    /// The latest run of the task of a stage.
    pub async fn latest(&self, rollout: &RolloutView, stage: &str) -> TaskRun {
        log::runs(&self.cx, &Self::task(rollout, stage)).await.unwrap().pop().unwrap().run
    }

    /// Waits at most 30 seconds for the latest run of a stage to be as `wanted` says.
    pub async fn run_once(
        &self,
        rollout: &RolloutView,
        stage: &str,
        wanted: impl Fn(&TaskRun) -> bool,
    ) -> TaskRun {
        for _ in 0..600 {
            let run = self.latest(rollout, stage).await;
            if wanted(&run) {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{stage} never became so: {:?}", self.latest(rollout, stage).await);
    }

    /// What the latest run of a stage logged.
    pub async fn log(&self, rollout: &RolloutView, stage: &str) -> Vec<LogKind> {
        let run = self.latest(rollout, stage).await;
        let name = format!("{}/taskRuns/{}", Self::task(rollout, stage), run.id);
        log::log(&self.cx, &name).await.unwrap().into_iter().map(|e| e.kind).collect()
    }
}

impl Shop {
    /// No runner works from now on.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The one value of an answer.
pub async fn number(database: &TestDatabase, query: &str) -> String {
    database.rows(query).await[0][0].clone().unwrap()
}

macro_rules! on_both {
    ($($name:ident),*) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let server = testkit::servers::postgres().await;
                if let Some(server) = server { super::$name(&server).await; }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_mariadb() {
                let server = testkit::servers::mariadb().await;
                if let Some(server) = server { super::$name(&server).await; }
            }
        }
    )*};
}

pub(crate) use on_both;

on_both!(
    test_before_prod,
    a_failure_says_what_stays,
    a_canceled_retry_forgets_nothing,
    a_cancel_reaches_the_server
);

/// Stages in environment order; prod waits for test; running twice does nothing; before and after are recorded.
async fn test_before_prod(server: &Server) {
    let shop = Shop::open(server).await;
    let rollout = shop
        .rollout(
            "CREATE TABLE customer (id int PRIMARY KEY);\nINSERT INTO customer VALUES (1), (2);",
        )
        .await;
    let order: Vec<_> = rollout.stages.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(order, ["test", "prod"]);

    let refused = shop.run(&rollout, "prod").await.unwrap_err();
    assert_eq!(refused.reason(), Reason::Blocked);
    assert_eq!(refused.blockers()[0].reason, "EARLIER_STAGE_UNFINISHED");

    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Done).await;
    shop.run(&rollout, "test").await.unwrap();
    shop.run(&rollout, "prod").await.unwrap();
    shop.becomes(&rollout, "prod", TaskStatus::Done).await;
    assert_eq!(
        log::runs(&shop.cx, &Shop::task(&rollout, "test")).await.unwrap().len(),
        1,
        "ran once"
    );
    assert_eq!(shop.detail(&rollout, "prod").await, "2 statements applied, 2 rows changed.");
    for database in [&shop.test, &shop.prod] {
        assert_eq!(number(database, "SELECT count(*) FROM customer").await, "2");
    }

    let database = shop.world.database("p", &shop.prod.name).await.unwrap();
    let mut conn = shop.world.app.store.read().await.unwrap();
    let filter = Filter::eq(changelogs::DATABASE, database.id.as_str());
    let found = changelogs::list(&mut conn, &List::of(filter)).await.unwrap().items;
    assert_eq!(
        found.iter().map(|c| c.kind).collect::<Vec<_>>(),
        [ChangelogKind::Migrate, ChangelogKind::Baseline]
    );
    assert_eq!(
        found[0].before_sha256, found[1].after_sha256,
        "the baseline is the schema before the first change"
    );
    let mut schema = Vec::new();
    for sha in [&found[0].before_sha256, &found[0].after_sha256] {
        schema.push(store::blobs::text(&mut conn, sha.as_ref().unwrap()).await.unwrap().unwrap());
    }
    assert!(!schema[0].contains("customer") && schema[1].contains("customer"));
}

/// The place of the failure, what was applied, a second attempt, and a skip with its reason.
async fn a_failure_says_what_stays(server: &Server) {
    let shop = Shop::open(server).await;
    let rollout = shop
        .rollout(
            "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\nINSERT INTO nosuch VALUES (1);",
        )
        .await;
    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Failed).await;
    let detail = shop.detail(&rollout, "test").await;
    assert!(detail.starts_with("Statement 3 of 3 failed at line 3"), "{detail}");
    let left = "SELECT count(*) FROM information_schema.tables WHERE table_name IN ('a', 'b') AND table_schema IN ('public', database())";
    if server.product == testkit::servers::Product::Postgres {
        assert!(
            detail.ends_with("All was rolled back: nothing of this change was applied."),
            "{detail}"
        );
        let left = left.replace(", database()", "");
        assert_eq!(number(&shop.test, &left).await, "0");
    } else {
        assert!(detail.ends_with("2 statements were applied and stay; 1 not."), "{detail}");
        assert_eq!(number(&shop.test, left).await, "2");
    }

    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Failed).await;
    for _ in 0..200 {
        if log::runs(&shop.cx, &Shop::task(&rollout, "test")).await.unwrap().len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let last = log::runs(&shop.cx, &Shop::task(&rollout, "test")).await.unwrap().pop().unwrap();
    assert_eq!(last.run.attempt, 1);

    let parent = Shop::stage(&rollout, "test");
    let tasks = [Shop::task(&rollout, "test")];
    shop.becomes(&rollout, "test", TaskStatus::Failed).await;
    assert_eq!(
        skip::skip(&shop.cx, &parent, &tasks, " ").await.unwrap_err().field_violations()[0].field,
        "reason"
    );
    skip::skip(&shop.cx, &parent, &tasks, "done by hand").await.unwrap();
    assert_eq!(shop.status(&rollout, "test").await, TaskStatus::Skipped);
    assert_eq!(shop.run(&rollout, "test").await.unwrap_err().blockers()[0].reason, "TASK_SKIPPED");
    // A skipped stage is settled: prod may run, and its sibling's failure does not keep it.
    shop.run(&rollout, "prod").await.unwrap();
    shop.becomes(&rollout, "prod", TaskStatus::Failed).await;
}

/// A retry that was canceled before it began leaves what is applied on record, and the next one goes on after it.
async fn a_canceled_retry_forgets_nothing(server: &Server) {
    let shop = Shop::open(server).await;
    let script = "-- txn-mode = off\nCREATE TABLE a (id int);\nINSERT INTO later VALUES (1);";
    let rollout = shop.rollout(script).await;
    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Failed).await;
    let task = Shop::task(&rollout, "test");
    let later = run_tasks::Ask {
        run_at: Some(shop.cx.now().plus(Duration::from_secs(3600))),
        ..run_tasks::Ask::default()
    };
    shop.ask(&rollout, "test", later).await.unwrap();
    let scheduled = log::runs(&shop.cx, &task).await.unwrap().pop().unwrap();
    assert_eq!(scheduled.checkpoint.unwrap().applied, 1);
    let name = format!("{task}/taskRuns/{}", scheduled.run.id);
    cancel::cancel(&shop.cx, &task, &[name]).await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Canceled).await;

    shop.test.execute("CREATE TABLE later (id int)").await;
    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Done).await;
    assert_eq!(number(&shop.test, "SELECT count(*) FROM later").await, "1");
}

/// A running statement ends within two seconds, and the run says that nothing was applied.
async fn a_cancel_reaches_the_server(server: &Server) {
    let shop = Shop::open(server).await;
    let sleep = if server.product == testkit::servers::Product::Postgres {
        "SELECT pg_sleep(60)"
    } else {
        "SELECT sleep(60)"
    };
    let rollout = shop.rollout(&format!("{sleep};")).await;
    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Running).await;
    let task = Shop::task(&rollout, "test");
    let name = format!("{task}/taskRuns/{}", log::runs(&shop.cx, &task).await.unwrap()[0].run.id);
    // Only once the statement runs is there something to cancel at the server.
    for _ in 0..200 {
        let entries = log::log(&shop.cx, &name).await.unwrap();
        if entries.iter().any(|e| matches!(e.kind, LogKind::StatementStart { .. })) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let asked = std::time::Instant::now();
    cancel::cancel(&shop.cx, &task, &[name]).await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Canceled).await;
    assert!(asked.elapsed() < Duration::from_secs(10), "took {:?}", asked.elapsed());
    let detail = shop.detail(&rollout, "test").await;
    assert!(detail.starts_with("Canceled in statement 1 of 1."), "{detail}");
    // It may run again.
    shop.run(&rollout, "test").await.unwrap();
}
