//! What people ran.

use store::rows::{QueryHistory, QueryKind, QueryStatus};
use store::{Filter, List, addresses, projects, query_histories, users};

use crate::support::{a_project, a_user, at, shop};

fn ran(id: &str, creator: &str, statement: &str) -> QueryHistory {
    QueryHistory {
        id: id.into(),
        project: "shop".into(),
        instance: "pg".into(),
        database: "instances/pg/databases/shop".into(),
        creator: creator.into(),
        kind: QueryKind::Query,
        status: QueryStatus::Succeeded,
        statement: statement.into(),
        error: String::new(),
        duration_ms: 42,
        rows: 1_000,
        data_source: "reader".into(),
        schema: "app".into(),
        created_at: at(1),
    }
}

store_tests! {
    async fn what_was_run_is_found_again_newest_first(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let mut failed = ran("2", "users/ann@x.org", "SELECT * FROM Orders");
        failed.status = QueryStatus::Failed;
        failed.error = "no such table".into();
        for row in [ran("1", "users/ann@x.org", "select 1"), failed.clone(), ran("3", "users/bob@x.org", "select 3")] {
            query_histories::insert(&mut tx, &row).await.unwrap();
        }
        let found = query_histories::get(&mut tx, "shop", "2").await.unwrap().unwrap();
        assert_eq!(found, failed);
        assert!(query_histories::get(&mut tx, "other", "2").await.unwrap().is_none());
        let of = async |tx: &mut store::Tx, filter: Filter| {
            let page = query_histories::list(tx, &List::of(filter)).await.unwrap();
            page.items.into_iter().map(|h| h.id).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(&mut tx, Filter::All).await, "3 2 1");
        assert_eq!(of(&mut tx, Filter::eq(query_histories::CREATOR, "users/ann@x.org")).await, "2 1");
        assert_eq!(of(&mut tx, Filter::Contains(query_histories::STATEMENT, "from ORDERS".into())).await, "2");
        assert_eq!(of(&mut tx, Filter::eq(query_histories::STATUS, "FAILED")).await, "2");
        assert_eq!(of(&mut tx, Filter::eq(query_histories::DATABASE, "instances/pg/databases/x")).await, "");
    }

    async fn it_follows_its_user_and_goes_with_its_project(db: &Db) {
        let mut tx = shop(db).await;
        let mut ann = a_user("ann@x.org", "Ann");
        users::insert(&mut tx, &mut ann).await.unwrap();
        query_histories::insert(&mut tx, &ran("1", "users/ann@x.org", "select 1")).await.unwrap();
        addresses::change(&mut tx, &mut ann, "anna@x.org", at(2)).await.unwrap();
        let found = query_histories::get(&mut tx, "shop", "1").await.unwrap().unwrap();
        assert_eq!(found.creator, "users/anna@x.org");
        projects::insert(&mut tx, &mut a_project("heir")).await.unwrap();
        assert!(projects::purge(&mut tx, "shop", "heir").await.unwrap());
        assert!(query_histories::get(&mut tx, "shop", "1").await.unwrap().is_none());
    }
}
