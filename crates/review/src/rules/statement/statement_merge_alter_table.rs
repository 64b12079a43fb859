//! Several statements of the script make or alter the same table.

use std::collections::BTreeMap;

use sql::tree::{Body, Parsed, RelationKind};

use crate::cx::TableKey;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementMergeAlterTable,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "Several statements of the script make or alter the same table.",
        why: "Each takes the lock again, and may rewrite the table again.",
        example: "ALTER TABLE book ADD COLUMN a int;\nALTER TABLE book ADD COLUMN b int;",
        instead: "ALTER TABLE book ADD COLUMN a int, ADD COLUMN b int;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let mut tables: BTreeMap<TableKey, (usize, &Parsed)> = BTreeMap::new();
    for (statement, body) in cx.bodies() {
        let name = match body {
            Body::CreateTable(made) => &made.name,
            Body::AlterTable(alter) if alter.relation == RelationKind::Table => &alter.name,
            _ => continue,
        };
        let (count, last) = tables.entry(cx.key(name)).or_insert((0, statement));
        *count += 1;
        *last = statement;
    }
    for ((_, table), (count, last)) in tables.into_iter().filter(|(_, (count, _))| *count > 1) {
        let content =
            format!("{count} statements make or alter the table \"{table}\": one would do");
        cx.report_statement(code::REDUNDANT_ALTER_TABLE, last, content);
    }
    Ok(())
}
