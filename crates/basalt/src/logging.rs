//! Logs go to standard error, one line each; a fatal error is one sentence with its causes.

#[cfg(feature = "server")]
use std::io::IsTerminal as _;

#[cfg(feature = "server")]
use tracing_subscriber::EnvFilter;

/// Starts logging. `debug` lowers the threshold for our own crates only; `BASALT_LOG` overrides both.
#[cfg(feature = "server")]
pub fn start(debug: bool) {
    let default = if debug {
        "info,basalt=debug,app=debug,server=debug,store=debug,engine=debug"
    } else {
        "info"
    };
    let filter = EnvFilter::try_from_env("BASALT_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(debug)
        .init();
}

/// Says why the program stops.
#[expect(clippy::print_stderr, reason = "the last word of a command-line program")]
pub fn fail(error: &anyhow::Error) {
    eprintln!("basalt: {error:#}");
}

/// Says what a command noticed besides its result.
#[cfg(feature = "server")]
#[expect(clippy::print_stderr, reason = "standard output holds the result")]
pub fn warn(text: &str) {
    eprintln!("basalt: {text}");
}
