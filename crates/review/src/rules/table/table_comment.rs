//! A new table has no comment, or one that is too long.

use sql::tree::Body;

use crate::declared::comments;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::TableComment,
    group: Group::Table,
    engines: &[EngineKind::Postgres],
    codes: &[code::COMMENT_EMPTY, code::COMMENT_TOO_LONG],
    payload: PayloadKind::CommentConvention,
    needs: Needs::Script,
    doc: Doc {
        what: "A new table has no comment, or one that is too long.",
        why: "The comment is what people and tools read first.",
        example: "CREATE TABLE book (id int);",
        instead: "CREATE TABLE book (id int);\nCOMMENT ON TABLE book IS 'what';",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let (required, most) = cx.comment_convention()?;
    let comments = comments(cx, "table");
    for (statement, body) in cx.bodies() {
        let Body::CreateTable(made) = body else { continue };
        if made.temporary {
            continue;
        }
        let comment = comments.get(&(cx.key(&made.name), ""));
        match comment.filter(|c| !c.text.is_empty()) {
            None if required => {
                let content = format!("The table \"{}\" has no comment", made.name.written());
                cx.report_statement(code::COMMENT_EMPTY, statement, content);
            }
            Some(comment) if most > 0 && comment.text.len() > most => {
                let content = format!(
                    "The comment of the table \"{}\" is longer than {most} bytes",
                    made.name.written()
                );
                cx.report_statement(code::COMMENT_TOO_LONG, comment.statement, content);
            }
            _ => {}
        }
    }
    Ok(())
}
