//! Catalogs, changelogs, revisions, events, sessions, failed sign-ins.

use base::Time;
use schema::{Catalog, Column, Extension, ObjectKind, Schema, Table, TableStats, View};
use store::revisions::TakenBack;
use store::rows::{
    Changelog, ChangelogKind, ChangelogStatus, LoginFailure, Revision, RevisionKind, Session,
};
use store::{
    Filter, List, StoreError, Topic, catalogs, changelogs, events, login_failures, revisions,
    sessions,
};

use crate::support::{at, shop};

const APP: &str = "id-pg-app";

fn a_table(name: &str, columns: usize) -> Table {
    let column = |i: usize| Column {
        name: format!("column_{i}"),
        position: i32::try_from(i).unwrap() + 1,
        r#type: "character varying(100)".into(),
        nullable: i > 0,
        ..Column::default()
    };
    Table {
        name: name.into(),
        columns: (0..columns).map(column).collect(),
        stats: TableStats { rows: 10, data_bytes: 8_192, index_bytes: 0 },
        ..Table::default()
    }
}

pub fn a_catalog(tables: usize) -> Catalog {
    let public = Schema {
        name: "public".into(),
        owner: "app".into(),
        tables: (0..tables).map(|i| a_table(&format!("table_{i:05}"), 9).into()).collect(),
        views: vec![
            View { name: "v".into(), definition: "SELECT 1".into(), ..View::default() }.into(),
        ],
        ..Schema::default()
    };
    Catalog {
        name: "app".into(),
        size: 1_000_000,
        schemas: vec![public],
        extensions: vec![Extension { name: "citext".into(), ..Extension::default() }],
        ..Catalog::default()
    }
}

fn a_changelog(id: &str, status: ChangelogStatus) -> Changelog {
    Changelog {
        id: id.into(),
        database_id: APP.into(),
        kind: ChangelogKind::Migrate,
        status,
        creator: "users/ann@x.org".into(),
        project: "shop".into(),
        plan: Some(1),
        task_run: "run/1".into(),
        plan_title: "Add a column".into(),
        statement_sha256: Some("ab".into()),
        before_sha256: Some("b0".into()),
        after_sha256: None,
        created_at: at(id.len().try_into().unwrap()),
        updated_at: at(0),
    }
}

fn a_session(id: &str, family: &str, expires_at: Time) -> Session {
    Session {
        id: id.into(),
        email: "ann@x.org".into(),
        family: family.into(),
        token_hash: format!("hash of {id}"),
        created_at: at(0),
        expires_at,
        used_at: None,
        revoked_at: None,
    }
}

store_tests! {
    async fn a_sync_writes_only_what_changed(db: &Db) {
        let mut tx = shop(db).await;
        let mut catalog = a_catalog(600);
        let first = catalogs::replace(&mut tx, APP, catalog.clone().into_objects()).await.unwrap();
        // 600 tables, a view, the schema, an extension, the database.
        assert_eq!((first.written, first.estimates, first.removed), (604, 0, 0));
        let read = Catalog::from_objects(catalogs::objects(&mut tx, APP).await.unwrap());
        assert_eq!(read, catalog);
        let again = catalogs::replace(&mut tx, APP, catalog.clone().into_objects()).await.unwrap();
        assert_eq!(again, catalogs::Changed::default());

        let tables = &mut catalog.schemas[0].tables;
        tables[1].comment = "people".into();
        tables[2].stats.rows = 11;
        let gone: Vec<_> = tables.drain(100..400).collect();
        tables.push(a_table("zz_new", 1).into());
        catalog.size += 1;
        let changed = catalogs::replace(&mut tx, APP, catalog.clone().into_objects()).await.unwrap();
        assert_eq!((changed.written, changed.estimates, changed.removed), (2, 2, gone.len()));
        let read = Catalog::from_objects(catalogs::objects(&mut tx, APP).await.unwrap());
        assert_eq!(read, catalog);
        let one = catalogs::object(&mut tx, APP, ObjectKind::Table, "public", "table_00001").await.unwrap().unwrap();
        assert_eq!(one, catalog.clone().into_objects().into_iter().find(|p| p.name == "table_00001").unwrap());
        assert!(catalogs::object(&mut tx, APP, ObjectKind::View, "public", "table_00001").await.unwrap().is_none());
        let hashes = catalogs::hashes(&mut tx, APP).await.unwrap();
        assert_eq!(hashes[&(ObjectKind::Table, "public".into(), "table_00001".into())], one.object.hash());
        assert!(catalogs::objects(&mut tx, "other").await.unwrap().is_empty());
        let orphan = catalogs::replace(&mut tx, "other", a_catalog(1).into_objects()).await;
        assert!(matches!(orphan, Err(StoreError::Reference(_))));
    }

    async fn the_first_tables_of_each_schema_are_read_with_everything_else(db: &Db) {
        let mut tx = shop(db).await;
        let mut catalog = a_catalog(3);
        // By bytes: capitals come first, whatever the locale says.
        catalog.schemas[0].tables.insert(0, a_table("Zebra", 1).into());
        let audit = Schema { name: "audit".into(), tables: vec![a_table("log", 1).into()], ..Schema::default() };
        catalog.schemas.insert(0, audit);
        catalogs::replace(&mut tx, APP, catalog.clone().into_objects()).await.unwrap();
        let mut first = async |tables| {
            Catalog::from_objects(catalogs::objects_with_first_tables(&mut tx, APP, tables).await.unwrap())
        };
        assert_eq!(first(4).await, catalog);
        catalog.schemas[1].tables.truncate(2);
        assert_eq!(first(2).await, catalog);
    }

    async fn databases_are_found_by_their_tables(db: &Db) {
        let mut tx = shop(db).await;
        let mut catalog = a_catalog(1);
        catalog.schemas[0].tables.push(a_table("OrderLine", 1).into());
        catalogs::replace(&mut tx, APP, catalog.into_objects()).await.unwrap();
        let mut n = async |f: Filter| store::databases::count(&mut tx, &f).await.unwrap();
        assert_eq!(n(Filter::eq(store::databases::TABLE, "OrderLine")).await, 1);
        assert_eq!(n(Filter::eq(store::databases::TABLE, "orderline")).await, 0);
        assert_eq!(n(Filter::Contains(store::databases::TABLE, "ORDER".into())).await, 1);
        assert_eq!(n(Filter::Contains(store::databases::TABLE, "v".into())).await, 0, "a view is no table");
    }

    async fn changelogs_are_ended_and_listed_newest_first(db: &Db) {
        let mut tx = shop(db).await;
        assert!(changelogs::first(&mut tx, APP).await.unwrap().is_none());
        for id in ["1", "2", "3"] {
            changelogs::insert(&mut tx, &a_changelog(id, ChangelogStatus::Pending)).await.unwrap();
        }
        let mut second = a_changelog("2", ChangelogStatus::Done);
        second.after_sha256 = Some("a0".into());
        changelogs::finish(&mut tx, &second).await.unwrap();
        let found = changelogs::get(&mut tx, "2").await.unwrap().unwrap();
        assert_eq!((found.status, found.after_sha256.as_deref(), found.plan), (ChangelogStatus::Done, Some("a0"), Some(1)));
        assert_eq!(changelogs::first(&mut tx, APP).await.unwrap().unwrap().id, "1");
        assert_eq!(changelogs::fail_pending(&mut tx, "run/1", at(9)).await.unwrap(), 2);
        let done = Filter::eq(changelogs::DATABASE, APP).and(Filter::eq(changelogs::STATUS, "FAILED"));
        let ids: Vec<_> = changelogs::list(&mut tx, &List::of(done)).await.unwrap().items.into_iter().map(|c| c.id).collect();
        assert_eq!(ids, ["3", "1"]);
    }

    async fn a_version_is_applied_once_until_its_revision_is_deleted(db: &Db) {
        let mut tx = shop(db).await;
        let row = |id: &str, version: &str| Revision {
            id: id.into(),
            database_id: APP.into(),
            kind: RevisionKind::Versioned,
            stream: "projects/shop".into(),
            version: version.into(),
            file: "1.sql".into(),
            release: String::new(),
            sheet: String::new(),
            sheet_sha256: format!("sha of {id}"),
            task_run: String::new(),
            creator: "users/ann@x.org".into(),
            created_at: at(0),
            deleter: String::new(),
            deleted_at: None,
            delete_reason: String::new(),
        };
        for (id, version) in [("a", "1.2"), ("b", "1.10"), ("c", "1.2.0")] {
            revisions::insert(&mut tx, &row(id, version)).await.unwrap();
        }
        let kind = RevisionKind::Versioned;
        let live = revisions::in_force(&mut tx, &["other", APP], kind).await.unwrap();
        assert_eq!(live.keys().collect::<Vec<_>>(), [APP]);
        let live = &live[APP];
        let pairs: Vec<_> = live.iter().map(|r| (&*r.version, &*r.sheet_sha256)).collect();
        assert_eq!(pairs, [("1.2", "sha of a"), ("1.2.0", "sha of c"), ("1.10", "sha of b")]);
        let kind = RevisionKind::Declarative;
        assert!(revisions::in_force(&mut tx, &[APP], kind).await.unwrap().is_empty());
        let taken = |n| TakenBack { by: "users/bob@x.org", at: at(n), reason: "a mistake" };
        assert!(revisions::delete(&mut tx, "a", taken(3)).await.unwrap());
        assert!(!revisions::delete(&mut tx, "a", taken(4)).await.unwrap());
        revisions::insert(&mut tx, &row("d", "1.2")).await.unwrap();
        let a = revisions::get(&mut tx, "a").await.unwrap().unwrap();
        assert_eq!((&*a.deleter, a.deleted_at), ("users/bob@x.org", Some(at(3))));
        assert_eq!(a.delete_reason, "a mistake");
        let live = Filter::eq(revisions::DATABASE, APP).and(Filter::eq(revisions::DELETED, false));
        let args = List { size: 2, ..List::of(live.clone()) };
        let page = revisions::list(&mut tx, &args).await.unwrap();
        assert_eq!(page.items.iter().map(|r| &*r.id).collect::<Vec<_>>(), ["b", "c"]);
        let page = revisions::list(&mut tx, &List { token: page.next, ..args }).await.unwrap();
        assert_eq!(page.items.iter().map(|r| &*r.id).collect::<Vec<_>>(), ["d"]);
        assert_eq!(revisions::count(&mut tx, &live).await.unwrap(), 3);
        let twice = revisions::insert(&mut tx, &row("e", "1.2")).await;
        assert!(matches!(twice, Err(StoreError::Exists(what)) if what.contains("1.2")));
    }

    async fn events_are_numbered_replayed_and_forgotten(db: &Db) {
        let mut wakes = db.wakes();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(events::range(&mut tx).await.unwrap(), None);
        for i in 0..3 {
            events::append(&mut tx, "projects/shop/plans/1", "plan", &i.to_string(), at(i)).await.unwrap();
        }
        tx.commit().await.unwrap();
        loop {
            if wakes.recv().await.unwrap().topic == Topic::Event { break; }
        }
        let mut tx = db.begin().await.unwrap();
        let (low, high) = events::range(&mut tx).await.unwrap().unwrap();
        assert_eq!(high - low, 2);
        let seen = events::after(&mut tx, low, 10).await.unwrap();
        assert_eq!(seen.iter().map(|e| (e.id, &*e.etag, &*e.kind)).collect::<Vec<_>>(), [(low + 1, "1", "plan"), (high, "2", "plan")]);
        assert_eq!(events::after(&mut tx, 0, 1).await.unwrap()[0].id, low);
        assert_eq!(events::prune(&mut tx, at(3)).await.unwrap(), 3);
        events::append(&mut tx, "x", "plan", "", at(4)).await.unwrap();
        assert_eq!(events::range(&mut tx).await.unwrap(), Some((high + 1, high + 1)), "a number is never given twice");
    }

    async fn a_family_of_tokens_ends_together(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        for (id, family) in [("1", "f"), ("2", "f"), ("3", "g")] {
            sessions::insert(&mut tx, &a_session(id, family, at(100))).await.unwrap();
        }
        sessions::mark_used(&mut tx, "1", at(1)).await.unwrap();
        let found = sessions::by_token_hash(&mut tx, "hash of 1").await.unwrap().unwrap();
        assert_eq!((found.used_at, found.revoked_at), (Some(at(1)), None));
        assert!(sessions::by_token_hash(&mut tx, "no").await.unwrap().is_none());
        assert!(sessions::is_live(&mut tx, "f").await.unwrap());
        sessions::revoke_family(&mut tx, "f", at(2)).await.unwrap();
        assert!(!sessions::is_live(&mut tx, "f").await.unwrap());
        assert!(sessions::is_live(&mut tx, "g").await.unwrap());
        assert!(!sessions::is_live(&mut tx, "no").await.unwrap());
        sessions::revoke_of_email(&mut tx, "ann@x.org", at(3)).await.unwrap();
        assert!(!sessions::is_live(&mut tx, "g").await.unwrap());
        assert_eq!(sessions::by_token_hash(&mut tx, "hash of 2").await.unwrap().unwrap().revoked_at, Some(at(2)));
        sessions::insert(&mut tx, &a_session("4", "h", at(200))).await.unwrap();
        assert_eq!(sessions::prune(&mut tx, at(150)).await.unwrap(), 3);
    }

    async fn failed_sign_ins_are_counted_by_account_and_by_address(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        for (i, email, client_ip) in [(1, "a", "10.0.0.1"), (2, "a", "10.0.0.2"), (3, "b", "10.0.0.1")] {
            let row = LoginFailure { id: i.to_string(), email: email.into(), client_ip: client_ip.into(), created_at: at(i) };
            login_failures::insert(&mut tx, &row).await.unwrap();
        }
        // The second latest, and whether there is one.
        assert_eq!(login_failures::nth_of_email(&mut tx, "a", at(0), 2).await.unwrap(), Some(at(1)));
        assert_eq!(login_failures::nth_of_email(&mut tx, "a", at(1), 2).await.unwrap(), None);
        assert_eq!(login_failures::nth_of_ip(&mut tx, "10.0.0.1", at(0), 2).await.unwrap(), Some(at(1)));
        assert_eq!(login_failures::nth_of_ip(&mut tx, "10.0.0.1", at(0), 3).await.unwrap(), None);
        login_failures::delete(&mut tx, "1").await.unwrap();
        assert_eq!(login_failures::nth_of_email(&mut tx, "a", at(0), 1).await.unwrap(), Some(at(2)));
        login_failures::delete_of_email(&mut tx, "a").await.unwrap();
        assert_eq!(login_failures::nth_of_email(&mut tx, "a", at(0), 1).await.unwrap(), None);
        assert_eq!(login_failures::prune(&mut tx, at(9)).await.unwrap(), 1);
    }
}
