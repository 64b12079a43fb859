//! PostgreSQL 15, Debian's package `postgresql-15`.
//!
//! Administrator `postgres` / `basalt` by scram over TCP, with or without TLS; the role `basalt_client`, if a
//! test creates it, signs in by certificate only. Logical WAL, so that a change can be read back from it;
//! no fsync unless that is asked for, because the data is thrown away.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::account::Account;
use super::place::Place;
use super::record::Record;
use super::{apt, certs, process};

const BIN: &str = "/usr/lib/postgresql/15/bin";
const USER: &str = "postgres";
const PASSWORD: &str = "basalt";
/// Every test has its own database and pool, and many run at once.
const MAX_CONNECTIONS: u32 = 300;

pub fn start(place: &Place) -> Result<Record> {
    let bin = Path::new(BIN);
    let server = bin.join("postgres");
    apt::ensure(&server, "postgresql-15", "/run/postgresql/15-main.pid")?;
    let account = Account::choose(&["postgres", "nobody"])?;
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
    let access = format!(
        "hostssl all {} 127.0.0.1/32 cert\n\
         host all,replication all 127.0.0.1/32 scram-sha-256\n",
        certs::CLIENT_NAME
    );
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
            ("ssl", "on".to_owned()),
            ("ssl_ca_file", home.tls.ca.display().to_string()),
            ("ssl_cert_file", home.tls.cert.display().to_string()),
            ("ssl_key_file", home.tls.key.display().to_string()),
        ] {
            command.arg("-c").arg(format!("{name}={value}"));
        }
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
