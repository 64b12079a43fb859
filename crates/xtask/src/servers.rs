//! `cargo xtask servers up|down|status`: real database servers for the tests.
//!
//! Each server runs as an unprivileged user on a free port of 127.0.0.1, speaks TLS with a certificate of
//! our own authority, and stands in `servers.json` (see [`Record`]) from the moment it answers. `up` starts
//! what does not run yet and leaves the rest alone; `down` stops only processes whose command line names
//! our data directory, and removes the data. A file lock keeps two callers apart.

mod account;
mod apt;
mod certs;
mod handshake;
mod mariadb;
mod mysql97;
mod place;
mod postgres;
mod process;
mod record;

use std::fs::{self, File};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::paths;
use place::Place;
use record::{Record, Servers};

const USAGE: &str = "usage: cargo xtask servers up [--durable] [--only NAME[,NAME]] | down | status\nnames: postgres, mariadb, mysql97, postgres18\n\
    --durable: they wait for the disk, as people run them; else not, because tests throw their data away";

/// What can be started, in this order.
const KINDS: &[Kind] = &[
    Kind { name: "postgres", required: true, start: postgres::start },
    Kind { name: "mariadb", required: true, start: mariadb::start },
    Kind { name: "mysql97", required: false, start: mysql97::start },
    Kind { name: "postgres18", required: false, start: postgres::start_18 },
];

struct Kind {
    name: &'static str,
    /// Without it `up` fails; otherwise it prints `NAME MISSING: reason` and goes on.
    required: bool,
    start: fn(&Place) -> Result<Record>,
}

pub fn run(args: &[String]) -> Result<()> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let durable = args.contains(&"--durable");
    let rest: Vec<&str> = args.into_iter().filter(|a| *a != "--durable").collect();
    match rest.as_slice() {
        ["up"] => locked(|| up(&KINDS.iter().collect::<Vec<_>>(), durable)),
        ["up", "--only", names] => {
            let wanted = names.split(',').map(kind_named).collect::<Result<Vec<_>>>()?;
            locked(|| up(&wanted, durable))
        }
        _ if durable => bail!("{USAGE}"),
        ["down"] => locked(down),
        ["status"] => status(),
        _ => bail!("{USAGE}"),
    }
}

fn kind_named(name: &str) -> Result<&'static Kind> {
    KINDS
        .iter()
        .find(|kind| kind.name == name)
        .with_context(|| format!("no server is called {name:?}\n{USAGE}"))
}

/// Runs `work` while no other `servers up` or `down` does, waiting for its end if need be.
fn locked(work: impl FnOnce() -> Result<()>) -> Result<()> {
    let path = paths::servers_file().with_extension("lock");
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    }
    let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    work()
}

fn up(wanted: &[&Kind], durable: bool) -> Result<()> {
    let mut servers = Servers::read()?;
    for kind in wanted {
        if let Some(record) = servers.get(kind.name)
            && record.is_alive()
        {
            println!("{:<10} already runs at {} (pid {})", kind.name, record.url, record.pid);
            continue;
        }
        let begun = Instant::now();
        match (kind.start)(&Place::new(kind.name, durable)) {
            Ok(record) => {
                let seconds = begun.elapsed().as_secs_f32();
                println!(
                    "{:<10} {} at {} (pid {}, {seconds:.1} s)",
                    kind.name, record.version, record.url, record.pid
                );
                servers.insert(kind.name, record)?;
            }
            Err(reason) if kind.required => {
                return Err(reason.context(format!("{} does not start", kind.name)));
            }
            Err(reason) => {
                // One line, because testers and CI search for it.
                let reason = format!("{reason:#}").replace('\n', " | ");
                println!("{} MISSING: {reason}", kind.name.to_uppercase());
                servers.remove(kind.name)?;
            }
        }
    }
    println!("written to {}", paths::servers_file().display());
    Ok(())
}

fn down() -> Result<()> {
    let servers = Servers::read()?;
    if servers.is_empty() {
        println!("no servers are recorded in {}", paths::servers_file().display());
    }
    for (name, record) in servers.iter() {
        if record.is_alive() {
            process::stop(record.pid, || record.is_alive())
                .with_context(|| format!("cannot stop {name}"))?;
            println!("{name:<10} stopped (pid {})", record.pid);
        } else {
            println!("{name:<10} was not running");
        }
    }
    servers.forget()?;
    place::remove_all()
}

/// Fails unless every required server runs, so that a script can ask.
fn status() -> Result<()> {
    let servers = Servers::read()?;
    let mut missing = Vec::new();
    for kind in KINDS {
        match servers.get(kind.name) {
            Some(record) if record.is_alive() => {
                println!(
                    "{:<10} runs: {} at {} (pid {})",
                    kind.name, record.version, record.url, record.pid
                );
                continue;
            }
            Some(record) => println!(
                "{:<10} died: pid {} is gone, log {}",
                kind.name,
                record.pid,
                record.log.display()
            ),
            None => println!("{:<10} is not started", kind.name),
        }
        if kind.required {
            missing.push(kind.name);
        }
    }
    if !missing.is_empty() {
        bail!("not running: {}; cargo xtask servers up starts them", missing.join(", "));
    }
    Ok(())
}
