//! What the short commands share: a sign of life, and a last line.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};
use std::time::Duration;

use anyhow::{Context as _, Result};
use indicatif::ProgressBar;

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
pub fn write_with<T>(pieces: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
    let mut out = BufWriter::new(WhileRead { out: std::io::stdout().lock(), is_read: true });
    let made = pieces(&mut out)?;
    out.flush().context("standard output")?;
    Ok(made)
}

/// Takes what nobody reads any more, so that the work itself goes on.
struct WhileRead<W> {
    out: W,
    is_read: bool,
}

impl<W: Write> WhileRead<W> {
    fn unless_closed<T>(
        &mut self,
        unread: T,
        f: impl FnOnce(&mut W) -> io::Result<T>,
    ) -> io::Result<T> {
        if !self.is_read {
            return Ok(unread);
        }
        match f(&mut self.out) {
            Err(e) if e.kind() == ErrorKind::BrokenPipe => {
                self.is_read = false;
                Ok(unread)
            }
            done => done,
        }
    }
}

impl<W: Write> Write for WhileRead<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
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
