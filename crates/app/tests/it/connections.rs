//! Testing a connection tells what is wrong in words that clients can match.

use app::instance::{self, NewInstance, SourceInput};
use base::{Error, Reason};
use testkit::servers::{self, Server};

use crate::support::{World, admin, folder, instance as an_instance};

async fn refusal(world: &World, new: NewInstance) -> Error {
    instance::create(&world.cx(), "", "", new, true).await.unwrap_err()
}

/// The reason for which an administrator's data source that `change` has changed is refused.
async fn reason(world: &World, server: &Server, change: impl FnOnce(&mut SourceInput)) -> Reason {
    let mut new = an_instance(server, &[]);
    change(&mut new.sources[0]);
    refusal(world, new).await.reason()
}

/// A port where nobody listens.
async fn free_port() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port().to_string()
}

async fn failures_are_classified(server: Server) {
    let world = World::start().await;
    instance::create(&world.cx(), "", "", an_instance(&server, &[]), true).await.unwrap();

    let port = free_port().await;
    assert_eq!(reason(&world, &server, |s| s.source.port = port).await, Reason::ConnectionNetwork);
    assert_eq!(
        reason(&world, &server, |s| s.source.host = "nosuch.invalid".into()).await,
        Reason::ConnectionNetwork
    );
    assert_eq!(
        reason(&world, &server, |s| s.secrets.password = "wrong".into()).await,
        Reason::ConnectionAuth
    );
    // The authority of the test servers is nobody that the system knows.
    assert_eq!(reason(&world, &server, |s| s.source.use_ssl = true).await, Reason::ConnectionTls);
    let bad = refusal(&world, {
        let mut new = an_instance(&server, &[]);
        new.sources[0].secrets.password = "hunter2-wrong".into();
        new
    });
    let bad = bad.await;
    assert!(!format!("{bad:?} {bad}").contains("hunter2"), "{bad:?}");
    assert_eq!(bad.metadata(), [("data_source".to_owned(), "admin".to_owned())]);

    let ca = std::fs::read_to_string(&server.ca_file).unwrap();
    let mut verified = an_instance(&server, &[]);
    verified.sources[0].source.use_ssl = true;
    verified.sources[0].secrets.ssl_ca = ca.as_str().into();
    instance::create(&world.cx(), "", "", verified, true).await.unwrap();
    let mut unverified = an_instance(&server, &[]);
    unverified.sources[0].source.use_ssl = true;
    unverified.sources[0].source.skip_tls_verification = true;
    instance::create(&world.cx(), "", "", unverified, true).await.unwrap();
}

#[tokio::test]
async fn failures_are_classified_on_postgres() {
    let Some(server) = servers::postgres().await else { return };
    failures_are_classified(server).await;
}

#[tokio::test]
async fn failures_are_classified_on_mariadb() {
    let Some(server) = servers::mariadb().await else { return };
    failures_are_classified(server).await;
}

#[tokio::test]
async fn addresses_that_must_not_be_reached_are_refused() {
    let Some(server) = servers::postgres().await else { return };
    let own = format!("{}:{}", server.host, server.port).parse().unwrap();
    let world = World::start_with(vec![own]).await;
    for host in ["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "0.0.0.0"] {
        let reason = reason(&world, &server, |s| s.source.host = host.into()).await;
        assert_eq!(reason, Reason::AddressRefused, "{host}");
    }
    // Our own metadata store, under whatever name.
    for host in [server.host.as_str(), "::ffff:127.0.0.1", "2130706433", "0x7f000001"] {
        let reason = reason(&world, &server, |s| s.source.host = host.into()).await;
        assert_eq!(reason, Reason::AddressRefused, "{host}");
    }
    let data = world.dir.path().join("data");
    assert_eq!(refusal(&world, folder(&data)).await.reason(), Reason::AddressRefused);
    let link = world.dir.path().join("link");
    std::os::unix::fs::symlink(&data, &link).unwrap();
    assert_eq!(refusal(&world, folder(&link)).await.reason(), Reason::AddressRefused);
}

#[tokio::test]
async fn hosts_that_carry_more_than_a_host_never_reach_a_driver() {
    let Some(server) = servers::postgres().await else { return };
    let world = World::start().await;
    for host in
        ["/var/run/postgresql", "x?sslmode=disable", "options=-c x", "127.0.0.1:5432", "a,b"]
    {
        let mut new = an_instance(&server, &[]);
        new.sources[0] = SourceInput { ..admin(&server) };
        new.sources[0].source.host = host.into();
        let error = refusal(&world, new).await;
        assert_eq!(error.field_violations()[0].field, "instance.data_sources[0].host", "{host}");
    }
}
