//! `basalt parse`: how Basalt reads a script: its statements, their kinds, what is wrong. For people and bug reports.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use base::EngineKind;
use clap::Args;
use sql::{Dialect, Statement};

use crate::review::{CANNOT, dialects, inputs};
use crate::{logging, terminal};

const AFTER_HELP: &str = "\
One line a statement: line:column, kind, and the objects that it changes. Syntax errors are known for dialects with a
grammar of their own (postgres); the others are cut into statements and classified by their words.

Exit status: 0 no syntax error, 1 syntax errors, 2 wrong use or something that cannot be read.";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ParseArgs {
    /// The script, or - for standard input
    file: PathBuf,
    /// Whose SQL it is
    #[arg(long, value_name = "DIALECT", ignore_case = true, value_parser = dialects::those(|k| review::reader(k).is_some()))]
    dialect: EngineKind,
    /// Print the fingerprint of each statement, alike for statements that differ in values only
    #[arg(long)]
    fingerprint: bool,
    /// Print the syntax tree below each statement, with bytes from the statement's beginning
    #[arg(long)]
    tree: bool,
}

pub fn run(args: &ParseArgs) -> ExitCode {
    ExitCode::from(parse(args).unwrap_or_else(|e| {
        logging::fail(&e);
        CANNOT
    }))
}

fn parse(args: &ParseArgs) -> Result<u8> {
    let title = args.dialect.title();
    let grammar = review::dialect(args.dialect);
    if args.tree {
        grammar.with_context(|| format!("--tree: there is no grammar of {title} yet"))?;
    }
    let source = if args.file == Path::new("-") {
        inputs::Source::Stdin
    } else {
        inputs::Source::File(args.file.clone())
    };
    let script = inputs::read(&source)?.text;
    let reader = review::reader(args.dialect).with_context(|| format!("{title} has no SQL"))?;
    let mut errors = grammar.and_then(|g| g.syntax_errors(&script)).unwrap_or_default();
    let found = errors.len();
    errors.reverse();
    let mut out = String::new();
    for statement in reader.split(&script) {
        let text = statement.text(&script);
        let facts = reader.classify(text);
        let objects: Vec<String> = facts.objects.iter().map(object).collect();
        let mut line = format!("{}  ", place(&statement));
        if args.fingerprint {
            let _ = write!(line, "{}  ", reader.fingerprint(text));
        }
        let _ = write!(line, "{}  {}", facts.kind.as_str(), objects.join(", "));
        let _ = writeln!(out, "{}", line.trim_end());
        while let Some(error) = errors.pop_if(|e| e.span.start <= statement.span.end) {
            let at = error.position;
            let _ = writeln!(out, "{}:{}  error: {}", at.line, at.column, error.message);
        }
        if args.tree {
            out.push_str(&tree(grammar, text));
        }
    }
    terminal::write(&out)?;
    Ok(u8::from(found > 0))
}

fn tree(grammar: Option<&dyn Dialect>, statement: &str) -> String {
    let tree = grammar.and_then(|g| g.outline(statement));
    let tree = tree.unwrap_or_else(|| "too large or too deep for a tree\n".to_owned());
    tree.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "    {line}");
        out
    })
}

fn place(statement: &Statement) -> String {
    format!("{}:{}", statement.start.line, statement.start.column)
}

fn object(object: &sql::ObjectRef) -> String {
    let schema = if object.schema.is_empty() { "" } else { "." };
    format!("{} {}{schema}{}", object.kind, object.schema, object.name)
}
