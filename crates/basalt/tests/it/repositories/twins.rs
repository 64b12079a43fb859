//! Two servers on one metadata store: what both hear of, or both look for, is released once.

use std::time::{Duration, Instant};

use testkit::app::{Basalt, Client};
use testkit::own::Cluster;

use super::hooks::{push, pushed, send, signature};
use super::host::{Host, Kind};
use super::syncs::sync_now;
use super::{OPEN, PATIENCE, came_to, create, github, releases, syncs};
use crate::BASALT;
use crate::shop::{Shop, text};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_make_one_release_of_a_push() {
    let Some(metadata) = Cluster::create("max_connections = 60") else { return };
    let url = metadata.server().url;
    let arguments = [&OPEN[..], &["--pg", &url, "--key", KEY]].concat();
    let one = Shop::in_(Basalt::start(BASALT, &arguments).await).await;
    let basalt = Basalt::start(BASALT, &arguments).await;
    let ada = Client { url: basalt.url.clone(), ..one.ada.clone() };
    let two = Shop { basalt, ada };
    let host = Host::start(Kind::Github).await;
    host.push("acme/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    // The clock is due for both.
    let made = create(&two.ada, github(&host.url, &[])).await.expect("made");
    came_to(&one, &made, ("DONE", "RELEASED")).await;

    for n in 2..=6 {
        let (path, sql) = (format!("migrations/{n}_x.sql"), format!("SELECT {n};"));
        let commit = host.push("acme/shop", "main", &[(&path, &sql)]);
        let (first, second) = (format!("a-{n}"), format!("b-{n}"));
        let told = tokio::join!(
            pushed(&one, &made, "main", &first),
            pushed(&two, &made, "main", &second),
            sync_now(&one, &made),
            sync_now(&two, &made),
        );
        assert_eq!((told.0.0, told.1.0), (202, 202));
        let until = Instant::now() + PATIENCE;
        loop {
            let all = syncs(&one, &made).await;
            let open = all.iter().any(|s| s["status"] == "PENDING" || s["status"] == "RETRYING");
            let released =
                all.iter().filter(|s| s["status"] == "DONE" && s["commit"] == commit.as_str());
            match (open, released.count()) {
                (false, 1) => break,
                (_, 0 | 1) => {}
                (_, more) => panic!("{more} releases of one commit: {all:?}"),
            }
            assert!(Instant::now() < until, "{all:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(releases(&one).await.len(), n);
    }

    // One message that reaches both is taken by one.
    let body = push("main");
    let signed = signature(&text(&made["webhookSecret"]), &body);
    let head = [
        ("x-hub-signature-256", signed.as_str()),
        ("x-github-delivery", "c-1"),
        ("x-github-event", "push"),
    ];
    let (one_said, two_said) =
        tokio::join!(send(&one, &made, &head, &body), send(&two, &made, &head, &body));
    let mut both = [one_said.0, two_said.0];
    both.sort_unstable();
    assert_eq!(both, [202, 401]);
    // When one ends, the other goes on.
    let Shop { basalt, .. } = two;
    assert!(basalt.stop().await.success());
    host.push("acme/shop", "main", &[("migrations/7_x.sql", "SELECT 7;")]);
    assert_eq!(pushed(&one, &made, "main", "d-1").await.0, 202);
    came_to(&one, &made, ("DONE", "RELEASED")).await;
    assert_eq!(releases(&one).await.len(), 7);
}
