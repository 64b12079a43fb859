//! Flags of `basalt adopt`.

use std::process::ExitCode;

use ci::Given;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{ConnectionArgs, EXIT_STATUS, FilesArgs, MarkingArgs, environment, here, run};

const ADOPT_HELP: &str = "\
The tool is told by its table: flyway_schema_history, DATABASECHANGELOG, schema_migrations (Rails, dbmate, golang-migrate),
alembic_version, atlas_schema_revisions, or changes of sqitch. It is read and never changed. What would be marked is shown first.
The schema as it is becomes the baseline of a database that Basalt has no record of. A second run marks and records nothing new.
Needs bb.sql.select, bb.changelogs.list, bb.sheets.create and bb.revisions.create, which owners of the project have.

";

#[derive(Debug, Args)]
#[command(after_help = format!("{ADOPT_HELP}{EXIT_STATUS}"))]
pub struct AdoptArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    files: FilesArgs,
    /// The tool whose history is read; by default it is found out
    #[arg(long, value_parser = tools(), value_name = "TOOL")]
    from: Option<ci::Tool>,
    /// Read no history: mark every file up to this version
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["from", "schema", "table"])]
    up_to: Option<String>,
    /// Schema of the history; on MySQL and MariaDB the database, where it is another one
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// Table of the history, where it has not the tool's usual name
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// Alembic's scripts, which tell the order of revisions; by default '**/versions/*.py'
    #[arg(long, value_name = "GLOB")]
    scripts: Option<String>,
    #[command(flatten)]
    marking: MarkingArgs,
}

fn tools() -> impl TypedValueParser<Value = ci::Tool> {
    PossibleValuesParser::new(ci::Tool::ALL.map(ci::Tool::word))
        .try_map(|word| ci::Tool::of_word(&word).ok_or("no such tool"))
}

pub fn adopt(args: AdoptArgs) -> ExitCode {
    let given = args.connection.with(args.files);
    let adopt = ci::Adopt {
        given: Given { output: args.marking.output, ..given },
        from: args.from,
        up_to: args.up_to,
        schema: args.schema,
        table: args.table,
        scripts: args.scripts,
        category: args.marking.versions.category,
        dry_run: args.marking.dry_run,
        yes: args.marking.yes,
        root: here(),
    };
    run(ci::adopt(&environment(), &adopt))
}
