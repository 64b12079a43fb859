//! Through a jump host to the real servers.

use std::time::Duration;

use base::Secret;
use engine::{Engine as _, FailureKind, Ssh, SshAuth, Target, Tls};

use crate::jump_host::{JumpHost, PASSWORD, USER};
use crate::statements::LONG;
use crate::support::{engine, servers, target};

fn through(jump: &JumpHost, auth: SshAuth, target: Target) -> Target {
    let ssh = Ssh {
        host: jump.address.ip().to_string(),
        port: jump.address.port(),
        user: USER.to_owned(),
        auth,
        host_key: Some(jump.fingerprint.clone()),
    };
    Target { ssh: Some(ssh), ..target }
}

fn password(text: &str) -> SshAuth {
    SshAuth::Password(Secret::from(text))
}

#[tokio::test]
async fn a_jump_host_leads_to_the_server() {
    for server in servers().await {
        let jump = JumpHost::start().await;
        let ca = std::fs::read_to_string(&server.ca_file).expect("the servers' own authority");
        let tls = Tls { ca_pem: Some(ca), ..Tls::default() };
        let key = SshAuth::Key { pem: Secret::from(jump.client_key.as_str()), passphrase: None };
        for (tls, auth) in [(target(&server, None).tls, password(PASSWORD)), (tls, key)] {
            let far = through(&jump, auth, Target { tls, ..target(&server, None) });
            let mut s = engine().connect(&far).await.expect("connects");
            let direct =
                engine().connect(&target(&server, None)).await.unwrap().ping().await.unwrap();
            assert_eq!(s.ping().await.unwrap(), direct);
            let large = "x".repeat(300_000);
            assert_eq!(s.statement(&format!("select '{large}'")).await.unwrap().rows, Some(1));
            // Cancelling goes the same way, by a second connection.
            let cancel = s.canceller();
            let (result, ()) = tokio::join!(s.statement(LONG), async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                cancel.cancel().await.expect("cancels");
            });
            assert_eq!(result.unwrap_err().kind, FailureKind::Canceled);
            s.close().await;
        }
        let refused = through(&jump, password("wrong"), target(&server, None));
        assert_eq!(engine().connect(&refused).await.err().map(|f| f.kind), Some(FailureKind::Auth));
        let nowhere =
            through(&jump, password(PASSWORD), Target { port: 1, ..target(&server, None) });
        assert_eq!(
            engine().connect(&nowhere).await.err().map(|f| f.kind),
            Some(FailureKind::Network)
        );
        let metadata = Target { host: "169.254.169.254".to_owned(), ..target(&server, None) };
        let metadata = through(&jump, password(PASSWORD), metadata);
        assert_eq!(
            engine().connect(&metadata).await.err().map(|f| f.kind),
            Some(FailureKind::Address)
        );
    }
}
