//! A primary key gets a name that does not match the format.

use crate::named::{self, Kind};
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::NamingIndexPk,
    group: Group::Naming,
    engines: &[EngineKind::Postgres],
    codes: &[code::NAMING_PRIMARY_KEY],
    payload: PayloadKind::Naming,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A primary key gets a name that does not match the format.",
        why: "An error or a plan that names the object then says what it is about.",
        example: "ALTER TABLE book ADD CONSTRAINT book_id PRIMARY KEY (id);",
        instead: "ALTER TABLE book ADD CONSTRAINT pk_book_id PRIMARY KEY (id);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    named::check(cx, Kind::PrimaryKey, "The primary key")
}
