//! The `basalt` binary: reads the command line and puts the parts together. No logic lives here.

#[cfg(feature = "server")]
mod backup;
mod cli;
#[cfg(feature = "server")]
mod demo;
#[cfg(feature = "server")]
mod engines;
mod logging;
#[cfg(feature = "server")]
mod memory;
#[cfg(feature = "server")]
mod parse;
#[cfg(feature = "cli")]
mod pipeline;
#[cfg(feature = "server")]
mod restore;
#[cfg(feature = "server")]
mod review;
#[cfg(feature = "server")]
mod rotate_key;
#[cfg(any(feature = "server", feature = "cli"))]
mod runtime;
#[cfg(feature = "server")]
mod serve;
#[cfg(feature = "server")]
mod store_options;
#[cfg(feature = "server")]
mod terminal;
#[cfg(feature = "server")]
mod verify_audit;
mod version;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    #[cfg(feature = "server")]
    memory::return_large_blocks();
    rustls::crypto::ring::default_provider()
        .install_default()
        .expect("nothing installed a TLS provider before main");
    let cli = cli::Cli::parse();
    match cli.run() {
        Ok(status) => status,
        Err(e) => {
            logging::fail(&e);
            ExitCode::FAILURE
        }
    }
}
