//! A table is dropped whose name does not say that it may be.

use sql::tree::Body;

use crate::naming::Format;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::TableDropNamingConvention,
    group: Group::Table,
    engines: &[EngineKind::Postgres],
    codes: &[code::TABLE_DROP_NAMING],
    payload: PayloadKind::Naming,
    needs: Needs::Script,
    doc: Doc {
        what: "A table is dropped whose name does not say that it may be.",
        why: "A rename before the drop shows who still uses the table, and can be undone.",
        example: "DROP TABLE book;",
        instead: "DROP TABLE book_delete;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let format = Format::new(cx.naming()?)?;
    for (_, body) in cx.bodies() {
        let Body::Drop(drop) = body else { continue };
        for name in drop.names.iter().filter(|_| drop.kind == "table") {
            if !format.matches(&name.name, &[])? {
                let content = format!(
                    "The table \"{}\" is dropped, its name does not match \"{}\"",
                    name.written(),
                    format.expanded(&[])
                );
                cx.report(code::TABLE_DROP_NAMING, name.span, content);
            }
        }
    }
    Ok(())
}
