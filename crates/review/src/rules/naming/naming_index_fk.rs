//! A foreign key gets a name that does not match the format.

use crate::named::{self, Kind};
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::NamingIndexFk,
    group: Group::Naming,
    engines: &[EngineKind::Postgres],
    codes: &[code::NAMING_FOREIGN_KEY],
    payload: PayloadKind::Naming,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A foreign key gets a name that does not match the format.",
        why: "An error or a plan that names the object then says what it is about.",
        example: "ALTER TABLE book ADD CONSTRAINT fk_author FOREIGN KEY (author_id) REFERENCES author (id);",
        instead: "ALTER TABLE book ADD CONSTRAINT fk_book_author_id_author_id FOREIGN KEY (author_id) REFERENCES author (id);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    named::check(cx, Kind::ForeignKey, "The foreign key")
}
