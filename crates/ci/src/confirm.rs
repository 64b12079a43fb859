//! Asking people at a terminal.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use crate::failure::{Failure, Result};

pub fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Whether somebody agrees. Where nobody can be asked, that is an error.
pub fn confirmed(question: &str) -> Result<bool> {
    if !is_terminal() {
        return Err(Failure::usage(
            "nothing was written: look at what is above and give --yes, or --dry-run to only look",
        ));
    }
    Ok(matches!(ask(&format!("{question} [y/N] "))?.as_str(), "y" | "Y" | "yes"))
}

pub fn ask(question: &str) -> Result<String> {
    let failed = |e: std::io::Error| Failure::usage(format!("no answer: {e}"));
    let mut to = std::io::stderr().lock();
    write!(to, "{question}").and_then(|()| to.flush()).map_err(failed)?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
    Ok(line.trim().to_owned())
}
