//! The command line. Every flag can also come from the environment; flags win.
//!
//! Without the feature `server` it is that of the pipeline client alone.

#[cfg(feature = "server")]
mod args;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

#[cfg(feature = "server")]
pub use args::{BackupArgs, RestoreArgs, RotateKeyArgs, ServeArgs, StoreArgs, VerifyAuditArgs};

#[cfg(feature = "server")]
use crate::parse::ParseArgs;
#[cfg(feature = "cli")]
use crate::pipeline::{
    self, AdoptArgs, CheckArgs, CiCommand, MoveToGitArgs, ReleaseCommand, RolloutArgs,
    SchemaCommand, WhyArgs,
};
#[cfg(feature = "server")]
use crate::review::ReviewArgs;

/// Database changes, reviewed, rolled out stage by stage, and recorded.
#[derive(Debug, Parser)]
#[command(name = "basalt", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[cfg(feature = "server")]
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (also what plain `basalt` does)
    #[cfg(feature = "server")]
    Serve(ServeArgs),
    /// Copy the metadata into one file while the server runs, and verify the copy
    #[cfg(feature = "server")]
    Backup(BackupArgs),
    /// Fill an empty store from a backup, and verify it
    #[cfg(feature = "server")]
    Restore(RestoreArgs),
    /// Encrypt all stored secrets anew under a new key
    #[cfg(feature = "server")]
    RotateKey(RotateKeyArgs),
    /// Check that the audit log is as it was written: nothing edited, removed, moved or cut off
    #[cfg(feature = "server")]
    VerifyAudit(VerifyAuditArgs),
    /// Review SQL files offline, and say what a DBA would
    #[cfg(feature = "server")]
    Review(ReviewArgs),
    /// Check the files of a release against its databases, and tell the pull request
    #[cfg(feature = "cli")]
    Check(CheckArgs),
    /// Roll out the files of a release: make it, run its stages, wait for them
    #[cfg(feature = "cli")]
    Rollout(RolloutArgs),
    /// Look at releases
    #[cfg(feature = "cli")]
    #[command(subcommand)]
    Release(ReleaseCommand),
    /// Say whether a file would run on each database, and why not
    #[cfg(feature = "cli")]
    Why(WhyArgs),
    /// Take over databases that another migration tool has migrated
    #[cfg(feature = "cli")]
    Adopt(AdoptArgs),
    /// Make files of what the console has changed, and go on from a repository
    #[cfg(feature = "cli")]
    MoveToGit(MoveToGitArgs),
    /// Keep the schemas of databases as files
    #[cfg(feature = "cli")]
    #[command(subcommand)]
    Schema(SchemaCommand),
    /// Set up pipelines
    #[cfg(feature = "cli")]
    #[command(subcommand)]
    Ci(CiCommand),
    /// Show how a script is read: its statements, their kinds, its errors, its tree
    #[cfg(feature = "server")]
    Parse(ParseArgs),
    /// Show the version
    Version,
    /// Print the completion script of a shell
    Completion { shell: clap_complete::Shell },
}

impl Cli {
    /// Does what was asked; returns the exit status when it is done.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Some(command) => command.run(),
            #[cfg(feature = "server")]
            None => crate::serve::run(self.serve).map(|()| ExitCode::SUCCESS),
            #[cfg(not(feature = "server"))]
            None => {
                Self::command().print_help()?;
                Ok(ExitCode::from(2))
            }
        }
    }
}

impl Command {
    fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            #[cfg(feature = "server")]
            Self::Serve(args) => crate::serve::run(args)?,
            #[cfg(feature = "server")]
            Self::Backup(args) => crate::backup::run(&args)?,
            #[cfg(feature = "server")]
            Self::Restore(args) => crate::restore::run(&args)?,
            #[cfg(feature = "server")]
            Self::RotateKey(args) => crate::rotate_key::run(&args)?,
            #[cfg(feature = "server")]
            Self::VerifyAudit(args) => return crate::verify_audit::run(&args),
            #[cfg(feature = "server")]
            Self::Review(args) => return Ok(crate::review::run(&args)),
            #[cfg(feature = "cli")]
            Self::Check(args) => return Ok(pipeline::check(args)),
            #[cfg(feature = "cli")]
            Self::Rollout(args) => return Ok(pipeline::rollout(args)),
            #[cfg(feature = "cli")]
            Self::Release(command) => return Ok(pipeline::release(command)),
            #[cfg(feature = "cli")]
            Self::Why(args) => return Ok(pipeline::why(args)),
            #[cfg(feature = "cli")]
            Self::Adopt(args) => return Ok(pipeline::adopt(args)),
            #[cfg(feature = "cli")]
            Self::MoveToGit(args) => return Ok(pipeline::move_to_git(args)),
            #[cfg(feature = "cli")]
            Self::Schema(command) => return Ok(pipeline::schema(command)),
            #[cfg(feature = "cli")]
            Self::Ci(command) => return Ok(pipeline::ci(command)),
            #[cfg(feature = "server")]
            Self::Parse(args) => return Ok(crate::parse::run(&args)),
            Self::Version => crate::version::print(),
            Self::Completion { shell } => {
                clap_complete::generate(
                    shell,
                    &mut Cli::command(),
                    "basalt",
                    &mut std::io::stdout(),
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
