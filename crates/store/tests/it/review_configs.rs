//! Configurations of SQL review.

use serde_json::json;
use store::rows::{ReviewConfig, ReviewConfigPayload};
use store::{StoreError, projects, review_configs};

use crate::support::{a_project, at, shop};

fn a_config(id: &str, resources: &[&str]) -> ReviewConfig {
    ReviewConfig {
        id: id.into(),
        title: "Production".into(),
        payload: ReviewConfigPayload {
            enabled: true,
            rules: vec![json!({"rule": "TABLE_REQUIRE_PK", "level": "ERROR"})],
            exceptions: vec![json!({"table": "tmp_*", "reason": "lives for a day"})],
            refuse_suppression: true,
        },
        resources: resources.iter().map(ToString::to_string).collect(),
        version: 0,
        created_at: at(1),
        updated_at: at(1),
    }
}

store_tests! {
    async fn configs_are_written_read_and_found_by_what_they_are_attached_to(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let mut prod = a_config("prod", &["projects/shop", "environments/prod"]);
        review_configs::insert(&mut tx, &mut prod).await.unwrap();
        assert_eq!((prod.version, &*prod.resources[0]), (1, "environments/prod"));
        review_configs::insert(&mut tx, &mut a_config("dev", &[])).await.unwrap();
        let found = review_configs::get(&mut tx, "prod").await.unwrap().unwrap();
        assert_eq!(format!("{found:?}"), format!("{prod:?}"));
        let of = review_configs::of_resource(&mut tx, "projects/shop").await.unwrap().unwrap();
        assert_eq!(format!("{of:?}"), format!("{prod:?}"));
        assert!(review_configs::of_resource(&mut tx, "projects/sho").await.unwrap().is_none());
        let all = review_configs::all(&mut tx).await.unwrap();
        let ids: Vec<_> = all.iter().map(|c| (&*c.id, c.resources.len())).collect();
        assert_eq!(ids, [("dev", 0), ("prod", 2)]);

        prod.title = "Strict".into();
        prod.payload.enabled = false;
        prod.resources = vec!["environments/prod".into()];
        let mut stale = prod.clone();
        review_configs::update(&mut tx, &mut prod, at(2)).await.unwrap();
        let found = review_configs::get(&mut tx, "prod").await.unwrap().unwrap();
        assert_eq!(format!("{found:?}"), format!("{prod:?}"));
        assert_eq!((found.version, found.updated_at, &*found.title), (2, at(2), "Strict"));
        assert!(review_configs::of_resource(&mut tx, "projects/shop").await.unwrap().is_none());
        let late = review_configs::update(&mut tx, &mut stale, at(3)).await;
        assert!(matches!(late, Err(StoreError::Stale(name)) if name == "reviewConfigs/prod"));

        review_configs::detach(&mut tx, "environments/prod").await.unwrap();
        assert!(review_configs::get(&mut tx, "prod").await.unwrap().unwrap().resources.is_empty());
        assert!(review_configs::delete(&mut tx, "prod").await.unwrap());
        assert!(!review_configs::delete(&mut tx, "prod").await.unwrap());
    }

    async fn a_taken_id_and_a_taken_resource_are_told(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        review_configs::insert(&mut tx, &mut a_config("prod", &["projects/a"])).await.unwrap();
        tx.commit().await.unwrap();
        for (config, taken) in [
            (a_config("prod", &[]), "reviewConfigs/prod"),
            (a_config("dev", &["projects/a"]), "projects/a"),
        ] {
            let mut tx = db.begin().await.unwrap();
            let refused = review_configs::insert(&mut tx, &mut config.clone()).await;
            assert!(matches!(&refused, Err(StoreError::Exists(name)) if name == taken), "{refused:?}");
        }
        // A configuration goes with its attachments.
        let mut tx = db.begin().await.unwrap();
        assert!(review_configs::delete(&mut tx, "prod").await.unwrap());
        review_configs::insert(&mut tx, &mut a_config("dev", &["projects/a"])).await.unwrap();
    }

    async fn a_purged_project_is_detached(db: &Db) {
        let mut tx = shop(db).await;
        projects::insert(&mut tx, &mut a_project("heir")).await.unwrap();
        review_configs::insert(&mut tx, &mut a_config("c", &["projects/shop"])).await.unwrap();
        assert!(projects::purge(&mut tx, "shop", "heir").await.unwrap());
        assert!(review_configs::get(&mut tx, "c").await.unwrap().unwrap().resources.is_empty());
    }
}
