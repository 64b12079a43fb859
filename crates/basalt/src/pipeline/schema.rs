//! Flags of `basalt schema`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::{ConnectionArgs, EXIT_STATUS, environment, run};

const EXPORT_HELP: &str = "\
Without --targets: every database of the project, each a file INSTANCE/DATABASE.sql of the folder --out. The text is that of the last
sync, which each change ends with; the same schema gives the same text. Needs bb.databases.getSchema, which viewers of the project have
(roles/projectViewer) and what pipelines are given (roles/gitopsServiceAgent) has not.

";

#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    /// Write the schemas of databases as files, or compare them with files
    #[command(after_help = format!("{EXPORT_HELP}{EXIT_STATUS}"))]
    Export {
        #[command(flatten)]
        connection: ConnectionArgs,
        /// Databases, as instances/test/databases/shop, separated by commas or repeated; by default those of the project
        #[arg(long, env = "BASALT_TARGETS", value_name = "NAME")]
        targets: Vec<String>,
        /// File for one database, folder for several; by default standard output
        #[arg(long, value_name = "FILE|DIR")]
        out: Option<PathBuf>,
        /// Write nothing; fail when a file differs, is missing, or is of no database
        #[arg(long)]
        check: bool,
        /// Read the databases anew before
        #[arg(long)]
        sync: bool,
    },
}

pub fn schema(command: SchemaCommand) -> ExitCode {
    let SchemaCommand::Export { connection, targets, out, check, sync } = command;
    let given = ci::Given { targets, ..connection.given() };
    run(ci::export_schema(&environment(), &ci::SchemaExport { given, out, check, sync }))
}
