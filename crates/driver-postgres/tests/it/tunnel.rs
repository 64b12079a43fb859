//! Through a jump host to the real server.

use base::Secret;
use driver_postgres::PostgresEngine;
use engine::{Engine as _, Failure, FailureKind, Outbound, Ssh, SshAuth, Target, Tls};

use crate::jump_host::{JumpHost, PASSWORD, USER};
use crate::target::target;

fn ssh(jump: &JumpHost, auth: SshAuth) -> Ssh {
    Ssh {
        host: jump.address.ip().to_string(),
        port: jump.address.port(),
        user: USER.to_owned(),
        auth,
        host_key: Some(jump.fingerprint.clone()),
    }
}

async fn fails(target: &Target) -> Failure {
    let engine = PostgresEngine::new(Outbound::default());
    engine.connect(target).await.err().expect("this must not connect")
}

#[tokio::test]
async fn a_jump_host_leads_to_the_server() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let jump = JumpHost::start().await;
    let ca = std::fs::read_to_string(&server.ca_file).expect("the servers' own authority");
    let password = || SshAuth::Password(Secret::from(PASSWORD));
    let key = SshAuth::Key { pem: Secret::from(jump.client_key.as_str()), passphrase: None };
    let engine = PostgresEngine::new(Outbound::default());
    for (auth, tls) in
        [(password(), target(&server, None).tls), (key, Tls { ca_pem: Some(ca), ..Tls::default() })]
    {
        let through = Target { ssh: Some(ssh(&jump, auth)), tls, ..target(&server, None) };
        let mut session = engine.connect(&through).await.expect("through the tunnel");
        assert!(!session.ping().await.expect("ping").identity.is_empty());
        let big = "SELECT repeat('x', 100000) FROM generate_series(1, 50)";
        assert_eq!(session.statement(big).await.expect("5 MB").rows, Some(50));

        // Cancelling goes the same way.
        let canceller = session.canceller();
        let sleeping = tokio::spawn(async move { session.statement("SELECT pg_sleep(30)").await });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        canceller.cancel().await.expect("cancel through the tunnel");
        let failure = sleeping.await.expect("no panic").expect_err("it was cancelled");
        assert_eq!(failure.kind, FailureKind::Canceled);
    }
}

#[tokio::test]
async fn what_goes_wrong_at_the_jump_host_is_named() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let jump = JumpHost::start().await;
    let good = || Target {
        ssh: Some(ssh(&jump, SshAuth::Password(Secret::from(PASSWORD)))),
        ..target(&server, None)
    };
    let with = |change: &dyn Fn(&mut Ssh)| {
        let mut target = good();
        change(target.ssh.as_mut().expect("a jump host"));
        target
    };

    let failure = fails(&with(&|s| s.auth = SshAuth::Password(Secret::from("wrong")))).await;
    assert_eq!(failure.kind, FailureKind::Auth, "{failure}");

    let bad_key = SshAuth::Key { pem: Secret::from("not a key"), passphrase: None };
    let failure = fails(&with(&|s| s.auth = bad_key.clone())).await;
    assert_eq!(failure.kind, FailureKind::Auth, "{failure}");

    let failure = fails(&with(&|s| s.host_key = Some("SHA256:other".to_owned()))).await;
    assert_eq!(failure.kind, FailureKind::Tls, "{failure}");
    assert!(failure.message.contains(&jump.fingerprint), "shows what it found: {failure}");

    let failure = fails(&with(&|s| s.host = "169.254.169.254".to_owned())).await;
    assert_eq!(failure.kind, FailureKind::Address, "{failure}");

    let failure = fails(&with(&|s| s.port = 1)).await;
    assert_eq!(failure.kind, FailureKind::Network, "{failure}");

    let behind = Target { port: 1, ..good() };
    let failure = fails(&behind).await;
    assert_eq!(failure.kind, FailureKind::Network, "{failure}");
    assert!(failure.message.contains("cannot connect to 127.0.0.1:1"), "{failure}");

    let metadata = Target { host: "169.254.169.254".to_owned(), ..good() };
    let failure = fails(&metadata).await;
    assert_eq!(failure.kind, FailureKind::Address, "{failure}");
}
