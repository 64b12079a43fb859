//! Connecting: what works, and what each way of failing is called.

use std::time::Duration;

use base::Secret;
use tokio::net::{TcpListener, TcpStream};

use super::{Fixture, in_time};
use crate::failure::{Failure, FailureKind};
use crate::session::Engine;
use crate::target::{Target, TlsVerify};

pub(super) async fn check(engine: &dyn Engine, fixture: &Fixture<'_>) {
    ping(engine, fixture).await;
    if !fixture.target.kind.capabilities().network {
        return;
    }
    let good = fixture.at(0);
    let mut wrong = good.clone();
    wrong.password = Secret::from("certainly not the password");
    fails(engine, &wrong, FailureKind::Auth, "a wrong password").await;

    let mut wrong = good.clone();
    wrong.port = closed_port().await;
    fails(engine, &wrong, FailureKind::Network, "a closed port").await;

    let mut wrong = good.clone();
    wrong.host = "no-such-host.invalid".to_owned();
    fails(engine, &wrong, FailureKind::Network, "an unknown host").await;

    let mut wrong = good.clone();
    wrong.host = "169.254.169.254".to_owned();
    fails(engine, &wrong, FailureKind::Address, "a metadata service").await;

    let mut wrong = good.clone();
    wrong.database = Some("no_such_database".to_owned());
    fails(engine, &wrong, FailureKind::NoDatabase, "an unknown database").await;

    let mut wrong = good.clone();
    wrong.parameters.insert("no_such_parameter".to_owned(), "1".to_owned());
    let failure = fails(engine, &wrong, FailureKind::Unsupported, "an unknown parameter").await;
    assert!(failure.message.contains("no_such_parameter"), "names it: {failure}");

    silent_server(engine, &good).await;
    tls(engine, fixture).await;
}

async fn ping(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = fixture.session(engine, 0).await;
    let info = in_time("ping", session.ping()).await.expect("ping");
    assert!(
        info.version.starts_with(|c: char| c.is_ascii_digit()),
        "a version starts with its number: {:?}",
        info.version
    );
    assert!(!info.read_only, "the test server takes writes");
    let again = session.ping().await.expect("a second ping");
    assert_eq!(info, again, "the same server is the same twice");
    let instance = in_time("sync_instance", session.sync_instance()).await.expect("sync_instance");
    assert_eq!(instance.server, info);
    let listed = |name: &String| instance.databases.iter().any(|d| d.name == *name);
    assert!(fixture.databases.iter().all(listed), "all databases: {:?}", instance.databases);
    let capabilities = fixture.target.kind.capabilities();
    if capabilities.roles {
        let user = &fixture.target.username;
        assert!(
            instance.roles.iter().any(|r| r.name.contains(user.as_str())),
            "{user} among {:?}",
            instance.roles
        );
    }
    session.close().await;
}

async fn fails(engine: &dyn Engine, target: &Target, kind: FailureKind, what: &str) -> Failure {
    match in_time(what, engine.connect(target)).await {
        Ok(_) => panic!("{what} was let in"),
        Err(failure) => {
            assert_eq!(failure.kind, kind, "{what}: {failure}");
            failure
        }
    }
}

/// A port that was free a moment ago.
async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// One that takes the connection and says nothing.
async fn silent_server(engine: &dyn Engine, good: &Target) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let mut target = good.clone();
    target.host = "127.0.0.1".to_owned();
    target.port = listener.local_addr().expect("its address").port();
    target.connect_timeout = Duration::from_millis(300);
    fails(engine, &target, FailureKind::Timeout, "a silent server").await;
}

async fn tls(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let Some(tls) = &fixture.tls else { return };
    let mut target = fixture.at(0);
    target.tls = tls.clone();
    assert_eq!(target.tls.verify, TlsVerify::Full, "the fixture asks for a verified certificate");
    let session = in_time("TLS", engine.connect(&target)).await;
    session.unwrap_or_else(|e| panic!("a verified certificate: {e}")).close().await;

    let mut unknown = target.clone();
    unknown.tls.ca_pem = None;
    fails(engine, &unknown, FailureKind::Tls, "an unknown authority").await;

    // The same server under an address that its certificate does not have.
    let listener = TcpListener::bind("127.0.0.2:0").await.expect("a second loopback address");
    let mut other = target.clone();
    other.host = "127.0.0.2".to_owned();
    other.port = listener.local_addr().expect("its address").port();
    let real = (target.host.clone(), target.port);
    let forward = tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let Ok(mut to) = TcpStream::connect(&real).await else { continue };
            // How a refused handshake ends is for the client to say.
            let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
        }
    });
    fails(engine, &other, FailureKind::Tls, "a certificate of another name").await;
    other.tls.verify = TlsVerify::None;
    let session = in_time("unverified TLS", engine.connect(&other)).await;
    session.unwrap_or_else(|e| panic!("without verification: {e}")).close().await;
    forward.abort();
}
