//! An index is made or dropped without CONCURRENTLY.

use std::collections::HashSet;

use sql::tree::Body;

use crate::cx::TableKey;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::IndexCreateConcurrently,
    group: Group::Index,
    engines: &[EngineKind::Postgres],
    codes: &[code::CREATE_INDEX_UNCONCURRENTLY, code::DROP_INDEX_UNCONCURRENTLY],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "An index is made or dropped without CONCURRENTLY.",
        why: "Until it is done, nobody writes the table (CREATE), or nobody even reads it (DROP).",
        example: "CREATE INDEX i ON book (id);",
        instead: "CREATE INDEX CONCURRENTLY i ON book (id);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let mut created: HashSet<TableKey> = HashSet::new();
    let mut indexes: HashSet<TableKey> = HashSet::new();
    for (statement, body) in cx.bodies() {
        match body {
            // Nobody uses a table that the script has just made.
            Body::CreateTable(made) => {
                created.insert(cx.key(&made.name));
            }
            Body::CreateIndex(index) if created.contains(&cx.key(&index.table)) => {
                let schema = cx.key(&index.table).0;
                indexes.extend(index.name.as_ref().map(|n| (schema, n.name.clone())));
            }
            Body::CreateIndex(index) if !index.concurrently => {
                let content = format!(
                    "The index on \"{}\" is made without CONCURRENTLY",
                    index.table.written()
                );
                cx.report_statement(code::CREATE_INDEX_UNCONCURRENTLY, statement, content);
                cx.fix(cx.safer(statement));
            }
            Body::Drop(drop)
                if drop.kind == "index"
                    && !drop.concurrently
                    && !drop.names.iter().all(|n| indexes.contains(&cx.key(n))) =>
            {
                let content = "The index is dropped without CONCURRENTLY".to_owned();
                cx.report_statement(code::DROP_INDEX_UNCONCURRENTLY, statement, content);
                cx.fix(cx.safer(statement));
            }
            _ => {}
        }
    }
    Ok(())
}
