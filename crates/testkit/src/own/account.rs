//! The user that a server of a test runs as: PostgreSQL and PgBouncer refuse to run as root.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// User and group of `postgres` when we are root; None: as ourselves.
fn user() -> Option<(u32, u32)> {
    let me = std::fs::metadata("/proc/self").expect("Linux").uid();
    if me != 0 {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let line = passwd.lines().find(|l| l.starts_with("postgres:")).expect("a user postgres");
    let numbers: Vec<u32> = line.split(':').filter_map(|f| f.parse().ok()).collect();
    Some((numbers[0], numbers[1]))
}

pub(super) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").stdin(Stdio::null());
    if let Some((uid, gid)) = user() {
        command.uid(uid).gid(gid);
    }
    command
}

pub(super) fn own(path: &Path) {
    if let Some((uid, gid)) = user() {
        chown(path, Some(uid), Some(gid)).expect("a folder of its own");
    }
}

/// Runs it to its end. Panics with what it said when it fails.
pub(super) fn run(command: &mut Command) {
    let output = command.output().expect("the program starts");
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
