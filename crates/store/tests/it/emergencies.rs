//! Emergency runs: which wait for a review, and which of them too long; plans whose production runs first.

use std::time::Duration;

use store::rows::{Emergency, EmergencyPayload, EmergencyReview, Hotfix};
use store::{Filter, List, StoreError, emergencies, plans, projects};

use crate::support::{a_plan, a_project, at, shop};

fn an_emergency(id: &str, plan: i64, due: i64) -> Emergency {
    Emergency {
        project: "shop".into(),
        id: id.into(),
        plan,
        creator: "users/ann@x.org".into(),
        due_at: at(due),
        reviewed_at: None,
        payload: EmergencyPayload { reason: "down".into(), ..EmergencyPayload::default() },
        version: 0,
        created_at: at(1),
        updated_at: at(1),
    }
}

fn ids(rows: &[Emergency]) -> Vec<&str> {
    rows.iter().map(|r| r.id.as_str()).collect()
}

store_tests! {
    async fn a_review_is_due_until_it_is_done(db: &Db) {
        let mut tx = shop(db).await;
        let mut plan = a_plan("shop", "A change");
        plans::insert(&mut tx, &mut plan).await.unwrap();
        for (id, due) in [("e1", 10), ("e2", 20), ("e3", 30)] {
            emergencies::insert(&mut tx, &mut an_emergency(id, plan.id, due)).await.unwrap();
        }
        assert_eq!(ids(&emergencies::overdue(&mut tx, at(20)).await.unwrap()), ["e1", "e2"]);
        let mut first = emergencies::get(&mut tx, "shop", "e1").await.unwrap().unwrap();
        let mut stale = first.clone();
        first.reviewed_at = Some(at(21));
        let review = EmergencyReview { by: "users/bob@x.org".into(), justified: true, comment: "ok".into() };
        first.payload.review = Some(review);
        emergencies::update(&mut tx, &mut first, at(21)).await.unwrap();
        let late = emergencies::update(&mut tx, &mut stale, at(22)).await;
        assert!(matches!(late, Err(StoreError::Stale(_))), "a review counts once");
        assert_eq!(ids(&emergencies::overdue(&mut tx, at(20)).await.unwrap()), ["e2"]);
        let open = List::of(Filter::eq(emergencies::REVIEWED, false));
        assert_eq!(ids(&emergencies::list(&mut tx, &open).await.unwrap().items), ["e3", "e2"]);
        let all = List::of(Filter::eq(emergencies::PLAN, plan.id));
        let all = emergencies::list(&mut tx, &all).await.unwrap().items;
        assert_eq!((ids(&all), all[2].payload.clone()), (vec!["e3", "e2", "e1"], first.payload));
        projects::insert(&mut tx, &mut a_project("heir")).await.unwrap();
        assert!(projects::purge(&mut tx, "shop", "heir").await.unwrap(), "with its emergencies");
        assert!(emergencies::overdue(&mut tx, at(99)).await.unwrap().is_empty());
    }

    async fn plans_are_found_whose_production_runs_first(db: &Db) {
        let mut tx = shop(db).await;
        let (mut usual, mut hotfix) = (a_plan("shop", "A change"), a_plan("shop", "A change"));
        let why = Hotfix { reason: "down".into(), by: "users/ann@x.org".into(), at: at(1) };
        hotfix.payload.hotfix = Some(why);
        plans::insert(&mut tx, &mut usual).await.unwrap();
        plans::insert(&mut tx, &mut hotfix).await.unwrap();
        let marked = List::of(Filter::eq(plans::HOTFIX, true));
        let found = plans::list(&mut tx, &marked).await.unwrap().items;
        assert_eq!(found.iter().map(|p| p.id).collect::<Vec<_>>(), [hotfix.id]);
        let open = List::of(Filter::eq(plans::OPEN_TASKS, true));
        assert!(plans::list(&mut tx, &open).await.unwrap().items.is_empty(), "no tasks at all");
        hotfix.payload.hotfix = None;
        plans::update(&mut tx, &mut hotfix, at(1).plus(Duration::from_secs(1))).await.unwrap();
        assert!(plans::list(&mut tx, &marked).await.unwrap().items.is_empty());
    }
}
