//! A user's new address.

use store::blobs::Packed;
use store::{StoreError, addresses, projects, sheets, users};

use crate::support::{a_project, a_user, at};

store_tests! {
    async fn a_new_address_moves_the_user_and_what_they_made(db: &Db) {
        let text = Packed::new(b"SELECT 1".to_vec()).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let mut ann = a_user("ann@x.org", "Ann");
        users::insert(&mut tx, &mut ann).await.unwrap();
        users::insert(&mut tx, &mut a_user("bob@x.org", "Bob")).await.unwrap();
        projects::insert(&mut tx, &mut a_project("shop")).await.unwrap();
        sheets::insert(&mut tx, "shop", &text, "users/ann@x.org", at(1)).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.begin().await.unwrap();
        let taken = addresses::change(&mut tx, &mut ann.clone(), "bob@x.org", at(2)).await;
        assert!(matches!(taken, Err(StoreError::Exists(name)) if name == "users/bob@x.org"));
        drop(tx);

        let mut tx = db.begin().await.unwrap();
        let before = ann.clone();
        addresses::change(&mut tx, &mut ann, "anna@x.org", at(2)).await.unwrap();
        assert_eq!((ann.email.as_str(), ann.version, ann.updated_at), ("anna@x.org", 2, at(2)));
        tx.commit().await.unwrap();

        let mut tx = db.begin().await.unwrap();
        let late = addresses::change(&mut tx, &mut before.clone(), "annie@x.org", at(3)).await;
        assert!(matches!(late, Err(StoreError::Stale(_))));
        drop(tx);

        let mut conn = db.read().await.unwrap();
        assert!(users::get(&mut conn, "ann@x.org").await.unwrap().is_none());
        assert_eq!(users::get(&mut conn, "anna@x.org").await.unwrap().unwrap().title, "Ann");
        let sheet = sheets::get(&mut conn, "shop", &text.sha256).await.unwrap().unwrap();
        assert_eq!(sheet.creator, "users/anna@x.org");
    }
}
