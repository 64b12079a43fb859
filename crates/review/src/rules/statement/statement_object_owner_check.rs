//! The role that runs the script owns neither the object it changes nor its schema.

use sql::tree::{Body, Name};

use crate::live::LiveError;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementObjectOwnerCheck,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::OBJECT_OWNER],
    payload: PayloadKind::None,
    needs: Needs::Connection,
    doc: Doc {
        what: "The role that runs the script owns neither the object it changes nor its schema.",
        why: "The server would refuse the statement.",
        example: "-- shelf belongs to another role.\nALTER TABLE shelf ADD COLUMN a int;",
        instead: "ALTER TABLE book ADD COLUMN a int;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let Some(live) = cx.live else { return Ok(()) };
    let roles = match live.roles() {
        Ok(roles) => roles,
        Err(LiveError::Refused(why) | LiveError::Unavailable(why)) => return Err(why),
    };
    for (statement, body) in cx.bodies() {
        let changed: Vec<&Name> = match body {
            Body::AlterTable(alter) => vec![&alter.name],
            Body::CreateIndex(index) => vec![&index.table],
            Body::Drop(drop) if drop.kind == "table" => drop.names.iter().collect(),
            _ => continue,
        };
        for name in changed {
            let (Some(table), Some(schema)) = (cx.table_before(name), cx.schema_before(name))
            else {
                continue;
            };
            let owns = |owner: &String| owner.is_empty() || roles.contains(owner);
            if !owns(&table.owner) && !owns(&schema.owner) {
                let content = format!(
                    "\"{}\" belongs to {}, the script runs as {}",
                    name.written(),
                    table.owner,
                    roles.join(", ")
                );
                cx.report_statement(code::OBJECT_OWNER, statement, content);
            }
        }
    }
    Ok(())
}
