//! An UPDATE or DELETE would change more rows than the limit, by the planner's estimate.

use sql::tree::Body;

use crate::live::{self, LiveError};
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementAffectedRowLimit,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::AFFECTED_ROWS],
    payload: PayloadKind::Number,
    needs: Needs::Connection,
    doc: Doc {
        what: "An UPDATE or DELETE would change more rows than the limit, by the planner's estimate.",
        why: "Many rows in one statement hold locks long; batches do not.",
        example: "-- huge has a million rows.\nDELETE FROM huge WHERE id > 1;",
        instead: "DELETE FROM book WHERE id = 1;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let limit = cx.number()?;
    let Some(live) = cx.live else { return Ok(()) };
    let mut unknown = None;
    for statement in &cx.script.statements {
        if !matches!(statement.body, Body::Update(_) | Body::Delete(_)) {
            continue;
        }
        match live.estimated_rows(cx.statement_text(statement)) {
            Ok(Some(rows)) if rows > limit => {
                let content = format!("About {rows} rows would change, the limit is {limit}");
                cx.report_statement(code::AFFECTED_ROWS, statement, content);
            }
            // That it fails is what the dry run says.
            Ok(Some(_)) | Err(LiveError::Refused(_)) => {}
            Ok(None) => unknown = unknown.or(Some(statement)),
            Err(LiveError::Unavailable(why)) => return Err(why),
        }
    }
    unknown.map_or(Ok(()), |statement| Err(live::unknown_rows(statement)))
}
