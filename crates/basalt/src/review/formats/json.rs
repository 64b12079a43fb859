//! Everything that is known, for programs. Names are only ever added.

use review::{Advice, Fix, Safety, StatementLocks, Status};
use serde::Serialize;
use serde_json::{Value, json};
use sql::LockWork;

use crate::review::reviewed::{Counts, Reviewed, name};

/// Everything but the files.
pub fn frame(counts: &Counts) -> Value {
    json!({
        "files": [],
        "summary": {
            "files": counts.files,
            "errors": counts.errors,
            "warnings": counts.warnings,
            "suppressed": counts.suppressed,
            "unreadable": counts.unreadable,
            "fixed": counts.fixed,
        },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct File<'a> {
    path: &'a str,
    findings: Vec<Finding<'a>>,
    errors_left_out: usize,
    warnings_left_out: usize,
    suppressed: Vec<Suppressed<'a>>,
    not_judged: Vec<Part<'a>>,
    locks: Vec<Lock<'a>>,
    locks_left_out: usize,
}

/// Lines and columns are from 1, columns count characters; all are null for the script as a whole.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule: &'static str,
    level: &'static str,
    code: i32,
    message: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    fix: Option<Mend<'a>>,
}

#[derive(Serialize)]
struct Suppressed<'a> {
    #[serde(flatten)]
    finding: Finding<'a>,
    reason: &'a str,
    until: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    why: &'a str,
}

#[derive(Serialize, Clone)]
struct Mend<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<Change<'a>>,
}

/// Of the text before any of them is made; `start` and `end` are bytes.
#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    start: usize,
    end: usize,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lock<'a> {
    line: u32,
    schema: &'a str,
    relation: &'a str,
    mode: &'static str,
    blocks_reads: bool,
    blocks_writes: bool,
    work: &'static str,
    rows: Option<i64>,
    because: &'static str,
    safer: Option<&'static str>,
    fix: Option<Mend<'a>>,
}

pub fn of_file(file: &Reviewed) -> File<'_> {
    let report = &file.report;
    let suppressed = report.suppressed.iter().map(|s| Suppressed {
        finding: of_advice(file, &s.advice),
        reason: &s.reason,
        until: s.until.as_deref(),
    });
    let not_judged = report.not_judged.iter().map(|part| {
        let [start, end] = file.region(part.span);
        Part {
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            why: &part.why,
        }
    });
    File {
        path: &file.path,
        findings: report.advices.iter().map(|a| of_advice(file, a)).collect(),
        errors_left_out: report.errors_left_out,
        warnings_left_out: report.warnings_left_out,
        suppressed: suppressed.collect(),
        not_judged: not_judged.collect(),
        locks: report.locks.iter().flat_map(|s| of_locks(file, s)).collect(),
        locks_left_out: report.locks_left_out,
    }
}

fn of_advice<'a>(file: &'a Reviewed, advice: &'a Advice) -> Finding<'a> {
    let place = file.place(advice);
    Finding {
        rule: name(advice),
        level: if advice.status == Status::Error { "error" } else { "warning" },
        code: advice.code,
        message: &advice.content,
        line: place.map(|p| p.start.line),
        column: place.map(|p| p.start.column),
        end_line: place.map(|p| p.end.line),
        end_column: place.map(|p| p.end.column),
        fix: advice.fix.as_ref().map(|f| of_fix(file, f)),
    }
}

fn of_fix<'a>(file: &'a Reviewed, fix: &'a Fix) -> Mend<'a> {
    let edits = fix.edits.iter().map(|edit| {
        let [start, end] = file.region(edit.span);
        Change {
            start: edit.span.start,
            end: edit.span.end,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            text: &edit.text,
        }
    });
    Mend { title: &fix.title, safe: fix.safety == Safety::Safe, edits: edits.collect() }
}

fn of_locks<'a>(
    file: &'a Reviewed,
    statement: &'a StatementLocks,
) -> impl Iterator<Item = Lock<'a>> {
    let fix = statement.fix.as_ref().map(|f| of_fix(file, f));
    statement.locks.iter().map(move |lock| Lock {
        line: statement.line,
        schema: &lock.schema,
        relation: &lock.relation,
        mode: lock.mode,
        blocks_reads: lock.blocks_reads,
        blocks_writes: lock.blocks_writes,
        work: work(lock.work),
        rows: lock.rows,
        because: lock.because,
        safer: lock.safer,
        fix: fix.clone(),
    })
}

const fn work(work: LockWork) -> &'static str {
    match work {
        LockWork::Brief => "brief",
        LockWork::Rows => "rows",
        LockWork::Scan => "scan",
        LockWork::Index => "index",
        LockWork::Rewrite => "rewrite",
    }
}
