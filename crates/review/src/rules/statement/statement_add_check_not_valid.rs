//! ALTER TABLE adds a check that is validated at once.

use sql::tree::ConstraintKind;

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementAddCheckNotValid,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::ADD_CHECK_WITH_VALIDATION],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "ALTER TABLE adds a check that is validated at once.",
        why: "All rows are read under an exclusive lock: nobody reads or writes the table meanwhile.",
        example: "ALTER TABLE book ADD CONSTRAINT c CHECK (id > 0);",
        instead: "ALTER TABLE book ADD CONSTRAINT c CHECK (id > 0) NOT VALID;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for made in declared::constraints(cx) {
        let is_kind = matches!(made.constraint.kind, ConstraintKind::Check { .. });
        if made.added && is_kind && !made.constraint.not_valid {
            let content =
                "The check is validated at once; add it NOT VALID and validate it afterwards"
                    .to_owned();
            cx.report(code::ADD_CHECK_WITH_VALIDATION, made.constraint.span, content);
            cx.fix(cx.safer(made.statement));
        }
    }
    Ok(())
}
