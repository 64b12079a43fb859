//! A SECURITY DEFINER routine does not set its search_path.

use sql::tree::{Body, Parsed};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::SecurityDefinerSearchPath,
    group: Group::Security,
    engines: &[EngineKind::Postgres],
    codes: &[RuleType::SecurityDefinerSearchPath.number()],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A SECURITY DEFINER routine does not set its search_path.",
        why: "Whoever calls it can put own objects before those it means, and they run with the owner's rights.",
        example: "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';",
        instead: "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';",
    },
    check,
};

const PATH: &str = " SET search_path = pg_catalog, pg_temp";

/// Behind a body that is a string; one of SQL's own stands last.
fn with_path(cx: &Cx<'_>, statement: &Parsed) -> Option<Fix> {
    let text = cx.statement_text(statement).trim_end();
    let edit = Edit::insert(statement.span().start + text.len(), PATH);
    text.ends_with(['\'', '$']).then(|| Fix::new("Set its search_path", Safety::Look, vec![edit]))
}

fn check(cx: &mut Cx<'_>) -> Checked {
    for (statement, body) in cx.bodies() {
        let Body::CreateFunction(function) = body else { continue };
        if function.security_definer && !function.sets_search_path {
            let content =
                format!("{} is SECURITY DEFINER without SET search_path", function.signature);
            cx.report_statement(RULE.rule.number(), statement, content);
            cx.fix(with_path(cx, statement));
        }
    }
    Ok(())
}
