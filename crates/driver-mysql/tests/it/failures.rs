//! Connections that must fail, each with the kind that says what to do.

use std::time::Duration;

use base::Secret;
use engine::{Engine as _, FailureKind, Outbound, Target, Tls, TlsVerify};

use crate::support::{engine, servers, session, target};

async fn kind_of(target: &Target) -> FailureKind {
    match engine().connect(target).await {
        Ok(_) => panic!("connected"),
        Err(failure) => {
            assert!(!failure.message.is_empty());
            failure.kind
        }
    }
}

#[tokio::test]
async fn each_failure_has_its_kind() {
    for server in servers().await {
        let good = target(&server, None);
        let wrong = Target { password: Secret::from("wrong"), ..good.clone() };
        assert_eq!(kind_of(&wrong).await, FailureKind::Auth);
        let nobody = Target { username: "nobody".to_owned(), ..good.clone() };
        assert_eq!(kind_of(&nobody).await, FailureKind::Auth);
        let missing = Target { database: Some("missing_database".to_owned()), ..good.clone() };
        assert_eq!(kind_of(&missing).await, FailureKind::NoDatabase);
        let closed = Target { port: 1, ..good.clone() };
        assert_eq!(kind_of(&closed).await, FailureKind::Network);
        let unknown = Target { host: "no-such-host.invalid".to_owned(), ..good.clone() };
        assert_eq!(kind_of(&unknown).await, FailureKind::Network);
        let metadata = Target { host: "169.254.169.254".to_owned(), ..good.clone() };
        assert_eq!(kind_of(&metadata).await, FailureKind::Address);
        let mut parameter = good.clone();
        parameter.parameters.insert("allowAllFiles".to_owned(), "true".to_owned());
        assert_eq!(kind_of(&parameter).await, FailureKind::Unsupported);
        let own = Outbound {
            own_store: vec![format!("{}:{}", server.host, server.port).parse().unwrap()],
            ..Outbound::default()
        };
        let refused =
            driver_mysql::MysqlEngine::new(own).connect(&good).await.err().map(|f| f.kind);
        assert_eq!(refused, Some(FailureKind::Address));
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_times_out() {
    let Some(server) = servers().await.into_iter().next() else { return };
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = Target {
        port: silent.local_addr().unwrap().port(),
        connect_timeout: Duration::from_millis(300),
        ..target(&server, None)
    };
    assert_eq!(kind_of(&target).await, FailureKind::Timeout);
}

#[tokio::test]
async fn tls_is_verified_unless_told_otherwise() {
    for server in servers().await {
        let ca = std::fs::read_to_string(&server.ca_file).expect("testkit has a CA");
        let with = |tls: Tls| Target { tls, ..target(&server, None) };
        let full = Tls { ca_pem: Some(ca.clone()), ..Tls::default() };
        let mut s = engine().connect(&with(full.clone())).await.expect("verifies");
        s.ping().await.unwrap();
        let by_name = Target { host: "localhost".to_owned(), ..with(full) };
        engine().connect(&by_name).await.expect("the certificate names localhost too");
        assert_eq!(kind_of(&with(Tls::default())).await, FailureKind::Tls, "an unknown authority");
        let none = Tls { verify: TlsVerify::None, ..Tls::default() };
        engine().connect(&with(none)).await.expect("encrypts without asking who");
        let client = Tls {
            ca_pem: Some(ca),
            client_cert_pem: Some(std::fs::read_to_string(&server.client_cert_file).unwrap()),
            client_key_pem: Some(Secret::new(
                std::fs::read_to_string(&server.client_key_file).unwrap(),
            )),
            ..Tls::default()
        };
        engine().connect(&with(client.clone())).await.expect("shows a client certificate");
        let half = Tls { client_key_pem: None, ..client };
        assert_eq!(kind_of(&with(half)).await, FailureKind::Tls);
    }
}

#[tokio::test]
async fn a_killed_session_is_lost() {
    for server in servers().await {
        let database = server.database().await;
        let mut s = session(&database).await;
        server.execute(&format!("KILL CONNECTION {}", s.backend())).await;
        let failure = s.statement("select 1").await.unwrap_err();
        assert!(failure.connection_lost, "{failure:?}");
        assert!(s.ping().await.is_err());
    }
}

#[tokio::test]
async fn rights_are_missing_politely() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int); create table u (a int)").await;
        let user = format!("u_{}", &database.name[2..]);
        let name = &database.name;
        server
            .execute(&format!(
                "CREATE USER '{user}'@'%' IDENTIFIED BY 'secret'; GRANT SELECT ON {name}.t TO '{user}'@'%'"
            ))
            .await;
        let mut limited = target(&server, Some(name));
        limited.username.clone_from(&user);
        limited.password = Secret::from("secret");
        let mut s = engine().connect(&limited).await.expect("may connect");
        let failure = s.statement("select * from u").await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Permission);
        let catalog = s.sync_database().await.expect("reads what it may see");
        assert_eq!(catalog.schemas[0].tables.len(), 1);
        let instance = s.sync_instance().await.expect("reads what it may see");
        assert!(instance.databases.iter().any(|d| &d.name == name));
        assert!(instance.roles.iter().any(|r| r.name.contains(&user)));
        let own = s.activity(&s.backend()).await.unwrap();
        assert!(own.is_some_and(|a| a.session.is_some()));
        let elsewhere = Target { database: Some("mysql".to_owned()), ..limited };
        assert_eq!(kind_of(&elsewhere).await, FailureKind::Permission);
        server.execute(&format!("DROP USER '{user}'@'%'")).await;
    }
}

#[tokio::test]
async fn mariadb_lets_in_by_ed25519() {
    let Some(server) = testkit::servers::mariadb().await else { return };
    let database = server.database().await;
    let user = format!("e_{}", &database.name[2..]);
    server.execute("INSTALL PLUGIN IF NOT EXISTS ed25519 SONAME 'auth_ed25519'").await;
    server
        .execute(&format!(
            "CREATE USER '{user}'@'%' IDENTIFIED VIA ed25519 USING PASSWORD('secret')"
        ))
        .await;
    let mut signed = Target {
        username: user.clone(),
        password: Secret::from("secret"),
        ..target(&server, None)
    };
    engine().connect(&signed).await.expect("signs in").close().await;
    signed.password = Secret::from("wrong");
    assert_eq!(kind_of(&signed).await, FailureKind::Auth);
    server.execute(&format!("DROP USER '{user}'@'%'")).await;
}
