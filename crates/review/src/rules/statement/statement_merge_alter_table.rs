//! Several statements of the script make or alter the same table.

use std::collections::BTreeMap;

use base::Span;
use sql::tree::{AlterKind, AlterTable, Body, Parsed, RelationKind};

use crate::cx::TableKey;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementMergeAlterTable,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::REDUNDANT_ALTER_TABLE],
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
        cx.fix(merged(cx, last));
    }
    Ok(())
}

/// The actions of the statement behind those of the one before it, where that alters the same table.
fn merged(cx: &Cx<'_>, last: &Parsed) -> Option<Fix> {
    let statements = &cx.script.statements;
    let number = statements.partition_point(|s| s.span().start < last.span().start);
    let before = statements.get(number.checked_sub(1)?)?;
    let (Body::AlterTable(one), Body::AlterTable(other)) = (&before.body, &last.body) else {
        return None;
    };
    let can = |alter: &AlterTable| {
        alter.relation == RelationKind::Table && alter.actions.iter().all(|a| goes_along(&a.kind))
    };
    let same = cx.key(&one.name) == cx.key(&other.name) && one.if_exists == other.if_exists;
    let span = Span::new(before.span().end, other.actions.first()?.span.start);
    // Comments between them would be lost; so would ONLY, which makes it another statement.
    let between = span.of(cx.text).to_ascii_uppercase();
    let plain = ["--", "/*", "ONLY"].iter().all(|w| !between.contains(w))
        && !cx.statement_text(before).to_ascii_uppercase().contains("ONLY");
    // The server orders the actions of one statement by itself.
    (same && can(one) && can(other) && plain).then(|| {
        Fix::new(
            "Merge it into the statement before",
            Safety::Look,
            vec![Edit::replace(span, ", ")],
        )
    })
}

/// What may stand in a list of actions.
const fn goes_along(kind: &AlterKind) -> bool {
    !matches!(
        kind,
        AlterKind::RenameColumn { .. }
            | AlterKind::RenameConstraint { .. }
            | AlterKind::RenameTo { .. }
            | AlterKind::SetSchema { .. }
            | AlterKind::AttachPartition { .. }
            | AlterKind::DetachPartition { .. }
            | AlterKind::Other { .. }
    )
}
