//! ALTER TABLE adds a foreign key that is validated at once.

use sql::tree::ConstraintKind;

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementAddForeignKeyNotValid,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::ADD_FOREIGN_KEY_WITH_VALIDATION],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "ALTER TABLE adds a foreign key that is validated at once.",
        why: "All rows are compared under a lock that keeps writers out of both tables.",
        example: "ALTER TABLE book ADD CONSTRAINT f FOREIGN KEY (author_id) REFERENCES author (id);",
        instead: "ALTER TABLE book ADD CONSTRAINT f FOREIGN KEY (author_id) REFERENCES author (id) NOT VALID;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for made in declared::constraints(cx) {
        let is_kind = matches!(made.constraint.kind, ConstraintKind::ForeignKey { .. });
        if made.added && is_kind && !made.constraint.not_valid {
            let content =
                "The foreign key is validated at once; add it NOT VALID and validate it afterwards"
                    .to_owned();
            cx.report(code::ADD_FOREIGN_KEY_WITH_VALIDATION, made.constraint.span, content);
            cx.fix(cx.safer(made.statement));
        }
    }
    Ok(())
}
