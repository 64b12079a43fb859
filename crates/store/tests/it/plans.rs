//! Sheets, plans, their checks, issues and comments.

use std::time::Duration;

use policy::rollout::TaskStatus;
use store::blobs::{self, Packed};
use store::rows::{
    ChangeDatabase, CheckLevel, CheckResult, CheckStatus, Issue, IssueComment, IssueEvent,
    IssueKind, IssuePayload, IssueStatus, Spec, SpecConfig,
};
use store::{
    Filter, List, Order, StoreError, issue_comments, issues, plan_checks, plans, projects, sheets,
};

use crate::support::{a_plan, a_project, a_task, at, shop, texts};

const LEASE: Duration = Duration::from_secs(60);

fn an_issue(plan: Option<i64>, title: &str) -> Issue {
    Issue {
        project: "shop".into(),
        id: 0,
        plan,
        kind: IssueKind::DatabaseChange,
        title: title.into(),
        description: "Because".into(),
        status: IssueStatus::Open,
        draft: false,
        creator: "users/ann@x.org".into(),
        payload: IssuePayload::default(),
        version: 0,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn a_change(sheet: &str) -> Spec {
    let change = ChangeDatabase { sheet: sheet.into(), ..ChangeDatabase::default() };
    Spec { id: "s1".into(), config: SpecConfig::ChangeDatabase(change) }
}

store_tests! {
    async fn one_text_is_kept_once_for_all_projects(db: &Db) {
        let mut tx = shop(db).await;
        projects::insert(&mut tx, &mut a_project("other")).await.unwrap();
        let packed = Packed::new(b"SELECT 1;\n".repeat(20_000)).await.unwrap();
        let first = sheets::insert(&mut tx, "shop", &packed, "users/a", at(1)).await.unwrap();
        let again = sheets::insert(&mut tx, "shop", &packed, "users/b", at(2)).await.unwrap();
        assert_eq!((again.creator, again.created_at, again.size), ("users/a".into(), at(1), 200_000));
        assert!(sheets::get(&mut tx, "other", &first.sha256).await.unwrap().is_none());
        sheets::insert(&mut tx, "other", &packed, "users/b", at(2)).await.unwrap();
        assert_eq!(sheets::get_many(&mut tx, "other", &[first.sha256.clone(), "no".into()]).await.unwrap().len(), 1);
        let text = blobs::text(&mut tx, &first.sha256).await.unwrap().unwrap();
        assert_eq!(text.len(), 200_000);
        let (head, size) = blobs::head(&mut tx, &first.sha256, 9).await.unwrap().unwrap();
        assert_eq!((head.as_slice(), size), (&b"SELECT 1;"[..], 200_000));
        assert_eq!(blobs::size(&mut tx, "no").await.unwrap(), None);
        let some = [first.sha256.clone(), "no".to_owned()];
        assert_eq!(blobs::sizes(&mut tx, &some).await.unwrap(), [(first.sha256.clone(), 200_000)].into());
        assert!(blobs::get(&mut tx, "no").await.unwrap().is_none());
        assert!(blobs::head(&mut tx, "no", 9).await.unwrap().is_none());
        let small = blobs::put_bytes(&mut tx, "x").await.unwrap();
        assert_eq!(blobs::text(&mut tx, &small).await.unwrap().as_deref(), Some("x"));
        let nowhere = sheets::insert(&mut tx, "nowhere", &packed, "users/a", at(1)).await;
        assert!(matches!(nowhere, Err(StoreError::Reference(_))), "{nowhere:?}");
    }

    async fn plans_are_counted_per_project(db: &Db) {
        let mut tx = shop(db).await;
        projects::insert(&mut tx, &mut a_project("other")).await.unwrap();
        let mut ids = Vec::new();
        for project in ["shop", "shop", "other"] {
            let mut plan = a_plan(project, "x");
            plans::insert(&mut tx, &mut plan).await.unwrap();
            ids.push(plan.id);
        }
        assert_eq!(ids, [1, 2, 1]);
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        plans::insert(&mut tx, &mut a_plan("shop", "rolled back")).await.unwrap();
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        let mut plan = a_plan("shop", "x");
        plans::insert(&mut tx, &mut plan).await.unwrap();
        assert_eq!(plan.id, 3);
        let nowhere = plans::insert(&mut tx, &mut a_plan("nowhere", "x")).await;
        assert!(matches!(nowhere, Err(StoreError::Reference(name)) if name == "projects/nowhere"));
    }

    async fn two_people_editing_one_plan(db: &Db) {
        let mut tx = shop(db).await;
        let mut plan = a_plan("shop", "Add a column");
        plan.payload.specs.push(a_change("projects/shop/sheets/ab"));
        plans::insert(&mut tx, &mut plan).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let mut ann = plans::get(&mut tx, "shop", plan.id).await.unwrap().unwrap();
        let mut bob = plans::get_for_update(&mut tx, "shop", plan.id).await.unwrap().unwrap();
        assert_eq!((ann.payload.clone(), ann.input_version), (plan.payload.clone(), 1));
        (ann.has_rollout, ann.input_version) = (true, 2);
        plans::update(&mut tx, &mut ann, at(1)).await.unwrap();
        assert!(matches!(plans::update(&mut tx, &mut bob, at(2)).await, Err(StoreError::Stale(_))));
        let found = plans::get_many(&mut tx, &[("shop".into(), 1), ("shop".into(), 9)]).await.unwrap();
        assert_eq!((found.len(), found[0].version, found[0].has_rollout, found[0].input_version), (1, 2, true, 2));
        let rolled = Filter::eq(plans::HAS_ROLLOUT, true).and(Filter::eq(plans::SPEC_KIND, "change_database"));
        assert_eq!(plans::count(&mut tx, &rolled).await.unwrap(), 1);
        let mut tasks = vec![a_task(&ann, "test"), a_task(&ann, "test"), a_task(&ann, "")];
        store::tasks::insert_many(&mut tx, &mut tasks).await.unwrap();
        let migrates = Filter::is_in(plans::TASK_KIND, ["DATABASE_MIGRATE"]);
        assert_eq!(plans::count(&mut tx, &migrates).await.unwrap(), 1);
        assert_eq!(plans::count(&mut tx, &Filter::eq(plans::TASK_KIND, "DATABASE_CREATE")).await.unwrap(), 0);
        let counts = plans::task_counts(&mut tx, &[("shop".into(), 1), ("shop".into(), 2)]).await.unwrap();
        let count = |environment: Option<&str>, count| plans::TaskCount {
            environment: environment.map(Into::into), status: TaskStatus::NotStarted, count,
        };
        assert_eq!(counts[&("shop".to_owned(), 1)], [count(None, 1), count(Some("test"), 2)]);
        assert_eq!(counts.len(), 1);
    }

    async fn plans_of_one_project_are_paged_newest_first(db: &Db) {
        let mut tx = shop(db).await;
        projects::insert(&mut tx, &mut a_project("aaa")).await.unwrap();
        for i in 0..7 {
            plans::insert(&mut tx, &mut a_plan("aaa", "other")).await.unwrap();
            let mut plan = a_plan("shop", &format!("Plan {i}"));
            plan.created_at = at(i % 3);
            plans::insert(&mut tx, &mut plan).await.unwrap();
        }
        let of_shop = Filter::eq(plans::PROJECT, "shop");
        let mut args = List { size: 3, filter: of_shop.clone(), ..List::default() };
        let mut seen = Vec::new();
        loop {
            let page = plans::list(&mut tx, &args).await.unwrap();
            seen.extend(page.items.iter().map(|p| p.id));
            args.token = page.next;
            if args.token.is_none() { break; }
        }
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
        args.order = vec![Order { field: plans::CREATED, descending: false }];
        let mut seen = Vec::new();
        loop {
            let page = plans::list(&mut tx, &args).await.unwrap();
            seen.extend(page.items.iter().map(|p| p.id));
            args.token = page.next;
            if args.token.is_none() { break; }
        }
        assert_eq!(seen, [7, 4, 1, 5, 2, 6, 3]);
        let one = List { size: 1, ..List::of(of_shop.and(Filter::eq(plans::ID, 4))) };
        let page = plans::list(&mut tx, &one).await.unwrap();
        assert_eq!((page.items.len(), page.next), (1, None));
    }

    async fn checks_are_claimed_once_and_finished_by_their_holder(db: &Db) {
        let mut tx = shop(db).await;
        for _ in 0..2 {
            let mut plan = a_plan("shop", "x");
            plans::insert(&mut tx, &mut plan).await.unwrap();
            plan_checks::request(&mut tx, "shop", plan.id, 1, at(plan.id)).await.unwrap();
        }
        let first = plan_checks::claim(&mut tx, LEASE, 1, at(3)).await.unwrap().remove(0);
        assert_eq!((first.plan, first.status, first.claim_epoch), (1, CheckStatus::Running, 1));
        let rest = plan_checks::claim(&mut tx, LEASE, 9, at(3)).await.unwrap();
        assert_eq!(rest.iter().map(|c| c.plan).collect::<Vec<_>>(), [2]);
        plan_checks::extend(&mut tx, &first, LEASE).await.unwrap();
        let result = CheckResult { level: CheckLevel::Warning, affected_rows: i64::MAX, ..CheckResult::default() };
        plan_checks::finish(&mut tx, &first, CheckStatus::Done, std::slice::from_ref(&result), "", at(4)).await.unwrap();
        let found = plan_checks::get(&mut tx, "shop", 1).await.unwrap().unwrap();
        assert_eq!((found.status, found.results.clone(), found.lease_until), (CheckStatus::Done, vec![result], None));
        assert!(matches!(plan_checks::extend(&mut tx, &first, LEASE).await, Err(StoreError::LostLease(_))));

        // Asked for again while it runs: the old holder's results must not land.
        plan_checks::request(&mut tx, "shop", 2, 2, at(5)).await.unwrap();
        let late = plan_checks::finish(&mut tx, &rest[0], CheckStatus::Failed, &[], "x", at(6)).await;
        assert!(matches!(late, Err(StoreError::LostLease(_))));
        let both = plan_checks::of_many(&mut tx, &[("shop".into(), 1), ("shop".into(), 2), ("shop".into(), 3)]).await.unwrap();
        assert_eq!(both.len(), 2);
        assert!(plan_checks::cancel(&mut tx, "shop", 2, at(7)).await.unwrap());
        assert!(!plan_checks::cancel(&mut tx, "shop", 2, at(7)).await.unwrap());
        assert!(plan_checks::claim(&mut tx, LEASE, 9, at(8)).await.unwrap().is_empty());
    }

    async fn one_spec_is_checked_anew_and_what_was_found_in_others_stays(db: &Db) {
        let mut tx = shop(db).await;
        plans::insert(&mut tx, &mut a_plan("shop", "x")).await.unwrap();
        let result = |spec: &str| CheckResult { spec: spec.to_owned(), ..CheckResult::default() };
        let all = [result("a"), result("b"), result("c")];
        // Nothing is known yet, so all are checked.
        plan_checks::request_spec(&mut tx, "shop", 1, 1, "a", at(0)).await.unwrap();
        let first = plan_checks::claim(&mut tx, LEASE, 1, at(1)).await.unwrap().remove(0);
        assert_eq!((first.specs.len(), first.results.len()), (0, 0));
        plan_checks::finish(&mut tx, &first, CheckStatus::Done, &all, "", at(2)).await.unwrap();
        // The second joins the first, which waits still.
        for spec in ["a", "c", "a"] {
            plan_checks::request_spec(&mut tx, "shop", 1, 1, spec, at(3)).await.unwrap();
        }
        let second = plan_checks::claim(&mut tx, LEASE, 1, at(4)).await.unwrap().remove(0);
        assert_eq!(second.specs, ["a", "c"]);
        assert_eq!(second.results, [result("b")]);
        plan_checks::finish(&mut tx, &second, CheckStatus::Done, &all, "", at(5)).await.unwrap();
        // What is known is of an older version of the plan, or of nobody knows which spec.
        plan_checks::request_spec(&mut tx, "shop", 1, 2, "a", at(6)).await.unwrap();
        let third = plan_checks::claim(&mut tx, LEASE, 1, at(7)).await.unwrap().remove(0);
        assert_eq!((third.specs.len(), third.results.len(), third.input_version), (0, 0, 2));
        let old = [result("")];
        plan_checks::finish(&mut tx, &third, CheckStatus::Done, &old, "", at(8)).await.unwrap();
        plan_checks::request_spec(&mut tx, "shop", 1, 2, "a", at(9)).await.unwrap();
        assert!(plan_checks::get(&mut tx, "shop", 1).await.unwrap().unwrap().results.is_empty());
    }

    async fn a_check_whose_holder_died_is_run_again(db: &Db) {
        let mut tx = shop(db).await;
        plans::insert(&mut tx, &mut a_plan("shop", "x")).await.unwrap();
        plan_checks::request(&mut tx, "shop", 1, 1, at(0)).await.unwrap();
        let dead = plan_checks::claim(&mut tx, Duration::ZERO, 1, at(1)).await.unwrap().remove(0);
        tx.commit().await.unwrap();
        let again = until(async || {
            let mut tx = db.begin().await.unwrap();
            let claimed = plan_checks::claim(&mut tx, LEASE, 1, at(2)).await.unwrap();
            tx.commit().await.unwrap();
            claimed.into_iter().next()
        }).await;
        assert_eq!(again.claim_epoch, dead.claim_epoch + 1);
        let mut tx = db.begin().await.unwrap();
        assert!(plan_checks::finish(&mut tx, &dead, CheckStatus::Done, &[], "", at(3)).await.is_err());
        plan_checks::finish(&mut tx, &again, CheckStatus::Failed, &[], "no server", at(3)).await.unwrap();
        assert_eq!(plan_checks::get(&mut tx, "shop", 1).await.unwrap().unwrap().error, "no server");
    }

    async fn an_issue_belongs_to_one_plan(db: &Db) {
        let mut tx = shop(db).await;
        plans::insert(&mut tx, &mut a_plan("shop", "x")).await.unwrap();
        let mut issue = an_issue(Some(1), "Größe ändern");
        issue.payload.labels = texts(["urgent", "db"]);
        issues::insert(&mut tx, &mut issue).await.unwrap();
        let mut loose = an_issue(None, "Other");
        issues::insert(&mut tx, &mut loose).await.unwrap();
        issues::insert(&mut tx, &mut an_issue(None, "Third")).await.unwrap();
        issue.status = IssueStatus::Done;
        issues::update(&mut tx, &mut issue, at(3)).await.unwrap();
        assert!(matches!(issues::update(&mut tx, &mut Issue { version: 1, ..issue.clone() }, at(4)).await, Err(StoreError::Stale(_))));
        let found = issues::get(&mut tx, "shop", 1).await.unwrap().unwrap();
        assert_eq!((found.status, found.payload, found.plan), (IssueStatus::Done, issue.payload, Some(1)));
        assert_eq!(issues::of_plans(&mut tx, &[("shop".into(), 1), ("shop".into(), 2)]).await.unwrap().len(), 1);
        assert_eq!(issues::get_many(&mut tx, &[("shop".into(), 2)]).await.unwrap()[0].title, "Other");
        let mut ids = async |filter: Filter| {
            let args = List { order: vec![Order { field: issues::UPDATED, descending: true }], ..List::of(filter) };
            let page = issues::list(&mut tx, &args).await.unwrap();
            page.items.into_iter().map(|i| i.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(Filter::eq(issues::PROJECT, "shop")).await, [1, 3, 2]);
        assert_eq!(ids(Filter::eq(issues::LABELS, "db")).await, [1]);
        assert_eq!(ids(Filter::is_in(issues::LABELS, ["d", "urgent"])).await, [1]);
        assert_eq!(ids(Filter::Contains(issues::TEXT, "GRÖSSE".into())).await, [0_i64; 0]);
        assert_eq!(ids(Filter::Contains(issues::TEXT, "GRÖßE".into())).await, [1]);
        assert_eq!(ids(Filter::Contains(issues::TEXT, "because".into())).await, [1, 3, 2]);
        assert_eq!(ids(Filter::Ge(issues::UPDATED, at(3).into())).await, [1]);
        assert_eq!(issues::count(&mut tx, &Filter::eq(issues::STATUS, "OPEN")).await.unwrap(), 2);
        let second = issues::insert(&mut tx, &mut an_issue(Some(1), "Again")).await;
        assert!(matches!(second, Err(StoreError::Exists(name)) if name == "the issue of projects/shop/plans/1"));
    }

    async fn a_timeline_is_read_in_order_and_edited_once(db: &Db) {
        let mut tx = shop(db).await;
        issues::insert(&mut tx, &mut an_issue(None, "x")).await.unwrap();
        let comment = |id: &str, event| IssueComment {
            thread: None,
            id: id.into(),
            project: "shop".into(),
            issue: 1,
            creator: "users/ann@x.org".into(),
            comment: format!("comment {id}"),
            event,
            created_at: at(0),
            updated_at: at(0),
        };
        issue_comments::insert(&mut tx, &comment("2", Some(IssueEvent::ReviewSubmission))).await.unwrap();
        issue_comments::insert(&mut tx, &comment("1", None)).await.unwrap();
        let mut one = issue_comments::get(&mut tx, "1").await.unwrap().unwrap();
        let mut late = one.clone();
        one.comment = "edited".into();
        issue_comments::update(&mut tx, &mut one, at(5)).await.unwrap();
        assert!(matches!(issue_comments::update(&mut tx, &mut late, at(6)).await, Err(StoreError::Stale(_))));
        let page = issue_comments::list(&mut tx, "shop", 1, &List::default()).await.unwrap();
        let seen: Vec<_> = page.items.iter().map(|c| (&*c.comment, c.event.clone())).collect();
        assert_eq!(seen, [("edited", None), ("comment 2", Some(IssueEvent::ReviewSubmission))]);
        assert!(issue_comments::list(&mut tx, "shop", 2, &List::default()).await.unwrap().items.is_empty());
        let orphan = issue_comments::insert(&mut tx, &IssueComment { issue: 9, ..comment("3", None) }).await;
        assert!(matches!(orphan, Err(StoreError::Reference(_))));
    }
}

/// Asks until there is an answer: the database's clock has to move on.
pub async fn until<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..10_000 {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::task::yield_now().await;
    }
    panic!("no answer");
}
