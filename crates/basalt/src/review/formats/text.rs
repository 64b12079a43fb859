//! For people: the line, what is wrong with it, and below what it locks.

use std::fmt::Write as _;

use anyhow::Result;
use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};
use review::{Advice, Fix, Safety, StatementLocks, Status};
use sql::LockWork;

use crate::review::reviewed::{Reviewed, counted, name};

pub fn of_file(file: &Reviewed, colour: bool) -> Result<String> {
    let mut out = Vec::new();
    let mut source = (file.path.as_str(), Source::from(file.text.as_str()));
    for advice in &file.report.advices {
        frame(file, advice, colour).write(&mut source, &mut out)?;
        out.push(b'\n');
    }
    let mut text = String::from_utf8(out)?;
    let report = &file.report;
    if report.errors_left_out + report.warnings_left_out > 0 {
        let errors = counted(report.errors_left_out, "error");
        let warnings = counted(report.warnings_left_out, "warning");
        let _ = writeln!(text, "{}: {errors} and {warnings} more are not shown", file.path);
    }
    for suppressed in &report.suppressed {
        let advice = &suppressed.advice;
        let line = advice.start.map_or(1, |p| p.line);
        let until = suppressed.until.as_ref().map_or(String::new(), |u| format!(" until {u}"));
        let _ = writeln!(
            text,
            "{}:{line}: suppressed{until}: [{}] {} ({})",
            file.path,
            name(advice),
            advice.content,
            suppressed.reason
        );
    }
    for part in &report.not_judged {
        let _ = writeln!(text, "{}:{}: note: not judged: {}", file.path, part.line, part.why);
    }
    for statement in &report.locks {
        locks(&mut text, &file.path, statement);
    }
    if report.locks_left_out > 0 {
        let more = counted(report.locks_left_out, "statement");
        let _ = writeln!(text, "{}: note: locks of {more} more are not shown", file.path);
    }
    let is_silent = text.is_empty();
    if !is_silent && !text.ends_with("\n\n") {
        text.push('\n');
    }
    Ok(text)
}

type At<'a> = (&'a str, std::ops::Range<usize>);

fn frame<'a>(file: &'a Reviewed, advice: &Advice, colour: bool) -> Report<'a, At<'a>> {
    let (kind, tint) = match advice.status {
        Status::Error => (ReportKind::Error, Color::Red),
        _ => (ReportKind::Warning, Color::Yellow),
    };
    let place = file.place(advice);
    let span = place.map_or(0..0, |p| p.span.start..p.span.end);
    let report = Report::build(kind, (file.path.as_str(), span.clone()))
        .with_config(Config::new().with_color(colour).with_index_type(IndexType::Byte))
        .with_code(name(advice));
    match place {
        Some(_) => {
            let why = advice.rule.and_then(review::rule).map_or("", |r| r.doc.why);
            let label = Label::new((file.path.as_str(), span)).with_color(tint).with_message(why);
            let mut report = report.with_message(&advice.content).with_label(label);
            if let Some(fix) = &advice.fix {
                report.set_help(format!("{} ({})", fix.title, option(fix)));
            }
            report.finish()
        }
        None => report.with_message(format!("{}: {}", file.path, advice.content)).finish(),
    }
}

fn locks(text: &mut String, path: &str, statement: &StatementLocks) {
    for lock in &statement.locks {
        let relation = match (lock.schema.as_str(), lock.relation.as_str()) {
            ("", relation) => relation.to_owned(),
            (schema, relation) => format!("{schema}.{relation}"),
        };
        let waits = match (lock.blocks_reads, lock.blocks_writes) {
            (true, _) => "readers and writers wait",
            (false, true) => "writers wait",
            (false, false) => "nobody waits",
        };
        let rows = match lock.rows {
            Some(rows) if rows >= 0 => format!(" of {rows} rows"),
            _ => String::new(),
        };
        let line = statement.line;
        let (mode, work, because) = (lock.mode, work(lock.work), lock.because);
        let _ = writeln!(
            text,
            "{path}:{line}: note: {mode} on {relation}{rows}: {waits} {work}; {because}"
        );
        if let Some(safer) = lock.safer {
            let _ = writeln!(text, "    instead: {safer}");
        }
    }
    if let Some(fix) = &statement.fix {
        let _ = writeln!(text, "    {}: {}", option(fix), fix.title);
    }
}

/// What makes the fix.
const fn option(fix: &Fix) -> &'static str {
    match fix.safety {
        Safety::Safe => "--fix",
        Safety::Look => "--fix=all",
    }
}

const fn work(work: LockWork) -> &'static str {
    match work {
        LockWork::Brief => "for a moment",
        LockWork::Rows => "while its rows are worked on",
        LockWork::Scan => "while all rows are read",
        LockWork::Index => "while an index is built",
        LockWork::Rewrite => "while all rows are written anew",
    }
}
