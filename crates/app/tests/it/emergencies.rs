//! A review that is overdue keeps its databases from normal rollouts, and from nothing else, until somebody else than the runner reviews.

use std::time::Duration;

use app::approval::vote;
use app::emergency::{self, REVIEW_OVERDUE, Review, State};
use app::rollout::{create, run_tasks, view};
use policy::approval::Decision;
use policy::rollout::TaskStatus;

use crate::governed::{DBA, DEV, Governed, OWNER, name, specs};

async fn emergency(it: &Governed, plan: i64, stage: &str) -> emergency::EmergencyView {
    let ask = emergency::Ask {
        parent: format!("projects/shop/plans/{plan}/rollout/stages/{stage}"),
        reason: "orders are lost".into(),
        incident_url: "https://tracker.example.com/INC-7".into(),
        notify: [DBA, DEV].map(|e| format!("users/{e}")).to_vec(),
        ..emergency::Ask::default()
    };
    emergency::run(&it.world.cx_of(OWNER), ask).await.unwrap()
}

async fn roll_out(it: &Governed, plan: i64) -> base::Result<view::RolloutView> {
    let ask = create::Ask { project: "shop".into(), plan, ..create::Ask::default() };
    create::create(&it.world.cx_of(DEV), ask).await
}

async fn run(it: &Governed, plan: i64, stage: &str) -> base::Result<()> {
    let (parent, tasks) = it.tasks(plan, stage).await;
    let ask = run_tasks::Ask { parent, tasks, ..run_tasks::Ask::default() };
    run_tasks::run(&it.world.cx_of(DEV), ask).await
}

async fn status(it: &Governed, plan: i64, stage: &str) -> (TaskStatus, Vec<String>) {
    let seen = view::get(&it.world.cx(), "shop", plan).await.unwrap();
    let task = &seen.stages.iter().find(|s| s.id == stage).unwrap().tasks[0];
    (task.task.status, task.blockers.iter().map(|b| b.reason.clone()).collect())
}

async fn becomes(it: &Governed, plan: i64, stage: &str, wanted: TaskStatus) {
    for _ in 0..3_000 {
        if status(it, plan, stage).await.0 == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never {wanted:?}: {:?}", status(it, plan, stage).await);
}

async fn filed(it: &Governed, table: &str, targets: &[(&str, &str)]) -> (i64, i64) {
    let sheet = it.sheet(&format!("CREATE TABLE {table} (id int);")).await;
    let targets = targets.iter().map(|(stage, database)| name(stage, database)).collect();
    let (plan, issue) = it.file(specs(&sheet, targets)).await;
    it.found(issue).await;
    (plan, issue)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overdue_review_blocks_the_databases_until_it_is_done() {
    let it = Governed::open().await;
    let (first, _) = filed(&it, "t1", &[("test", "one")]).await;
    let ran = emergency(&it, first, "test").await;
    becomes(&it, first, "test", TaskStatus::Done).await;
    assert_eq!(ran.state, State::Due);
    assert!(it.tables("test", "one").await.contains("t1"));

    // Made while the review is not overdue, and asked for later.
    let (second, _) = filed(&it, "t2", &[("test", "one")]).await;
    roll_out(&it, second).await.unwrap();
    let later = it.world.app.now().plus(Duration::from_secs(25 * 60 * 60));
    it.world.clock.to(&later.to_string());
    let id = ran.emergency.id.clone();
    let seen = emergency::get(&it.world.cx_of(DBA), "shop", &id).await.unwrap();
    assert_eq!((seen.state, seen.refusal.as_str()), (State::Overdue, ""));
    assert_eq!(status(&it, second, "test").await.1, [REVIEW_OVERDUE]);
    let refused = run(&it, second, "test").await.unwrap_err();
    let blocker = &refused.blockers()[0];
    assert_eq!(
        (blocker.reason.as_str(), blocker.subject.as_str()),
        (REVIEW_OVERDUE, format!("projects/shop/emergencies/{id}").as_str())
    );
    for part in ["users/owner@x.io", "users/dba@x.io", "ReviewEmergency"] {
        assert!(blocker.message.contains(part), "how to clear it: {}", blocker.message);
    }
    let (third, _) = filed(&it, "t3", &[("test", "one")]).await;
    let refused = roll_out(&it, third).await.unwrap_err();
    assert_eq!(refused.blockers()[0].reason, REVIEW_OVERDUE);
    // Another database goes on, and so does another emergency.
    let (other, _) = filed(&it, "t4", &[("test", "two"), ("test", "one")]).await;
    roll_out(&it, other).await.expect("not every database waits");
    let again = emergency(&it, third, "test").await;
    assert!(again.emergency.payload.passed.iter().any(|p| p.reason == REVIEW_OVERDUE));
    becomes(&it, third, "test", TaskStatus::Done).await;

    let review = |id: &str| Review {
        project: "shop".into(),
        id: id.to_owned(),
        justified: Some(false),
        comment: "It could have waited.".into(),
    };
    let own = emergency::review(&it.world.cx_of(OWNER), review(&id)).await.unwrap_err();
    assert_eq!(own.reason(), base::Reason::NotAllowed, "never who ran it");
    emergency::review(&it.world.cx_of(DEV), review(&id)).await.unwrap();
    run(&it, second, "test").await.expect("nothing is in the way any more");
    becomes(&it, second, "test", TaskStatus::Done).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_in_the_queue_waits_for_the_review_and_goes_on_after_it() {
    let it = Governed::open().await;
    let (first, _) = filed(&it, "t1", &[("test", "one")]).await;
    let ran = emergency(&it, first, "test").await;
    becomes(&it, first, "test", TaskStatus::Done).await;
    let (second, _) = filed(&it, "t2", &[("test", "one")]).await;
    roll_out(&it, second).await.unwrap();
    let (parent, tasks) = it.tasks(second, "test").await;
    let due = ran.emergency.due_at;
    // By the database's clock it is due at once; by ours the review is overdue when the queue looks.
    let soon = it.world.app.now().plus(Duration::from_secs(2));
    let ask = run_tasks::Ask { parent, tasks, run_at: Some(soon), ..run_tasks::Ask::default() };
    run_tasks::run(&it.world.cx_of(DEV), ask).await.unwrap();
    it.world.clock.to(&due.plus(Duration::from_secs(60)).to_string());
    for _ in 0..3_000 {
        if status(&it, second, "test").await.1 == [REVIEW_OVERDUE] {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        status(&it, second, "test").await,
        (TaskStatus::Pending, vec![REVIEW_OVERDUE.to_owned()])
    );
    assert!(!it.tables("test", "one").await.contains("t2"));
    let review = Review {
        project: "shop".into(),
        id: ran.emergency.id,
        justified: Some(true),
        comment: "It had to be.".into(),
    };
    emergency::review(&it.world.cx_of(DBA), review).await.unwrap();
    becomes(&it, second, "test", TaskStatus::Done).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_in_the_queue_waits_for_an_approval_that_is_required_meanwhile() {
    let it = Governed::open().await;
    let require = async |on: bool| {
        let mut tx = it.world.app.store.begin().await.unwrap();
        let mut project = store::projects::get(&mut tx, "shop").await.unwrap().unwrap();
        project.payload.require_issue_approval = on;
        store::projects::update(&mut tx, &mut project, it.world.app.now()).await.unwrap();
        tx.commit().await.unwrap();
    };
    require(false).await;
    let (plan, issue) = filed(&it, "t1", &[("prod", "one")]).await;
    roll_out(&it, plan).await.unwrap();
    let (parent, tasks) = it.tasks(plan, "prod").await;
    let soon = it.world.app.now().plus(Duration::from_secs(1));
    let ask = run_tasks::Ask { parent, tasks, run_at: Some(soon), ..run_tasks::Ask::default() };
    run_tasks::run(&it.world.cx_of(DEV), ask).await.expect("nobody asks yet");
    require(true).await;
    for _ in 0..3_000 {
        if status(&it, plan, "prod").await.1 == ["APPROVAL"] {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        status(&it, plan, "prod").await,
        (TaskStatus::Pending, vec!["APPROVAL".to_owned()]),
        "its time has come, its approval has not"
    );
    assert!(it.tables("prod", "one").await.is_empty());
    let reopened = async |by: &str| {
        let ask = vote::Ask { project: "shop".into(), issue, ..vote::Ask::default() };
        vote::vote(&it.world.cx_of(by), ask, Decision::Approved).await
    };
    reopened(OWNER).await.unwrap();
    assert_eq!(status(&it, plan, "prod").await.0, TaskStatus::Pending, "one step of two");
    reopened(DBA).await.unwrap();
    becomes(&it, plan, "prod", TaskStatus::Done).await;
    assert!(it.tables("prod", "one").await.contains("t1"));
}
