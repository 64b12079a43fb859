//! Several people at once approve, send back, edit, roll out, run and use emergencies: whatever they do, production holds nothing that
//! its gate had not approved, except by an emergency that is on record.
//!
//! What may be there is kept by an oracle of its own, from what people were told; what is there is asked of the databases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::approval::{IssueView, vote};
use app::emergency;
use app::plan::PlanChange;
use app::rollout::{create, run_tasks, skip};
use futures_util::future::join_all;
use policy::approval::Decision;
use policy::rollout::{TaskRunStatus, TaskStatus};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::governed::{DATABASES, DBA, DEV, Governed, OWNER, name, specs};

/// Sequences that are tried.
const CASES: u32 = 24;

/// One thing that somebody does.
#[derive(Debug, Clone, Copy)]
enum Act {
    Approve(&'static str),
    Reject(&'static str),
    AskAgain,
    EditSql,
    EditTargets,
    RollOut,
    /// In whatever order.
    Run(&'static str),
    /// Past the rule that prod runs what test has finished.
    Promote,
    Skip,
    Emergency,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => Just(Act::Approve(OWNER)),
        6 => Just(Act::Approve(DBA)),
        2 => Just(Act::Approve(DEV)),
        2 => Just(Act::Reject(OWNER)),
        2 => Just(Act::AskAgain),
        2 => Just(Act::EditSql),
        1 => Just(Act::EditTargets),
        3 => Just(Act::RollOut),
        3 => Just(Act::Run("test")),
        4 => Just(Act::Run("prod")),
        3 => Just(Act::Promote),
        1 => Just(Act::Skip),
        1 => Just(Act::Emergency),
    ]
}

/// What an act was told when it succeeded.
enum Told {
    Edited { revision: String, change: Change },
    Approved { revision: String, by: &'static str },
    Emergency(String),
    Promoted,
}

/// What a revision of the plan does: the table that its script makes, and the databases.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    table: String,
    sheet: String,
    targets: Vec<String>,
}

/// What production may hold.
#[derive(Debug, Default)]
struct Oracle {
    changes: BTreeMap<String, Change>,
    /// Who approved a step of prod, by revision.
    approved: BTreeMap<String, BTreeSet<&'static str>>,
    emergencies: BTreeSet<String>,
    promoted: bool,
}

impl Oracle {
    fn hear(&mut self, told: Told) {
        match told {
            Told::Edited { revision, change } => _ = self.changes.insert(revision, change),
            Told::Approved { revision, by } => {
                self.approved.entry(revision).or_default().insert(by);
            }
            Told::Emergency(id) => _ = self.emergencies.insert(id),
            Told::Promoted => self.promoted = true,
        }
    }

    /// Whether two people approved that this is done there.
    fn approves(&self, database: &str, is: impl Fn(&Change) -> bool) -> bool {
        self.changes.iter().any(|(revision, change)| {
            let by = self.approved.get(revision);
            is(change)
                && change.targets.iter().any(|t| t == database)
                && by.is_some_and(|by| by.contains(OWNER) && by.contains(DBA))
        })
    }
}

struct Shop {
    governed: Governed,
    plan: i64,
    issue: i64,
    tables: AtomicUsize,
}

impl Shop {
    async fn open() -> (Self, Oracle) {
        let governed = Governed::open().await;
        let mut shop = Self { governed, plan: 0, issue: 0, tables: AtomicUsize::new(0) };
        let change = shop.change(false).await;
        let specs = specs(&change.sheet, change.targets.clone());
        (shop.plan, shop.issue) = shop.governed.file(specs).await;
        let mut oracle = Oracle::default();
        oracle.hear(Told::Edited { revision: "1".into(), change });
        (shop, oracle)
    }

    /// A script that nobody wrote before, of one database a stage or of both.
    async fn change(&self, both: bool) -> Change {
        let table = format!("t{}", self.tables.fetch_add(1, Ordering::SeqCst));
        let sheet = self.governed.sheet(&format!("CREATE TABLE {table} (id int);")).await;
        let databases = if both { &DATABASES[..] } else { &DATABASES[..1] };
        let of = |stage| databases.iter().map(move |d| name(stage, d));
        Change { table, sheet, targets: of("test").chain(of("prod")).collect() }
    }

    async fn act(&self, act: Act, seen: &IssueView) -> Option<Told> {
        let revision = seen.approval.revision.clone();
        let world = &self.governed.world;
        let dev = world.cx_of(DEV);
        let ask = vote::Ask {
            project: "shop".into(),
            issue: self.issue,
            gate: None,
            revision: revision.clone(),
            comment: String::new(),
        };
        match act {
            Act::Approve(by) => {
                let done = vote::vote(&world.cx_of(by), ask, Decision::Approved).await;
                assert!(by != DEV || done.is_err(), "the creator approved");
                done.ok().map(|_| Told::Approved { revision, by })
            }
            Act::Reject(by) => {
                let _ = vote::vote(&world.cx_of(by), ask, Decision::Rejected).await;
                None
            }
            Act::AskAgain => {
                let _ = vote::request(&dev, "shop", self.issue, "").await;
                None
            }
            Act::EditSql => self.edit(self.change(false).await).await,
            Act::EditTargets => self.edit(self.change(true).await).await,
            Act::RollOut => {
                let (project, plan) = ("shop".to_owned(), self.plan);
                let ask = create::Ask { project, plan, ..create::Ask::default() };
                let _ = create::create(&dev, ask).await;
                None
            }
            Act::Run(stage) => {
                let ask = run_tasks::Ask {
                    ignore_stage_order: true,
                    reason: "hurry".into(),
                    ..self.run(stage).await
                };
                let _ = run_tasks::run(&dev, ask).await;
                None
            }
            Act::Promote => {
                let ask = run_tasks::Ask {
                    ignore_stage_order: true,
                    ignore_promotion: true,
                    reason: "test is another".into(),
                    ..self.run("prod").await
                };
                run_tasks::run(&world.cx_of(OWNER), ask).await.ok().map(|()| Told::Promoted)
            }
            Act::Skip => {
                let (parent, tasks) = self.governed.tasks(self.plan, "test").await;
                let _ = skip::skip(&dev, &parent, &tasks, "not needed").await;
                None
            }
            Act::Emergency => {
                let ask = emergency::Ask {
                    parent: format!("projects/shop/plans/{}/rollout/stages/prod", self.plan),
                    reason: "orders are lost".into(),
                    incident_url: "https://tracker.example.com/INC-7".into(),
                    notify: [DBA, DEV].map(|e| format!("users/{e}")).to_vec(),
                    ..emergency::Ask::default()
                };
                let ran = emergency::run(&world.cx_of(OWNER), ask).await.ok()?;
                Some(Told::Emergency(ran.emergency.id))
            }
        }
    }

    async fn edit(&self, change: Change) -> Option<Told> {
        let ask = PlanChange {
            project: "shop".into(),
            plan: self.plan,
            specs: Some(specs(&change.sheet, change.targets.clone())),
            ..PlanChange::default()
        };
        let done = app::plan::update(&self.governed.world.cx_of(DEV), ask).await.ok()?;
        Some(Told::Edited { revision: done.plan.input_version.to_string(), change })
    }

    async fn run(&self, stage: &str) -> run_tasks::Ask {
        let (parent, tasks) = self.governed.tasks(self.plan, stage).await;
        run_tasks::Ask { parent, tasks, ..run_tasks::Ask::default() }
    }

    /// Holds what the store and the databases say against the oracle. Gives how many tasks of prod were let go.
    async fn judge(&self, oracle: &Oracle) -> usize {
        let (mut let_go, mut by_emergency) = (0, BTreeSet::new());
        // Before the runs: what is there was let go before, while what is let go meanwhile may come after the look at the runs.
        let mut there = Vec::new();
        for database in DATABASES {
            let tables = self.governed.tables("prod", database).await;
            there.extend(tables.into_iter().map(|table| (name("prod", database), table)));
        }
        let mut conn = self.governed.world.app.store.read().await.unwrap();
        let tasks = store::tasks::of_plan(&mut conn, "shop", self.plan).await.unwrap();
        let of = |stage| tasks.iter().filter(move |t| t.environment.as_deref() == Some(stage));
        for task in of("prod") {
            let key = [("shop".to_owned(), task.id)];
            let Some(run) = store::task_runs::latest(&mut conn, &key).await.unwrap().pop() else {
                continue;
            };
            if run.status == TaskRunStatus::Pending {
                continue;
            }
            let_go += 1;
            let database = name("prod", &task.database);
            if let Some(id) = &run.payload.emergency {
                let record = store::emergencies::get(&mut conn, "shop", id).await.unwrap();
                let record = record.expect("an emergency is on record");
                assert!(oracle.emergencies.contains(id) && record.payload.tasks.contains(&task.id));
                assert!(record.payload.databases.contains(&database), "{record:?}");
                by_emergency.insert((database, task.sheet_sha256.clone()));
                continue;
            }
            let approved = oracle.approves(&database, |c| c.sheet == task.sheet_sha256);
            assert!(approved, "{} was let go on {database}: {oracle:?}", task.sheet_sha256);
            let finished = |t: &store::rows::Task| {
                t.status == TaskStatus::Done && t.sheet_sha256 == task.sheet_sha256
            };
            assert!(oracle.promoted || of("test").any(finished), "test has not finished it");
        }
        drop(conn);
        for (database, table) in there {
            let made = |c: &Change| c.table == table;
            let emergency = oracle.changes.values().filter(|c| made(c));
            let emergency = emergency.map(|c| (database.clone(), c.sheet.clone()));
            assert!(
                oracle.approves(&database, made)
                    || emergency.into_iter().any(|e| by_emergency.contains(&e)),
                "{table} is in {database}: {oracle:?}"
            );
        }
        let_go
    }
}

/// Does every batch, its acts at once. Gives the tasks of prod that were let go, and the emergencies.
async fn play(batches: &[Vec<Act>]) -> (usize, usize) {
    let (shop, mut oracle) = Shop::open().await;
    for batch in batches {
        let seen = shop.governed.found(shop.issue).await;
        let told = join_all(batch.iter().map(|act| shop.act(*act, &seen))).await;
        told.into_iter().flatten().for_each(|t| oracle.hear(t));
        shop.judge(&oracle).await;
    }
    (settled(&shop, &oracle).await, oracle.emergencies.len())
}

/// Judges until nothing runs any more.
async fn settled(shop: &Shop, oracle: &Oracle) -> usize {
    for _ in 0..3_000 {
        let let_go = shop.judge(oracle).await;
        let mut conn = shop.governed.world.app.store.read().await.unwrap();
        if store::task_runs::active(&mut conn).await.unwrap().is_empty() {
            return let_go;
        }
        drop(conn);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("a run does not end");
}

#[test]
fn production_holds_only_what_its_gate_approved_or_an_emergency_on_record() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let batches = prop::collection::vec(prop::collection::vec(act(), 1..5), 3..9);
    let (ran, emergencies) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let tried = TestRunner::new(config).run(&batches, |batches| {
        let (let_go, used) = runtime.block_on(play(&batches));
        ran.fetch_add(let_go, Ordering::SeqCst);
        emergencies.fetch_add(used, Ordering::SeqCst);
        Ok(())
    });
    tried.unwrap();
    eprintln!(
        "approval states: {CASES} sequences, {} tasks of prod let go, {} emergencies in them",
        ran.into_inner(),
        emergencies.into_inner()
    );
}

/// What may run does: else the oracle looks at nothing.
#[test]
fn what_is_approved_runs() {
    let straight = [
        vec![Act::RollOut],
        vec![Act::Run("test"), Act::Approve(OWNER)],
        vec![Act::Approve(DBA), Act::Approve(DEV)],
        vec![Act::Promote],
    ];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert_eq!(runtime.block_on(play(&straight)), (1, 0));
    let emergency = [vec![Act::EditTargets], vec![Act::Emergency, Act::Emergency]];
    assert_eq!(runtime.block_on(play(&emergency)), (2, 1));
}
