//! Behind a real PgBouncer.

use engine::{FindingLevel, Lock};
use testkit::own::Pooler;

use crate::preflight::{codes, findings};
use crate::target::connect;

#[tokio::test]
async fn a_pooler_in_session_mode_is_fine() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let Some(pooler) = Pooler::start(&server, "session") else { return };
    let database = server.database().await;
    let mut session = connect(&pooler.server, &database.name).await;
    assert_eq!(findings(session.as_mut(), "CREATE TABLE t (a int)").await, []);
    assert_eq!(session.lock().await.expect("lock"), Lock::Taken);
    session.close().await;
}

#[tokio::test]
async fn a_pooler_in_another_mode_stops_the_change() {
    let Some(server) = testkit::servers::postgres().await else { return };
    for mode in ["transaction", "statement"] {
        let Some(pooler) = Pooler::start(&server, mode) else { return };
        let database = server.database().await;
        let mut session = connect(&pooler.server, &database.name).await;
        let found = findings(session.as_mut(), "CREATE TABLE t (a int)").await;
        assert_eq!(codes(&found), ["POOLER"], "{mode}: {found:?}");
        assert_eq!(found[0].level, FindingLevel::Stop);
        assert!(found[0].text.contains("session mode"), "{found:?}");
        session.close().await;
    }
}
