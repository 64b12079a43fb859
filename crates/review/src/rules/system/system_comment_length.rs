//! A comment is longer than the limit.

use sql::tree::Body;

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::SystemCommentLength,
    group: Group::System,
    engines: &[EngineKind::Postgres],
    codes: &[code::COMMENT_TOO_LONG],
    payload: PayloadKind::Number,
    needs: Needs::Script,
    doc: Doc {
        what: "A comment is longer than the limit.",
        why: "Tools that show comments cut long ones.",
        example: "COMMENT ON TABLE book IS 'a comment that is longer than the limit allows';",
        instead: "COMMENT ON TABLE book IS 'short';",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let limit = cx.number()?;
    for (statement, body) in cx.bodies() {
        let Body::Comment(comment) = body else { continue };
        let length = comment.text.as_ref().map_or(0, String::len);
        if limit > 0 && i64::try_from(length).is_ok_and(|n| n > limit) {
            let content = format!("The comment has {length} bytes, the limit is {limit}");
            cx.report_statement(code::COMMENT_TOO_LONG, statement, content);
        }
    }
    Ok(())
}
