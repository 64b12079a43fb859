//! Drafts and preferences of people.

use base::Time;
use store::rows::Draft;
use store::{StoreError, drafts, preferences};

use crate::support::at;

fn a_draft(owner: &str, place: &str, value: &str, time: Time) -> Draft {
    Draft { owner: owner.into(), place: place.into(), value: value.into(), updated_at: time }
}

store_tests! {
    async fn a_draft_is_its_owners_and_a_newer_one_is_not_overwritten(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let (ada, bob) = ("users/ada@example.com", "users/bob@example.com");
        let mut first = a_draft(ada, "plan:1", "a", at(1));
        drafts::save(&mut tx, &mut first, None).await.unwrap();
        let again = drafts::save(&mut tx, &mut a_draft(ada, "plan:1", "b", at(2)), None).await;
        assert!(matches!(again, Err(StoreError::Stale(_))), "{again:?}");
        // The clock stands still, and it is another version all the same.
        let mut second = a_draft(ada, "plan:1", "éé", at(1));
        drafts::save(&mut tx, &mut second, Some(first.updated_at)).await.unwrap();
        assert!(second.updated_at > first.updated_at);
        let late = drafts::save(&mut tx, &mut a_draft(ada, "plan:1", "c", at(9)), Some(at(1))).await;
        assert!(matches!(late, Err(StoreError::Stale(_))), "{late:?}");
        assert_eq!(drafts::get(&mut tx, ada, "plan:1").await.unwrap(), Some(second.clone()));
        assert_eq!(drafts::get(&mut tx, bob, "plan:1").await.unwrap(), None);

        drafts::save(&mut tx, &mut a_draft(ada, "plan:2", "xyz", at(4)), None).await.unwrap();
        drafts::save(&mut tx, &mut a_draft(ada, "new%", "", at(5)), None).await.unwrap();
        let listed = drafts::list(&mut tx, ada, "plan:").await.unwrap();
        let shown: Vec<_> = listed.iter().map(|d| (&*d.place, &*d.value)).collect();
        assert_eq!(shown, [("plan:2", ""), ("plan:1", "")]);
        assert_eq!(drafts::list(&mut tx, ada, "").await.unwrap().len(), 3);
        assert!(drafts::list(&mut tx, bob, "").await.unwrap().is_empty());
        assert_eq!(drafts::usage(&mut tx, ada, "plan:2").await.unwrap(), (2, 4));
        assert_eq!(drafts::usage(&mut tx, bob, "").await.unwrap(), (0, 0));

        assert!(!drafts::delete(&mut tx, bob, "plan:1", None).await.unwrap());
        assert!(!drafts::delete(&mut tx, ada, "plan:1", Some(at(1))).await.unwrap());
        assert!(drafts::delete(&mut tx, ada, "plan:1", Some(second.updated_at)).await.unwrap());
        drafts::forget_before(&mut tx, ada, at(5)).await.unwrap();
        assert_eq!(drafts::list(&mut tx, ada, "").await.unwrap().len(), 1);
        drafts::forget(&mut tx, ada).await.unwrap();
        assert!(drafts::list(&mut tx, ada, "").await.unwrap().is_empty());
    }

    async fn preferences_are_kept_by_key_and_person(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let (ada, bob) = ("users/ada@example.com", "users/bob@example.com");
        for (key, value) in [("theme", "1"), ("theme", "2"), ("density", "3")] {
            preferences::set(&mut tx, ada, key, value).await.unwrap();
        }
        preferences::set(&mut tx, bob, "theme", "4").await.unwrap();
        let of = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        assert_eq!(preferences::of(&mut tx, ada).await.unwrap(), of(&[("theme", "2"), ("density", "3")]));
        preferences::remove(&mut tx, ada, "theme").await.unwrap();
        preferences::remove(&mut tx, ada, "never").await.unwrap();
        assert_eq!(preferences::of(&mut tx, ada).await.unwrap(), of(&[("density", "3")]));
        preferences::forget(&mut tx, ada).await.unwrap();
        assert_eq!(preferences::of(&mut tx, ada).await.unwrap(), of(&[]));
        assert_eq!(preferences::of(&mut tx, bob).await.unwrap(), of(&[("theme", "4")]));
    }
}
