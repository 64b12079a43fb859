//! The `basalt` binary: reads the command line and puts the parts together. No logic lives here.

mod backup;
mod cli;
mod demo;
mod engines;
mod logging;
mod memory;
mod parse;
mod restore;
mod review;
mod rotate_key;
mod serve;
mod store_options;
mod terminal;
mod verify_audit;
mod version;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
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
