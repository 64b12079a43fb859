//! What the short commands share: a runtime, a sign of life, and a last line.

use std::future::Future;
use std::io::{BufWriter, ErrorKind, IsTerminal as _, Write};
use std::time::Duration;

use anyhow::{Context as _, Result};
use indicatif::ProgressBar;

/// Runs a short command to its end.
pub fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(work)
}

/// Turns on a terminal; silent where output is kept.
pub fn spinner(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

#[expect(clippy::print_stdout, reason = "the result of a command")]
pub fn say(text: &str) {
    println!("{text}");
}

/// Writes a result as it is. Whoever reads it may stop reading: that is no failure.
pub fn write(text: &str) -> Result<()> {
    write_with(|out| Ok(out.write_all(text.as_bytes())?))
}

/// The same piece by piece.
pub fn write_with(pieces: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written = pieces(&mut out).and_then(|()| Ok(out.flush()?));
    let stopped = |e: &anyhow::Error| {
        e.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
    };
    match written {
        Err(e) if !stopped(&e) => Err(e).context("standard output"),
        _ => Ok(()),
    }
}

/// Whether people who look at standard output see colours, and have not said that they want none.
#[expect(
    clippy::disallowed_methods,
    reason = "NO_COLOR is no flag of ours, and no-color.org says how it is read"
)]
pub fn has_colour() -> bool {
    let unwanted = std::env::var("NO_COLOR").is_ok_and(|v| !v.is_empty());
    std::io::stdout().is_terminal() && !unwanted
}
