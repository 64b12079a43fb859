//! Servers that die in the middle of a change, at every point where they can: after a restart each change is in its database exactly
//! once, and the record says so. An oracle counts what reached the target.
//!
//! `BASALT_KILLS` says how many kills there are for each kind of server; `BASALT_SEED` repeats a sequence.

mod batch;
mod oracle;
mod script;
mod taken_over;
mod target;
mod twins;
mod unknown;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::app::{Basalt, Client};
use testkit::environment::{say, variable};
use testkit::servers::Server;

use self::oracle::Tally;
use self::script::Script;
use self::target::Target;
use crate::BASALT;
use crate::change::{Change, PATIENCE, is_over};

/// Kills in `make test`, for each kind of server.
const KILLS: u32 = 8;
/// Points at which the server dies, as `basalt serve --crash-at` names them, each with how often it may come by before.
const POINTS: [(&str, u32); 10] = [
    ("claim", 1),
    ("connect", 1),
    ("unit-start", 3),
    ("begin", 2),
    ("statement", 4),
    ("statement-end", 4),
    ("before-commit", 2),
    ("after-commit", 2),
    ("unit-end", 3),
    ("before-record", 1),
];

#[tokio::test]
async fn crash_postgres() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let scripts = [Script::Transaction, Script::Alone, Script::Own];
    kill("postgres", &Target::server(&server).await, &scripts).await.expect(0.0);
}

#[tokio::test]
async fn crash_mariadb() {
    let Some(server) = testkit::servers::mariadb().await else { return };
    mysql_family("mariadb", &server).await;
}

#[tokio::test]
async fn crash_mysql() {
    let Some(server) = testkit::servers::mysql97().await else { return };
    mysql_family("mysql", &server).await;
}

#[tokio::test]
async fn crash_sqlite() {
    let scripts = [Script::Transaction, Script::Own];
    kill("sqlite", &Target::sqlite().await, &scripts).await.expect(0.0);
}

async fn mysql_family(name: &str, server: &Server) {
    let target = Target::server(server).await;
    kill(&format!("{name} DML"), &target, &[Script::Rows]).await.expect(0.0);
    let target = Target::server(server).await;
    kill(&format!("{name} DDL"), &target, &[Script::Definitions]).await.expect(0.05);
}

/// Lets the server die again and again while it changes `target`, and counts.
async fn kill(name: &str, target: &Target, scripts: &[Script]) -> Tally {
    let kills = variable("BASALT_KILLS").and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let seed = variable("BASALT_SEED").and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut random = Random(seed);
    let data = tempfile::tempdir().expect("a temporary folder");
    let (mut ada, database) = prepare(data.path(), target).await;

    let mut tally = Tally::new(name);
    for number in 0..kills * 4 {
        if tally.kills >= kills {
            break;
        }
        let (point, times) = POINTS[random.below(POINTS.len())];
        let at = format!("{point}:{}", 1 + random.below(times as usize));
        let script = scripts[random.below(scripts.len())];
        let mut basalt = Basalt::start_in(BASALT, data.path(), &["--crash-at", &at]).await;
        ada.url.clone_from(&basalt.url);
        let change = Change::make(&ada, &database, &script.sql(number)).await;
        change.run(&ada).await;
        tally.kills += u32::from(died_or_done(&mut basalt, &ada, &change).await);
        drop(basalt);
        let basalt = Basalt::start_in(BASALT, data.path(), &[]).await;
        ada.url.clone_from(&basalt.url);
        let run = change.ended(&ada).await;
        let what = format!("{name}, seed {seed}, change {number} ({script:?}), killed at {at}");
        tally.count(&what, target, script, number, &run).await;
        drop(basalt);
    }
    say(&tally.to_string());
    tally
}

/// A data folder whose administrator has `target` in `projects/shop`. Gives the administrator and the database's name.
async fn prepare(data: &Path, target: &Target) -> (Client, String) {
    let basalt = Basalt::start_in(BASALT, data, &[]).await;
    let ada = basalt.first_administrator().await;
    project(&ada).await;
    let database = target.adopt(&ada).await;
    (ada, database)
}

async fn project(ada: &Client) {
    let project = json!({"title": "Shop", "allowSelfApproval": true});
    ada.json("ProjectService/CreateProject", json!({"projectId": "shop", "project": project}))
        .await
        .expect("a project");
}

/// True when the server died; false when the run ended because it never came by the point.
async fn died_or_done(basalt: &mut Basalt, ada: &Client, change: &Change) -> bool {
    let until = Instant::now() + PATIENCE;
    loop {
        if basalt.has_died() {
            return true;
        }
        if change.last(ada).await.is_some_and(|run| is_over(&run)) {
            // What comes after the record is no point any more.
            return basalt.has_died();
        }
        assert!(Instant::now() < until, "neither died nor done:\n{}", basalt.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A sequence that comes again from its seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).expect("below the limit")
    }
}
