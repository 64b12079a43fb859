//! Flags of `basalt move-to-git`.

use std::process::ExitCode;

use clap::Args;

use super::{ConnectionArgs, EXIT_STATUS, MarkingArgs, environment, here, run};

const HELP: &str = "\
Each text that plans ran becomes one file, VERSION_TITLE.sql with the time of its first run as version, however many databases it ran on; those
that have it are marked. What failed, is not over, or came from a release is named and left out. Files that are there are never changed; a
second run writes nothing new. Needs bb.changelogs.list, bb.sheets.create and bb.revisions.create, which owners of the project have.

";

#[derive(Debug, Args)]
#[command(after_help = format!("{HELP}{EXIT_STATUS}"))]
pub struct MoveToGitArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Databases, as instances/test/databases/shop, separated by commas or repeated; by default those of the project
    #[arg(long, env = "BASALT_TARGETS", value_name = "NAME")]
    targets: Vec<String>,
    /// Folder of the files
    #[arg(long, value_name = "DIR", default_value = "migrations")]
    folder: String,
    #[command(flatten)]
    marking: MarkingArgs,
}

pub fn move_to_git(args: MoveToGitArgs) -> ExitCode {
    let given = args.connection.given();
    let asked = ci::MoveToGit {
        given: ci::Given { targets: args.targets, output: args.marking.output, ..given },
        folder: args.folder,
        category: args.marking.versions.category,
        dry_run: args.marking.dry_run,
        yes: args.marking.yes,
        root: here(),
    };
    run(ci::move_to_git(&environment(), &asked))
}
