//! `basalt review`: reviews SQL files without a server, for people and for pipelines.
//!
//! Files are reviewed in parallel and reported in the order in which they were named (those of a folder by name), so
//! that two runs say the same. What is found goes to standard output in the format asked for; what stands in the way
//! of finding it goes to standard error.

mod config;
mod database;
pub mod dialects;
mod explain;
mod fixing;
mod formats;
pub mod inputs;
mod reviewed;
mod schema;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use base::{Clock as _, EngineKind, System};
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ParallelProgressIterator as _, ProgressBar, ProgressStyle};
use rayon::prelude::*;
use review::Input;

use crate::{logging, terminal};
use database::Database;
use fixing::Extent;
use formats::Printer;
use inputs::Source;
use reviewed::{Counts, Reviewed};

/// Wrong use, or a file that cannot be read. 1 is for findings.
pub const CANNOT: u8 = 2;
/// Files of which all is kept until they are written.
const TOGETHER: usize = 64;
/// Fewer files are done before a bar could be read.
const WORTH_A_BAR: usize = 50;

const AFTER_HELP: &str = "\
Without --config, the rules are those of the production set: `basalt review rules` shows each with its level, and
`basalt review explain RULE` says why it is there. With --config, they are those of the file.

Each file is reviewed by itself, with nothing known about the database. With --schema, the dump is read first, and each
file is reviewed against the schema that the dump makes: files do not build on one another.

With --database, files are reviewed against a live database: its schema as it is, and rules that ask it (row counts, a
plan without a run, owners). It is opened for reading only, and each answer has a time limit.

With --fix, what a machine can mend is mended in the files, and the findings are about what came of it. --fix=all also
makes fixes that may change what a script does: read them. --fix --diff only shows what would change.

A comment `-- basalt:ignore RULE reason` above a statement takes a finding away; it is still shown as suppressed.

Exit status: 0 no errors found (warnings may be), 1 errors found or, with --diff, something to change, 2 wrong use or something that cannot be read.";

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
    /// The database before the files, live: postgres://user:password@host:5432/name?sslmode=verify-full
    #[arg(
        long,
        value_name = "URL",
        conflicts_with = "schema",
        env = "BASALT_REVIEW_DATABASE",
        hide_env_values = true
    )]
    database: Option<String>,
    /// Mend what can be mended: what is safe, or all that there is a fix for
    #[arg(
        long, value_enum, value_name = "WHICH", num_args = 0..=1, require_equals = true,
        default_missing_value = "safe"
    )]
    fix: Option<Extent>,
    /// Show what --fix would change, and change nothing
    #[arg(long, requires = "fix")]
    diff: bool,
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
    let dump = args.schema.as_deref().map(|path| schema::read(path, dialect)).transpose()?;
    let database = args.database.as_deref().map(|url| Database::open(url, engine)).transpose()?;
    let catalog = database.as_ref().map(|d| &d.catalog).or(dump.as_ref());
    // What the configuration says of the version is about another server than this one.
    let version = database.as_ref().and_then(|d| d.version).or(settings.version);
    let (sources, mut failures) = inputs::find(&args.paths);
    if sources.is_empty() && failures.is_empty() {
        logging::warn("no .sql file there: nothing was reviewed");
    }
    if args.fix.is_some() && !args.diff && sources.contains(&Source::Stdin) {
        bail!("--fix changes files: for standard input use --fix --diff");
    }
    let today = System.now().date();
    let report = |script: &str| {
        review::review(&Input {
            engine,
            dialect,
            script,
            catalog,
            version,
            rules: &settings.rules,
            live: database.as_ref().and_then(Database::live),
            prior_backup: false,
            today: Some(&today),
            labels: &BTreeMap::new(),
            refuse_suppression: settings.refuse_suppression,
        })
    };
    let one = |source: &Source| -> Result<Reviewed> {
        let read = inputs::read(source)?;
        let Some(extent) = args.fix else {
            let report = report(&read.text);
            return Ok(Reviewed::new(read.path, read.text, report));
        };
        let mended = fixing::mend(&read.text, extent, report);
        let difference = fixing::difference(&read.path, &read.text, &mended.text);
        if !args.diff && !difference.is_empty() {
            fixing::write(source, &read, &mended.text)?;
        }
        let mut reviewed = Reviewed::new(read.path, mended.text, mended.report);
        reviewed.fixed = mended.made;
        reviewed.difference = difference;
        Ok(reviewed)
    };
    let colour = match args.color {
        When::Always => true,
        When::Never => false,
        When::Auto => terminal::has_colour(),
    };
    let printer = (!args.diff).then(|| Printer::new(args.format, colour)).transpose()?;
    let counts =
        terminal::write_with(|out| review_all(out, printer, &sources, one, &mut failures))?;
    failures.iter().for_each(logging::fail);
    if args.diff || args.format != Format::Text {
        logging::warn(&counts.to_string());
    }
    let would_change = args.diff && counts.fixed > 0;
    Ok(match (failures.len(), counts.errors) {
        (0, 0) if !would_change => 0,
        (0, _) => 1,
        _ => CANNOT,
    })
}

/// Reviews in parallel and writes in order, without a printer only the differences.
fn review_all(
    out: &mut dyn Write,
    mut printer: Option<Printer>,
    sources: &[Source],
    one: impl Fn(&Source) -> Result<Reviewed> + Sync,
    failures: &mut Vec<anyhow::Error>,
) -> Result<Counts> {
    let mut counts = Counts::default();
    if let Some(printer) = &printer {
        printer.begin(out)?;
    }
    let bar = bar(sources.len());
    for some in sources.chunks(TOGETHER) {
        let both = |source: &Source| -> Result<(Reviewed, String)> {
            let mut file = one(source)?;
            let said = match &printer {
                Some(printer) => printer.of_file(&file)?,
                None => std::mem::take(&mut file.difference),
            };
            Ok((file, said))
        };
        let found: Vec<_> = some.par_iter().progress_with(bar.clone()).map(both).collect();
        bar.suspend(|| -> Result<()> {
            for found in found {
                let (file, said) = match found {
                    Ok(found) => found,
                    Err(e) => {
                        failures.push(e);
                        continue;
                    }
                };
                counts.add(&file);
                match &mut printer {
                    Some(printer) => printer.say(out, &file, &said)?,
                    None => out.write_all(said.as_bytes())?,
                }
            }
            Ok(())
        })?;
    }
    bar.finish_and_clear();
    counts.unreadable = failures.len();
    if let Some(printer) = printer {
        printer.end(out, &counts)?;
    }
    Ok(counts)
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
