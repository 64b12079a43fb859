//! A partitioned table, or a partition, is made.

use sql::tree::{AlterKind, Body};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::TableDisallowPartition,
    group: Group::Table,
    engines: &[EngineKind::Postgres],
    codes: &[code::TABLE_PARTITION],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A partitioned table, or a partition, is made.",
        why: "Partitions change how keys, plans and maintenance work; that is to be decided, not to happen.",
        example: "CREATE TABLE book (id int) PARTITION BY RANGE (id);",
        instead: "CREATE TABLE book (id int);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for (statement, body) in cx.bodies() {
        let name = match body {
            Body::CreateTable(made)
                if !made.partition_by.is_empty() || made.partition_of.is_some() =>
            {
                &made.name
            }
            Body::AlterTable(alter)
                if alter
                    .actions
                    .iter()
                    .any(|a| matches!(a.kind, AlterKind::AttachPartition { .. })) =>
            {
                &alter.name
            }
            _ => continue,
        };
        let content = format!("\"{}\" is, or gets, a partition", name.written());
        cx.report_statement(code::TABLE_PARTITION, statement, content);
    }
    Ok(())
}
