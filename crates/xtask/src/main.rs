//! The workshop: `cargo xtask COMMAND`, called by the Makefile and by hand.
//!
//! Each command is one module that takes the remaining words; add a line to [`COMMANDS`].
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to its terminal"
)]

mod generate;
mod layers;
mod paths;
mod servers;
mod tidy;

use std::process::ExitCode;

type Command = (&'static str, &'static str, fn(&[String]) -> anyhow::Result<()>);

const COMMANDS: &[Command] = &[
    ("gen", "[--check]: Rust and TypeScript from proto/", generate::run),
    (
        "servers",
        "up [--only NAME,…] | down | status: real database servers for tests",
        servers::run,
    ),
    ("tidy", "layers, sizes, docs and the other rules of the house", tidy::run),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(((_, _, run), args)) = words
        .split_first()
        .and_then(|(name, args)| Some((COMMANDS.iter().find(|command| command.0 == name)?, args)))
    else {
        eprintln!("usage: cargo xtask COMMAND");
        for (name, what, _) in COMMANDS {
            eprintln!("  {name:<8} {what}");
        }
        return ExitCode::from(2);
    };
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
