//! Who somebody is at an identity provider, and sign-ins that come back once.

use store::{StoreError, addresses, identity_links, sign_ons, users};

use crate::support::{a_user, at};

store_tests! {
    async fn a_name_has_one_account_and_an_account_one_name(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let mut ann = a_user("ann@x.org", "Ann");
        users::insert(&mut tx, &mut ann).await.unwrap();
        identity_links::insert(&mut tx, "corp", "1", "users/ann@x.org", at(1)).await.unwrap();
        identity_links::insert(&mut tx, "other", "1", "users/ann@x.org", at(1)).await.unwrap();
        tx.commit().await.unwrap();
        for (subject, owner) in [("1", "users/bob@x.org"), ("2", "users/ann@x.org")] {
            let mut tx = db.begin().await.unwrap();
            let taken = identity_links::insert(&mut tx, "corp", subject, owner, at(2)).await;
            assert!(matches!(taken, Err(StoreError::Exists(_))), "{subject} {owner}");
        }

        let mut tx = db.begin().await.unwrap();
        addresses::change(&mut tx, &mut ann, "anna@x.org", at(2)).await.unwrap();
        let owner = identity_links::owner(&mut tx, "corp", "1").await.unwrap();
        assert_eq!(owner.as_deref(), Some("users/anna@x.org"));
        identity_links::forget_provider(&mut tx, "corp").await.unwrap();
        assert!(!identity_links::is_linked(&mut tx, "corp", "users/anna@x.org").await.unwrap());
        assert!(identity_links::is_linked(&mut tx, "other", "users/anna@x.org").await.unwrap());
        identity_links::forget_owner(&mut tx, "users/anna@x.org").await.unwrap();
        assert!(identity_links::owner(&mut tx, "other", "1").await.unwrap().is_none());
    }

    async fn a_sign_in_comes_back_once(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        assert!(sign_ons::is_first(&mut tx, "a", at(1)).await.unwrap());
        assert!(!sign_ons::is_first(&mut tx, "a", at(2)).await.unwrap());
        assert_eq!(sign_ons::prune(&mut tx, at(2)).await.unwrap(), 1);
        assert!(sign_ons::is_first(&mut tx, "a", at(3)).await.unwrap());
    }
}
