//! Tasks, their runs and what those log.

use std::collections::BTreeSet;
use std::time::Duration;

use policy::rollout::{TaskRunStatus, TaskStatus};
use store::rows::{LogKind, TaskRun};
use store::{Filter, List, StoreError, Topic, task_run_logs, task_runs, tasks};

use crate::plans::until;
use crate::support::{a_run, at, rollout};

const LEASE: Duration = Duration::from_secs(60);

fn ids(runs: &[TaskRun]) -> Vec<i64> {
    runs.iter().map(|r| r.id).collect()
}

async fn status(conn: &mut store::Conn, task: i64) -> TaskStatus {
    tasks::get(conn, "shop", task).await.unwrap().unwrap().status
}

store_tests! {
    async fn tasks_are_made_skipped_and_given_another_sheet(db: &Db) {
        let (plan, rows) = rollout(db, 3).await;
        assert_eq!(rows.iter().map(|t| t.id).collect::<Vec<_>>(), [1, 2, 3]);
        let mut tx = db.begin().await.unwrap();
        let of_plan = tasks::of_plan(&mut tx, "shop", plan.id).await.unwrap();
        assert_eq!((of_plan.len(), of_plan[0].environment.as_deref(), &*of_plan[0].database), (3, Some("test"), "app"));
        assert_eq!(tasks::of_plans(&mut tx, &[("shop".into(), 1), ("shop".into(), 2)]).await.unwrap().len(), 3);
        task_runs::insert_many(&mut tx, "shop", 1, &[2], &a_run(), at(1)).await.unwrap();
        assert_eq!(tasks::skip(&mut tx, "shop", &[1, 2], "not here", at(2)).await.unwrap(), [1]);
        assert_eq!(tasks::skip(&mut tx, "shop", &[1], "again", at(3)).await.unwrap(), [0_i64; 0]);
        let one = tasks::get(&mut tx, "shop", 1).await.unwrap().unwrap();
        assert_eq!((one.status, &*one.skipped_reason, one.version), (TaskStatus::Skipped, "not here", 2));
        assert_eq!(tasks::set_sheet(&mut tx, "shop", 1, "s1", "cd", at(4)).await.unwrap(), 1);
        assert_eq!(tasks::set_sheet(&mut tx, "shop", 1, "s2", "cd", at(4)).await.unwrap(), 0);
        let keys = [("shop".to_owned(), 3), ("shop".to_owned(), 1)];
        let locked = tasks::get_many_for_update(&mut tx, &keys).await.unwrap();
        assert_eq!(locked.iter().map(|t| &*t.sheet_sha256).collect::<Vec<_>>(), ["ab", "cd"]);
        tasks::insert_many(&mut tx, &mut []).await.unwrap();
        assert_eq!(tasks::open_environments(&mut tx).await.unwrap(), [("test".to_owned(), 2)].into());
    }

    async fn a_run_goes_its_way_and_its_task_with_it(db: &Db) {
        rollout(db, 2).await;
        let mut tx = db.begin().await.unwrap();
        let asked = task_runs::insert_many(&mut tx, "shop", 1, &[1, 2], &a_run(), at(1)).await.unwrap();
        assert_eq!(asked.iter().map(|r| (r.id, r.task, r.attempt)).collect::<Vec<_>>(), [(1, 1, 0), (2, 2, 0)]);
        assert_eq!(status(&mut tx, 1).await, TaskStatus::Pending);
        assert!(task_runs::insert_many(&mut tx, "shop", 1, &[], &a_run(), at(1)).await.unwrap().is_empty());
        assert_eq!(ids(&task_runs::due(&mut tx, 10).await.unwrap()), [1, 2]);
        assert!(task_runs::claim(&mut tx, "me", LEASE, 9, at(2)).await.unwrap().is_empty());
        let mut payload = asked[1].payload.clone();
        payload.waiting_reason = "PARALLEL_LIMIT".into();
        assert_eq!(ids(&task_runs::due_untold(&mut tx, 10).await.unwrap()), [1, 2]);
        assert!(task_runs::set_waiting(&mut tx, "shop", 1, "waits", &payload, at(2)).await.unwrap());
        assert_eq!(ids(&task_runs::due_untold(&mut tx, 10).await.unwrap()), [2]);
        assert_eq!(ids(&task_runs::due_untold(&mut tx, 1).await.unwrap()), [0_i64; 0], "only among those due");
        assert!(task_runs::set_waiting(&mut tx, "shop", 2, "waits for 1", &payload, at(2)).await.unwrap());
        assert_eq!(ids(&task_runs::due_untold(&mut tx, 10).await.unwrap()), [0_i64; 0]);
        assert_eq!(ids(&task_runs::due(&mut tx, 10).await.unwrap()), [1, 2]);
        assert_eq!(task_runs::make_available(&mut tx, "shop", &[1, 9], at(2)).await.unwrap(), [1]);
        assert!(!task_runs::set_waiting(&mut tx, "shop", 1, "x", &payload, at(2)).await.unwrap());
        let mine = task_runs::claim(&mut tx, "me", LEASE, 9, at(3)).await.unwrap();
        assert_eq!((ids(&mine), mine[0].status, mine[0].claim_epoch, &*mine[0].holder, mine[0].started_at),
            (vec![1], TaskRunStatus::Running, 1, "me", Some(at(3))));
        assert_eq!(status(&mut tx, 1).await, TaskStatus::Running);
        let active = task_runs::active(&mut tx).await.unwrap();
        assert_eq!((active.len(), &*active[0].instance, &*active[0].database, active[0].status), (1, "pg", "app", TaskRunStatus::Running));
        let mut payload = mine[0].payload.clone();
        payload.backend = "4711".into();
        task_runs::set_payload(&mut tx, &mine[0], &payload, at(4)).await.unwrap();
        assert!(!task_runs::extend(&mut tx, &mine[0], LEASE).await.unwrap());
        let as_running = task_runs::finish(&mut tx, &mine[0], TaskRunStatus::Running, "", &payload, at(5)).await;
        assert!(matches!(as_running, Err(StoreError::Mistake(_))));
        task_runs::finish(&mut tx, &mine[0], TaskRunStatus::Failed, "syntax error", &payload, at(5)).await.unwrap();
        assert_eq!(status(&mut tx, 1).await, TaskStatus::Failed);
        let done = task_runs::get(&mut tx, "shop", 1).await.unwrap().unwrap();
        assert_eq!((done.status, &*done.detail, done.finished_at, &*done.payload.backend, done.lease_until),
            (TaskRunStatus::Failed, "syntax error", Some(at(5)), "4711", None));
        // A retry is a new run.
        let again = task_runs::insert_many(&mut tx, "shop", 1, &[1], &a_run(), at(6)).await.unwrap();
        assert_eq!((again[0].id, again[0].attempt), (3, 1));
        let latest = task_runs::latest(&mut tx, &[("shop".into(), 1), ("shop".into(), 2), ("shop".into(), 9)]).await.unwrap();
        assert_eq!(latest.iter().map(|r| r.id).collect::<BTreeSet<_>>(), [2, 3].into());
        let of_test = Filter::eq(task_runs::PROJECT, "shop").and(Filter::eq(task_runs::ENVIRONMENT, "test"));
        let page = task_runs::list(&mut tx, &List { size: 2, ..List::of(of_test.clone()) }).await.unwrap();
        assert_eq!(ids(&page.items), [3, 2]);
        let page = task_runs::list(&mut tx, &List { size: 2, token: page.next, ..List::of(of_test) }).await.unwrap();
        assert_eq!((ids(&page.items), page.next), (vec![1], None));
        assert_eq!(task_runs::count(&mut tx, &Filter::eq(task_runs::STATUS, "PENDING")).await.unwrap(), 2);
    }

    async fn waiting_runs_end_without_a_claim_and_others_are_left_alone(db: &Db) {
        rollout(db, 4).await;
        let mut tx = db.begin().await.unwrap();
        task_runs::insert_many(&mut tx, "shop", 1, &[1, 2, 3, 4], &a_run(), at(1)).await.unwrap();
        task_runs::make_available(&mut tx, "shop", &[1], at(2)).await.unwrap();
        task_runs::cancel(&mut tx, "shop", &[4], "by Ann", at(2)).await.unwrap();
        let ended = task_runs::end_waiting(&mut tx, "shop", &[3, 1, 4, 2, 9], "me", "nothing", at(3)).await.unwrap();
        assert_eq!(ended, [2, 3]);
        let run = task_runs::get(&mut tx, "shop", 2).await.unwrap().unwrap();
        assert_eq!((run.status, &*run.detail, &*run.holder), (TaskRunStatus::Done, "nothing", "me"));
        assert_eq!((run.started_at, run.finished_at), (Some(at(3)), Some(at(3))));
        let now = [status(&mut tx, 1).await, status(&mut tx, 2).await, status(&mut tx, 4).await];
        assert_eq!(now, [TaskStatus::Pending, TaskStatus::Done, TaskStatus::Canceled]);
        assert_eq!(ids(&task_runs::due(&mut tx, 10).await.unwrap()), [0_i64; 0]);
        let note = LogKind::Note { text: "nothing".into() };
        let logs = [(2, "run 2".to_owned()), (3, "run 3".to_owned())];
        task_run_logs::only_line(&mut tx, "shop", &logs, "me", &note, at(3)).await.unwrap();
        for id in [2, 3] {
            let lines = task_run_logs::after(&mut tx, "shop", id, 0, 10).await.unwrap();
            assert_eq!((lines.len(), lines[0].seq, &*lines[0].holder, &lines[0].kind), (1, 1, "me", &note));
        }
        // Whoever claims runs finds none of them.
        let claimed = task_runs::claim(&mut tx, "other", LEASE, 9, at(4)).await.unwrap();
        assert_eq!(ids(&claimed), [1]);
    }

    async fn a_scheduled_run_waits_for_the_databases_clock(db: &Db) {
        rollout(db, 2).await;
        let mut tx = db.begin().await.unwrap();
        let now = tx.now().await.unwrap();
        let later = now.plus(Duration::from_secs(3_600));
        let request = task_runs::Request { run_at: Some(later), ..a_run() };
        task_runs::insert_many(&mut tx, "shop", 1, &[1], &request, at(1)).await.unwrap();
        let request = task_runs::Request { run_at: Some(now.minus(Duration::from_secs(1))), ..a_run() };
        task_runs::insert_many(&mut tx, "shop", 1, &[2], &request, at(1)).await.unwrap();
        assert_eq!(ids(&task_runs::due(&mut tx, 10).await.unwrap()), [2]);
        assert_eq!(task_runs::next_due(&mut tx).await.unwrap(), Some(later));
    }

    async fn cancelling_ends_what_waits_and_asks_what_runs(db: &Db) {
        rollout(db, 3).await;
        let mut tx = db.begin().await.unwrap();
        task_runs::insert_many(&mut tx, "shop", 1, &[1, 2, 3], &a_run(), at(1)).await.unwrap();
        task_runs::make_available(&mut tx, "shop", &[1, 2], at(2)).await.unwrap();
        let held = task_runs::claim(&mut tx, "me", LEASE, 1, at(3)).await.unwrap().remove(0);
        let canceled = task_runs::cancel(&mut tx, "shop", &[1, 2, 3], "by Ann", at(4)).await.unwrap();
        assert_eq!((canceled.canceled, canceled.requested), (vec![2, 3], vec![1]));
        assert_eq!(status(&mut tx, 3).await, TaskStatus::Canceled);
        assert_eq!(status(&mut tx, 1).await, TaskStatus::Running);
        assert_eq!(task_runs::cancel_requested(&mut tx, "me").await.unwrap(), [("shop".to_owned(), 1)]);
        assert!(task_runs::cancel_requested(&mut tx, "you").await.unwrap().is_empty());
        assert!(task_runs::extend(&mut tx, &held, LEASE).await.unwrap());
        task_runs::finish(&mut tx, &held, TaskRunStatus::Canceled, "rolled back", &held.payload, at(5)).await.unwrap();
        let canceled = task_runs::cancel(&mut tx, "shop", &[1, 2, 3], "again", at(6)).await.unwrap();
        assert_eq!(canceled, task_runs::Canceled::default());
    }

    async fn who_lost_the_lease_can_write_nothing(db: &Db) {
        rollout(db, 1).await;
        let mut tx = db.begin().await.unwrap();
        task_runs::insert_many(&mut tx, "shop", 1, &[1], &a_run(), at(1)).await.unwrap();
        task_runs::make_available(&mut tx, "shop", &[1], at(1)).await.unwrap();
        let old = task_runs::claim(&mut tx, "old", Duration::ZERO, 1, at(2)).await.unwrap().remove(0);
        tx.commit().await.unwrap();
        let new = until(async || {
            let mut tx = db.begin().await.unwrap();
            let claimed = task_runs::claim_expired(&mut tx, "new", LEASE, 5, at(3)).await.unwrap();
            tx.commit().await.unwrap();
            claimed.into_iter().next()
        }).await;
        assert_eq!((new.claim_epoch, &*new.holder, new.started_at), (2, "new", Some(at(2))));
        let lost = |r: Result<(), StoreError>| assert!(matches!(r, Err(StoreError::LostLease(_))), "{r:?}");
        let mut tx = db.begin().await.unwrap();
        lost(task_runs::extend(&mut tx, &old, LEASE).await.map(|_| ()));
        lost(task_runs::set_payload(&mut tx, &old, &old.payload, at(4)).await);
        lost(task_runs::finish(&mut tx, &old, TaskRunStatus::Done, "", &old.payload, at(4)).await);
        lost(task_runs::release(&mut tx, &old, at(4)).await);
        lost(task_run_logs::append(&mut tx, &old, "run", &[(at(4), LogKind::SyncStart)]).await.map(|_| ()));
        assert!(task_runs::claim_expired(&mut tx, "third", LEASE, 5, at(4)).await.unwrap().is_empty());
        task_runs::release(&mut tx, &new, at(5)).await.unwrap();
        assert_eq!(status(&mut tx, 1).await, TaskStatus::Pending);
        let again = task_runs::claim(&mut tx, "new", LEASE, 5, at(6)).await.unwrap();
        assert_eq!(again[0].claim_epoch, 3);
    }

    async fn many_executors_claim_each_run_once(db: &Db) {
        let (_, tasks) = rollout(db, 120).await;
        let ids: Vec<i64> = tasks.iter().map(|t| t.id).collect();
        let mut tx = db.begin().await.unwrap();
        task_runs::insert_many(&mut tx, "shop", 1, &ids, &a_run(), at(1)).await.unwrap();
        task_runs::make_available(&mut tx, "shop", &ids, at(1)).await.unwrap();
        tx.commit().await.unwrap();
        let mut workers = tokio::task::JoinSet::new();
        for worker in 0..6 {
            let db = db.clone();
            workers.spawn(async move {
                let (holder, mut mine) = (format!("w{worker}"), Vec::new());
                loop {
                    let mut tx = db.begin().await.unwrap();
                    let claimed = task_runs::claim(&mut tx, &holder, LEASE, 7, at(2)).await.unwrap();
                    tx.commit().await.unwrap();
                    if claimed.is_empty() {
                        return mine;
                    }
                    mine.extend(claimed.iter().map(|r| r.id));
                }
            });
        }
        let mut all: Vec<i64> = workers.join_all().await.into_iter().flatten().collect();
        all.sort_unstable();
        assert_eq!(all, (1..=120).collect::<Vec<_>>());
    }

    async fn a_log_is_followed_from_any_line(db: &Db) {
        rollout(db, 1).await;
        let mut wakes = db.wakes();
        let mut tx = db.begin().await.unwrap();
        task_runs::insert_many(&mut tx, "shop", 1, &[1], &a_run(), at(1)).await.unwrap();
        task_runs::make_available(&mut tx, "shop", &[1], at(1)).await.unwrap();
        let held = task_runs::claim(&mut tx, "me", LEASE, 1, at(2)).await.unwrap().remove(0);
        let note = |i: i64| (at(i), LogKind::Note { text: format!("line {i}") });
        let lines: Vec<_> = (1..=700).map(note).collect();
        assert_eq!(task_run_logs::append(&mut tx, &held, "a run", &lines).await.unwrap(), 700);
        assert_eq!(task_run_logs::append(&mut tx, &held, "a run", &[note(701)]).await.unwrap(), 701);
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let entries = task_run_logs::after(&mut conn, "shop", 1, 699, 10).await.unwrap();
        assert_eq!(entries.iter().map(|e| (e.seq, e.time)).collect::<Vec<_>>(), [(700, at(700)), (701, at(701))]);
        assert_eq!((&*entries[1].holder, &entries[1].kind), ("me", &note(701).1));
        assert_eq!(task_run_logs::after(&mut conn, "shop", 1, 0, 5).await.unwrap().len(), 5);
        assert_eq!(task_run_logs::last(&mut conn, "shop", 2).await.unwrap(), 0);
        let woken = until(async || {
            let wake = wakes.recv().await.unwrap();
            (wake.topic == Topic::TaskRunLog && !wake.subject.is_empty()).then_some(wake)
        }).await;
        assert_eq!(woken.subject, "a run");
    }

    async fn one_server_at_a_time_schedules(db: &Db) {
        let mut first = db.begin().await.unwrap();
        assert!(first.try_exclusive("task_run_schedule").await.unwrap());
        if db.backend_title() == "PostgreSQL" {
            let mut second = db.begin().await.unwrap();
            assert!(!second.try_exclusive("task_run_schedule").await.unwrap());
            assert!(second.try_exclusive("other").await.unwrap());
        }
        drop(first);
        let mut third = db.begin().await.unwrap();
        assert!(until(async || third.try_exclusive("task_run_schedule").await.unwrap().then_some(true)).await);
    }

    async fn wake_ups_come_after_the_commit_and_only_then(db: &Db) {
        rollout(db, 1).await;
        let mut wakes = db.wakes();
        let mut tx = db.begin().await.unwrap();
        tx.wake(Topic::Sync, "never").await.unwrap();
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        tx.wake(Topic::Sync, "instances/pg").await.unwrap();
        tx.wake(Topic::Sync, "instances/pg").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.wake(Topic::Sync, "last").await.unwrap();
        tx.commit().await.unwrap();
        let mut seen = Vec::new();
        while seen.last().is_none_or(|s| s != "last") {
            let wake = tokio::time::timeout(Duration::from_secs(10), wakes.recv()).await.unwrap().unwrap();
            if wake.topic == Topic::Sync && !wake.subject.is_empty() {
                seen.push(wake.subject);
            }
        }
        assert_eq!(seen, ["instances/pg", "last"]);
        let mut conn = db.read().await.unwrap();
        assert!(conn.wake(Topic::Sync, "x").await.is_err());
    }
}
