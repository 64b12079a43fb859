//! An INSERT adds more rows than the limit.

use sql::tree::{Body, QueryBody};

use crate::live::{self, LiveError};
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementInsertRowLimit,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::INSERT_TOO_MANY_ROWS],
    payload: PayloadKind::Number,
    needs: Needs::Connection,
    doc: Doc {
        what: "An INSERT adds more rows than the limit.",
        why: "Many rows in one statement hold locks long and fill the log at once.",
        example: "INSERT INTO book (id) VALUES (1), (2), (3), (4), (5), (6);",
        instead: "INSERT INTO book (id) VALUES (1), (2);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let limit = cx.number()?;
    let mut unknown = None;
    for statement in &cx.script.statements {
        let Body::Insert(insert) = &statement.body else { continue };
        let Some(source) = &insert.source else { continue };
        let rows = match (&source.body, cx.live) {
            (QueryBody::Values { rows, .. }, _) => i64::try_from(*rows).unwrap_or(i64::MAX),
            (_, Some(live)) => match live.estimated_rows(cx.statement_text(statement)) {
                Ok(Some(rows)) => rows,
                Ok(None) => {
                    unknown = unknown.or(Some(statement));
                    continue;
                }
                // That it fails is what the dry run says.
                Err(LiveError::Refused(_)) => continue,
                Err(LiveError::Unavailable(why)) => return Err(why),
            },
            (_, None) => continue,
        };
        if rows > limit {
            let content = format!("The INSERT adds {rows} rows, the limit is {limit}");
            cx.report_statement(code::INSERT_TOO_MANY_ROWS, statement, content);
        }
    }
    unknown.map_or(Ok(()), |statement| Err(live::unknown_rows(statement)))
}
