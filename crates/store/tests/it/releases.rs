//! Releases.

use store::rows::{Release, ReleaseFile, ReleasePayload, RevisionKind, State, VcsKind, VcsSource};
use store::{Filter, List, StoreError, projects, releases};

use crate::support::{a_project, at, shop};

fn a_release(project: &str, train: &str, micros: i64) -> Release {
    let file = |version: &str| ReleaseFile {
        version: version.into(),
        path: format!("migrations/{version}.sql"),
        sheet_sha256: "ab".into(),
    };
    Release {
        project: project.into(),
        id: String::new(),
        train: train.into(),
        iteration: -1,
        kind: RevisionKind::Versioned,
        category: "Web".into(),
        creator: "users/ann@x.org".into(),
        state: State::Active,
        payload: ReleasePayload {
            files: vec![file("1.2"), file("1.10")],
            vcs_source: Some(VcsSource {
                kind: VcsKind::AzureDevops,
                url: "https://example.com/pr/1".into(),
            }),
            stream: "projects/shop/categories/Web".into(),
            accept_changed: String::new(),
        },
        version: 0,
        created_at: at(micros),
    }
}

store_tests! {
    async fn releases_are_counted_per_train_and_project(db: &Db) {
        let mut tx = shop(db).await;
        projects::insert(&mut tx, &mut a_project("other")).await.unwrap();
        let mut ids = Vec::new();
        for (project, train) in [("shop", "r1-RC"), ("shop", "r1-RC"), ("shop", "r2-RC"), ("other", "r1-RC")] {
            let mut row = a_release(project, train, 1);
            releases::insert(&mut tx, &mut row).await.unwrap();
            assert_eq!(row.version, 1);
            ids.push(row.id);
        }
        assert_eq!(ids, ["r1-RC00", "r1-RC01", "r2-RC00", "r1-RC00"]);
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        releases::insert(&mut tx, &mut a_release("shop", "r1-RC", 2)).await.unwrap();
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        let mut row = a_release("shop", "r1-RC", 2);
        releases::insert(&mut tx, &mut row).await.unwrap();
        assert_eq!((row.iteration, &*row.id), (2, "r1-RC02"));
        let found = releases::get(&mut tx, "shop", "r1-RC02").await.unwrap().unwrap();
        assert_eq!(format!("{found:?}"), format!("{row:?}"));
        assert!(releases::get(&mut tx, "other", "r1-RC02").await.unwrap().is_none());
        let nowhere = releases::insert(&mut tx, &mut a_release("nowhere", "r", 1)).await;
        assert!(matches!(nowhere, Err(StoreError::Reference(name)) if name == "projects/nowhere"));
    }

    async fn releases_of_a_project_are_paged_newest_first(db: &Db) {
        let mut tx = shop(db).await;
        projects::insert(&mut tx, &mut a_project("other")).await.unwrap();
        releases::insert(&mut tx, &mut a_release("other", "x", 9)).await.unwrap();
        for micros in [1, 1, 3, 2] {
            releases::insert(&mut tx, &mut a_release("shop", "r", micros)).await.unwrap();
        }
        let of_shop = Filter::eq(releases::PROJECT, "shop");
        let mut args = List { size: 3, filter: of_shop.clone(), ..List::default() };
        let mut seen = Vec::new();
        loop {
            let page = releases::list(&mut tx, &args).await.unwrap();
            seen.extend(page.items.into_iter().map(|r| r.id));
            args.token = page.next;
            if args.token.is_none() { break; }
        }
        assert_eq!(seen, ["r02", "r03", "r01", "r00"]);
        let mut n = async |f: Filter| releases::count(&mut tx, &of_shop.clone().and(f)).await.unwrap();
        assert_eq!(n(Filter::eq(releases::CATEGORY, "Web")).await, 4);
        assert_eq!(n(Filter::eq(releases::CATEGORY, "web")).await, 0);
        assert_eq!(n(Filter::Contains(releases::CATEGORY, "WE".into())).await, 4);
        assert_eq!(n(Filter::eq(releases::STATE, "DELETED")).await, 0);
        assert_eq!(n(Filter::eq(releases::TYPE, "VERSIONED")).await, 4);
    }

    async fn a_release_is_deleted_softly_and_only_in_the_version_that_was_read(db: &Db) {
        let mut tx = shop(db).await;
        let mut row = a_release("shop", "r", 1);
        releases::insert(&mut tx, &mut row).await.unwrap();
        let mut other = a_release("shop", "r", 2);
        other.category = String::new();
        releases::insert(&mut tx, &mut other).await.unwrap();
        assert_eq!(releases::categories(&mut tx, "shop").await.unwrap(), ["Web"]);
        let mut stale = row.clone();
        row.state = State::Deleted;
        row.payload.vcs_source = None;
        releases::update(&mut tx, &mut row).await.unwrap();
        let found = releases::get(&mut tx, "shop", "r00").await.unwrap().unwrap();
        assert_eq!(format!("{found:?}"), format!("{row:?}"));
        let refused = releases::update(&mut tx, &mut stale).await;
        assert!(matches!(refused, Err(StoreError::Stale(name)) if name == "projects/shop/releases/r00"));
        assert!(releases::categories(&mut tx, "shop").await.unwrap().is_empty());
        assert!(releases::categories(&mut tx, "other").await.unwrap().is_empty());
    }

    async fn a_purged_project_takes_its_releases_along(db: &Db) {
        let mut tx = shop(db).await;
        projects::insert(&mut tx, &mut a_project("heir")).await.unwrap();
        releases::insert(&mut tx, &mut a_release("shop", "r", 1)).await.unwrap();
        assert!(projects::purge(&mut tx, "shop", "heir").await.unwrap());
        assert!(releases::get(&mut tx, "shop", "r00").await.unwrap().is_none());
    }
}
