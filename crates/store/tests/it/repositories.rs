//! Watched repositories: who has one, what is due, what came of it, and messages that count once.

use std::time::Duration;

use base::Secret;
use store::rows::{
    CommitReport, Delivery, DeliveryStatus, Repository, RepositoryPayload, RepositoryState,
    RepositorySync, RepositorySyncPayload, RepositorySyncStatus, SyncTrigger,
};
use store::{List, StoreError, outbox, projects, repositories, repository_syncs};

use crate::support::{a_project, at, shop};

const LEASE: Duration = Duration::from_secs(60);

fn a_repository(id: &str) -> Repository {
    Repository {
        project: "shop".into(),
        id: id.into(),
        title: "acme/shop".into(),
        actor: "users/ann@x.org".into(),
        payload: RepositoryPayload { branch: "main".into(), ..RepositoryPayload::default() },
        version: 0,
        created_at: at(1),
        updated_at: at(1),
        state: RepositoryState::default(),
        checked_at: None,
        next_at: Some(at(5)),
        epoch: 0,
    }
}

fn a_sync(id: &str, status: RepositorySyncStatus) -> RepositorySync {
    RepositorySync {
        project: "shop".into(),
        repository: "r1".into(),
        id: id.into(),
        status,
        payload: RepositorySyncPayload {
            trigger: SyncTrigger::Webhook,
            ..RepositorySyncPayload::default()
        },
        created_at: at(2),
        updated_at: at(2),
        next_at: Some(at(2)),
        report: CommitReport::default(),
    }
}

store_tests! {
    async fn a_repository_is_claimed_once_and_a_change_ends_the_claim(db: &Db) {
        let mut tx = shop(db).await;
        let mut row = a_repository("r1");
        repositories::insert(&mut tx, &mut row).await.unwrap();
        assert!(repositories::due(&mut tx, at(4)).await.unwrap().is_empty());
        assert_eq!(repositories::next_due(&mut tx, at(4)).await.unwrap(), Some(at(5)));
        assert_eq!(repositories::due(&mut tx, at(5)).await.unwrap().len(), 1);
        let claimed = repositories::claim(&mut tx, &row, LEASE).await.unwrap().unwrap();
        assert!(repositories::claim(&mut tx, &row, LEASE).await.unwrap().is_none());
        assert!(repositories::due(&mut tx, at(9)).await.unwrap().is_empty(), "somebody has it");
        assert!(repositories::extend(&mut tx, &claimed, LEASE).await.unwrap());

        // Whoever changes it takes it away.
        row.title = "Shop".into();
        repositories::update(&mut tx, &mut row, at(6)).await.unwrap();
        assert!(!repositories::extend(&mut tx, &claimed, LEASE).await.unwrap());
        let late = repositories::settle(&mut tx, &claimed).await;
        assert!(matches!(late, Err(StoreError::Stale(_))), "{late:?}");
        let mut claimed = repositories::claim(&mut tx, &row, LEASE).await.unwrap().unwrap();
        claimed.state.commit = "c1".into();
        (claimed.checked_at, claimed.next_at) = (Some(at(7)), None);
        repositories::settle(&mut tx, &claimed).await.unwrap();
        let found = repositories::by_id(&mut tx, "r1").await.unwrap().unwrap();
        assert_eq!(found, claimed);
        assert!(repositories::due(&mut tx, at(99)).await.unwrap().is_empty());
        repositories::ask(&mut tx, &found, at(8)).await.unwrap();
        assert_eq!(repositories::due(&mut tx, at(8)).await.unwrap().len(), 1, "it was let go");
        let claimed = repositories::claim(&mut tx, &found, LEASE).await.unwrap().unwrap();
        repositories::let_go(&mut tx).await.unwrap();
        assert_eq!(repositories::due(&mut tx, at(8)).await.unwrap().len(), 1, "the server is new");
        assert!(repositories::settle(&mut tx, &claimed).await.is_err(), "and the old one is gone");
    }

    async fn what_came_of_it_is_listed_and_goes_with_it(db: &Db) {
        let mut tx = shop(db).await;
        let mut row = a_repository("r1");
        repositories::insert(&mut tx, &mut row).await.unwrap();
        repositories::put_token(&mut tx, &row, &Secret::from("token")).await.unwrap();
        repositories::put_webhook_secret(&mut tx, &row, &Secret::from("secret")).await.unwrap();
        for (id, status) in [
            ("s1", RepositorySyncStatus::Done),
            ("s2", RepositorySyncStatus::Waiting),
            ("s3", RepositorySyncStatus::Pending),
        ] {
            let mut sync = a_sync(id, status);
            if status == RepositorySyncStatus::Done {
                sync.next_at = None;
            }
            repository_syncs::insert(&mut tx, &sync).await.unwrap();
        }
        let ids = |rows: &[RepositorySync]| rows.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
        let all = repository_syncs::list(&mut tx, "shop", "r1", &List::default()).await.unwrap();
        assert_eq!(ids(&all.items), ["s3", "s2", "s1"]);
        assert_eq!(ids(&repository_syncs::newest(&mut tx, "shop").await.unwrap()), ["s3"]);
        assert_eq!(ids(&repository_syncs::open(&mut tx, "shop", "r1").await.unwrap()), ["s3"]);
        assert_eq!(ids(&repository_syncs::waiting(&mut tx, at(2)).await.unwrap()), ["s2"]);
        assert_eq!(repository_syncs::next_waiting(&mut tx, at(1)).await.unwrap(), Some(at(2)));
        let mut waits = all.items[1].clone();
        let told = CommitReport { state: "PENDING".into(), ..CommitReport::default() };
        repository_syncs::put_report(&mut tx, &waits, &told).await.unwrap();
        (waits.status, waits.next_at) = (RepositorySyncStatus::Done, Some(at(4)));
        repository_syncs::update(&mut tx, &mut waits, at(3)).await.unwrap();
        let followed = repository_syncs::waiting(&mut tx, at(4)).await.unwrap();
        assert_eq!(ids(&followed), ["s2"], "its rollout is looked at");
        assert_eq!(followed[0].report, told, "what changes a sync leaves what was told");
        let found = repository_syncs::get(&mut tx, "shop", "r1", "s2").await.unwrap();
        assert_eq!(found.as_ref(), followed.first());
        (waits.status, waits.next_at) = (RepositorySyncStatus::Done, None);
        repository_syncs::update(&mut tx, &mut waits, at(3)).await.unwrap();
        assert!(repository_syncs::waiting(&mut tx, at(9)).await.unwrap().is_empty());
        assert_eq!(repository_syncs::prune(&mut tx, at(9)).await.unwrap(), 2, "not what is open");

        assert!(repository_syncs::take(&mut tx, "r1", "h1", at(1)).await.unwrap());
        assert!(!repository_syncs::take(&mut tx, "r1", "h1", at(2)).await.unwrap());
        assert_eq!(repository_syncs::forget_taken(&mut tx, at(2)).await.unwrap(), 1);
        assert!(repository_syncs::take(&mut tx, "r1", "h1", at(3)).await.unwrap());

        let told = Delivery {
            id: "d1".into(),
            target: repositories::name("shop", "r1"),
            event: "commit.status".into(),
            status: DeliveryStatus::Pending,
            attempts: 0,
            next_at: at(1),
            error: String::new(),
            http_status: 0,
            payload: "{}".into(),
            created_at: at(1),
            finished_at: None,
        };
        outbox::insert(&mut tx, &told, None).await.unwrap();
        projects::insert(&mut tx, &mut a_project("heir")).await.unwrap();
        assert!(projects::purge(&mut tx, "shop", "heir").await.unwrap(), "with all of it");
        assert!(outbox::get(&mut tx, "d1").await.unwrap().is_none());
        assert!(repositories::by_id(&mut tx, "r1").await.unwrap().is_none());
        assert!(repositories::token(&mut tx, &row).await.unwrap().is_empty());
        assert!(repositories::webhook_secret(&mut tx, &row).await.unwrap().is_empty());
    }
}
