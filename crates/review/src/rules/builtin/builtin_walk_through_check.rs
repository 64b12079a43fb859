//! A statement would fail, by what the catalog says.

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::BuiltinWalkThroughCheck,
    group: Group::Builtin,
    engines: &[EngineKind::Postgres],
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
