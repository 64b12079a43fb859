//! `basalt review`: reviews SQL files without a server, for people and for pipelines.
//!
//! Files are reviewed in parallel and reported in the order in which they were named (those of a folder by name), so
//! that two runs say the same. What is found goes to standard output in the format asked for; what stands in the way
//! of finding it goes to standard error.

mod config;
pub mod dialects;
mod explain;
mod formats;
pub mod inputs;
mod reviewed;
mod schema;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use base::{Clock as _, EngineKind, System};
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ParallelProgressIterator as _, ProgressBar, ProgressStyle};
use rayon::prelude::*;
use review::Input;

use crate::{logging, terminal};
use inputs::Text;
use reviewed::{Counts, Reviewed};

/// Wrong use, or a file that cannot be read. 1 is for findings.
pub const CANNOT: u8 = 2;
/// Fewer files are done before a bar could be read.
const WORTH_A_BAR: usize = 50;

const AFTER_HELP: &str = "\
Without --config, the rules are those of the production set: `basalt review rules` shows each with its level, and
`basalt review explain RULE` says why it is there. With --config, they are those of the file.

Each file is reviewed by itself, with nothing known about the database. With --schema, the dump is read first, and each
file is reviewed against the schema that the dump makes: files do not build on one another.

A comment `-- basalt:ignore RULE reason` above a statement takes a finding away; it is still shown as suppressed.

Exit status: 0 no errors found (warnings may be), 1 errors found, 2 wrong use or something that cannot be read.";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, after_help = AFTER_HELP)]
pub struct ReviewArgs {
    #[command(subcommand)]
    about: Option<About>,
    /// Files, folders (their .sql files, at any depth), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Whose SQL it is; may also stand in the configuration
    #[arg(long, value_name = "DIALECT", ignore_case = true, value_parser = dialects::reviewed())]
    dialect: Option<EngineKind>,
    /// Rules and dialect, in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The schema as it is before the files: a dump, as of `pg_dump --schema-only`
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// What the findings are for
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Whether text has colours; by default on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t = When::Auto)]
    color: When,
}

#[derive(Debug, Subcommand)]
enum About {
    /// List the rules with group, level and what they report
    Rules {
        /// Only those for this dialect
        #[arg(long, value_name = "DIALECT", ignore_case = true, value_parser = dialects::reviewed())]
        dialect: Option<EngineKind>,
    },
    /// Say what a rule reports, why, and what to write instead
    Explain { rule: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: the code, and what is wrong with it
    Text,
    /// Everything that is known, for programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Commands of a GitHub workflow, which become annotations
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit XML: a test suite a file
    Junit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

/// Reviews, or tells about rules. The status is the exit status; an error is one of use.
pub fn run(args: &ReviewArgs) -> ExitCode {
    let done = match &args.about {
        Some(About::Rules { dialect }) => terminal::write(&explain::list(*dialect)).map(|()| 0),
        Some(About::Explain { rule }) => {
            explain::explain(rule).and_then(|text| terminal::write(&text)).map(|()| 0)
        }
        None => review_files(args),
    };
    ExitCode::from(done.unwrap_or_else(|e| {
        logging::fail(&e);
        CANNOT
    }))
}

fn review_files(args: &ReviewArgs) -> Result<u8> {
    let settings = match &args.config {
        Some(path) => config::read(path, args.dialect)?,
        None => config::Settings::of(args.dialect),
    };
    let engine = settings.dialect.context("say whose SQL it is: --dialect postgres")?;
    let dialect = review::dialect(engine)
        .with_context(|| format!("there are no rules for {} yet", engine.title()))?;
    let catalog = args.schema.as_deref().map(|path| schema::read(path, dialect)).transpose()?;
    let (sources, mut failures) = inputs::find(&args.paths);
    if sources.is_empty() && failures.is_empty() {
        logging::warn("no .sql file there: nothing was reviewed");
    }
    let today = System.now().to_string();
    let today = today.get(..10);
    let one = |Text { path, text }: Text| {
        let report = review::review(&Input {
            engine,
            dialect,
            script: &text,
            catalog: catalog.as_ref(),
            version: settings.version,
            rules: &settings.rules,
            live: None,
            prior_backup: false,
            today,
        });
        Reviewed::new(path, text, report)
    };
    let bar = bar(sources.len());
    let found: Vec<Result<Reviewed>> = sources
        .par_iter()
        .progress_with(bar.clone())
        .map(|source| inputs::read(source).map(one))
        .collect();
    bar.finish_and_clear();
    let mut files = Vec::with_capacity(found.len());
    for one in found {
        match one {
            Ok(file) => files.push(file),
            Err(e) => failures.push(e),
        }
    }
    let counts = Counts::of(&files, failures.len());
    let colour = match args.color {
        When::Always => true,
        When::Never => false,
        When::Auto => terminal::has_colour(),
    };
    terminal::write(&formats::render(args.format, &files, &counts, colour)?)?;
    failures.iter().for_each(logging::fail);
    if args.format != Format::Text {
        logging::warn(&counts.to_string());
    }
    Ok(match (failures.len(), counts.errors) {
        (0, 0) => 0,
        (0, _) => 1,
        _ => CANNOT,
    })
}

fn bar(files: usize) -> ProgressBar {
    if files < WORTH_A_BAR {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64).with_message("files reviewed");
    match ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
