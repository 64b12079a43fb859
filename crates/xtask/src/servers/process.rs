//! Starting, awaiting and stopping a server's process.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How long a server may take to answer on a busy two-core machine.
const START_LIMIT: Duration = Duration::from_secs(90);
/// How long a server may take to end before it is killed; its data is deleted anyway.
const STOP_LIMIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);
/// A free port can be taken between asking for it and using it.
const PORT_TRIES: u32 = 3;

/// Starts a server on a free port and waits for its first sign of life.
///
/// `command` builds the command line for a port; `ready` looks once and gives what the server said of itself.
/// The process outlives us: own process group, output to `log`.
pub fn start<T>(
    log: &Path,
    command: impl Fn(u16) -> Command,
    ready: impl Fn(u16) -> Result<Option<T>>,
) -> Result<(u16, u32, T)> {
    for attempt in 1.. {
        let port = free_port()?;
        let mut child = spawn(command(port), log)?;
        match await_ready(&mut child, port, &ready) {
            Ok(said) => return Ok((port, child.id(), said)),
            Err(error) => {
                // Reap it: an early death leaves nothing, a hanging server must not stay.
                child.kill().context("cannot kill the server that did not start")?;
                child.wait()?;
                let text = fs::read_to_string(log).unwrap_or_default();
                if attempt < PORT_TRIES && text.contains("in use") {
                    continue;
                }
                return Err(error.context(format!(
                    "end of {}:\n{}",
                    log.display(),
                    tail(&text, 8)
                )));
            }
        }
    }
    unreachable!("the loop returns at the last attempt")
}

/// Asks a process to end, waits, then kills it. `is_ours` must stay true only while it is our process.
pub fn stop(pid: u32, is_ours: impl Fn() -> bool) -> Result<()> {
    for signal in ["-TERM", "-KILL"] {
        if !is_ours() {
            return Ok(());
        }
        // `kill` may fail because the process ended meanwhile; what counts is whether it is gone.
        Command::new("kill")
            .arg(signal)
            .arg(pid.to_string())
            .output()
            .context("cannot run kill")?;
        let begun = Instant::now();
        while begun.elapsed() < STOP_LIMIT {
            if !is_ours() {
                return Ok(());
            }
            sleep(POLL);
        }
    }
    bail!("pid {pid} does not end")
}

/// Runs a command to its end; a failure carries what it wrote.
pub fn run(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {program}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let text = format!("{stdout}\n{}", String::from_utf8_lossy(&output.stderr));
        bail!("{program} failed ({}):\n{}", output.status, tail(&text, 8));
    }
    Ok(stdout)
}

fn spawn(mut command: Command, log: &Path) -> Result<Child> {
    let program = command.get_program().to_string_lossy().into_owned();
    let out = fs::File::create(log).with_context(|| format!("cannot create {}", log.display()))?;
    let err = out.try_clone()?;
    // Its own group: Ctrl-C in `make test` reaches us, and the trap stops the servers in order.
    command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
    command.spawn().with_context(|| format!("cannot start {program}"))
}

fn await_ready<T>(
    child: &mut Child,
    port: u16,
    ready: &impl Fn(u16) -> Result<Option<T>>,
) -> Result<T> {
    let begun = Instant::now();
    while begun.elapsed() < START_LIMIT {
        if let Some(status) = child.try_wait()? {
            bail!("the server ended while starting ({status})");
        }
        if let Some(said) = ready(port)? {
            return Ok(said);
        }
        sleep(POLL);
    }
    bail!("the server did not answer on port {port} within {} s", START_LIMIT.as_secs())
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_dies_says_why() {
        let dir = tempfile::tempdir().unwrap();
        let shell = |_| {
            let mut command = Command::new("sh");
            command.args(["-c", "echo no such option; exit 3"]);
            command
        };
        let error = start(&dir.path().join("log"), shell, |_| Ok(None::<()>)).unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains("no such option") && text.contains("exit status: 3"), "{text}");
    }

    #[test]
    fn the_tail_keeps_the_end() {
        assert_eq!(tail("a\n\nb\nc\n", 2), "b\nc");
        assert_eq!(tail("a", 2), "a");
    }
}
