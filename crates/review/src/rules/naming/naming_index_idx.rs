//! An index gets a name that does not match the format.

use crate::named::{self, Kind};
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::NamingIndexIdx,
    group: Group::Naming,
    engines: &[EngineKind::Postgres],
    codes: &[code::NAMING_INDEX],
    payload: PayloadKind::Naming,
    needs: Needs::Catalog,
    doc: Doc {
        what: "An index gets a name that does not match the format.",
        why: "An error or a plan that names the object then says what it is about.",
        example: "CREATE INDEX book_name ON book (name);",
        instead: "CREATE INDEX idx_book_name ON book (name);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    named::check(cx, Kind::Index, "The index")
}
