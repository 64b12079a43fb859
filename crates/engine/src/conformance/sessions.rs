//! Settings, locks, cancelling: what one session does to another.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::{Fixture, in_time};
use crate::failure::FailureKind;
use crate::proof::Transaction;
use crate::session::Engine;
use crate::settings::SettingsRequest;

/// Longest time from asking to cancel to the statement's end.
const CANCELLED_WITHIN: Duration = Duration::from_secs(2);

pub(super) async fn check(engine: &dyn Engine, fixture: &Fixture<'_>) {
    settings(engine, fixture).await;
    if fixture.target.kind.capabilities().cancel {
        cancel(engine, fixture).await;
    }
    lock_timeout(engine, fixture).await;
    blocking(engine, fixture).await;
}

async fn settings(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let refused = engine.settings(&SettingsRequest {
        overrides: BTreeMap::from([("no_such_setting".to_owned(), "1".to_owned())]),
        ..SettingsRequest::default()
    });
    let error = refused.expect_err("an override that is not listed is refused");
    assert!(error.message().contains("no_such_setting"), "names it: {error}");

    let Some(setting) = &fixture.in_force else { return };
    let mut session = fixture.session(engine, 2).await;
    session.statement(setting.probe).await.expect_err("the setting is not in force by itself");
    let request = SettingsRequest {
        overrides: BTreeMap::from([(setting.name.to_owned(), setting.value.to_owned())]),
        ..SettingsRequest::default()
    };
    let list = engine.settings(&request).expect("a listed override");
    assert!(list.iter().any(|s| s.name == setting.name && s.value == setting.value), "{list:?}");
    session.apply_settings(&list).await.expect("settings are set");
    session.statement(setting.probe).await.unwrap_or_else(|e| panic!("in force: {e}"));
    session.close().await;
}

async fn cancel(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = fixture.session(engine, 2).await;
    let canceller = session.canceller();
    canceller.cancel().await.expect("cancelling an idle session harms nobody");
    session.statement("SELECT 1").await.expect("it lives on");
    let sleep = fixture.sleep.to_owned();
    let running = tokio::spawn(async move {
        let result = session.statement(&sleep).await;
        (session, result)
    });
    // The statement must have reached the server; it runs for 30 seconds, so that a slow machine is no matter.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let asked = Instant::now();
    in_time("cancel", canceller.cancel()).await.expect("cancel");
    let (mut session, result) =
        in_time("the cancelled statement", running).await.expect("no panic");
    let took = asked.elapsed();
    let failure = result.expect_err("a cancelled statement fails");
    assert_eq!(failure.kind, FailureKind::Canceled, "{failure}");
    assert!(took <= CANCELLED_WITHIN, "cancelled after {took:?}");
    if !failure.connection_lost {
        session.statement("SELECT 1").await.expect("the session lives on");
    }
    session.close().await;
}

async fn lock_timeout(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let Some(lock) = &fixture.lock else { return };
    let mut holder = fixture.session(engine, 2).await;
    holder.begin(&Transaction::default()).await.expect("begin");
    holder.statement(lock.holder).await.expect("the holder takes its lock");
    let mut waiter = fixture.session(engine, 2).await;
    let request =
        SettingsRequest { lock_timeout: Duration::from_secs(1), ..SettingsRequest::default() };
    let list = engine.settings(&request).expect("settings");
    waiter.apply_settings(&list).await.expect("settings are set");
    let started = Instant::now();
    let result = in_time("the waiter", waiter.statement(lock.waiter)).await;
    let waited = started.elapsed();
    let failure = result.expect_err("the lock is held");
    assert!(failure.lock_timeout, "classified as a lock timeout: {failure}");
    assert!(waited >= Duration::from_millis(900), "it waited: {waited:?}");
    assert!(waited <= Duration::from_secs(6), "and not for long: {waited:?}");
    holder.rollback().await.expect("rollback");
    waiter.statement(lock.waiter).await.expect("the lock is free");
    holder.close().await;
    waiter.close().await;
}

async fn blocking(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let Some(lock) = &fixture.lock else { return };
    if !fixture.target.kind.capabilities().blocking_sessions {
        return;
    }
    let mut holder = fixture.session(engine, 2).await;
    holder.begin(&Transaction::default()).await.expect("begin");
    holder.statement(lock.holder).await.expect("the holder takes its lock");
    let mut waiter = fixture.session(engine, 2).await;
    let (holding, waiting) = (holder.backend(), waiter.backend());
    let statement = lock.waiter.to_owned();
    let running = tokio::spawn(async move {
        let result = waiter.statement(&statement).await;
        (waiter, result)
    });
    let mut watcher = fixture.session(engine, 2).await;
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let seen =
            watcher.activity(&waiting).await.expect("activity").expect("the waiter is there");
        if seen.blocking.iter().any(|row| row.id == holding) {
            let row = seen.session.expect("itself");
            assert_eq!(row.id, waiting);
            assert!(row.query.contains(lock.waiter), "{:?}", row.query);
            break;
        }
        assert!(Instant::now() < deadline, "the holder was never seen to block: {seen:?}");
        // MariaDB reads its locks anew only when nobody has asked for a tenth of a second.
        tokio::time::sleep(Duration::from_millis(270)).await;
    }
    let seen = watcher.activity(&holding).await.expect("activity").expect("the holder is there");
    assert!(seen.blocked.iter().any(|row| row.id == waiting), "{seen:?}");
    holder.rollback().await.expect("rollback");
    let (waiter, result) = in_time("the waiter", running).await.expect("no panic");
    result.expect("it got its lock");
    let gone = watcher.activity("2147483600").await.expect("activity of nobody");
    assert!(gone.is_none(), "{gone:?}");
    for session in [holder, waiter, watcher] {
        session.close().await;
    }
}
