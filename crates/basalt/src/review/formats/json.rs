//! Everything that is known, for programs. Names are only ever added.

use review::{Advice, Fix, Safety, StatementLocks, Status};
use serde_json::{Value, json};
use sql::LockWork;

use crate::review::reviewed::{Counts, Reviewed, name};

pub fn render(files: &[Reviewed], counts: &Counts) -> Value {
    json!({
        "files": files.iter().map(of_file).collect::<Vec<_>>(),
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

fn of_file(file: &Reviewed) -> Value {
    let report = &file.report;
    let suppressed = report.suppressed.iter().map(|s| {
        let mut value = of_advice(file, &s.advice);
        value["reason"] = s.reason.clone().into();
        value["until"] = s.until.clone().into();
        value
    });
    json!({
        "path": file.path,
        "findings": report.advices.iter().map(|a| of_advice(file, a)).collect::<Vec<_>>(),
        "errorsLeftOut": report.errors_left_out,
        "warningsLeftOut": report.warnings_left_out,
        "suppressed": suppressed.collect::<Vec<_>>(),
        "notJudged": report.not_judged.iter().map(|part| {
            let [start, end] = file.region(part.span);
            json!({
                "line": start.line,
                "column": start.column,
                "endLine": end.line,
                "endColumn": end.column,
                "why": part.why,
            })
        }).collect::<Vec<_>>(),
        "locks": report.locks.iter().flat_map(|s| of_locks(file, s)).collect::<Vec<_>>(),
    })
}

/// Lines and columns are from 1, columns count characters; all are null for the script as a whole.
fn of_advice(file: &Reviewed, advice: &Advice) -> Value {
    let place = file.place(advice);
    json!({
        "rule": name(advice),
        "level": if advice.status == Status::Error { "error" } else { "warning" },
        "code": advice.code,
        "message": advice.content,
        "line": place.map(|p| p.start.line),
        "column": place.map(|p| p.start.column),
        "endLine": place.map(|p| p.end.line),
        "endColumn": place.map(|p| p.end.column),
        "fix": of_fix(file, advice.fix.as_ref()),
    })
}

/// Edits are of the text before any of them is made; `start` and `end` are bytes.
fn of_fix(file: &Reviewed, fix: Option<&Fix>) -> Value {
    let Some(fix) = fix else { return Value::Null };
    let edits = fix.edits.iter().map(|edit| {
        let [start, end] = file.region(edit.span);
        json!({
            "start": edit.span.start,
            "end": edit.span.end,
            "line": start.line,
            "column": start.column,
            "endLine": end.line,
            "endColumn": end.column,
            "text": edit.text,
        })
    });
    json!({
        "title": fix.title,
        "safe": fix.safety == Safety::Safe,
        "edits": edits.collect::<Vec<_>>(),
    })
}

fn of_locks(file: &Reviewed, statement: &StatementLocks) -> impl Iterator<Item = Value> {
    let fix = of_fix(file, statement.fix.as_ref());
    statement.locks.iter().map(move |lock| {
        json!({
            "line": statement.line,
            "schema": lock.schema,
            "relation": lock.relation,
            "mode": lock.mode,
            "blocksReads": lock.blocks_reads,
            "blocksWrites": lock.blocks_writes,
            "work": work(lock.work),
            "rows": lock.rows,
            "because": lock.because,
            "safer": lock.safer,
            "fix": fix,
        })
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
