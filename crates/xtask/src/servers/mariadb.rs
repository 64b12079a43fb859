//! MariaDB, Debian's package `mariadb-server` (10.11 on Debian 12).
//!
//! Administrator `basalt` / `basalt` over TCP; row-based binary log; TLS offered and not required.

use std::path::Path;

use anyhow::Result;

use super::account::Account;
use super::place::{Home, Place};
use super::record::Record;
use super::{apt, handshake, process};

pub const USER: &str = "basalt";
pub const PASSWORD: &str = "basalt";

pub fn start(place: &Place) -> Result<Record> {
    let server = Path::new("/usr/sbin/mariadbd");
    apt::ensure(server, "mariadb-server", "/run/mysqld/mysqld.pid")?;
    let account = Account::choose(&["mysql", "nobody"])?;
    let home = place.home(account)?;
    process::run(
        account
            .command("/usr/bin/mariadb-install-db", &home.dir)
            .args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"])
            .arg(format!("--datadir={}", home.data.display())),
    )?;
    let init = init_file(&home)?;
    let command = |port: u16| {
        let mut command = account.command(server, &home.dir);
        command
            .args(common_args(&home, port, place.durable))
            .arg(format!("--init-file={}", init.display()));
        // The character set that Debian's own configuration gives, which --no-defaults leaves out.
        command.args(["--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci"]);
        command.arg("--binlog-format=ROW");
        command
    };
    let (port, pid, version) = process::start(&home.log, command, handshake::version)?;
    Ok(home.record("mysql", USER, PASSWORD, port, pid, version))
}

/// Options that MariaDB and MySQL share. `--no-defaults` must come first.
pub fn common_args(home: &Home, port: u16, durable: bool) -> Vec<String> {
    let mut args = vec![
        "--no-defaults".to_owned(),
        format!("--datadir={}", home.data.display()),
        format!("--port={port}"),
        "--bind-address=127.0.0.1".to_owned(),
        "--skip-name-resolve".to_owned(),
        // Relative to the data directory: a socket's full path may not pass 107 bytes.
        "--socket=server.sock".to_owned(),
        "--pid-file=server.pid".to_owned(),
        "--max-connections=300".to_owned(),
        "--innodb-buffer-pool-size=64M".to_owned(),
        "--server-id=1".to_owned(),
        "--log-bin=binlog".to_owned(),
        format!("--ssl-ca={}", home.tls.ca.display()),
        format!("--ssl-cert={}", home.tls.cert.display()),
        format!("--ssl-key={}", home.tls.key.display()),
    ];
    if !durable {
        // The data is thrown away, so nothing needs to survive a crash.
        let hasty = [
            "--innodb-flush-log-at-trx-commit=0",
            "--sync-binlog=0",
            "--innodb-flush-method=nosync",
        ];
        args.extend(hasty.map(str::to_owned));
    }
    args
}

/// SQL that the server runs before it takes connections: one statement a line.
pub fn init_file(home: &Home) -> Result<std::path::PathBuf> {
    let path = home.dir.join("init.sql");
    std::fs::write(
        &path,
        format!(
            "CREATE USER IF NOT EXISTS '{USER}'@'%' IDENTIFIED BY '{PASSWORD}';\n\
             GRANT ALL PRIVILEGES ON *.* TO '{USER}'@'%' WITH GRANT OPTION;\n\
             ALTER USER 'root'@'localhost' IDENTIFIED BY '{PASSWORD}';\n"
        ),
    )?;
    home.account.own(&path)?;
    Ok(path)
}
