//! The lock of a run: one has it, the next sees who, and may end that one.

use std::time::Duration;

use engine::{FailureKind, Lock, Session};

use crate::support::{Limited, servers, session};

#[tokio::test]
async fn one_session_has_the_lock_until_it_ends() {
    for server in servers().await {
        let (database, other) = (server.database().await, server.database().await);
        let mut first = session(&database).await;
        let mut second = session(&database).await;
        assert_eq!(first.lock().await.unwrap(), Lock::Taken);
        assert_eq!(
            second.lock().await.unwrap(),
            Lock::Held { by: Some(first.backend()) },
            "as backend() writes it"
        );
        let mut elsewhere = session(&other).await;
        assert_eq!(elsewhere.lock().await.unwrap(), Lock::Taken, "each database has its own");
        // A script's own locks do not free it.
        first.statement("select get_lock('mine', 0), release_lock('mine')").await.unwrap();
        assert!(matches!(second.lock().await.unwrap(), Lock::Held { .. }));
        first.close().await;
        freed(&mut *second).await;
    }
}

#[tokio::test]
async fn the_holder_is_ended_and_nobody_else() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int)").await;
        let limited = Limited::of(&database).await;
        let (mut holder, mut next, mut bystander) =
            (limited.session().await, limited.session().await, limited.session().await);
        assert_eq!(holder.lock().await.unwrap(), Lock::Taken);
        next.evict(&bystander.backend()).await.expect("it has no lock: nothing to end");
        bystander.ping().await.expect("lives");
        holder.begin(&engine::Transaction::default()).await.unwrap();
        holder.statement("insert into t values (1)").await.unwrap();
        next.evict(&holder.backend()).await.expect("one's own sessions need no privilege");
        assert_eq!(next.lock().await.unwrap(), Lock::Taken);
        assert_eq!(next.statement("select * from t").await.unwrap().rows, Some(0));
        assert!(holder.statement("select 1").await.unwrap_err().connection_lost);
        next.evict(&holder.backend()).await.expect("gone already");
        let failure = next.evict("me'; drop").await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unsupported);
        // A session of another user may be seen to hold it, but not ended.
        next.close().await;
        let mut admin = session(&database).await;
        freed(&mut *admin).await;
        let failure = bystander.evict(&admin.backend()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Permission, "{failure}");
        admin.ping().await.expect("lives");
        limited.drop_user().await;
    }
}

/// Takes the lock as soon as the server has ended the session that had it.
pub async fn freed(s: &mut dyn Session) {
    for _ in 0..100 {
        if s.lock().await.expect("answers") == Lock::Taken {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the lock was not freed");
}
