//! A statement would fail, by what the catalog says.

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::BuiltinWalkThroughCheck,
    group: Group::Builtin,
    engines: &[EngineKind::Postgres],
    codes: &[
        code::SIMULATION_FAILED,
        code::COLUMN_NOT_EXISTS,
        code::COLUMN_EXISTS,
        code::TABLE_NOT_EXISTS,
        code::TABLE_EXISTS,
        code::INDEX_EXISTS,
        code::PRIMARY_KEY_EXISTS,
        code::INDEX_NOT_EXISTS,
        code::SCHEMA_NOT_EXISTS,
    ],
    payload: PayloadKind::None,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A statement would fail, by what the catalog says.",
        why: "It would fail in the middle of the rollout.",
        example: "CREATE TABLE public.book (id int);",
        instead: "CREATE TABLE public.fresh (id int);",
    },
    check,
};

/// Looked at before any rule runs, since nothing else is said then: see `review.rs`.
fn check(_: &mut Cx<'_>) -> Checked {
    Ok(())
}
