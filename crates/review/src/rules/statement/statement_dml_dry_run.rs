//! The server would refuse a statement that changes rows.

use sql::tree::Body;

use crate::declared;
use crate::live::LiveError;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementDmlDryRun,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::DML_DRY_RUN_FAILED],
    payload: PayloadKind::None,
    needs: Needs::Connection,
    doc: Doc {
        what: "The server would refuse a statement that changes rows.",
        why: "It would fail in the middle of the rollout.",
        example: "-- There is no such table.\nDELETE FROM missing WHERE id = 1;",
        instead: "INSERT INTO book (id) VALUES (1);",
    },
    check,
};

/// Statements that are planned for one script: each costs a round trip.
const MOST: usize = 100;

fn check(cx: &mut Cx<'_>) -> Checked {
    let Some(live) = cx.live else { return Ok(()) };
    let changes_rows = |b: &Body| {
        matches!(b, Body::Insert(_) | Body::Update(_) | Body::Delete(_) | Body::Merge(_))
    };
    // What the script itself makes is not there yet.
    let created = declared::created_tables(cx);
    let statements = cx.script.statements.iter().filter(|s| changes_rows(&s.body));
    for statement in statements.take(MOST) {
        let target = match &statement.body {
            Body::Insert(s) => &s.table,
            Body::Update(s) => &s.table,
            Body::Delete(s) => &s.table,
            Body::Merge(s) => &s.table,
            _ => continue,
        };
        if created.contains(&cx.key(target)) {
            continue;
        }
        match live.dry_run(cx.statement_text(statement)) {
            Ok(()) => {}
            Err(LiveError::Refused(why)) => {
                let content = format!("The server would refuse it: {why}");
                cx.report_statement(code::DML_DRY_RUN_FAILED, statement, content);
            }
            Err(LiveError::Unavailable(why)) => return Err(why),
        }
    }
    Ok(())
}
