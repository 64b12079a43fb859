//! Users, service accounts, roles, policies, settings, projects.

use base::Secret;
use policy::iam;
use store::rows::{
    Environment, EnvironmentSetting, IamPolicy, Role, ServiceAccount, State, WorkspaceProfile,
};
use store::settings::Setting;
use store::{
    Filter, List, StoreError, iam as policies, projects, roles, secrets, service_accounts,
    settings, users,
};

use crate::support::{a_database, a_project, a_user, an_instance, at, labels, shop, texts};

store_tests! {
    async fn a_user_is_kept_found_and_changed_once(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let mut ann = a_user("ann@x.org", "Ann Ä");
        ann.payload.last_login_at = Some(at(5));
        users::insert(&mut tx, &mut ann).await.unwrap();
        users::insert(&mut tx, &mut a_user("bob@x.org", "Bob")).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.begin().await.unwrap();
        let twice = users::insert(&mut tx, &mut a_user("ann@x.org", "Other")).await;
        assert!(matches!(twice, Err(StoreError::Exists(name)) if name == "users/ann@x.org"));
        drop(tx);

        let mut tx = db.begin().await.unwrap();
        let mut first = users::get(&mut tx, "ann@x.org").await.unwrap().unwrap();
        let mut second = first.clone();
        assert_eq!((first.version, first.payload.last_login_at), (1, Some(at(5))));
        assert_eq!(first.password_hash.expose(), "$argon2id$");
        first.title = "Ann B".into();
        users::delete(&mut tx, &mut first, at(9)).await.unwrap();
        assert_eq!(first.version, 2);
        let late = users::update(&mut tx, &mut second, at(9)).await;
        assert!(matches!(late, Err(StoreError::Stale(name)) if name == "users/ann@x.org"));
        let mut found = users::get(&mut tx, "ann@x.org").await.unwrap().unwrap();
        assert_eq!((found.state, found.updated_at, found.version), (State::Deleted, at(9), 2));
        users::undelete(&mut tx, &mut found, at(10)).await.unwrap();
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        assert!(users::get(&mut conn, "nobody@x.org").await.unwrap().is_none());
        let many = users::get_many(&mut conn, &texts(["bob@x.org", "no", "ann@x.org"])).await;
        assert_eq!(many.unwrap().iter().map(|u| &*u.email).collect::<Vec<_>>(), ["ann@x.org", "bob@x.org"]);
        let active = Filter::eq(users::STATE, "ACTIVE");
        assert_eq!(users::count(&mut conn, &active).await.unwrap(), 2);
    }

    async fn a_reader_cannot_write(db: &Db) {
        if db.backend_title() == "PostgreSQL" {
            return; // nothing there keeps a plain connection from writing; SQLite's half finds the mistake
        }
        let mut conn = db.read().await.unwrap();
        assert!(users::insert(&mut conn, &mut a_user("ann@x.org", "Ann")).await.is_err());
    }

    async fn service_accounts_have_their_project(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let mut account = ServiceAccount {
            email: "ci@shop.service.bytebase.com".into(),
            title: "CI".into(),
            project: Some("shop".into()),
            key_hash: Secret::from("aa"),
            state: State::Active,
            version: 0,
            created_at: at(0),
            updated_at: at(0),
        };
        service_accounts::insert(&mut tx, &mut account).await.unwrap();
        let mut wide = ServiceAccount { email: "ci@service.bytebase.com".into(), project: None, ..account.clone() };
        service_accounts::insert(&mut tx, &mut wide).await.unwrap();
        account.key_hash = Secret::from("bb");
        service_accounts::update(&mut tx, &mut account, at(1)).await.unwrap();
        service_accounts::delete(&mut tx, &mut wide, at(1)).await.unwrap();
        let found = service_accounts::get(&mut tx, &account.email).await.unwrap().unwrap();
        assert_eq!((found.key_hash.expose().as_str(), found.project.as_deref()), ("bb", Some("shop")));
        let of_shop = List::of(Filter::eq(service_accounts::PROJECT, "shop"));
        assert_eq!(service_accounts::list(&mut tx, &of_shop).await.unwrap().items.len(), 1);
        let none = Filter::eq(service_accounts::PROJECT, "").and(Filter::eq(service_accounts::STATE, "ACTIVE"));
        assert_eq!(service_accounts::count(&mut tx, &none).await.unwrap(), 0);
        service_accounts::undelete(&mut tx, &mut wide, at(2)).await.unwrap();
        assert_eq!(service_accounts::count(&mut tx, &none).await.unwrap(), 1);
        let many = service_accounts::get_many(&mut tx, &[wide.email, account.email]).await.unwrap();
        assert_eq!(many.len(), 2);
    }

    async fn roles_come_and_go(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let mut role = Role {
            id: "auditor".into(),
            title: "Auditor".into(),
            description: String::new(),
            permissions: texts(["bb.projects.get"]),
            version: 0,
            created_at: at(0),
            updated_at: at(0),
        };
        roles::insert(&mut tx, &mut role).await.unwrap();
        role.permissions.push("bb.projects.list".into());
        roles::update(&mut tx, &mut role, at(1)).await.unwrap();
        assert_eq!(roles::get(&mut tx, "auditor").await.unwrap().unwrap().permissions.len(), 2);
        assert_eq!(roles::list(&mut tx, &List::default()).await.unwrap().items.len(), 1);
        assert!(roles::delete(&mut tx, "auditor").await.unwrap());
        assert!(!roles::delete(&mut tx, "auditor").await.unwrap());
        assert!(roles::update(&mut tx, &mut role, at(2)).await.is_err());
    }

    async fn a_policy_is_set_by_whoever_read_it_last(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let fresh = || IamPolicy {
            resource: "projects/shop".into(),
            policy: iam::Policy::default(),
            version: 0,
            updated_at: at(0),
        };
        let mut policy = fresh();
        policies::put(&mut tx, &mut policy, at(1)).await.unwrap();
        assert!(matches!(policies::put(&mut tx, &mut fresh(), at(2)).await, Err(StoreError::Stale(_))));
        policies::put(&mut tx, &mut policy, at(3)).await.unwrap();
        let found = policies::get(&mut tx, "projects/shop").await.unwrap().unwrap();
        assert_eq!((found.version, found.updated_at), (2, at(3)));
        assert_eq!(policies::all(&mut tx).await.unwrap().len(), 1);
        let many = policies::get_many(&mut tx, &texts(["projects/shop", "projects/no"])).await;
        assert_eq!(many.unwrap().len(), 1);
        assert!(policies::get(&mut tx, "projects/no").await.unwrap().is_none());
    }

    async fn settings_have_a_default_until_set(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let mut environments: Setting<EnvironmentSetting> = settings::get(&mut tx).await.unwrap();
        assert_eq!((environments.version, environments.value.environments.len()), (0, 0));
        environments.value.environments.push(Environment { id: "test".into(), ..Default::default() });
        let mut other = environments.clone();
        settings::put(&mut tx, &mut environments, at(1)).await.unwrap();
        assert!(settings::put(&mut tx, &mut other, at(1)).await.is_err());
        settings::put(&mut tx, &mut environments, at(2)).await.unwrap();
        let again: Setting<EnvironmentSetting> = settings::get(&mut tx).await.unwrap();
        assert_eq!((again.version, again.value), (2, environments.value));
        let profile: Setting<WorkspaceProfile> = settings::get(&mut tx).await.unwrap();
        assert_eq!((profile.version, profile.value.password.min_length), (0, 8));
    }

    async fn a_project_keeps_labels_and_settings(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let mut shop = a_project("shop");
        shop.labels = labels([("team", "a"), ("tier", "1")]);
        shop.payload.parallel_tasks_per_rollout = 3;
        projects::insert(&mut tx, &mut shop).await.unwrap();
        assert!(matches!(
            projects::get(&mut tx, "shop").await.unwrap(),
            Some(p) if p.labels == shop.labels && p.payload == shop.payload && p.deleted_at.is_none()
        ));
        shop.labels.remove("tier");
        projects::delete(&mut tx, &mut shop, at(4)).await.unwrap();
        let found = projects::get(&mut tx, "shop").await.unwrap().unwrap();
        assert_eq!((found.state, found.deleted_at, found.labels.len()), (State::Deleted, Some(at(4)), 1));
        projects::undelete(&mut tx, &mut shop, at(5)).await.unwrap();
        assert_eq!(projects::get(&mut tx, "shop").await.unwrap().unwrap().deleted_at, None);
        let active = Filter::eq(projects::STATE, "ACTIVE");
        assert_eq!(projects::count(&mut tx, &active).await.unwrap(), 1);
        assert_eq!(projects::get_many(&mut tx, &texts(["shop", "no"])).await.unwrap().len(), 1);
    }

    async fn purging_a_project_leaves_its_databases(db: &Db) {
        let mut tx = shop(db).await;
        projects::insert(&mut tx, &mut a_project("default")).await.unwrap();
        secrets::put(&mut tx, "projects/shop", "hook", &Secret::from("x")).await.unwrap();
        assert!(projects::purge(&mut tx, "shop", "default").await.unwrap());
        assert!(!projects::purge(&mut tx, "shop", "default").await.unwrap());
        let app = store::databases::get(&mut tx, "pg", "app").await.unwrap().unwrap();
        assert_eq!(app.project, "default");
        assert!(secrets::get(&mut tx, "projects/shop", "hook").await.unwrap().is_none());
        tx.commit().await.unwrap();
    }

    async fn a_reference_to_nothing_is_refused(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        store::instances::insert(&mut tx, &mut an_instance("pg")).await.unwrap();
        let orphan = store::databases::insert(&mut tx, &mut a_database("pg", "app", "nowhere")).await;
        assert!(matches!(orphan, Err(StoreError::Reference(name)) if name == "instances/pg/databases/app"));
    }

    async fn what_is_not_committed_did_not_happen(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        projects::insert(&mut tx, &mut a_project("shop")).await.unwrap();
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        assert!(projects::get(&mut tx, "shop").await.unwrap().is_none());
        tx.commit().await.unwrap();
    }
}
