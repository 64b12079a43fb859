//! A unique key or index gets a name that does not match the format.

use crate::named::{self, Kind};
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::NamingIndexUk,
    group: Group::Naming,
    engines: &[EngineKind::Postgres],
    codes: &[code::NAMING_UNIQUE_KEY],
    payload: PayloadKind::Naming,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A unique key or index gets a name that does not match the format.",
        why: "An error or a plan that names the object then says what it is about.",
        example: "CREATE UNIQUE INDEX book_name ON book (name);",
        instead: "CREATE UNIQUE INDEX uk_book_name ON book (name);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    named::check(cx, Kind::UniqueKey, "The unique key")
}
