//! The audit chain: what somebody with the database but without the key cannot do unseen.

use store::audit::{self, Verdict};
use store::rows::AuditRecord;
use store::{Db, Filter, List};

use crate::support::{Store, at};

pub fn a_record(i: i64) -> AuditRecord {
    AuditRecord {
        created_at: at(i),
        request_id: format!("r{i}"),
        actor: "users/ann@x.org".into(),
        method: "/bytebase.v1.PlanService/CreatePlan".into(),
        resource: "projects/shop".into(),
        verdict: if i % 2 == 0 { "allowed" } else { "denied" }.into(),
        code: String::new(),
        client_ip: "127.0.0.1".into(),
        detail: r#"{"b":1,"a":1.0}"#.into(),
    }
}

async fn append(db: &Db, records: std::ops::RangeInclusive<i64>) {
    for i in records {
        let mut tx = db.begin().await.unwrap();
        assert_eq!(audit::append(&mut tx, &a_record(i)).await.unwrap(), i);
        tx.commit().await.unwrap();
    }
}

async fn verify(db: &Db) -> Verdict {
    let mut snapshot = db.snapshot().await.unwrap();
    audit::verify(&mut snapshot).await.unwrap()
}

/// Does to a log of five records what `sql` says, on both backends; gives what is found.
async fn after(sql: &str) -> Vec<(i64, String)> {
    let mut found = Vec::new();
    for store in [Some(Store::sqlite().await), Store::postgres().await].into_iter().flatten() {
        append(&store.db, 1..=5).await;
        assert_eq!(verify(&store.db).await, Verdict::Whole { records: 5, first: 1 });
        store.tamper(sql).await;
        match verify(&store.db).await {
            Verdict::Broken { seq, why } => found.push((seq, why)),
            whole @ Verdict::Whole { .. } => {
                panic!("{}: not found: {whole:?}", store.db.backend_title())
            }
        }
    }
    found
}

#[tokio::test]
async fn an_edit_is_found() {
    for sql in [
        "UPDATE audit SET actor = 'users/bob@x.org' WHERE seq = 3",
        "UPDATE audit SET detail = '{\"a\":1.0,\"b\":1}' WHERE seq = 3",
        "UPDATE audit SET created_at = created_at + 1 WHERE seq = 3",
        "UPDATE audit SET code = verdict, verdict = code WHERE seq = 3",
    ] {
        for (seq, why) in after(sql).await {
            assert_eq!((seq, &*why), (3, "the record was altered"), "{sql}");
        }
    }
}

#[tokio::test]
async fn a_removed_record_is_found() {
    for (seq, why) in after("DELETE FROM audit WHERE seq = 2").await {
        assert_eq!(seq, 2);
        assert!(why.contains("missing"), "{why}");
    }
    for (seq, why) in
        after("DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = seq - 1 WHERE seq > 2").await
    {
        assert_eq!(seq, 2, "{why}");
    }
}

#[tokio::test]
async fn two_records_swapped_are_found() {
    let swap = "UPDATE audit SET seq = 100 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 100";
    for (seq, why) in after(swap).await {
        assert_eq!(seq, 2, "{why}");
    }
}

#[tokio::test]
async fn a_cut_tail_is_found() {
    for (seq, why) in after("DELETE FROM audit WHERE seq > 3").await {
        assert_eq!(seq, 4);
        assert!(why.contains("written up to 5"), "{why}");
    }
    for (seq, _) in after("DELETE FROM audit").await {
        assert_eq!(seq, 1);
    }
}

#[tokio::test]
async fn a_head_moved_along_with_the_tail_is_found() {
    let cut = "DELETE FROM audit WHERE seq = 5; UPDATE meta SET value = replace(value, '\"seq\":5', '\"seq\":4') WHERE key = 'audit_head'";
    for (_, why) in after(cut).await {
        assert!(why.contains("not signed"), "{why}");
    }
}

#[tokio::test]
async fn a_record_added_without_the_key_is_found() {
    let add = "INSERT INTO audit SELECT 6, created_at, request_id, actor, method, resource, verdict, code, client_ip, detail, hash, 'x' FROM audit WHERE seq = 5";
    for (seq, why) in after(add).await {
        assert_eq!(seq, 6, "{why}");
    }
}

#[tokio::test]
async fn a_log_that_was_taken_away_whole_is_found() {
    let all = "DELETE FROM audit; DELETE FROM meta WHERE key = 'audit_head'";
    for (seq, why) in after(all).await {
        assert_eq!((seq, &*why), (1, "where the log ends was taken away"));
    }
    let store = Store::sqlite().await;
    append(&store.db, 1..=2).await;
    store.tamper(all).await;
    let Store { db, options, dir: _dir, .. } = store;
    db.close().await;
    drop(db);
    // A start does not begin it anew.
    let again = Db::open(options).await.unwrap();
    assert!(matches!(verify(&again).await, Verdict::Broken { seq: 1, .. }));
    let mut tx = again.begin().await.unwrap();
    assert!(audit::append(&mut tx, &a_record(3)).await.is_err());
}

/// As [`after`], of a log whose first two records were forgotten.
async fn after_forgetting(sql: &str) -> Vec<(i64, String)> {
    let mut found = Vec::new();
    for store in [Some(Store::sqlite().await), Store::postgres().await].into_iter().flatten() {
        append(&store.db, 1..=5).await;
        let mut tx = store.db.begin().await.unwrap();
        assert_eq!(audit::forget(&mut tx, at(3), 100).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(verify(&store.db).await, Verdict::Whole { records: 3, first: 3 });
        store.tamper(sql).await;
        let Verdict::Broken { seq, why } = verify(&store.db).await else {
            panic!("{}: not found", store.db.backend_title())
        };
        found.push((seq, why));
    }
    found
}

#[tokio::test]
async fn what_is_left_after_forgetting_is_held_as_before() {
    for (sql, at) in [
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("UPDATE audit SET actor = 'x' WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 5", 5),
        ("DELETE FROM meta WHERE key = 'audit_start'", 1),
        (
            "UPDATE meta SET value = replace(value, '\"seq\":2', '\"seq\":3') WHERE key = 'audit_start'; \
             DELETE FROM audit WHERE seq = 3",
            1,
        ),
    ] {
        for (seq, why) in after_forgetting(sql).await {
            assert_eq!(seq, at, "{sql}: {why}");
        }
    }
}

store_tests! {
    async fn old_records_are_forgotten_from_the_beginning_in_pieces(db: &Db) {
        append(db, 1..=9).await;
        let forget = async |before: i64, most: i64| {
            let mut tx = db.begin().await.unwrap();
            let gone = audit::forget(&mut tx, at(before), most).await.unwrap();
            tx.commit().await.unwrap();
            gone
        };
        assert_eq!(forget(7, 4).await, 4);
        assert_eq!(forget(7, 4).await, 2);
        assert_eq!(forget(7, 4).await, 0);
        assert_eq!(verify(db).await, Verdict::Whole { records: 3, first: 7 });
        append(db, 10..=10).await;
        assert_eq!(forget(99, 100).await, 4);
        assert_eq!(verify(db).await, Verdict::Whole { records: 0, first: 11 });
        append(db, 11..=11).await;
        assert_eq!(verify(db).await, Verdict::Whole { records: 1, first: 11 });
    }

    async fn an_older_record_behind_a_newer_one_waits_for_it(db: &Db) {
        append(db, 1..=2).await;
        let mut tx = db.begin().await.unwrap();
        let mut late = a_record(3);
        late.created_at = at(0);
        audit::append(&mut tx, &late).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(audit::forget(&mut tx, at(2), 100).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn what_was_bent_is_not_forgotten() {
    for store in [Some(Store::sqlite().await), Store::postgres().await].into_iter().flatten() {
        append(&store.db, 1..=5).await;
        store.tamper("UPDATE audit SET actor = 'x' WHERE seq = 2").await;
        let mut tx = store.db.begin().await.unwrap();
        let refused = audit::forget(&mut tx, at(4), 100).await.unwrap_err();
        assert!(refused.to_string().contains("record 2"), "{refused}");
    }
}

#[tokio::test]
async fn a_rotation_signs_where_the_log_begins() {
    let store = Store::sqlite().await;
    append(&store.db, 1..=4).await;
    let mut tx = store.db.begin().await.unwrap();
    audit::forget(&mut tx, at(3), 100).await.unwrap();
    tx.commit().await.unwrap();
    let new = store::Key::generate(&base::System);
    store::secrets::rotate_key(&store.db, &new, None).await.unwrap();
    let Store { db, options, dir: _dir, .. } = store;
    db.close().await;
    drop(db);
    let again = Db::open(options.key(new)).await.unwrap();
    assert_eq!(verify(&again).await, Verdict::Whole { records: 2, first: 3 });
}

store_tests! {
    async fn records_are_listed_newest_first_and_rolled_back_with_their_transaction(db: &Db) {
        append(db, 1..=3).await;
        let mut tx = db.begin().await.unwrap();
        audit::append(&mut tx, &a_record(4)).await.unwrap();
        drop(tx);
        append(db, 4..=4).await;
        let mut conn = db.read().await.unwrap();
        let denied = Filter::eq(audit::VERDICT, "denied").and(Filter::Ge(audit::CREATED, at(1).into()));
        let page = audit::list(&mut conn, &List { size: 1, ..List::of(denied) }).await.unwrap();
        assert_eq!((page.items[0].seq, page.items[0].record.clone()), (3, a_record(3)));
        assert!(page.next.is_some());
        drop(conn);
        assert_eq!(verify(db).await, Verdict::Whole { records: 4, first: 1 });
    }

    async fn appends_at_the_same_time_make_one_chain(db: &Db) {
        let mut tasks = tokio::task::JoinSet::new();
        for i in 0..20 {
            let db = db.clone();
            tasks.spawn(async move {
                let mut tx = db.begin().await.unwrap();
                audit::append(&mut tx, &a_record(i)).await.unwrap();
                tx.commit().await.unwrap();
            });
        }
        tasks.join_all().await;
        assert_eq!(verify(db).await, Verdict::Whole { records: 20, first: 1 });
    }
}
