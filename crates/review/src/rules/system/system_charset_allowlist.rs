//! A database is made with an encoding that is not on the list.

use sql::tree::Body;

use crate::cx::Place;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::SystemCharsetAllowlist,
    group: Group::System,
    engines: &[EngineKind::Postgres],
    codes: &[code::DISABLED_CHARSET],
    payload: PayloadKind::StringArray,
    needs: Needs::Script,
    doc: Doc {
        what: "A database is made with an encoding that is not on the list.",
        why: "Texts of different encodings cannot be compared or moved without loss.",
        example: "CREATE DATABASE d WITH ENCODING 'LATIN1';",
        instead: "CREATE DATABASE d WITH ENCODING 'UTF8';",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let list = cx.list()?;
    for (_, body) in cx.bodies() {
        let Body::CreateDatabase { encoding: Some(encoding), .. } = body else { continue };
        if !list.iter().any(|e| e.eq_ignore_ascii_case(&encoding.name)) {
            let content = format!(
                "The encoding {} is not allowed; allowed: {}",
                encoding.name,
                list.join(", ")
            );
            cx.report_place(code::DISABLED_CHARSET, Place::NoLine, content);
        }
    }
    Ok(())
}
