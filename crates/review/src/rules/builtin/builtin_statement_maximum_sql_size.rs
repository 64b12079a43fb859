//! The script is larger than the limit.

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::BuiltinStatementMaximumSqlSize,
    group: Group::Builtin,
    engines: &[EngineKind::Postgres],
    codes: &[code::MAXIMUM_SQL_SIZE],
    payload: PayloadKind::Number,
    needs: Needs::Script,
    doc: Doc {
        what: "The script is larger than the limit.",
        why: "Nobody can review it, and checking it costs more than it tells.",
        example: "",
        instead: "SELECT 1;",
    },
    check,
};

/// Looked at before any rule runs, since nothing else is said then: see `review.rs`.
fn check(_: &mut Cx<'_>) -> Checked {
    Ok(())
}
