//! A new column has no comment, or one that is too long.

use crate::declared::{self, comments};
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::ColumnComment,
    group: Group::Column,
    engines: &[EngineKind::Postgres],
    codes: &[code::COMMENT_EMPTY, code::COMMENT_TOO_LONG],
    payload: PayloadKind::CommentConvention,
    needs: Needs::Script,
    doc: Doc {
        what: "A new column has no comment, or one that is too long.",
        why: "The comment is what people and tools read first.",
        example: "CREATE TABLE book (id int);",
        instead: "CREATE TABLE book (id int);\nCOMMENT ON COLUMN book.id IS 'what';",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let (required, most) = cx.comment_convention()?;
    let comments = comments(cx, "column");
    for made in declared::columns(cx) {
        let name = &made.column.name.name;
        let comment = comments.get(&(cx.key(made.table), name.as_str()));
        let written = made.table.written();
        match comment.filter(|c| !c.text.is_empty()) {
            None if required => {
                let content = format!("The column \"{name}\" of \"{written}\" has no comment");
                cx.report(code::COMMENT_EMPTY, made.column.span, content);
            }
            Some(comment) if most > 0 && comment.text.len() > most => {
                let content = format!(
                    "The comment of the column \"{name}\" of \"{written}\" is longer than {most} bytes"
                );
                cx.report_statement(code::COMMENT_TOO_LONG, comment.statement, content);
            }
            _ => {}
        }
    }
    Ok(())
}
