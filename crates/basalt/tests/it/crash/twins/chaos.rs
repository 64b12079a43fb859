//! What happens to two servers and their metadata while they work.

use std::process::Command;
use std::time::Duration;

use testkit::own::Cluster;

use super::LEASE;
use crate::crash::Random;

/// How often each thing happened.
#[derive(Default)]
pub struct Happened {
    pub paused: u32,
    pub terminated: u32,
    pub restarted: u32,
}

/// One thing after another, until nobody waits for it any more.
pub async fn chaos(
    pids: [u32; 2],
    metadata: &Cluster,
    random: &mut Random,
    happened: &mut Happened,
) {
    loop {
        tokio::time::sleep(Duration::from_millis(500 + random.below(1000) as u64)).await;
        match random.below(4) {
            0 | 1 => {
                let pid = pids[random.below(2)];
                signal(pid, "-STOP");
                tokio::time::sleep(LEASE + Duration::from_millis(random.below(1000) as u64)).await;
                signal(pid, "-CONT");
                happened.paused += 1;
            }
            2 => {
                let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'basalt'";
                metadata.server().execute(sql).await;
                happened.terminated += 1;
            }
            _ => {
                match random.below(2) {
                    0 => metadata.stop(),
                    _ => metadata.crash(),
                }
                metadata.start();
                happened.restarted += 1;
            }
        }
    }
}

/// Lets a process that was paused when the chaos ended go on.
pub fn calm(pids: [u32; 2]) {
    for pid in pids {
        signal(pid, "-CONT");
    }
}

fn signal(pid: u32, signal: &str) {
    let sent = Command::new("kill").args([signal, &pid.to_string()]).status().expect("kill runs");
    assert!(sent.success(), "server {pid} is gone");
}
