//! Instances and databases.

use std::collections::BTreeSet;

use base::Secret;
use store::rows::{DataSourceSecrets, DatabasePayload, InstanceRole, State, SyncStatus};
use store::{Filter, List, databases, instances, secrets};

use crate::support::{a_database, an_instance, at, labels, shop, texts};

store_tests! {
    async fn an_instance_keeps_what_people_set_apart_from_what_a_sync_found(db: &Db) {
        let mut tx = shop(db).await;
        let mut pg = instances::get(&mut tx, "pg").await.unwrap().unwrap();
        let found = instances::Found {
            engine_version: "16.2".into(),
            identity: "72".into(),
            roles: vec![InstanceRole { name: "app".into(), attributes: "LOGIN".into() }],
        };
        let synced = instances::Synced { status: SyncStatus::Ok, error: String::new(), at: at(3), found: Some(found) };
        assert!(instances::record_sync(&mut tx, "pg", &synced).await.unwrap());
        assert!(!instances::record_sync(&mut tx, "no", &synced).await.unwrap());
        pg.title = "Main".into();
        pg.labels = labels([("dc", "eu")]);
        instances::update(&mut tx, &mut pg, at(4)).await.unwrap();
        let failed = instances::Synced { status: SyncStatus::Failed, error: "refused".into(), at: at(5), found: None };
        instances::record_sync(&mut tx, "pg", &failed).await.unwrap();
        let now = instances::get(&mut tx, "pg").await.unwrap().unwrap();
        assert_eq!((&*now.title, &*now.engine_version, now.version), ("Main", "16.2", 2));
        assert_eq!((now.sync_status, &*now.sync_error, now.synced_at), (SyncStatus::Failed, "refused", Some(at(5))));
        assert_eq!(now.labels, pg.labels);
        assert_eq!(now.payload.data_sources, pg.payload.data_sources);
    }

    async fn secrets_of_data_sources_are_not_readable_in_the_store(db: &Db) {
        let mut tx = shop(db).await;
        let given = DataSourceSecrets {
            password: Secret::from("hunter2"),
            ssl_ca: Secret::from("-----BEGIN"),
            ..DataSourceSecrets::default()
        };
        instances::put_secrets(&mut tx, "pg", "admin", &given).await.unwrap();
        instances::put_secrets(&mut tx, "pg", "ro/1", &given).await.unwrap();
        let found = instances::secrets(&mut tx, "pg").await.unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found["admin"].password.expose(), "hunter2");
        assert_eq!(found["ro/1"].ssl_ca.expose(), "-----BEGIN");
        assert!(found["admin"].ssl_key.is_empty());
        let pg = ["instances/pg".to_owned()];
        assert_eq!(secrets::fields_of(&mut tx, &pg).await.unwrap()["instances/pg"].len(), 4);
        let cleared = DataSourceSecrets { password: Secret::default(), ..given };
        instances::put_secrets(&mut tx, "pg", "admin", &cleared).await.unwrap();
        assert!(instances::secrets(&mut tx, "pg").await.unwrap()["admin"].password.is_empty());
        secrets::delete_all_of(&mut tx, "instances/pg").await.unwrap();
        assert!(instances::secrets(&mut tx, "pg").await.unwrap().is_empty());
    }

    async fn instances_are_found_by_host_port_engine_and_label(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        for id in ["a", "b"] {
            let mut row = an_instance(id);
            row.labels = labels([("dc", id)]);
            instances::insert(&mut tx, &mut row).await.unwrap();
        }
        let mut ids = async |filter: Filter| {
            let page = instances::list(&mut tx, &List::of(filter)).await.unwrap();
            page.items.into_iter().map(|i| i.id).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(ids(Filter::eq(instances::HOST, "a.example.com")).await, "a");
        assert_eq!(ids(Filter::eq(instances::HOST, "example.com")).await, "");
        assert_eq!(ids(Filter::eq(instances::HOST, "_.example.com")).await, "");
        assert_eq!(ids(Filter::Contains(instances::HOST, "Example".into())).await, "a b");
        assert_eq!(ids(Filter::is_in(instances::HOST, ["a.example.com", "b.example.com"])).await, "a b");
        assert_eq!(ids(Filter::eq(instances::PORT, "5432")).await, "a b");
        assert_eq!(ids(Filter::eq(instances::PORT, "543")).await, "");
        assert_eq!(ids(Filter::eq(instances::ENGINE, 3)).await, "a b");
        let label = |v: &str| Filter::Label { owner: instances::LABELS, key: "dc".into(), values: texts([v]) };
        assert_eq!(ids(label("b")).await, "b");
        assert_eq!(ids(Filter::Not(Box::new(label("b")))).await, "a");
        assert_eq!(instances::count(&mut tx, &label("a")).await.unwrap(), 1);
    }

    async fn a_database_has_its_own_environment_or_the_instances(db: &Db) {
        let mut tx = shop(db).await;
        let mut app = databases::get(&mut tx, "pg", "app").await.unwrap().unwrap();
        assert_eq!((app.environment.as_deref(), app.effective_environment.as_deref()), (None, Some("test")));
        app.environment = Some("prod".into());
        app.labels = labels([("tenant", "eu")]);
        databases::update(&mut tx, &mut app, at(1)).await.unwrap();
        let again = databases::get_by_id(&mut tx, &app.id).await.unwrap().unwrap();
        assert_eq!((again.effective_environment.as_deref(), again.labels), (Some("prod"), app.labels.clone()));
        let prod = Filter::eq(databases::ENVIRONMENT, "prod");
        assert_eq!(databases::count(&mut tx, &prod).await.unwrap(), 1);
        let test = Filter::is_in(databases::ENVIRONMENT, ["test"]);
        assert_eq!(databases::count(&mut tx, &test).await.unwrap(), 0);
        let eu = Filter::Label { owner: databases::LABELS, key: "tenant".into(), values: texts(["eu", "us"]) };
        assert_eq!(databases::list(&mut tx, &List::of(eu)).await.unwrap().items.len(), 1);
    }

    async fn a_sync_adds_removes_and_brings_back(db: &Db) {
        let mut tx = shop(db).await;
        let mut new: Vec<_> = (0..1_100).map(|i| a_database("pg", &format!("d{i:04}"), "shop")).collect();
        new[7].labels = labels([("a", "b")]);
        databases::insert_many(&mut tx, &mut new).await.unwrap();
        let all = databases::of_instance(&mut tx, "pg").await.unwrap();
        assert_eq!((all.len(), &*all[1].name, all[8].labels.len()), (1_101, "d0000", 1));
        let gone: Vec<String> = all.iter().take(600).map(|d| d.id.clone()).collect();
        databases::set_state(&mut tx, &gone, State::Deleted, at(2)).await.unwrap();
        let deleted = Filter::eq(databases::STATE, "DELETED");
        assert_eq!(databases::count(&mut tx, &deleted).await.unwrap(), 600);
        databases::set_state(&mut tx, &gone[..1], State::Active, at(3)).await.unwrap();
        assert_eq!(databases::count(&mut tx, &deleted).await.unwrap(), 599);
        let keys: Vec<_> = all.iter().map(|d| (d.instance.clone(), d.name.clone())).collect();
        assert_eq!(databases::get_many(&mut tx, &keys).await.unwrap().len(), 1_101);
        let ids: BTreeSet<String> = all.iter().map(|d| d.id.clone()).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        assert_eq!(databases::get_many_by_id(&mut tx, &ids).await.unwrap().len(), 1_101);
        let found = databases::Found {
            schema_sha256: "ab".into(),
            size_bytes: 9,
            table_count: 2,
            payload: DatabasePayload { owner: "app".into(), ..DatabasePayload::default() },
        };
        let synced = databases::Synced { status: SyncStatus::Ok, error: String::new(), at: at(4), found: Some(found) };
        assert!(databases::record_sync(&mut tx, &ids[0], &synced).await.unwrap());
        assert!(!databases::record_sync(&mut tx, "no", &synced).await.unwrap());
        let one = databases::get_by_id(&mut tx, &ids[0]).await.unwrap().unwrap();
        assert_eq!((one.schema_sha256.as_deref(), one.size_bytes, one.table_count), (Some("ab"), 9, 2));
        assert_eq!((one.synced_at, &*one.payload.owner), (Some(at(4)), "app"));
    }

    async fn purging_an_instance_takes_its_databases_along(db: &Db) {
        let mut tx = shop(db).await;
        instances::put_secrets(&mut tx, "pg", "admin", &DataSourceSecrets { password: Secret::from("x"), ..Default::default() }).await.unwrap();
        let mut pg = instances::get(&mut tx, "pg").await.unwrap().unwrap();
        instances::delete(&mut tx, &mut pg, at(1)).await.unwrap();
        instances::undelete(&mut tx, &mut pg, at(1)).await.unwrap();
        assert!(instances::purge(&mut tx, "pg").await.unwrap());
        assert!(!instances::purge(&mut tx, "pg").await.unwrap());
        assert!(databases::get(&mut tx, "pg", "app").await.unwrap().is_none());
        let pg = ["instances/pg".to_owned()];
        assert!(secrets::fields_of(&mut tx, &pg).await.unwrap().is_empty());
        tx.commit().await.unwrap();
    }
}
